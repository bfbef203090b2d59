"""The register, the accounts and their safety, in the back office."""

from penduduk.admin import akun, akun_saya, desa, impor, register, sesi

__all__ = ["akun", "akun_saya", "desa", "impor", "register", "sesi"]
