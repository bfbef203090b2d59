"""Letters that have a number but no file yet: claim, render, store.

A row is claimed by moving `ambil_lagi_pada` (compare-and-set). A worker that dies leaves the row
claimable again when the lease ends. Rendering and file writing happen outside any transaction;
rendering the same letter twice gives the same bytes, so a second try does no harm.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone

from surat.kertas import pdf
from surat.models import Cetakan

log = logging.getLogger(__name__)

SEWA = timedelta(seconds=settings.SEWA_DETIK)
JEDA_TERLAMA = timedelta(minutes=10)


def _ambil(pada: datetime) -> Cetakan | None:
    """Claim the oldest due work order, or None when there is none."""
    while True:
        cetakan = (
            Cetakan.objects.select_related("surat")
            .filter(keadaan=Cetakan.Keadaan.MENUNGGU, ambil_lagi_pada__lte=pada)
            .order_by("ambil_lagi_pada", "pk")
            .first()
        )
        if cetakan is None:
            return None
        if Cetakan.objects.filter(
            pk=cetakan.pk,
            keadaan=Cetakan.Keadaan.MENUNGGU,
            ambil_lagi_pada=cetakan.ambil_lagi_pada,
        ).update(ambil_lagi_pada=pada + SEWA, percobaan=F("percobaan") + 1):
            cetakan.percobaan += 1
            return cetakan


def _cetak(cetakan: Cetakan) -> bool:
    surat = cetakan.surat
    try:
        isi, halaman = pdf.buat(surat.data)
        nama = default_storage.save(
            f"surat/{surat.tanggal:%Y/%m}/{uuid.uuid4().hex}.pdf", ContentFile(isi)
        )
    except Exception as galat:
        # Whatever went wrong, the row stays and is tried again; the class name is all that may
        # be logged, because messages can quote the letter.
        log.error("letter %s could not be rendered: %s", surat.pk, type(galat).__name__)
        jeda = min(timedelta(seconds=10) * 2 ** min(cetakan.percobaan, 10), JEDA_TERLAMA)
        Cetakan.objects.filter(pk=cetakan.pk, keadaan=Cetakan.Keadaan.MENUNGGU).update(
            ambil_lagi_pada=timezone.now() + jeda, galat=type(galat).__name__
        )
        return False
    tercatat = Cetakan.objects.filter(pk=cetakan.pk, keadaan=Cetakan.Keadaan.MENUNGGU).update(
        keadaan=Cetakan.Keadaan.SELESAI,
        berkas=nama,
        sha256=hashlib.sha256(isi).hexdigest(),
        ukuran=len(isi),
        halaman=halaman,
        selesai_pada=timezone.now(),
        galat="",
    )
    if not tercatat:  # our lease had ended and another worker stored its file first
        default_storage.delete(nama)
    return bool(tercatat)


def cetak_yang_menunggu() -> Iterator[int]:
    """Render every due letter; yields the id of each Surat whose PDF is now stored."""
    while cetakan := _ambil(timezone.now()):
        if _cetak(cetakan):
            yield cetakan.surat_id
