"""Messages in the office: what went out, what came in, whom to call, who is told what."""

from layanan.admin.pesan import aturan, catatan, hubungi, kata, lencana, notifikasi

__all__ = ["aturan", "catatan", "hubungi", "kata", "lencana", "notifikasi"]
