"""Handing over in the office: what nobody has collected, and the book of what was handed over."""

from layanan.admin.pengambilan import belum_diambil, ekspedisi

__all__ = ["belum_diambil", "ekspedisi"]
