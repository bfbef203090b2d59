"""Notes of residents: what they write to the village's number that no command answers, kept for
an operator to read. One note per number and day (WITA); photos never."""

from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from layanan.models import CatatanWarga, Percakapan
from penduduk.models import Akun
from penduduk.teks import bersih

PANJANG = 1000  # characters of one note; what is beyond is dropped, and an ellipsis says so
DISIMPAN_DIBACA = timedelta(days=30)
DISIMPAN = timedelta(days=90)  # of what nobody has read


def tulis(dari: Percakapan, teks: str, *, pada: datetime) -> None:
    """Add words to the note of the day. Call in a transaction that holds the row of `dari`."""
    teks = bersih(teks).strip()
    if not any(huruf.isalnum() for huruf in teks):
        return  # a thumb or a heart is no message to an operator
    hari = timezone.localtime(pada).date()
    ada = CatatanWarga.objects.filter(percakapan=dari, hari=hari).first()
    if ada is None:
        CatatanWarga.objects.create(
            percakapan=dari, teks=_potong(teks), hari=hari, pertama_pada=pada, terakhir_pada=pada
        )
        return
    # Read or not: there is something new in it now.
    CatatanWarga.objects.filter(pk=ada.pk).update(
        teks=_potong(f"{ada.teks}\n{teks}"),
        terakhir_pada=pada,
        dibaca_pada=None,
        dibaca_oleh=None,
    )


def _potong(teks: str) -> str:
    return teks if len(teks) <= PANJANG else f"{teks[: PANJANG - 1]}…"


def belum_dibaca() -> QuerySet[CatatanWarga]:
    return CatatanWarga.objects.filter(dibaca_pada__isnull=True)


def daftar() -> QuerySet[CatatanWarga]:
    """Unread ones first, the longest waiting on top; then the read ones, the latest on top. With
    `nama_akun` and `banyak_akun` of the number: a family may share one."""
    akun = Akun.objects.filter(is_staff=False, nomor_hp=OuterRef("percakapan__nomor_hp"))
    jumlah = akun.order_by().values("nomor_hp").annotate(n=Count("pk")).values("n")
    return (
        CatatanWarga.objects.select_related("percakapan", "dibaca_oleh")
        .annotate(
            nama_akun=Subquery(akun.order_by("pk").values("penduduk__nama")[:1]),
            banyak_akun=Coalesce(Subquery(jumlah), 0),
        )
        .order_by(F("dibaca_pada").desc(nulls_first=True), "terakhir_pada", "pk")
    )


def baca(satu: CatatanWarga, *, sampai: datetime, oleh: Akun, pada: datetime) -> bool:
    """An operator has read it as it stood at `sampai`. False: words came after that."""
    sama = CatatanWarga.objects.filter(pk=satu.pk, terakhir_pada=sampai)
    sama.filter(dibaca_pada__isnull=True).update(dibaca_pada=pada, dibaca_oleh=oleh)
    return sama.exists()


def bersihkan(*, pada: datetime) -> int:
    """Delete what was read a month ago, or was never read for three; returns how many."""
    lama = Q(dibaca_pada__lt=pada - DISIMPAN_DIBACA)
    lama |= Q(dibaca_pada__isnull=True, terakhir_pada__lt=pada - DISIMPAN)
    return CatatanWarga.objects.filter(lama).delete()[0]
