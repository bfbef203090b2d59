"""Officials, letter types, issued letters, the books and their numbers, in the back office."""

from surat.admin import agenda, arsip, buku, formulir, jenis, pejabat, pengukuhan, surat, tata

__all__ = [
    "agenda",
    "arsip",
    "buku",
    "formulir",
    "jenis",
    "pejabat",
    "pengukuhan",
    "surat",
    "tata",
]  # all register
