"""The order of the work: what is most urgent, what comes next, and what came back."""

from collections.abc import Iterable
from datetime import datetime

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


def urut() -> list[object]:
    """For order_by: the urgent, then what was promised first."""
    return [mendesak.dulu(), "janji_pada", "pk"]


def berikutnya(*, oleh: Akun, pada: datetime, sesudah: int = 0) -> int | None:
    """Key of the request that `oleh` should do next: the first that nobody else has in hand.
    `sesudah`: what they are looking at; as long as that waits, the one behind it, and behind the
    last the first. None: nothing else waits."""
    orang_lain = pegangan.sah(pada=pada).exclude(oleh=oleh)
    semua = Permohonan.objects.menunggu_petugas().exclude(pk__in=orang_lain.values("permohonan"))
    pk = list(semua.order_by(*urut()).values_list("pk", flat=True)[:_PALING_BANYAK])
    if sesudah in pk:
        di = pk.index(sesudah) + 1
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
