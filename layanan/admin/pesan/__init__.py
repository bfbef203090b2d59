"""Messages in the office: what went out, what came in, whom to call, who is told what."""

from layanan.admin.pesan import catatan, notifikasi

__all__ = ["catatan", "notifikasi"]  # each registers itself
