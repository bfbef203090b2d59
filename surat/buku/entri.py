"""The entries of Buku Agenda and Buku Ekspedisi: their running numbers, and how they are read.

A number is issued once, in the transaction of the row that enters the book and under the lock of
the book's counter: no gap, no double, and nothing recorded later moves it. The book stands in the
order of its numbers. The clock is read before the lock is had, so of two rows of the same moments
the earlier one by the clock may bear the later number: then the number rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Min, Q, QuerySet

from penduduk.models.cari import PALING_BANYAK
from surat.bahasa import tanggal as tgl
from surat.buku import nomor
from surat.buku.cetakan import Bentuk, Isi
from surat.buku.periode import Periode, selama_ini
from surat.models import EntriBuku

AGENDA, EKSPEDISI = EntriBuku.Buku.AGENDA, EntriBuku.Buku.EKSPEDISI
HILANG = "Isi baris ini tidak ada lagi. Nomornya tidak dipakai ulang."
_SEKALIGUS = 500  # databases limit how many values one query may name
T = TypeVar("T")


def catat(buku: EntriBuku.Buku, *, pada: datetime) -> EntriBuku:
    """The next line of the book in the year of `pada`, for the row that is about to be created.

    Raises RuntimeError outside a transaction: a number taken there could be lost.
    """
    hari = tgl.di_wita(pada)
    _, urut = nomor.ambil(buku.value, hari.year)
    return EntriBuku.objects.create(buku=buku, tahun=hari.year, urut=urut, hari=hari)


@dataclass(frozen=True)
class Buku(Generic[T]):
    """What makes a book of entries: its form, and what stands in its lines."""

    jenis: EntriBuku.Buku
    kolom: str  # of the rows that stand in the book: their entry
    bentuk: Bentuk
    cari: Callable[[str], Sequence[QuerySet[Any]]]  # of each table, the rows that a text finds
    baris: Callable[[Sequence[EntriBuku]], list[T]]  # in a constant number of queries
    isi: Callable[[T], Isi]  # the cells of a line, for paper and Excel


def pilih(buku: Buku[Any], periode: Periode, teks: str = "") -> QuerySet[EntriBuku]:
    """The entries recorded in `periode`, in order; of them only what `teks` finds, unless empty."""
    cocok = _dalam(buku, periode)
    if teks := teks.strip():
        # Asked with the period, so that the search for a name in a month reads that month only.
        kolom = f"{buku.kolom}_id"
        dalam = Q(**{f"{kolom}__isnull": False})
        if periode != selama_ini():
            dalam = _dalam(buku, periode, f"{buku.kolom}__")
        kunci = (s.filter(dalam).order_by(kolom).values_list(kolom) for s in buku.cari(teks))
        cocok = Q(pk__in={pk for satu in kunci for (pk,) in satu[: PALING_BANYAK + 1]})
    return EntriBuku.objects.filter(cocok).order_by("tahun", "urut")


def _dalam(buku: Buku[Any], periode: Periode, lewat: str = "") -> Q:
    syarat = {
        "buku": buku.jenis,
        "tahun__range": (periode.dari.year, periode.sampai.year),
        "hari__range": (periode.dari, periode.sampai),
    }
    return Q(**{f"{lewat}{kolom}": nilai for kolom, nilai in syarat.items()})


def potong(entri: QuerySet[EntriBuku], *, lewati: int, banyak: int, jumlah: int) -> list[EntriBuku]:
    """`banyak` of these `jumlah` entries after the first `lewati`, read from the nearer end: a
    book is mostly opened at its last page."""
    habis = min(lewati + banyak, jumlah)
    if lewati < jumlah - habis:
        return list(entri[lewati:habis])
    return list(entri.reverse()[jumlah - habis : max(jumlah - lewati, 0)])[::-1]


def seluruh(buku: Buku[T], periode: Periode) -> list[T]:
    """Every line of a month or a year."""
    semua = list(pilih(buku, periode))
    hasil: list[T] = []
    for i in range(0, len(semua), _SEKALIGUS):
        hasil += buku.baris(semua[i : i + _SEKALIGUS])
    return hasil


def isi(buku: Buku[Any], periode: Periode) -> list[Isi]:
    """The cells of every line of a month or a year."""
    return [buku.isi(satu) for satu in seluruh(buku, periode)]


def tahun_pertama(buku: Buku[Any]) -> int | None:
    """The year of the book's first entry; None: it is empty."""
    semua = EntriBuku.objects.filter(buku=buku.jenis)
    tahun: int | None = semua.aggregate(pertama=Min("tahun"))["pertama"]
    return tahun
