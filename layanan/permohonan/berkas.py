"""Uploaded papers: accept in the request, picture in the worker, serve only through a view.

The request looks at size, kind and what the resident may still upload; nothing is decoded there.
The worker decodes in a process of its own with limits on time and memory (pembersih/) and writes
pictures of the pages under a random name. Only that program's own verdict refuses a paper; whatever
else goes wrong is our fault, and tried again without end. What was uploaded is kept for a day
longer, so that a database put back to an hour ago finds the files that it names.
"""

import hashlib
import io
import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

import pikepdf
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from layanan.models import (
    Berkas,
    Draf,
    Lampiran,
    PermintaanPIN,
    Permohonan,
    PesanMasuk,
)
from layanan.permohonan import jatah, pembersihan
from layanan.permohonan.pembersih import jenis as jenis_
from penduduk import antrean
from penduduk.models import Akun, Penduduk

log = logging.getLogger(__name__)

PER_SYARAT_MAKS = 10  # pages photographed one by one
BEBAS_MAKS = 30  # files of one resident that are attached nowhere, to be used again
MENTAH_DISIMPAN = timedelta(hours=24)  # after the verdict
_TAK_BERISI = (Berkas.Keadaan.DITOLAK, Berkas.Keadaan.DIHAPUS)
TAK_TERSIMPAN = "Berkas ini belum tersimpan: server sedang terganggu. Coba lagi sebentar lagi."


class BerkasDitolak(ValueError):
    """The upload cannot be used; the message says why and what to do."""


def periksa_cepat(unggahan: UploadedFile) -> str:
    """Size and kind of an upload; returns its MIME type. Raises BerkasDitolak."""
    ukuran = unggahan.size or 0
    if ukuran == 0:
        raise BerkasDitolak("Berkas ini kosong. Ambil fotonya lagi, lalu unggah.")
    if ukuran > settings.UNGGAH_MAKS:
        raise BerkasDitolak(
            f"Berkas ini {ukuran / 1048576:.1f} MB; paling besar "
            f"{settings.UNGGAH_MAKS // 1048576} MB. Foto kertasnya dengan kamera HP, lalu unggah."
        )
    unggahan.seek(0)
    awal = unggahan.read(jenis_.AWAL)
    unggahan.seek(0)
    try:
        return jenis_.kenali(awal)
    except jenis_.Ditolak as galat:
        raise BerkasDitolak(str(galat)) from None


def terima(
    unggahan: UploadedFile,
    *,
    dokumen: str,
    label: str,
    pada: datetime,
    pemilik: Penduduk | None = None,
    permintaan: PermintaanPIN | None = None,
    masuk: PesanMasuk | None = None,
    sewa: timedelta = timedelta(0),
) -> Berkas:
    """Store an upload of `pemilik`, of a request for a PIN, or (`masuk` alone) what a message has
    brought, and leave it for the worker.

    `sewa`: for so long the caller itself is going to check it (bersihkan_segera).
    The same bytes again (a retry after a lost answer) give the same row: of a resident for the
    same document, of a request whichever document they were taken for. Raises BerkasDitolak;
    OSError: the disk did not take it.
    """
    jenis = periksa_cepat(unggahan)
    sidik = _sidik(unggahan)
    milik_siapa: dict[str, Any] = {"pemilik": pemilik, "permintaan": permintaan}
    milik_siapa |= {"masuk": masuk} if masuk else {}
    sama = {"dokumen": dokumen} if permintaan is None else {}
    ada = (
        Berkas.objects.filter(sidik_kirim=sidik, **milik_siapa, **sama)
        .exclude(keadaan__in=_TAK_BERISI)
        .order_by("diunggah_pada")
        .first()
    )
    if ada:
        return ada
    return Berkas.objects.create(
        **milik_siapa,
        dokumen=dokumen,
        label=label,
        nama_kirim=_nama(unggahan) if pemilik else "",
        mentah=_simpan(unggahan, pemilik, pada),
        jenis_isi=jenis,
        ukuran=unggahan.size or 0,
        sidik_kirim=sidik,
        diunggah_pada=pada,
        ambil_lagi_pada=pada + sewa,
    )


def _simpan(unggahan: UploadedFile, pemilik: Penduduk | None, pada: datetime) -> str:
    if pemilik is None:
        return default_storage.save(f"karantina/{uuid.uuid4().hex}", unggahan)
    ukuran = unggahan.size or 0
    _ambil_jatah(pemilik, ukuran, pada=pada)
    try:
        return _simpan(unggahan, None, pada)
    except OSError:
        _ambil_jatah(pemilik, -ukuran, pada=pada, berkas=-1)
        raise


def _ambil_jatah(pemilik: Penduduk, ukuran: int, *, pada: datetime, berkas: int = 1) -> None:
    """Raises BerkasDitolak: enough for today."""
    try:
        jatah.ambil("berkas", orang=pemilik, pada=pada, sebanyak=berkas)
        jatah.ambil("bita", orang=pemilik, pada=pada, sebanyak=ukuran)
    except jatah.JatahHabis as galat:
        raise BerkasDitolak(str(galat)) from None


def _sidik(unggahan: UploadedFile) -> str:
    """SHA-256 of the content; the file stands at its beginning afterwards."""
    unggahan.seek(0)
    sidik = hashlib.file_digest(unggahan, "sha256").hexdigest()
    unggahan.seek(0)
    return sidik


def _nama(unggahan: UploadedFile) -> str:
    """The sender's name of the file, short enough for a sentence."""
    nama = "".join(huruf for huruf in unggahan.name or "" if huruf.isprintable())
    return nama if len(nama) <= 40 else f"{nama[:24]}…{nama[-14:]}"


def terima_beberapa(
    unggahan: list[UploadedFile],
    *,
    pemilik: Penduduk,
    dokumen: str,
    label: str,
    ke: Draf | Permohonan,
    pada: datetime,
    diminta_pada: datetime | None = None,
) -> tuple[int, list[str]]:
    """Store and attach what came for one requirement, as far as it can be used and has room.

    `diminta_pada`: the papers from before are being replaced. Returns how many are kept, and a
    sentence on the others, of which nothing is stored.
    """
    kalimat: list[str] = []
    lebih: list[str] = []
    tersimpan = 0
    for satu in unggahan:
        terpasang = _terpasang(ke, dokumen, diminta_pada)
        if (
            terpasang.count() >= PER_SYARAT_MAKS
            # Sent again, because the answer got lost: it is there.
            and not terpasang.filter(berkas__sidik_kirim=_sidik(satu)).exists()
        ):
            lebih.append(_nama(satu))
            continue
        try:
            baru = terima(satu, pemilik=pemilik, dokumen=dokumen, label=label, pada=pada)
            if isinstance(ke, Permohonan) and diminta_pada is not None:
                ganti(ke, baru, syarat=dokumen, diminta_pada=diminta_pada, pada=pada)
            else:
                lampirkan(baru, syarat=dokumen, ke=ke)
            tersimpan += 1
        except BerkasDitolak as sebab:  # the good ones beside it are kept
            kalimat.append(f"{_nama(satu)}: {sebab}" if len(unggahan) > 1 else str(sebab))
        except OSError as sebab:  # the disk is full, say: what was typed beside it is kept
            log.error("an upload could not be stored: %s", type(sebab).__name__)
            kalimat.append(TAK_TERSIMPAN)
    if lebih:
        kalimat.append(f"{_PENUH} Tidak disimpan: {', '.join(lebih)}.")
    return tersimpan, kalimat


_PENUH = f"Paling banyak {PER_SYARAT_MAKS} berkas untuk satu syarat."


def _terpasang(ke: Draf | Permohonan, syarat: str, sejak: datetime | None) -> QuerySet[Lampiran]:
    """What takes up room: refused files do not, or ten bad photos would keep the good one out."""
    semua = ke.lampiran.filter(syarat=syarat, diganti_pada__isnull=True)
    semua = semua.exclude(berkas__keadaan=Berkas.Keadaan.DITOLAK)
    return semua.filter(ditambah_pada__gt=sejak) if sejak else semua


def lampirkan(
    berkas: Berkas, *, syarat: str, ke: Draf | Permohonan, sejak: datetime | None = None
) -> None:
    """Attach a file to a requirement; attaching it twice changes nothing.

    `sejak`: it is a mended paper, and only what was attached later takes up room. Raises
    BerkasDitolak when the requirement has all the files it can take, or the mend is not due any
    more; a file that is attached nowhere then goes.
    """
    rumah = {"draf": ke} if isinstance(ke, Draf) else {"permohonan": ke}
    with transaction.atomic():
        masih = _kunci(ke, sejak)
        muat = _terpasang(ke, syarat, sejak).exclude(berkas=berkas).count() < PER_SYARAT_MAKS
        ada = Berkas.objects.select_for_update().filter(pk=berkas.pk, dihapus_pada__isnull=True)
        if masih and muat and ada.exists():
            Lampiran.objects.get_or_create(berkas=berkas, syarat=syarat, **rumah)
            return
    buang_bila_lepas(berkas)
    if not masih:
        raise BerkasDitolak("Permohonan ini baru saja berubah, jadi berkasnya tidak disimpan.")
    raise BerkasDitolak(_PENUH if not muat else "Berkas ini sudah dihapus. Unggah lagi.")


def _kunci(ke: Draf | Permohonan, sejak: datetime | None) -> bool:
    """One file after the other, so that two cannot take the last place together. False: the mend
    that was asked for at `sejak` was sent or given up at this moment."""
    if isinstance(ke, Draf):
        Draf.objects.select_for_update().get(pk=ke.pk)
        return True
    kini = Permohonan.objects.select_for_update().get(pk=ke.pk)
    return sejak is None or kini.status == Permohonan.Status.PERLU_PERBAIKAN


def ganti(
    permohonan: Permohonan, berkas: Berkas, *, syarat: str, diminta_pada: datetime, pada: datetime
) -> None:
    """Attach a mended paper; the ones from before `diminta_pada` no longer count.

    Raises BerkasDitolak, also when it is the very file that was to be replaced.
    """
    lama = permohonan.lampiran.filter(syarat=syarat, ditambah_pada__lte=diminta_pada)
    if lama.filter(berkas=berkas).exists():
        raise BerkasDitolak("Ini foto yang diminta diganti. Foto lagi kertasnya, lalu unggah.")
    lampirkan(berkas, syarat=syarat, ke=permohonan, sejak=diminta_pada)
    lama.filter(diganti_pada__isnull=True).update(diganti_pada=pada)


def milik(orang: Penduduk, dokumen: set[str]) -> list[Berkas]:
    """Earlier usable files of a resident for these documents, newest first."""
    return list(
        Berkas.objects.filter(pemilik=orang, dokumen__in=dokumen)
        .exclude(keadaan__in=_TAK_BERISI)
        .order_by("-diunggah_pada")[:30]
    )


def buang(berkas: Berkas) -> None:
    """Delete a file and its row. The file first: a crash in between must not leave an identity
    paper behind that no row names."""
    for nama in filter(None, (berkas.mentah, berkas.berkas, berkas.mini)):
        default_storage.delete(nama)
    berkas.delete()


def buang_bila_lepas(berkas: Berkas) -> None:
    """Delete a resident's file that no draft and no request uses."""
    with transaction.atomic():
        satu = Berkas.objects.select_for_update().filter(pk=berkas.pk).first()
        if satu and satu.pemilik_id and not satu.lampiran.exists():
            buang(satu)


def lepas(lampiran: Lampiran) -> None:
    """Take a file off a draft; it goes for good unless it is used elsewhere."""
    lampiran.delete()
    buang_bila_lepas(lampiran.berkas)


def buang_draf(draf: Draf) -> None:
    """Delete a draft that was not sent, with its files unless they are used elsewhere."""
    with transaction.atomic():
        satu = Draf.objects.select_for_update().filter(pk=draf.pk, terkirim=False).first()
        if satu is None:
            return
        dipakai = [x.berkas for x in satu.lampiran.select_related("berkas")]
        satu.delete()
    for berkas in dipakai:
        buang_bila_lepas(berkas)


def sapu() -> None:
    """Of each resident's files that are attached nowhere keep the newest; what is too old goes by
    rule (layanan.retensi)."""
    lepas = Berkas.objects.filter(
        pemilik__isnull=False, lampiran__isnull=True, dihapus_pada__isnull=True
    )
    banyak = lepas.values("pemilik").annotate(n=Count("pk")).filter(n__gt=BEBAS_MAKS)
    for orang in list(banyak.values_list("pemilik", flat=True)):
        for berkas in lepas.filter(pemilik=orang).order_by("-diunggah_pada")[BEBAS_MAKS:]:
            buang_bila_lepas(berkas)


def boleh_melihat(akun: Akun, berkas: Berkas) -> bool:
    """The owner, and the staff whose work it is; nobody else."""
    if berkas.pemilik_id is None:
        izin = "penduduk.terbitkan_pin" if berkas.permintaan_id else "layanan.view_catatanwarga"
        return akun.is_staff and akun.has_perm(izin)
    return boleh_melihat_milik(akun, berkas.pemilik_id)


def boleh_melihat_milik(akun: Akun, pemilik_id: int) -> bool:
    """Papers and letters of a resident: the resident, and staff who process or sign."""
    if akun.penduduk_id is not None:
        return akun.penduduk_id == pemilik_id
    return akun.has_perm("layanan.proses_permohonan") or akun.has_perm("layanan.tandatangani_surat")


def halaman(berkas: Berkas, ke: int) -> bytes:
    """The picture (JPEG) of page `ke`, counted from 1. Raises LookupError: there is none."""
    if ke not in berkas.nomor_halaman:
        raise LookupError(f"no page {ke}")
    with default_storage.open(berkas.berkas) as isi:
        if berkas.gambar:
            return isi.read()
        with pikepdf.open(io.BytesIO(isi.read())) as dokumen:  # our own, of nothing but pictures
            return dokumen.pages[ke - 1].obj.Resources.XObject.Foto.read_raw_bytes()


# --- The worker ----------------------------------------------------------------------------------


def bersihkan_segera(berkas: Berkas) -> Berkas:
    """Check this upload now, in a worker that answers its sender; returns the fresh row."""
    if berkas.keadaan == Berkas.Keadaan.DIPERIKSA:
        _bersihkan(berkas)
        berkas.refresh_from_db()
    return berkas


def bersihkan_yang_menunggu() -> int:
    """Check and clean every waiting upload; returns how many."""
    jumlah = 0
    menunggu = Berkas.objects.filter(keadaan=Berkas.Keadaan.DIPERIKSA)
    while berkas := antrean.ambil(menunggu, pada=timezone.now()):
        _bersihkan(berkas)
        jumlah += 1
    return jumlah


def _bersihkan(berkas: Berkas) -> None:
    """A verdict of the cleaner counts, whoever has it first."""
    try:
        hasil = pembersihan.jalankan(berkas, berkas.mentah)
    except pembersihan.TidakSelesai as galat:
        if not pembersihan.salah_berkas(galat, berkas):
            return _tunda(berkas, galat.__cause__ or galat)
        hasil = pembersihan.Hasil(alasan=pembersihan.TERLALU_BERAT)
    try:
        baru = pembersihan.simpan(berkas, hasil) if hasil.isi else {}
    except OSError as galat:  # the disk is full, say
        return _tunda(berkas, galat)
    if hasil.isi:
        putusan = {**baru, "keadaan": Berkas.Keadaan.SIAP, "nama_kirim": ""}
    else:
        putusan = {"keadaan": Berkas.Keadaan.DITOLAK, "alasan": hasil.alasan}
    putusan["ambil_lagi_pada"] = timezone.now() + MENTAH_DISIMPAN  # due: the raw file goes
    menunggu = Berkas.objects.filter(pk=berkas.pk, keadaan=Berkas.Keadaan.DIPERIKSA)
    if not menunggu.update(**putusan):
        pembersihan.hapus(baru)


def _tunda(berkas: Berkas, sebab: BaseException) -> None:
    log.error("upload %s could not be checked: %s", berkas.pk, type(sebab).__name__)
    antrean.lepas(berkas, pada=timezone.now(), jeda=pembersihan.JEDA)
