"""The cleaner of uploads in this process: the same pictures, without a program for each."""

import warnings

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageFile
from PIL.TiffImagePlugin import TiffImageFile

from layanan.models import Berkas
from layanan.permohonan import pembersihan
from layanan.permohonan.pembersih.__main__ import periksa

TANDA = "Hanya untuk layanan surat Desa Contoh · 30 November 2026"


def bersihkan(isi: bytes, teks: str = TANDA) -> tuple[dict, bytes, bytes]:
    """Verdict, clean copy and thumbnail, as of the program; this process stays as it was."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as semula:
        semula.setattr(TiffImageFile, "load_end", TiffImageFile.load_end)
        semula.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
        semula.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
        return periksa(isi, str(pembersihan.HURUF), teks)


def jalankan(berkas: Berkas, nama: str) -> pembersihan.Hasil:
    """Stands in for `pembersihan.jalankan`."""
    with default_storage.open(nama) as sumber:
        putusan, isi, mini = bersihkan(sumber.read(), pembersihan.tanda(berkas))
    return pembersihan.Hasil(**putusan, isi=isi, mini=mini)
