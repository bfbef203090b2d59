"""Who a person is, and how they prove it."""

from penduduk.models.akun import (
    Akun,
    KejadianAkun,
    KodeMasuk,
    Perangkat,
    Percobaan,
    PINTerpakai,
    Sesi,
)
from penduduk.models.desa import Desa
from penduduk.models.impor import BarisImpor, Impor
from penduduk.models.ketikan import Ketikan
from penduduk.models.register import Banjar, Keluarga, Penduduk

__all__ = [
    "Akun",
    "Banjar",
    "BarisImpor",
    "Desa",
    "Impor",
    "KejadianAkun",
    "Keluarga",
    "Ketikan",
    "KodeMasuk",
    "PINTerpakai",
    "Penduduk",
    "Perangkat",
    "Percobaan",
    "Sesi",
]
