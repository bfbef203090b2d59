"""The same figures for everybody (/kinerja/): of the last twelve months, without anything that few
people have done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from layanan.janji import kalender
from layanan.laporan import angka, bagan, kabar
from layanan.laporan.bagan import Bagan
from surat.bahasa import tanggal as tgl
from surat.buku.periode import Periode
from surat.models import JenisSurat

SEDIKIT = 5  # fewer are not told: somebody might know who they are


@dataclass(frozen=True)
class Kinerja:
    """`ringkas`: what, how much; `surat`: name, how many, hours. "": too few to be told."""

    dari: date
    sampai: date
    ringkas: list[tuple[str, str]]
    per_bulan: list[tuple[str, str]]
    bagan: Bagan | None
    surat: list[tuple[str, str, str]]


def samarkan(jumlah: Mapping[str, int]) -> dict[str, int | None]:
    """None for what is told of few. A single one would follow from the sum, so that the smallest
    of the others goes with it."""
    sedikit = {apa for apa, n in jumlah.items() if 0 < n < SEDIKIT}
    lain = sorted((n, apa) for apa, n in jumlah.items() if n >= SEDIKIT)
    if len(sedikit) == 1 and lain:
        sedikit.add(lain[0][1])
    return {apa: None if apa in sedikit else n for apa, n in jumlah.items()}


def _angka(n: int | None) -> str:
    return "" if n is None else tgl.ribuan(n)


def _persen(sebagian: int, semua: int) -> str:
    return angka.kata(angka.persen(sebagian, semua) if semua >= SEDIKIT else None, "%")


def susun(*, pada: datetime) -> Kinerja:
    hari_ini = tgl.di_wita(pada)
    dari = date(hari_ini.year - (hari_ini.month < 12), hari_ini.month % 12 + 1, 1)
    periode = Periode(dari, hari_ini, "")
    semua = angka.ambil(periode, pada=pada)
    _, potong = angka.waktu(periode)
    bulan = samarkan(dict(zip(potong, map(len, angka.per_waktu(potong, semua)), strict=True)))
    nama = dict(JenisSurat.objects.values_list("pk", "nama"))
    per_surat = {nama[k]: x for k, x in angka.kelompok(semua, attrgetter("jenis")).items()}
    surat = samarkan({apa: len(x) for apa, x in per_surat.items()})
    terbanyak = sorted(surat, key=lambda apa: (-(surat[apa] or 0), apa))
    return Kinerja(
        dari,
        hari_ini,
        _ringkas(semua, kabar.jumlah(dari, hari_ini)),
        [(f"{tgl.BULAN[int(b[5:]) - 1]} {b[:4]}", _angka(n)) for b, n in bulan.items()],
        bagan.tegak(
            "Permohonan masuk per bulan",
            list(potong.values()),
            ("w1", "", [n or 0 for n in bulan.values()]),
        ),
        [(apa, _angka(surat[apa]), _jam(per_surat[apa])) for apa in terbanyak if surat[apa]],
    )


def _jam(semua: list[angka.Baris]) -> str:
    menit = angka.siap(semua)
    tengah = angka.persentil(menit, 0.5) if len(menit) >= SEDIKIT else None
    return angka.kata(angka.jam(tengah), " jam")


def _ringkas(semua: list[angka.Baris], pesan: list[tuple[str, list[int]]]) -> list[tuple[str, str]]:
    menit, janji = angka.siap(semua), [b.tepat for b in semua if b.tepat is not None]
    dikirim, sampai = (sum(n[ke] for _, n in pesan) for ke in (1, 2))
    sehari = kalender.ambil().sehari
    masuk = len(semua) if len(semua) >= SEDIKIT else None
    return [
        ("Permohonan masuk", _angka(masuk) or "–"),
        ("Selesai sesuai janji", _persen(sum(janji), len(janji))),
        ("Lama di kantor, nilai tengah", _jam(semua)),
        ("Siap dalam 6 jam kerja", _persen(sum(x <= angka.SEBENTAR for x in menit), len(menit))),
        ("Siap dalam 1 hari kerja", _persen(sum(x <= sehari for x in menit), len(menit))),
        ("Kabar WhatsApp yang sampai", _persen(sampai, dikirim)),
    ]
