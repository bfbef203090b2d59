"""What residents write to the village's WhatsApp number, and what becomes of it.

The webhook only stores a row (`terima`). A worker takes each chat's messages one after the other,
fetches files outside any transaction, and answers. No message is dropped: each ends as answered,
as part of a request or of a request for a PIN, or with an operator ("Pesan warga"); which of them
stands in its row.
"""

import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from layanan.kotak_keluar import nomor_wa, notifikasi
from layanan.minta_pin import permintaan
from layanan.models import Notifikasi, Percakapan, PesanMasuk
from layanan.percakapan import balasan, bentuk, catatan, foto, media, siapa
from layanan.percakapan.bentuk import Bentuk
from layanan.percakapan.jawab import JEDA_MULAI, JEDA_UMUM, Balasan
from layanan.transports import GagalSementara, GagalTetap
from penduduk import antrean

log = logging.getLogger(__name__)
J, K = PesanMasuk.Jenis, PesanMasuk.Keadaan

SEWA = antrean.SEWA + timedelta(seconds=90)  # several files to fetch
PER_JAM_MAKS = 60  # messages of one chat that are answered within an hour; the rest is only kept
PER_JAM_SIMPAN = 1000  # and these are only counted: somebody wants to fill the disk
PERCOBAAN_MAKS = 5
DISIMPAN = timedelta(days=30)
_JEDA = timedelta(seconds=15)
# Six digits that somebody calls a PIN: nobody in the office needs to read them.
_PIN = re.compile(r"(\bPIN\b\D{0,30})(?<!\d)\d(?:[ .-]?\d){5}(?!\d)", re.IGNORECASE)


def terima(pesan: Bentuk, *, pada: datetime) -> PesanMasuk | None:
    """Store one incoming message. None: had before (the provider repeats itself when our answer was
    lost), or one of a flood that is only counted."""
    try:
        with transaction.atomic():
            orang = siapa.ambil(pesan, pada=pada)
            nomor_wa.terjangkau(orang.alamat)
            ramai = orang.jam_jumlah > PER_JAM_MAKS
            catatan_ramai = _catat_ramai(orang, pada=pada) if ramai else None
            if orang.jam_jumlah > PER_JAM_SIMPAN:
                return None
            baru = PesanMasuk.objects.create(
                sid=pesan.sid,
                percakapan=orang,
                jenis=pesan.jenis,
                teks=_PIN.sub(r"\1••••••", pesan.teks),
                media=pesan.media,
                keadaan=K.PETUGAS if ramai else K.MENUNGGU,
                catatan=catatan_ramai,
                diterima_pada=pada,
                ambil_lagi_pada=pada,
            )
            if orang.jam_jumlah == PER_JAM_MAKS + 1:
                _jawab(baru, orang, Balasan("balas_ramai"), pada=pada)
            return baru
    except IntegrityError:
        return None


def _catat_ramai(orang: Percakapan, *, pada: datetime) -> Any:
    """Too many to be told one by one: the note says how many."""
    return catatan.tulis(orang, "", pada=pada, ringkas=True)


# --- The worker --------------------------------------------------------------------------------


def _ambil(pada: datetime) -> PesanMasuk | None:
    """Claim the oldest due message of a chat that has no earlier one waiting."""
    lebih_awal = PesanMasuk.objects.filter(
        percakapan=OuterRef("percakapan"), keadaan=K.MENUNGGU, pk__lt=OuterRef("pk")
    )
    menunggu = PesanMasuk.objects.filter(~Exists(lebih_awal), keadaan=K.MENUNGGU)
    return antrean.ambil(
        menunggu.select_related("percakapan__akun"), pada=pada, sewa=lambda _: SEWA
    )


def kerjakan_yang_menunggu() -> int:
    """Work off every due incoming message; returns how many."""
    jumlah = foto.lewat_waktu(pada=timezone.now())
    while satu := _ambil(timezone.now()):
        jumlah += 1
        _kerjakan(satu, pada=timezone.now())
    return jumlah


def _kerjakan(satu: PesanMasuk, *, pada: datetime) -> None:
    try:
        jawab = _tanggapi(satu, pada=pada)
    except foto.BelumDiperiksa:
        antrean.geser(satu, pada + _JEDA)  # nothing is said before the verdict is there
        return
    except GagalSementara as galat:
        log.warning("incoming message %s: %s", satu.pk, galat.kode)
        if satu.percobaan < PERCOBAAN_MAKS:
            antrean.lepas(satu, pada=pada, jeda=_JEDA)
            return
        jawab = Balasan("balas_media_gagal", catat=True, utang=True)
    _selesai(satu, jawab, pada=pada)


def _tanggapi(satu: PesanMasuk, *, pada: datetime) -> Balasan:
    """Do what the message asks for; the answer to it.

    Raises GagalSementara when a file cannot be fetched for now, foto.BelumDiperiksa.
    """
    orang = satu.percakapan
    match satu.jenis:
        case J.KERTAS:
            return foto.terima(satu, pada=pada)
        case J.SUARA | J.VIDEO:
            return _rawat(satu, pada=pada)
        case J.KONTAK:
            _baca_kontak(satu)
            return Balasan("balas_kontak", catat=True)
        case J.TEKS:
            return balasan.kata(satu.teks, orang, pada=pada)
        case J.UBAHAN:
            jawab = balasan.kata(satu.teks, orang, pada=pada)
            biasa = not jawab.utang and (jawab.catat or jawab.jeda > JEDA_MULAI)
            return Balasan("balas_ubahan", catat=True) if biasa else jawab
        case J.STIKER:
            return Balasan("balas_stiker", permintaan=permintaan.terbuka(siapa.kunci(orang)))
        case J.REAKSI:
            return Balasan("")
        case J.HAPUSAN:
            return Balasan("balas_hapusan")
    return Balasan(_UNTUK_PETUGAS.get(J(satu.jenis), "balas_asing"), catat=True)


_UNTUK_PETUGAS = {J.LOKASI: "balas_lokasi", J.DOKUMEN: "balas_dokumen"}


def _rawat(satu: PesanMasuk, *, pada: datetime) -> Balasan:
    """Keep a voice note or a video for the operator."""
    for medium in satu.media:
        if satu.berkas.exists():
            break  # had at an earlier attempt
        try:
            media.simpan(satu, media.ambil(medium["url"]), medium["jenis"], pada=pada)
        except GagalTetap:
            return Balasan("balas_media_gagal", catat=True, utang=True)
    return Balasan("balas_suara" if satu.jenis == J.SUARA else "balas_video", catat=True)


def _baca_kontak(satu: PesanMasuk) -> None:
    """Names and numbers of the cards, into the words of the message."""
    kartu = []
    for medium in satu.media:
        try:
            kartu.append(media.baca_kontak(media.ambil(medium["url"])))
        except GagalTetap:
            kartu.append("(tidak dapat dibaca)")
    satu.teks = "\n".join(filter(None, [satu.teks, *kartu]))


def _selesai(satu: PesanMasuk, jawab: Balasan, *, pada: datetime) -> None:
    """Close the message and answer it, unless the next photo of the same chat will be answered."""
    with transaction.atomic():
        orang = Percakapan.objects.select_for_update().get(pk=satu.percakapan_id)
        milik = antrean.milik(satu)
        if not milik.exists():
            return  # we overslept: whoever took it over answers
        if not bentuk.dikenal(orang.alamat):
            jawab = replace(jawab, catat=True)  # nobody knows whether an answer gets there
        dijawab = bool(jawab.kode) and not _sudah_dijawab(satu, orang, jawab, pada=pada)
        if dijawab:
            dijawab = _jawab(satu, orang, jawab, pada=pada)
        milik.update(teks=satu.teks, **_jadi(satu, orang, jawab, dijawab=dijawab, pada=pada))
    hapus_di_penyedia(satu)


def _jawab(satu: PesanMasuk, orang: Percakapan, jawab: Balasan, *, pada: datetime) -> bool:
    """Write the answer. False: it will not go out (the day's budget is used up)."""
    if orang.alamat == bentuk.KOSONG:
        return False
    baris = notifikasi.tulis(
        jawab.kode,
        nomor_hp=orang.alamat,
        pada=pada,
        konteks=balasan.konteks(jawab.permintaan) | jawab.isi,
        masuk=satu,
    )
    ubah: dict[str, Any] = {"balasan": jawab.kode, "balasan_pada": pada}
    Percakapan.objects.filter(pk=orang.pk).update(**ubah)
    return baris.keadaan != Notifikasi.Keadaan.TANPA_WA


def _jadi(
    satu: PesanMasuk, orang: Percakapan, jawab: Balasan, *, dijawab: bool, pada: datetime
) -> dict[str, Any]:
    """What has become of the message, as columns of its row."""
    hasil: dict[str, Any] = {"permintaan": jawab.permintaan, "permohonan": jawab.permohonan}
    if jawab.pilihan:
        Percakapan.objects.filter(pk=orang.pk).update(pilihan=jawab.pilihan, tanya_pada=pada)
        return hasil | {"keadaan": K.TANYA}
    berkata = satu.jenis != J.TEKS or any(huruf.isalnum() for huruf in satu.teks)
    lain = jawab.permohonan or (jawab.permintaan and jawab.bagian)
    if (jawab.catat and berkata) or not (dijawab or lain):
        perlu = berkata and satu.jenis != J.REAKSI
        hasil["catatan"] = catatan.tulis(orang, _kata(satu), pada=pada, perlu=perlu)
    if jawab.permohonan:
        return hasil | {"keadaan": K.PERMOHONAN}
    if lain:
        return hasil | {"keadaan": K.PIN}
    return hasil | {"keadaan": K.PETUGAS if "catatan" in hasil else K.DIJAWAB}


def _kata(satu: PesanMasuk) -> str:
    """The message as its note tells it."""
    if satu.jenis == J.TEKS:
        return satu.teks
    sebutan = satu.get_jenis_display()
    if satu.jenis == J.DOKUMEN and satu.media:
        sebutan = f"{sebutan}, {satu.media[0]['jenis']}"
    return f"[{sebutan}] {satu.teks}".strip()


def _sudah_dijawab(satu: PesanMasuk, orang: Percakapan, jawab: Balasan, *, pada: datetime) -> bool:
    if jawab.utang:
        return False
    berikut = PesanMasuk.objects.filter(
        percakapan=orang, keadaan=K.MENUNGGU, jenis=J.KERTAS, pk__gt=satu.pk, percobaan=0
    )
    if jawab.gabung and berikut.exists():
        return True
    if jawab.jeda == JEDA_UMUM:  # other answers may have come between
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
    """Delete the provider's copies of the files. False: to be tried again by `bersihkan`."""
    try:
        for medium in satu.media:
            media.hapus(medium["url"])
    except (GagalSementara, GagalTetap) as galat:
        log.warning("files of incoming message %s not yet deleted: %s", satu.pk, galat.kode)
        return False
    PesanMasuk.objects.filter(pk=satu.pk).update(media=[])
    return True


def bereskan_penyedia(*, pada: datetime) -> None:
    """Delete what is left at the provider; what is here goes by rule (layanan.retensi)."""
    tersisa = PesanMasuk.objects.exclude(keadaan=K.MENUNGGU).exclude(media=[])
    for satu in tersisa.filter(diterima_pada__gt=pada - DISIMPAN):
        hapus_di_penyedia(satu)
