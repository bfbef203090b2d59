"""The office: queue of requests, requests for a PIN, messages."""

from layanan.admin import permintaan, permohonan, pesan

__all__ = ["permintaan", "permohonan", "pesan"]
