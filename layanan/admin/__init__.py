"""The office: queue of requests, requests for a PIN, messages."""

from layanan.admin import permohonan, pesan

__all__ = ["permohonan", "pesan"]
