"""Officials, letter types, issued letters, the books and their numbers, in the back office."""

from surat.admin import agenda, buku, jenis, pejabat, surat, tata

__all__ = ["agenda", "buku", "jenis", "pejabat", "surat", "tata"]  # each registers itself
