"""The editor of letter types: list, settings with fields and papers, words, files."""

from surat.admin.jenis import berkas, daftar, kata

__all__ = ["berkas", "daftar", "kata"]
