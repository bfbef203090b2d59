"""Days off that the portal knows by itself, year by year; a village takes days out and adds others
(HariLibur).

Sources stand in libur.json. Fixed national days and those of the pawukon, the Balinese calendar of
210 days, are known for every year. Those that are decreed (Nyepi, Idul Fitri, cuti bersama) are
known for the years of the file; for others nothing is invented, and the village is asked for them.
"""

import json
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layanan.models import HariLibur, TahunLibur
from surat.bahasa import tanggal as tgl

_DATA = json.loads((Path(__file__).parent / "libur.json").read_text(encoding="utf-8"))
_GALUNGAN = date.fromisoformat(_DATA["pawukon"]["galungan"])
_PAWUKON = 210
_JAUH = timedelta(days=60)  # promises of this autumn reach the next year


class Hari(NamedTuple):
    """One day off: its name, what kind it is, and who says so."""

    tanggal: date
    nama: str
    macam: str
    sumber: str


@cache
def usulan(tahun: int) -> dict[date, Hari]:
    """The days off of a year as far as they are known, in their order."""
    hasil: dict[date, Hari] = {}
    for hari in sorted(_semua(tahun)):
        if lama := hasil.get(hari.tanggal):
            hari = lama._replace(nama=f"{lama.nama}, {hari.nama}")
        hasil[hari.tanggal] = hari
    return hasil


def _semua(tahun: int) -> list[Hari]:
    diketahui = _DATA["tahun"].get(str(tahun), {"sumber": "", "nasional": {}, "cuti": {}})
    hasil = [
        Hari(date.fromisoformat(f"{tahun}-{hari}"), nama, macam, sumber)
        for macam, sumber, semua in (
            ("Libur nasional", "Tanggal tetap", _DATA["tetap"]),
            ("Libur nasional", diketahui["sumber"], diketahui["nasional"]),
            ("Cuti bersama", diketahui["sumber"], diketahui["cuti"]),
        )
        for hari, nama in semua.items()
    ]
    awal = date(tahun, 1, 1)
    for jarak, nama in _DATA["pawukon"]["hari"].items():
        pertama = _GALUNGAN + timedelta(days=int(jarak))
        hari = awal + (pertama - awal) % timedelta(days=_PAWUKON)
        while hari.year == tahun:
            hasil.append(Hari(hari, nama, "Hari raya Hindu", _DATA["pawukon"]["sumber"]))
            hari += timedelta(days=_PAWUKON)
    return hasil


def pasti(tahun: int) -> bool:
    """Whether the decreed days of the year are known: by the file, or because somebody of the
    village has entered and confirmed them."""
    ada = str(tahun) in _DATA["tahun"]
    return ada or TahunLibur.objects.filter(tahun=tahun).exists()


def belum_diisi(*, pada: datetime) -> list[str]:
    """A sentence for each year that promises of these weeks reach and whose days are not known."""
    hari = tgl.di_wita(pada)
    return [
        f"Hari libur {tahun} belum diisi: masukkan dari SKB 3 Menteri dan surat edaran Gubernur."
        for tahun in sorted({hari.year, (hari + _JAUH).year})
        if not pasti(tahun)
    ]


def seluruh(tahun: int) -> list[tuple[Hari, HariLibur | None]]:
    """All days of the year that are off or that the village has said something about, each with
    what it has said."""
    kata = {satu.tanggal: satu for satu in HariLibur.objects.filter(tanggal__year=tahun)}
    desa = {hari: Hari(hari, satu.nama, "Ditambah desa", "") for hari, satu in kata.items()}
    semua = desa | usulan(tahun)
    return [(semua[hari], kata.get(hari)) for hari in sorted(semua)]
