"""The cleaner (pembersih/) from outside: run it with limits, and keep what it has written."""

import json
import shutil
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from layanan.models import Berkas
from layanan.permohonan.pembersih.jenis import TERLALU_BERAT
from penduduk import antrean, desa
from surat.bahasa import tanggal as tgl

VERSI = 1  # of the cleaner; 0: files that were stored before it made pictures
PROGRAM = Path(__file__).resolve().parent / "pembersih"
HURUF = settings.BASE_DIR / "surat" / "kertas" / "fonts" / "Arimo-Regular.ttf"
_WAKTU_MAKS = 50  # seconds
JEDA = timedelta(seconds=10)  # before the next attempt; doubled with each
_MATI_MAKS = 3  # times that the program may die over a file
_AKHIRAN = {"application/pdf": "pdf", "image/jpeg": "jpg"}


class TidakSelesai(Exception):
    """No verdict: out of time, killed, or the file system failed; its cause is the error."""

    @property
    def mati(self) -> bool:
        """The program died over this file: it crashed, or was still at it when its time was up."""
        sebab = self.__cause__
        if isinstance(sebab, subprocess.CalledProcessError):
            return sebab.returncode < 0
        return isinstance(sebab, subprocess.TimeoutExpired)


@dataclass(frozen=True)
class Hasil:
    """A verdict: the pictures with their thumbnail, or the reason of a refusal."""

    alasan: str = ""
    jenis: str = ""
    halaman: int = 0
    catatan: str = ""
    isi: bytes = b""
    mini: bytes = b""


def tanda(berkas: Berkas) -> str:
    """The purpose mark: for which village's letters, and since when."""
    ini = desa.ambil()
    tanggal = tgl.panjang(tgl.di_wita(berkas.diunggah_pada))
    kata = f"Hanya untuk layanan surat Desa {ini.nama} · {tanggal}"
    return f"CONTOH · {kata}" if ini.contoh else kata


def jalankan(berkas: Berkas, nama: str) -> Hasil:
    """Run the cleaner on the stored file `nama` of this row. Raises TidakSelesai."""
    try:
        with default_storage.open(nama) as sumber:
            return _jalankan(sumber, tanda(berkas))
    except (OSError, subprocess.SubprocessError, ValueError) as galat:
        raise TidakSelesai from galat


def _jalankan(sumber: Any, teks: str) -> Hasil:
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        masuk, keluar, mini = (Path(folder, apa) for apa in ("masuk", "keluar", "mini"))
        with masuk.open("wb") as tujuan:
            shutil.copyfileobj(sumber, tujuan)
        proses = subprocess.run(
            [sys.executable, "-I", PROGRAM, masuk, keluar, mini, HURUF, teks],
            capture_output=True,
            timeout=_WAKTU_MAKS,
            check=True,
            env={},
        )
        putusan = json.loads(proses.stdout)
        if "alasan" in putusan:
            return Hasil(alasan=putusan["alasan"][:200])
        return Hasil(**putusan, isi=keluar.read_bytes(), mini=mini.read_bytes())


def salah_berkas(galat: TidakSelesai, berkas: Berkas) -> bool:
    """Whether a file that got no verdict again and again is itself the reason: the program died
    over it, and does its work on a sample of ours at this very moment."""
    if not galat.mati or berkas.percobaan < _MATI_MAKS:
        return False
    contoh = PROGRAM / ("contoh.pdf" if berkas.jenis_isi == "application/pdf" else "contoh.jpg")
    try:
        with contoh.open("rb") as sumber:
            return _jalankan(sumber, "contoh").halaman == 1
    except (OSError, subprocess.SubprocessError, ValueError):
        return False


def simpan(berkas: Berkas, hasil: Hasil) -> dict[str, Any]:
    """Store the pictures; returns the columns that name them. Raises OSError."""
    nama = f"berkas/{berkas.diunggah_pada:%Y/%m}/{uuid.uuid4().hex}"
    isi = default_storage.save(f"{nama}.{_AKHIRAN[hasil.jenis]}", ContentFile(hasil.isi))
    try:
        mini = default_storage.save(f"{nama}.mini.jpg", ContentFile(hasil.mini))
    except OSError:
        default_storage.delete(isi)  # no row would name it
        raise
    return {
        "berkas": isi,
        "mini": mini,
        "jenis_isi": hasil.jenis,
        "ukuran": len(hasil.isi),
        "halaman": hasil.halaman,
        "catatan": hasil.catatan,
        "versi": VERSI,
    }


def hapus(kolom: dict[str, Any]) -> None:
    """Delete what `simpan` stored for a row that somebody else has decided meanwhile."""
    for nama in filter(None, (kolom.get("berkas"), kolom.get("mini"))):
        default_storage.delete(nama)


def perbarui_yang_lama(*, paling_banyak: int) -> int:
    """Make pictures of files that an earlier cleaner let through; returns how many were looked at.
    What cannot be pictured stays as it is, with a note for the office."""
    lama = Berkas.objects.filter(keadaan=Berkas.Keadaan.SIAP, versi=0)
    jumlah = 0
    while jumlah < paling_banyak and (berkas := antrean.ambil(lama, pada=timezone.now())):
        jumlah += 1
        try:
            hasil = jalankan(berkas, berkas.berkas)
        except TidakSelesai as galat:
            if not salah_berkas(galat, berkas):
                antrean.lepas(berkas, pada=timezone.now(), jeda=JEDA)
                continue
            hasil = Hasil(alasan=TERLALU_BERAT)
        sama = lama.filter(pk=berkas.pk)
        if not hasil.isi:
            sama.update(versi=VERSI, catatan=hasil.alasan)
            continue
        try:
            baru = simpan(berkas, hasil)
        except OSError:
            antrean.lepas(berkas, pada=timezone.now(), jeda=JEDA)
            continue
        if sama.update(**baru):
            default_storage.delete(berkas.berkas)
        else:
            hapus(baru)
    return jumlah
