"""How the office is begun and how its tasks are done: the guide of the first run, the manual."""

from layanan.admin.panduan import bantuan, mulai

__all__ = ["bantuan", "mulai"]
