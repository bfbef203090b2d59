"""The office: queue of requests, requests for a PIN, messages."""

from layanan.admin import koreksi, permintaan, permohonan, pesan

__all__ = ["koreksi", "permintaan", "permohonan", "pesan"]
