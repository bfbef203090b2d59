"""The office: queue of requests, letters, hand-overs, requests for a PIN, messages."""

from layanan.admin import ekspedisi, koreksi, permintaan, permohonan, pesan

__all__ = ["ekspedisi", "koreksi", "permintaan", "permohonan", "pesan"]
