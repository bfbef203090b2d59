"""A register as one stream: rows of several tables in the order in which they were recorded,
numbered anew each calendar year (WITA).

The number of a row is counted, not stored: it stays the same because rows are only ever added at
the end, and none is deleted. Nothing here reads more than one page and a walk over an index.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, F, QuerySet, Value
from django.utils import timezone

from surat.bahasa import tanggal as tgl

TAHUN_AWAL = 2000
T = TypeVar("T")
_SEKALIGUS = 500  # databases limit how many values one query may name
_HARI_PERTAMA, _HARI_TERAKHIR = date(TAHUN_AWAL, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Periode:
    """Whole days, both included."""

    dari: date
    sampai: date
    sebutan: str

    @property
    def rentang(self) -> tuple[datetime, datetime]:
        """From the first moment to the first one after it."""
        return _awal(self.dari), _awal(self.sampai + timedelta(days=1))

    @property
    def kode(self) -> str:
        """For the name of a file: 2026-11 or 2026."""
        return f"{self.dari:%Y-%m}" if self.dari.month == self.sampai.month else f"{self.dari:%Y}"


def sebulan(tahun: int, bulan: int) -> Periode:
    awal = date(tahun, bulan, 1)
    habis = date(tahun + bulan // 12, bulan % 12 + 1, 1)
    return Periode(awal, habis - timedelta(days=1), f"{tgl.BULAN[bulan - 1]} {tahun}")


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


def _awal(hari: date) -> datetime:
    return datetime.combine(hari, time(), tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Sumber:
    """One table of a register: all its rows, the column with the moment of recording, and the rows
    that are looked for."""

    semua: QuerySet[Any]
    waktu: str
    tampil: QuerySet[Any]


class Kunci(NamedTuple):
    """Where a row stands: compares as the register is ordered."""

    waktu: datetime
    sumber: int
    pk: int


def seluruh(
    sumber: Sequence[Sumber],
    periode: Periode,
    baris: Callable[[list[Kunci], list[int]], list[T]],
) -> list[T]:
    """Every row of a month or a year, as `baris` makes it."""
    kunci = ambil(sumber, periode)
    urut = nomori(sumber, kunci, rapat=True)
    hasil: list[T] = []
    for i in range(0, len(kunci), _SEKALIGUS):
        hasil += baris(kunci[i : i + _SEKALIGUS], urut[i : i + _SEKALIGUS])
    return hasil


def _dalam(q: QuerySet[Any], waktu: str, mulai: datetime, habis: datetime) -> QuerySet[Any]:
    return q.filter(**{f"{waktu}__gte": mulai, f"{waktu}__lt": habis}).order_by()


def jumlah(sumber: Sequence[Sumber], periode: Periode) -> int:
    """How many of the rows looked for were recorded in `periode`."""
    return sum(_dalam(s.tampil, s.waktu, *periode.rentang).count() for s in sumber)


def ambil(
    sumber: Sequence[Sumber], periode: Periode, *, lewati: int = 0, banyak: int | None = None
) -> list[Kunci]:
    """The rows looked for, in order; `banyak` of them after the first `lewati`."""
    semua = [
        _dalam(s.tampil, s.waktu, *periode.rentang)
        .annotate(_w=F(s.waktu), _s=Value(i))
        .values_list("_w", "_s", "pk")
        for i, s in enumerate(sumber)
    ]
    urut = _gabung(semua).order_by("_w", "_s", "pk")
    habis = None if banyak is None else lewati + banyak
    return [Kunci(*satu) for satu in urut[lewati:habis]]


def nomori(sumber: Sequence[Sumber], kunci: Sequence[Kunci], *, rapat: bool) -> list[int]:
    """The running number of each of these rows in its year, whatever is looked for.

    `rapat`: no row of the register lies between them, so that counting up from the first will do.
    """
    tahun = [tgl.di_wita(k.waktu).year for k in kunci]
    if not rapat:
        return _hitung(sumber, kunci)
    pertama = {t: i for i, t in reversed(list(enumerate(tahun)))}
    awal = dict(zip(pertama, _hitung(sumber, [kunci[i] for i in pertama.values()]), strict=True))
    return [awal[t] + i - pertama[t] for i, t in enumerate(tahun)]


def _hitung(sumber: Sequence[Sumber], kunci: Sequence[Kunci]) -> list[int]:
    if not kunci:
        return []
    waktu = sorted({k.waktu for k in kunci})
    sebelum = _sebelum(sumber, waktu)
    serentak = defaultdict(list)
    for satu in _serentak(sumber, waktu):
        serentak[satu.waktu].append(satu)
    return [sebelum[k.waktu] + sorted(serentak[k.waktu]).index(k) + 1 for k in kunci]


def _sebelum(sumber: Sequence[Sumber], waktu: list[datetime]) -> dict[datetime, int]:
    """How many rows of its year were recorded before each of these moments. Counted from one to
    the next, so that an index is walked once and not once per moment."""
    hitung = []
    mulai_tahun = [_awal(date(tgl.di_wita(w).year, 1, 1)) for w in waktu]
    for i, (w, awal_tahun) in enumerate(zip(waktu, mulai_tahun, strict=True)):
        mulai = max(awal_tahun, waktu[i - 1]) if i else awal_tahun
        for s in sumber:
            q = _dalam(s.semua, s.waktu, mulai, w).annotate(_i=Value(i)).values("_i")
            hitung.append(q.annotate(_n=Count("pk")).values_list("_i", "_n"))
    per_langkah = [0] * len(waktu)
    for i, n in _gabung(hitung):
        per_langkah[i] += n
    # A new year begins at nothing.
    jumlah_ = accumulate(
        range(len(waktu)),
        lambda lalu, i: per_langkah[i] + (lalu if mulai_tahun[i] == mulai_tahun[i - 1] else 0),
        initial=0,
    )
    return dict(zip(waktu, list(jumlah_)[1:], strict=True))


def _serentak(sumber: Sequence[Sumber], waktu: list[datetime]) -> list[Kunci]:
    """Every row recorded at exactly one of these moments: mostly the row itself."""
    semua = [
        s.semua.filter(**{f"{s.waktu}__in": waktu})
        .order_by()
        .annotate(_w=F(s.waktu), _s=Value(i))
        .values_list("_w", "_s", "pk")
        for i, s in enumerate(sumber)
    ]
    return [Kunci(*satu) for satu in _gabung(semua)]


def _gabung(semua: list[Any]) -> Any:
    pertama, *lain = semua
    return pertama.union(*lain, all=True) if lain else pertama
