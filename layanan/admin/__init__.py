"""The office: queue of requests, hand-overs, requests for a PIN, messages."""

from layanan.admin import ekspedisi, permintaan, permohonan, pesan

__all__ = ["ekspedisi", "permintaan", "permohonan", "pesan"]
