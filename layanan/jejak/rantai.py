"""The chain of days: each closed day holds a digest of its rows and of the day before.

Days are closed by key, not by clock: every row belongs to the first link that was made after it,
also one that a wrong clock has written into a day that is over. A link is made some minutes after
midnight at the earliest, when no page of the day before can still be on its way.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from layanan.models import Denyut, Jejak, RantaiJejak
from layanan.models.jejak import DISIMPAN

log = logging.getLogger(__name__)

AWAL = "0" * 64
_SUSULAN = timedelta(minutes=15)  # longer than any page takes
_KOLOM = "pk pada oleh warga apa tabel objek jumlah peran sebab".split()


@dataclass(frozen=True)
class Hasil:
    """What a look at the whole chain has found; `salah`: in words, the earliest first."""

    hari: int
    baris: int
    salah: list[str]


def tutup(*, pada: datetime) -> int:
    """Make the links of the days that are over; returns how many."""
    batas = _tengah_malam(timezone.localtime(pada - _SUSULAN).date())
    jumlah = 0
    while (awal := _belum_tertutup().filter(pada__lt=batas).order_by("pk").first()) is not None:
        hari = timezone.localtime(awal.pada).date()
        _sambung(hari, min(_tengah_malam(hari + timedelta(days=1)), batas))
        jumlah += 1
    return jumlah


def kepala() -> RantaiJejak | None:
    """The newest link. Who keeps its `sidik` elsewhere can prove that nothing has changed."""
    return RantaiJejak.objects.order_by("-pk").first()


def _tengah_malam(hari: date) -> datetime:
    return timezone.make_aware(datetime.combine(hari, time()))


def _belum_tertutup() -> QuerySet[Jejak]:
    akhir = kepala()
    return Jejak.objects.filter(pk__gt=akhir.sampai if akhir else 0)


@transaction.atomic
def _sambung(hari: date, batas: datetime) -> None:
    """One link: to the last row of that day, by key. Another process that does the same fails on
    the name of the link before."""
    akhir = kepala()
    semua = _belum_tertutup()
    sampai = semua.filter(pada__lt=batas).order_by("-pk").values_list("pk", flat=True)[0]
    jumlah, isi = _sidik_isi(semua.filter(pk__lte=sampai))
    satu = RantaiJejak(
        hari=hari,
        sampai=sampai,
        jumlah=jumlah,
        isi=isi,
        sebelum=akhir.sidik if akhir else AWAL,
    )
    satu.sidik = _sidik(satu)
    satu.save()


def _sidik(satu: RantaiJejak) -> str:
    isi = (satu.sebelum, satu.hari.isoformat(), satu.sampai, satu.jumlah, satu.isi)
    return hashlib.sha256(json.dumps(isi).encode()).hexdigest()


def _sidik_isi(semua: QuerySet[Jejak]) -> tuple[int, str]:
    jumlah, isi = 0, hashlib.sha256()
    for satu in semua.order_by("pk").values_list(*_KOLOM).iterator():
        utuh = [x.timestamp() if isinstance(x, datetime) else x for x in satu]
        isi.update(json.dumps(utuh).encode() + b"\n")
        jumlah += 1
    return jumlah, isi.hexdigest()


def periksa(*, pada: datetime) -> Hasil:
    """Follow the chain from its beginning, and read every day again whose rows must all be there.
    Days older than DISIMPAN are only links."""
    hari = baris = 0
    salah, sebelum, sesudah = [], AWAL, 0
    for satu in RantaiJejak.objects.order_by("pk").iterator():
        hari += 1
        if satu.sebelum != sebelum or satu.sidik != _sidik(satu):
            salah.append(
                f"{satu.hari:%d-%m-%Y}: sidik hari ini diubah, atau yang sebelumnya hilang."
            )
        semua = Jejak.objects.filter(pk__gt=sesudah, pk__lte=satu.sampai)
        salah += _hari_salah(satu, semua, pada)
        baris += satu.jumlah
        sebelum, sesudah = satu.sidik, satu.sampai
    return Hasil(hari, baris, salah)


def tandai(hasil: Hasil, *, pada: datetime) -> None:
    """Let the state (layanan.kesehatan.keadaan) say what was found."""
    if hasil.salah:
        Denyut.objects.get_or_create(nama=Denyut.JEJAK, defaults={"pada": pada})
        log.error("the trail of views has been altered: %d findings", len(hasil.salah))
    else:
        Denyut.objects.filter(nama=Denyut.JEJAK).delete()


def _hari_salah(satu: RantaiJejak, semua: QuerySet[Jejak], pada: datetime) -> Iterator[str]:
    if _tengah_malam(satu.hari) < pada - timedelta(days=DISIMPAN):
        return
    jumlah, isi = _sidik_isi(semua)
    if jumlah != satu.jumlah:
        apa = "dihapus" if jumlah < satu.jumlah else "disisipkan"
        yield f"{satu.hari:%d-%m-%Y}: {abs(jumlah - satu.jumlah)} baris {apa}."
    elif isi != satu.isi:
        yield f"{satu.hari:%d-%m-%Y}: ada baris yang diubah."
