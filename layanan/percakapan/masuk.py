"""What residents write to the village's WhatsApp number, and what they are answered.

The webhook only stores a row (`terima`). A worker takes each number's messages one after the
other, fetches the photos outside any transaction, and answers once, when the number has nothing
more waiting: thirty photos at once get one answer.
"""

import logging
import re
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from layanan.kotak_keluar import nomor_wa, notifikasi
from layanan.minta_pin import permintaan
from layanan.models import (
    Berkas,
    Notifikasi,
    Percakapan,
    PermintaanPIN,
    PesanMasuk,
    PesanSimulasi,
)
from layanan.percakapan import balasan, catatan, media
from layanan.percakapan.balasan import Balasan
from layanan.permohonan import berkas
from layanan.transports import GagalSementara, GagalTetap
from penduduk import antrean

log = logging.getLogger(__name__)
K = PesanMasuk.Keadaan

SEWA = antrean.SEWA + timedelta(seconds=90)  # several photos to fetch
PER_JAM_MAKS = 60  # messages of one number that are looked at within an hour
PERCOBAAN_MAKS = 5
DISIMPAN = timedelta(days=30)
NOMOR_DISIMPAN = timedelta(days=90)  # a number that has been silent since
_JEDA = timedelta(seconds=15)


def terima(
    *, sid: str, nomor_hp: str, nama_wa: str, teks: str, medium: list[dict], pada: datetime
) -> PesanMasuk | None:
    """Store one incoming message for the worker. None: had before, or too many from this number.

    `medium`: [{"url", "jenis"}]. A repeated `sid` has one effect; the provider repeats itself
    when our answer was lost.
    """
    try:
        with transaction.atomic():
            percakapan = _percakapan(nomor_hp, nama_wa[:100], pada=pada)
            nomor_wa.terjangkau(nomor_hp)
            if percakapan.jam_jumlah > PER_JAM_MAKS:
                return None
            return PesanMasuk.objects.create(
                sid=sid,
                percakapan=percakapan,
                teks=teks[:300],
                media=medium,
                diterima_pada=pada,
                ambil_lagi_pada=pada,
            )
    except IntegrityError:
        return None


def _percakapan(nomor_hp: str, nama_wa: str, *, pada: datetime) -> Percakapan:
    """The number's row with this message counted; the count starts anew every hour."""
    Percakapan.objects.bulk_create(
        [Percakapan(nomor_hp=nomor_hp, terakhir_masuk_pada=pada, jam_mulai_pada=pada)],
        ignore_conflicts=True,
    )
    sama = Percakapan.objects.filter(nomor_hp=nomor_hp)
    sama.filter(jam_mulai_pada__lte=pada - timedelta(hours=1)).update(
        jam_mulai_pada=pada, jam_jumlah=0
    )
    sama.update(jam_jumlah=F("jam_jumlah") + 1, terakhir_masuk_pada=pada, nama_wa=nama_wa)
    return sama.get()


# --- The worker --------------------------------------------------------------------------------


def _ambil(pada: datetime) -> PesanMasuk | None:
    """Claim the oldest due message of a number that has no earlier one waiting."""
    lebih_awal = PesanMasuk.objects.filter(
        percakapan=OuterRef("percakapan"), keadaan=K.MENUNGGU, pk__lt=OuterRef("pk")
    )
    menunggu = PesanMasuk.objects.filter(~Exists(lebih_awal), keadaan=K.MENUNGGU)
    return antrean.ambil(menunggu.select_related("percakapan"), pada=pada, sewa=lambda _: SEWA)


def kerjakan_yang_menunggu() -> int:
    """Work off every due incoming message; returns how many."""
    jumlah = 0
    while satu := _ambil(timezone.now()):
        jumlah += 1
        _kerjakan(satu, pada=timezone.now())
    return jumlah


def _kerjakan(satu: PesanMasuk, *, pada: datetime) -> None:
    try:
        jawab = _tanggapi(satu, pada=pada)
    except GagalSementara as galat:
        log.warning("incoming message %s: %s", satu.pk, galat.kode)
        if satu.percobaan < PERCOBAAN_MAKS:
            antrean.lepas(satu, pada=pada, jeda=_JEDA)
            return
        _selesai(satu, K.GAGAL, Balasan("balas_foto_rusak"), pada=pada)
    else:
        _selesai(satu, K.SELESAI if jawab.kode else K.DIABAIKAN, jawab, pada=pada)


def _tanggapi(satu: PesanMasuk, *, pada: datetime) -> Balasan:
    """Do what the message asks for; the answer to it.

    Raises GagalSementara when a photo cannot be fetched for now.
    """
    nomor = satu.percakapan.nomor_hp
    if not satu.media:
        return balasan.kata(satu.teks, nomor, pada=pada)
    jawab = Balasan("balas_foto_saja", permintaan=permintaan.terbuka(nomor))
    for medium in satu.media:
        if re.match(r"image/|application/pdf$", medium["jenis"]):
            jawab = _terima_foto(satu, medium["url"], pada=pada)
    return jawab


def _terima_foto(satu: PesanMasuk, url: str, *, pada: datetime) -> Balasan:
    """Fetch one photo, check it, and put it into the number's request."""
    orang = satu.percakapan
    ada = permintaan.terbuka(orang.nomor_hp)
    if ada and len(permintaan.foto(ada)) >= permintaan.FOTO_MAKS:
        return Balasan("balas_cukup", permintaan=ada)
    try:
        isi = media.ambil(url)
    except GagalTetap:
        return Balasan("balas_foto_rusak", permintaan=ada or _baru(orang, pada=pada))
    ada = ada or _baru(orang, pada=pada)
    foto = _simpan(isi, ada, permintaan.dokumen_berikut(ada), pada=pada)
    if foto is None:
        return Balasan("balas_foto_rusak", permintaan=ada)
    permintaan.lengkapi(ada, pada=pada)
    return Balasan(balasan.setelah_foto(foto.dokumen), permintaan=ada)


def _baru(orang: Percakapan, *, pada: datetime) -> PermintaanPIN:
    return permintaan.buka_dari_wa(orang.nomor_hp, nama_wa=orang.nama_wa, pada=pada)


def _simpan(isi: bytes, ke: PermintaanPIN, dokumen: str, *, pada: datetime) -> Berkas | None:
    """Store and clean one photo of a request; None when it cannot be used.

    The same photo twice (a repeated delivery, or a worker that died half-way) stays one.
    """
    try:
        satu = berkas.terima(
            SimpleUploadedFile("foto", isi),
            permintaan=ke,
            dokumen=dokumen,
            label=permintaan.DOKUMEN[dokumen],
            pada=pada,
            sewa=antrean.SEWA,
        )
    except berkas.BerkasDitolak:
        return None
    satu = berkas.bersihkan_segera(satu)
    if satu.keadaan == Berkas.Keadaan.DITOLAK:
        berkas.buang(satu)
        return None
    return satu


def _selesai(satu: PesanMasuk, keadaan: str, jawab: Balasan, *, pada: datetime) -> None:
    """Close the message and answer it, unless the next one of the same number will be answered."""
    with transaction.atomic():
        if not antrean.milik(satu).update(keadaan=keadaan, permintaan=jawab.permintaan, teks=""):
            return  # we overslept: whoever took it over answers
        orang = Percakapan.objects.select_for_update().get(pk=satu.percakapan_id)
        if jawab.catat:
            catatan.tulis(orang, satu.teks, pada=pada)
        if jawab.kode and not _sudah_dijawab(satu, orang, jawab, pada=pada):
            notifikasi.tulis(
                jawab.kode,
                nomor_hp=orang.nomor_hp,
                pada=pada,
                konteks=balasan.konteks(jawab.permintaan) | jawab.isi,
                masuk=satu,
            )
            Percakapan.objects.filter(pk=orang.pk).update(balasan=jawab.kode, balasan_pada=pada)
    hapus_di_penyedia(satu)


def _sudah_dijawab(satu: PesanMasuk, orang: Percakapan, jawab: Balasan, *, pada: datetime) -> bool:
    if jawab.selalu:
        return False
    berikut = PesanMasuk.objects.filter(
        percakapan=orang, keadaan=K.MENUNGGU, pk__gt=satu.pk, percobaan=0
    )
    if not jawab.utang and berikut.exists():
        return True
    if jawab.jeda > balasan.JEDA_MULAI:  # other answers may have come between
        return Notifikasi.objects.filter(
            masuk__percakapan=orang, pesan=jawab.kode, dibuat_pada__gt=pada - jawab.jeda
        ).exists()
    return (
        orang.balasan == jawab.kode
        and orang.balasan_pada is not None
        and orang.balasan_pada > pada - jawab.jeda
    )


# --- Forgetting --------------------------------------------------------------------------------


def hapus_di_penyedia(satu: PesanMasuk) -> bool:
    """Delete the provider's copies of the photos. False: to be tried again by `bersihkan`."""
    try:
        for medium in satu.media:
            media.hapus(medium["url"])
    except (GagalSementara, GagalTetap) as galat:
        log.warning("photos of incoming message %s not yet deleted: %s", satu.pk, galat.kode)
        return False
    PesanMasuk.objects.filter(pk=satu.pk).update(media=[])
    return True


def bersihkan(*, pada: datetime) -> None:
    """Delete what is left at the provider; forget messages and answers after a month, and notes
    of residents in their time."""
    catatan.bersihkan(pada=pada)
    tersisa = PesanMasuk.objects.exclude(keadaan=K.MENUNGGU).exclude(media=[])
    for satu in tersisa.filter(diterima_pada__gt=pada - DISIMPAN):
        hapus_di_penyedia(satu)
    lama = PesanMasuk.objects.filter(diterima_pada__lt=pada - DISIMPAN).exclude(keadaan=K.MENUNGGU)
    _lupakan_balasan(sebelum=pada - DISIMPAN)
    lama.filter(balasan__isnull=True).delete()
    Percakapan.objects.filter(
        terakhir_masuk_pada__lt=pada - NOMOR_DISIMPAN, masuk__isnull=True
    ).delete()


def _lupakan_balasan(*, sebelum: datetime) -> None:
    """Delete answers to incoming messages that are older; nothing refers to them any more."""
    semua = Notifikasi.objects.filter(masuk__isnull=False, dibuat_pada__lt=sebelum)
    lama = semua.exclude(keadaan__in=Notifikasi.ANTRE)
    PesanSimulasi.objects.filter(notifikasi__in=lama).delete()
    lama.delete()
