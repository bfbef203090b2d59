"""The register, the accounts and their safety, in the back office."""

from penduduk.admin import akun, desa, impor, register, sesi

__all__ = ["akun", "desa", "impor", "register", "sesi"]
