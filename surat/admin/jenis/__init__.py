"""The editor of letter types: list, settings with fields and papers, words, files."""

from surat.admin.jenis import daftar

__all__ = ["daftar"]  # it registers itself
