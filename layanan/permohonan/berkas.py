"""Uploaded papers: accept in the request, clean in the worker, serve only through a view.

In the request only bytes are looked at (size, type by content, obvious damage); nothing is
decoded there. The worker decodes in a process of its own with limits on time and memory
(pembersih_berkas.py), writes a clean copy under a random name and deletes what was uploaded.
"""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from layanan.models import (
    Berkas,
    Draf,
    JejakLihat,
    Lampiran,
    PermintaanPIN,
    Permohonan,
    PesanMasuk,
)
from penduduk import antrean
from penduduk.models import Akun, Penduduk

log = logging.getLogger(__name__)

PER_SYARAT_MAKS = 10  # pages photographed one by one
PERCOBAAN_MAKS = 3
_PEMBERSIH = Path(__file__).resolve().parent / "pembersih_berkas.py"
_WAKTU_MAKS = 30  # seconds

_PDF, _JPEG, _PNG, _WEBP = "application/pdf", "image/jpeg", "image/png", "image/webp"
_AKHIRAN = {_PDF: "pdf", _JPEG: "jpg"}


class BerkasDitolak(ValueError):
    """The upload cannot be used; the message says why and what to do."""


def jenis_isi(awal: bytes) -> str:
    """MIME type by content, whatever the name says. Raises BerkasDitolak."""
    if awal[:3] == b"\xff\xd8\xff":
        return _JPEG
    if awal[:8] == b"\x89PNG\r\n\x1a\n":
        return _PNG
    if awal[:4] == b"RIFF" and awal[8:12] == b"WEBP":
        return _WEBP
    if b"%PDF-" in awal[:1024]:
        return _PDF
    if awal[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc"):
        raise BerkasDitolak(
            "Foto berformat HEIC belum dapat dibaca. Ambil foto lewat tombol unggah di sini, "
            "atau pilih format JPEG di pengaturan kamera."
        )
    raise BerkasDitolak("Berkas ini bukan foto (JPG, PNG) atau PDF. Pilih berkas lain.")


def periksa_cepat(unggahan: UploadedFile) -> str:
    """Size, type and obvious damage of an upload, by bytes alone; returns its MIME type.

    Raises BerkasDitolak.
    """
    ukuran = unggahan.size or 0
    if ukuran == 0:
        raise BerkasDitolak("Berkas ini kosong. Ambil fotonya lagi, lalu unggah.")
    if ukuran > settings.UNGGAH_MAKS:
        raise BerkasDitolak(
            f"Berkas ini {ukuran / 1048576:.0f} MB; paling besar "
            f"{settings.UNGGAH_MAKS // 1048576} MB. Foto ulang dengan ukuran lebih kecil."
        )
    unggahan.seek(0)
    isi = unggahan.read()
    unggahan.seek(0)
    jenis = jenis_isi(isi[:1024])
    rusak = BerkasDitolak("Berkas ini rusak atau terpotong. Ambil fotonya lagi, lalu unggah.")
    if jenis == _JPEG and b"\xff\xd9" not in isi[-262144:]:
        raise rusak
    if jenis == _PNG and b"IEND" not in isi[-262144:]:
        raise rusak
    if jenis == _PDF:
        if b"%%EOF" not in isi[-4096:]:
            raise rusak
        if b"/Encrypt" in isi:
            raise BerkasDitolak(
                "PDF ini dikunci kata sandi. Buka kuncinya, atau foto halamannya, lalu unggah."
            )
    return jenis


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
    same document, of a request whichever document they were taken for. Raises BerkasDitolak.
    """
    jenis = periksa_cepat(unggahan)
    isi = unggahan.read()
    sidik = hashlib.sha256(isi).hexdigest()
    milik_siapa: dict[str, Any] = {"pemilik": pemilik, "permintaan": permintaan}
    if masuk is not None:
        milik_siapa["masuk"] = masuk
    sama = {"dokumen": dokumen} if permintaan is None else {}
    ada = (
        Berkas.objects.filter(sidik_kirim=sidik, **milik_siapa, **sama)
        .exclude(keadaan=Berkas.Keadaan.DITOLAK)
        .order_by("diunggah_pada")
        .first()
    )
    if ada:
        return ada
    mentah = default_storage.save(f"karantina/{uuid.uuid4().hex}", ContentFile(isi))
    return Berkas.objects.create(
        **milik_siapa,
        dokumen=dokumen,
        label=label,
        mentah=mentah,
        jenis_isi=jenis,
        ukuran=len(isi),
        sidik_kirim=sidik,
        diunggah_pada=pada,
        ambil_lagi_pada=pada + sewa,
    )


def lampirkan(berkas: Berkas, *, syarat: str, ke: Draf | Permohonan) -> None:
    """Attach a file to a requirement; attaching it twice changes nothing.

    Raises BerkasDitolak when the requirement has all the files it can take.
    """
    rumah = {"draf": ke} if isinstance(ke, Draf) else {"permohonan": ke}
    with transaction.atomic():
        pakai = Lampiran.objects.filter(syarat=syarat, diganti_pada__isnull=True, **rumah)
        if pakai.exclude(berkas=berkas).count() >= PER_SYARAT_MAKS:
            raise BerkasDitolak(f"Paling banyak {PER_SYARAT_MAKS} berkas untuk satu syarat.")
        Lampiran.objects.get_or_create(berkas=berkas, syarat=syarat, **rumah)


def ganti(
    permohonan: Permohonan, berkas: Berkas, *, syarat: str, diminta_pada: datetime, pada: datetime
) -> None:
    """Attach a mended paper; the ones from before `diminta_pada` no longer count.

    Raises BerkasDitolak.
    """
    with transaction.atomic():
        lampirkan(berkas, syarat=syarat, ke=permohonan)
        permohonan.lampiran.filter(
            syarat=syarat, ditambah_pada__lte=diminta_pada, diganti_pada__isnull=True
        ).update(diganti_pada=pada)


def milik(orang: Penduduk, dokumen: set[str]) -> list[Berkas]:
    """Earlier usable files of a resident for these documents, newest first."""
    return list(
        Berkas.objects.filter(pemilik=orang, dokumen__in=dokumen)
        .exclude(keadaan=Berkas.Keadaan.DITOLAK)
        .order_by("-diunggah_pada")[:30]
    )


def buang(berkas: Berkas) -> None:
    """Delete a file and its row. The file first: a crash in between must not leave an identity
    paper behind that no row names."""
    for nama in filter(None, (berkas.mentah, berkas.berkas)):
        default_storage.delete(nama)
    berkas.delete()


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


def catat_lihat(
    *, apa: str, objek: str, pemilik_id: int | None, oleh: Akun, pada: datetime
) -> None:
    JejakLihat.objects.create(apa=apa, objek=objek, pemilik_id=pemilik_id, oleh=oleh, pada=pada)


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
    """A verdict of the cleaner counts whoever has it first; only who holds the row gives up."""
    menunggu = Berkas.objects.filter(pk=berkas.pk, keadaan=Berkas.Keadaan.DIPERIKSA)
    try:
        hasil, isi = _jalankan_pembersih(berkas)
    except (OSError, subprocess.SubprocessError, ValueError) as galat:
        # Out of time or memory, or the file system failed: try again, then give a verdict.
        log.warning("upload %s could not be checked: %s", berkas.pk, type(galat).__name__)
        if berkas.percobaan < PERCOBAAN_MAKS:
            return
        menunggu = antrean.milik(berkas)
        hasil, isi = {"alasan": "Berkas ini tidak dapat dibaca. Foto ulang dokumennya."}, b""
    if isi:
        jenis = hasil["jenis"]
        nama = default_storage.save(
            f"berkas/{berkas.diunggah_pada:%Y/%m}/{uuid.uuid4().hex}.{_AKHIRAN[jenis]}",
            ContentFile(isi),
        )
        perubahan = {
            "keadaan": Berkas.Keadaan.SIAP,
            "berkas": nama,
            "jenis_isi": jenis,
            "ukuran": len(isi),
            "halaman": hasil["halaman"],
        }
    else:
        perubahan = {"keadaan": Berkas.Keadaan.DITOLAK, "alasan": hasil["alasan"]}
    if menunggu.update(mentah="", **perubahan):
        default_storage.delete(berkas.mentah)
    elif isi:
        default_storage.delete(perubahan["berkas"])


def _jalankan_pembersih(berkas: Berkas) -> tuple[dict, bytes]:
    """Run the cleaner on the stored upload; its verdict, and the clean bytes if there are any."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        masuk, keluar = Path(folder, "masuk"), Path(folder, "keluar")
        with default_storage.open(berkas.mentah) as sumber:
            masuk.write_bytes(sumber.read())
        proses = subprocess.run(
            [sys.executable, "-I", str(_PEMBERSIH), berkas.jenis_isi, str(masuk), str(keluar)],
            capture_output=True,
            timeout=_WAKTU_MAKS,
            check=True,
            env={},
        )
        hasil = json.loads(proses.stdout)
        return hasil, keluar.read_bytes() if keluar.exists() else b""
