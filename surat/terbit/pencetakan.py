"""Letters that have a number but no file yet: claim, render, store.

Rendering and file writing happen outside any transaction. Rendering the same letter twice gives the
same bytes, so whoever is ready first stores the file, even when its lease has ended meanwhile.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from penduduk import antrean
from surat.kertas import pdf
from surat.models import Cetakan, Surat
from surat.terbit import pemeriksaan

log = logging.getLogger(__name__)

_JEDA = timedelta(seconds=10)


def _ambil(pada: datetime) -> Cetakan | None:
    menunggu = Cetakan.objects.filter(keadaan=Cetakan.Keadaan.MENUNGGU).select_related("surat")
    return antrean.ambil(menunggu, pada=pada)


def _cetak(cetakan: Cetakan) -> bool:
    surat = cetakan.surat
    try:
        isi, halaman = pdf.buat(surat.data)
        nama = _simpan(surat, isi)
    except Exception as galat:
        # Whatever went wrong, the row stays and is tried again; the class name is all that may
        # be logged, because messages can quote the letter.
        log.error("letter %s could not be rendered: %s", surat.pk, type(galat).__name__)
        antrean.lepas(cetakan, pada=timezone.now(), jeda=_JEDA, galat=type(galat).__name__)
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


def _simpan(surat: Surat, isi: bytes) -> str:
    nama = f"surat/{surat.tanggal:%Y/%m}/{uuid.uuid4().hex}.pdf"
    return default_storage.save(nama, ContentFile(isi))


def cetak_yang_menunggu() -> Iterator[int]:
    """Render every due letter; yields the id of each Surat whose PDF is now stored."""
    while cetakan := _ambil(timezone.now()):
        if _cetak(cetakan):
            yield cetakan.surat_id


# --- A file that is gone or altered ---------------------------------------------------------------


def pastikan(cetakan: Cetakan, *, pada: datetime) -> bool:
    """Whether the stored PDF is byte for byte the one that was made; one that is not is made again,
    which the same release of the program can do exactly. False: it cannot, and the row says since
    when that is known."""
    utuh = bool(pemeriksaan.berkas_utuh(cetakan)) or _buat_lagi(cetakan)
    if utuh == bool(cetakan.rusak_pada):
        cetakan.rusak_pada = None if utuh else pada
        Cetakan.objects.filter(pk=cetakan.pk).update(rusak_pada=cetakan.rusak_pada)
    return utuh


def _buat_lagi(cetakan: Cetakan) -> bool:
    surat, lama = cetakan.surat, cetakan.berkas
    try:
        isi, _ = pdf.buat(surat.data)
        if hashlib.sha256(isi).hexdigest() != cetakan.sha256:
            log.error("letter %s: its file is gone or altered, and comes out different", surat.pk)
            return False
        cetakan.berkas = _simpan(surat, isi)
    except Exception as galat:
        log.error("letter %s could not be made again: %s", surat.pk, type(galat).__name__)
        return False
    Cetakan.objects.filter(pk=cetakan.pk).update(berkas=cetakan.berkas)
    default_storage.delete(lama)
    log.warning("letter %s: its file was gone or altered, and was made again as it was", surat.pk)
    return True
