"""The worker's side: claim an import, work on it, say how far it is; clean up what is old.

Every sign of life renews the claim, and rows of the dry run are written and deleted only together
with one, so a worker that lost its claim leaves no trace.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from penduduk import antrean
from penduduk.impor.periksa import periksa
from penduduk.impor.terapkan import Basi, Keduluan, terapkan
from penduduk.impor.urungkan import TidakBisaDiurungkan, urungkan
from penduduk.impor.xlsx import BerkasTidakTerbaca
from penduduk.models import BarisImpor, Impor

log = logging.getLogger(__name__)

# Applying is one transaction, in which nothing can be renewed: the claim lasts for all of it.
SEWA_PER_BARIS = timedelta(milliseconds=20)
SEWA_TERLAMA = timedelta(hours=6)  # a million rows
PERCOBAAN_MAKS = 3
BERKAS_DISIMPAN = timedelta(days=7)
BARIS_DISIMPAN = timedelta(days=30)
BASI = (
    "Data penduduk berubah sesudah pemeriksaan, jadi belum ada yang diterapkan. Berkas sudah "
    "diperiksa ulang: lihat lagi hasilnya, lalu terapkan."
)
_GAGAL = "Pekerjaan ini gagal {n} kali. Coba lagi; bila tetap gagal, hubungi pengelola situs."
K = Impor.Keadaan
Lapor = Callable[[int, int], None]


def ambil(pada: datetime) -> Impor | None:
    """The next import that waits, claimed."""
    antre = Impor.objects.filter(keadaan__in=Impor.ANTREAN)
    return antrean.ambil(antre, pada=pada, sewa=_sewa, mustahil=SEWA_TERLAMA)


def pegang(impor: Impor, *, pada: datetime) -> bool:
    """Claim this import; False if somebody else has it or it has moved on."""
    return antrean.pegang(impor, sampai=pada + _sewa(impor))


def _sewa(impor: Impor) -> timedelta:
    return antrean.SEWA + SEWA_PER_BARIS * (impor.total if impor.keadaan != K.DIUNGGAH else 0)


def kerjakan_yang_menunggu() -> int:
    """Work on every import that waits; returns how many."""
    jumlah = 0
    while impor := ambil(timezone.now()):
        kerjakan(impor, pada=timezone.now())
        jumlah += 1
    return jumlah


def kerjakan(impor: Impor, *, pada: datetime, lapor: Lapor = lambda selesai, total: None) -> None:
    """One step of a claimed import. Its outcome stands in the row."""
    kerja = {K.DIUNGGAH: _periksa, K.DISETUJUI: _terapkan, K.MINTA_URUNG: _urungkan}
    try:
        kerja[K(impor.keadaan)](impor, pada, lapor)
    except Keduluan:
        log.info("import %s was taken over", impor.pk)
    except Exception as galat:
        # Out of disk, a lost database, a mistake of ours: try again later, then tell the person.
        # No traceback: its last line may quote a row.
        log.warning("import %s failed: %s", impor.pk, type(galat).__name__)
        if impor.percobaan >= PERCOBAAN_MAKS:
            _menyerah(impor)


def _menyerah(impor: Impor) -> None:
    kembali = {K.DIUNGGAH: K.GAGAL, K.DISETUJUI: K.SIAP, K.MINTA_URUNG: K.DITERAPKAN}
    antrean.milik(impor).update(
        keadaan=kembali[K(impor.keadaan)], alasan=_GAGAL.format(n=impor.percobaan)
    )


# --- Dry run ------------------------------------------------------------------------------------


def _periksa(impor: Impor, pada: datetime, lapor: Lapor) -> None:
    if not impor.berkas or not default_storage.exists(impor.berkas):
        _selesai(impor, K.GAGAL, alasan="Berkas ini sudah dihapus. Unggah lagi.")
        return
    with transaction.atomic():
        lama = BarisImpor.objects.filter(impor=impor)  # of an attempt that did not end, or before
        putusan = {} if impor.alasan == BASI else _putusan(lama)
        lama.delete()
        _hidup(impor)
    try:
        with default_storage.open(impor.berkas) as berkas:
            hari_ini = timezone.localdate(pada)
            isi = cast(BinaryIO, berkas.file)
            simpan = partial(_simpan, impor, lapor, putusan)
            hasil = periksa(isi, hari_ini=hari_ini, betulkan=impor.betulkan, simpan=simpan)
    except BerkasTidakTerbaca as galat:
        _selesai(impor, K.GAGAL, alasan=str(galat))
        return
    catatan = [BASI, *hasil.catatan] if impor.alasan == BASI else hasil.catatan
    jumlah, ragam = dict(hasil.jumlah), hasil.ragam()
    _selesai(impor, K.SIAP, catatan=catatan, jumlah=jumlah, ragam=ragam, alasan="")


def _putusan(semua: QuerySet[BarisImpor]) -> dict[tuple[str, int], str]:
    """What has been decided about rows, by their place in the file."""
    diputuskan = semua.exclude(putusan="").values_list("lembar", "nomor", "putusan")
    return {(lembar, nomor): putusan for lembar, nomor, putusan in diputuskan}


def _simpan(
    impor: Impor,
    lapor: Lapor,
    putusan: dict[tuple[str, int], str],
    baris: list[BarisImpor],
    selesai: int,
    total: int,
) -> None:
    """The rows that are done, and a sign of life. Raises Keduluan."""
    with transaction.atomic():
        for satu in baris:
            satu.impor = impor
            if satu.hasil == BarisImpor.Hasil.BENTROK and not satu.terkunci:
                satu.putusan = putusan.get((satu.lembar, satu.nomor), "")
        BarisImpor.objects.bulk_create(baris)
        _hidup(impor, kemajuan=selesai, total=total)
    impor.total = total
    lapor(selesai, total)


def _hidup(impor: Impor, **isi: object) -> None:
    """Sign of life; what was written with it comes before, for if that fails, the claim in memory
    must be the one in the table. Raises Keduluan."""
    if not antrean.geser(impor, timezone.now() + antrean.SEWA, **isi):
        raise Keduluan


def _selesai(impor: Impor, ke: str, **isi: object) -> None:
    if not antrean.milik(impor).update(keadaan=ke, percobaan=0, **isi):
        raise Keduluan


# --- Apply, take back ---------------------------------------------------------------------------


def _terapkan(impor: Impor, pada: datetime, lapor: Lapor) -> None:
    try:
        terapkan(impor, oleh=impor.oleh, pada=pada)
    except (Basi, IntegrityError):
        # A fresh dry run, so that the person decides on what is true now.
        _selesai(impor, K.DIUNGGAH, alasan=BASI, kemajuan=0, ambil_lagi_pada=pada)


def _urungkan(impor: Impor, pada: datetime, lapor: Lapor) -> None:
    try:
        urungkan(impor, oleh=impor.oleh, pada=pada)
    except TidakBisaDiurungkan as galat:
        _selesai(impor, K.DITERAPKAN, alasan=str(galat))


# --- Cleaning -----------------------------------------------------------------------------------


def bersihkan(*, pada: datetime) -> None:
    """Forget files after a week and rows after a month; what was never applied lapses."""
    lama = Impor.objects.filter(diunggah_pada__lt=pada - BERKAS_DISIMPAN)
    lama.filter(keadaan=K.SIAP).update(keadaan=K.DIBUANG)
    for impor in lama.exclude(berkas="").exclude(keadaan__in=Impor.ANTREAN):
        default_storage.delete(impor.berkas)
        Impor.objects.filter(pk=impor.pk).update(berkas="")
    tidak_perlu = BarisImpor.objects.filter(impor__keadaan__in=[K.DIBUANG, K.GAGAL])
    tua = BarisImpor.objects.filter(impor__diunggah_pada__lt=pada - BARIS_DISIMPAN).exclude(
        impor__keadaan__in=Impor.ANTREAN
    )
    for baris in (tidak_perlu, tua):
        baris.delete()
