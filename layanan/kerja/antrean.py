"""The order of the work: what is most urgent, what comes next, and what came back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from layanan.kerja import pegangan
from layanan.models import Permohonan, Riwayat
from layanan.permohonan import mendesak
from penduduk.models import Akun

_PALING_BANYAK = 1000  # so many of the most urgent ones are gone through
L = Riwayat.Langkah
# What brings a request back to the operators, and how its row says so.
KEMBALI = {
    L.KEMBALIKAN: "Dikembalikan",
    L.AJUKAN_ULANG: "Diperbaiki warga",
    L.TARIK_KEMBALI: "Ditarik kembali",
}


def urut() -> list[Any]:
    """For order_by: the urgent, then what was promised first."""
    return [mendesak.dulu(), "janji_pada", "pk"]


def berikutnya(*, oleh: Akun, pada: datetime) -> int | None:
    """Key of the request that `oleh` should do next: the first that nobody else has in hand, or, as
    long as the one that they have opened last still waits, the one behind it; behind the last comes
    the first. None: nothing else waits."""
    dipegang = pegangan.sah(pada=pada)
    orang_lain = dipegang.exclude(oleh=oleh).values("permohonan")
    semua = Permohonan.objects.menunggu_petugas().exclude(pk__in=orang_lain).order_by(*urut())
    pk = list(semua.values_list("pk", flat=True)[:_PALING_BANYAK])
    milik = dipegang.filter(oleh=oleh).order_by("-terakhir_pada")
    kini = milik.values_list("permohonan", flat=True).first()
    if kini in pk:
        di = pk.index(kini) + 1
        pk = pk[di:] + pk[: di - 1]
    return pk[0] if pk else None


def kembali(semua: Iterable[Permohonan]) -> dict[int, Riwayat]:
    """How each of those that wait for an operator has come back, if it has; one query."""
    pk = [x.pk for x in semua if x.status in Permohonan.PERLU_DIKERJAKAN]
    riwayat = Riwayat.objects.filter(permohonan__in=pk, langkah__in=KEMBALI).order_by("pk")
    return {r.permohonan_id: r for r in riwayat}


def yang_kembali(semua: QuerySet[Permohonan], langkah: str) -> QuerySet[Permohonan]:
    """Those of the open ones that have last come back by `langkah`."""
    riwayat = Riwayat.objects.filter(permohonan=OuterRef("pk"), langkah__in=KEMBALI)
    terakhir = Subquery(riwayat.order_by("-pk").values("langkah")[:1])
    buka = semua.filter(status__in=Permohonan.PERLU_DIKERJAKAN)
    return buka.annotate(kembali=terakhir).filter(kembali=langkah)
