"""Messages to residents by day and kind: counted at night for all days that may still change."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from layanan.kata_pesan import katalog
from layanan.models import Notifikasi, RekapKabar
from surat.bahasa import tanggal as tgl

BERUBAH = 35  # days after which a message counts as it was counted last
ANGKA = ("jumlah", "dikirim", "sampai", "gagal", "ditelepon")
_KELUAR = (*Notifikasi.DI_PENYEDIA, *Notifikasi.TERBUKTI)


def _awal(hari: date) -> datetime:
    return timezone.make_aware(datetime.combine(hari, time.min))


def _hitung(semua: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return semua.order_by().annotate(
        jumlah=Count("pk"),
        dikirim=Count("pk", filter=Q(keadaan__in=_KELUAR)),
        sampai=Count("pk", filter=Q(keadaan__in=Notifikasi.TERBUKTI)),
        gagal=Count("pk", filter=Q(keadaan__in=Notifikasi.TAK_SAMPAI)),
        ditelepon=Count("pk", filter=Q(ditangani_cara=Notifikasi.Cara.TELEPON)),
    )


@transaction.atomic
def rekap(*, pada: datetime) -> None:
    """Count the days until yesterday that may have changed, and those that were never counted."""
    hari_ini = tgl.di_wita(pada)
    terakhir = RekapKabar.objects.aggregate(x=Max("hari"))["x"]
    if terakhir is None:
        pertama = Notifikasi.objects.aggregate(x=Min("dibuat_pada"))["x"]
        dari = tgl.di_wita(pertama) if pertama else hari_ini
    else:
        dari = min(terakhir, hari_ini - timedelta(days=BERUBAH))
    masa = {"dibuat_pada__gte": _awal(dari), "dibuat_pada__lt": _awal(hari_ini)}
    semua = Notifikasi.objects.untuk_warga().filter(**masa)
    hari = semua.annotate(hari=TruncDate("dibuat_pada")).values("hari", "pesan")
    RekapKabar.objects.filter(hari__gte=dari).delete()
    RekapKabar.objects.bulk_create([RekapKabar(**satu) for satu in _hitung(hari)])


def jumlah(dari: date, sampai: date) -> list[tuple[str, list[int]]]:
    """Name and ANGKA of each kind of message, the most frequent first: counted until last night,
    and what was written since then. Three queries."""
    terakhir = RekapKabar.objects.aggregate(x=Max("hari"))["x"]
    baru = max(dari, terakhir + timedelta(days=1)) if terakhir else dari
    masa = {"dibuat_pada__gte": _awal(baru), "dibuat_pada__lt": _awal(sampai + timedelta(days=1))}
    kini = _hitung(Notifikasi.objects.untuk_warga().filter(**masa).values("pesan"))
    lama = RekapKabar.objects.filter(hari__range=(dari, sampai)).order_by().values("pesan")
    lama = lama.annotate(**{f"n_{apa}": Sum(apa) for apa in ANGKA})
    return _gabung(
        *(lama.values_list("pesan", *(f"n_{apa}" for apa in ANGKA))),
        *(kini.values_list("pesan", *ANGKA)),
    )


def _gabung(*semua: Iterable) -> list[tuple[str, list[int]]]:
    hasil: dict[str, list[int]] = {}
    for pesan, *angka in semua:
        nama = katalog.label(pesan)
        hasil[nama] = [a + b for a, b in zip(hasil.get(nama, [0] * len(angka)), angka, strict=True)]
    return sorted(hasil.items(), key=lambda x: (-x[1][0], x[0]))
