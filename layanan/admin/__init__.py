"""The office: queue of requests, letters, hand-overs, requests for a PIN, messages."""

from layanan.admin import catatan, ekspedisi, koreksi, permintaan, permohonan, pesan

__all__ = ["catatan", "ekspedisi", "koreksi", "permintaan", "permohonan", "pesan"]
