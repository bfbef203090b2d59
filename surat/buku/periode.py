"""The days of which a book or a report is shown: a month, a quarter, a year, or any others. Whole
days of WITA."""

from dataclasses import dataclass
from datetime import date, timedelta

from surat.bahasa import tanggal as tgl

_HARI_PERTAMA, _HARI_TERAKHIR = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Periode:
    """Whole days, both included."""

    dari: date
    sampai: date
    sebutan: str

    @property
    def kode(self) -> str:
        """For the name of a file: 2026-11 or 2026."""
        return f"{self.dari:%Y-%m}" if self.dari.month == self.sampai.month else f"{self.dari:%Y}"


def sebulan(tahun: int, bulan: int) -> Periode:
    awal = date(tahun, bulan, 1)
    habis = date(tahun + bulan // 12, bulan % 12 + 1, 1)
    return Periode(awal, habis - timedelta(days=1), f"{tgl.BULAN[bulan - 1]} {tahun}")


def setriwulan(tahun: int, ke: int) -> Periode:
    awal, akhir = sebulan(tahun, 3 * ke - 2).dari, sebulan(tahun, 3 * ke).sampai
    return Periode(awal, akhir, f"Triwulan {tgl.ROMAWI[ke - 1]} {tahun}")


def setahun(tahun: int) -> Periode:
    return Periode(date(tahun, 1, 1), date(tahun, 12, 31), f"Tahun {tahun}")


def selama_ini() -> Periode:
    return Periode(_HARI_PERTAMA, _HARI_TERAKHIR, "Semua tahun")


def antara(dari: date | None, sampai: date | None) -> Periode:
    """From `dari` to `sampai`; None: from the beginning, to the end."""
    kata = [f"sejak {tgl.panjang(dari)}"] if dari else []
    kata += [f"sampai {tgl.panjang(sampai)}"] if sampai else []
    kalimat = " ".join(kata)
    return Periode(
        dari or _HARI_PERTAMA, sampai or _HARI_TERAKHIR, kalimat[:1].upper() + kalimat[1:]
    )
