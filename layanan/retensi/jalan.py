"""Carrying the rules out, some rows at a time; or only counting what is due."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min

from layanan.minta_pin import permintaan
from layanan.models import Denyut
from layanan.retensi.aturan import ATURAN, Aturan

log = logging.getLogger(__name__)

SEKALI = 500  # rows of one rule before other work gets its turn


@dataclass(frozen=True)
class Temuan:
    """How much of one rule is due, and since when the oldest of it is there."""

    aturan: Aturan
    baris: int
    berkas: int
    tertua: datetime | date | None


def tinjau(*, pada: datetime) -> list[Temuan]:
    """What is due now, rule by rule; nothing goes."""
    return [_hitung(satu, pada) for satu in ATURAN]


def _hitung(satu: Aturan, pada: datetime) -> Temuan:
    semua = satu.cari(pada - satu.lama).order_by()
    jumlah = semua.aggregate(n=Count("pk", distinct=True), tua=Min(satu.umur))
    berkas = semua.aggregate(n=Count(satu.berkas, distinct=True))["n"] if satu.berkas else 0
    return Temuan(satu, jumlah["n"], berkas, jumlah["tua"])


def jalankan(*, pada: datetime) -> bool:
    """Let go what is due, of each rule at most SEKALI rows; True when there may be more.

    One rule that fails stops no other: its error is raised when all have had their turn.
    """
    permintaan.tutup_yang_basi(pada=pada)
    galat: dict[str, Exception] = {}
    penuh = False
    for satu in ATURAN:
        if satu.hapus is None:
            continue
        semua = satu.cari(pada - satu.lama)
        try:
            # In the order of an index: few are due, and to look for them elsewhere reads all.
            pk = list(semua.order_by(satu.umur).values_list("pk", flat=True)[:SEKALI])
            if pk:
                satu.hapus(semua.model._default_manager.filter(pk__in=pk), pada)
                log.info("retention %s: %d rows", satu.bagian, len(pk))
            # Not for rows that would not go: they would call again without end.
            penuh |= len(pk) == SEKALI and semua.filter(pk__in=pk).count() < SEKALI
        except Exception as sebab:
            log.error("retention rule %s failed: %s", satu.bagian, type(sebab).__name__)
            galat[f"{Denyut.RETENSI}{satu.bagian}"] = sebab
    Denyut.objects.filter(nama__startswith=Denyut.RETENSI).exclude(nama__in=galat).delete()
    for nama in galat:  # the state says since when
        Denyut.objects.get_or_create(nama=nama, defaults={"pada": pada})
    if galat:
        raise next(iter(galat.values()))
    return penuh
