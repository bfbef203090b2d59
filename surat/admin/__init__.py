"""Officials, letter types and issued letters, in the back office."""

from surat.admin import jenis, pejabat, surat, tata

__all__ = ["jenis", "pejabat", "surat", "tata"]  # each registers itself
