"""The emblem of the letterhead: any picture in, one small clean PNG out, kept for ever."""

import base64
import functools
import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageFile, ImageOps

from penduduk.models import Akun
from surat.models import Lambang

BYTE_MAKS = 5 * 1024 * 1024
PIKSEL_MAKS = 20_000_000
# 460 points to the inch in its slot of 22 mm. Every further point costs time on every letter:
# WeasyPrint packs the picture anew each time (600 instead of 400 points: 17 ms of 80).
SISI_MAKS = 400
SISI_MIN = 40
# With the emblem a page still stays below 60 KB. Measured as it will lie in the PDF, which knows no
# palettes: (longest side, colours) from the finest to the smallest.
_BERAT_MAKS = 22_000
_TINGKAT = (
    *((sisi, 128) for sisi in (SISI_MAKS, 330)),
    *((sisi, 48) for sisi in (SISI_MAKS, 330, 280, 240)),
    *((sisi, 16) for sisi in (240, 200, 160)),
)
_TERLALU_BESAR = (
    f"{{}} terlalu besar. Perkecil sampai sekitar {SISI_MAKS} piksel, lalu unggah lagi."
)
_BENTUK = ("PNG", "JPEG", "WEBP")


class LambangDitolak(ValueError):
    """The picture cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Gambar:
    """A picture that can be stored: clean PNG and its size in points."""

    png: bytes
    lebar: int
    tinggi: int


def terima(unggahan: UploadedFile, *, oleh: Akun | None, pada: datetime) -> Lambang:
    """Store an upload as emblem; the same picture again gives the same row.

    Raises LambangDitolak.
    """
    return simpan(periksa(unggahan), oleh=oleh, pada=pada)


def simpan(gambar: Gambar, *, oleh: Akun | None, pada: datetime) -> Lambang:
    return Lambang.objects.get_or_create(
        sha256=hashlib.sha256(gambar.png).hexdigest(),
        defaults={
            "png": gambar.png,
            "lebar": gambar.lebar,
            "tinggi": gambar.tinggi,
            "diunggah_pada": pada,
            "diunggah_oleh": oleh,
        },
    )[0]


def periksa(unggahan: UploadedFile) -> Gambar:
    """An upload made clean and small, not yet stored. Raises LambangDitolak."""
    if (unggahan.size or 0) > BYTE_MAKS:
        raise LambangDitolak(
            "Gambar lambang ini lebih dari 5 MB. Simpan ulang dengan ukuran lebih kecil, "
            "lalu unggah lagi."
        )
    unggahan.seek(0)
    isi = unggahan.read()
    if not isi:
        raise LambangDitolak("Berkas ini kosong. Pilih gambar lambang yang lain.")
    awal = isi[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in awal or awal.startswith(b"<?xml"):
        raise LambangDitolak(
            "Gambar SVG tidak dapat dipakai. Buka gambarnya di peramban atau aplikasi gambar, "
            f"ekspor sebagai PNG dengan sisi sekitar {SISI_MAKS} piksel, lalu unggah PNG itu."
        )
    return bersihkan(isi)


def bersihkan(isi: bytes) -> Gambar:
    """The picture as a small PNG without anything but its points. Same bytes in, same bytes out.

    Raises LambangDitolak.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have our own limit
            gambar = _buka(isi)
    except LambangDitolak:
        raise
    except Image.DecompressionBombError as galat:  # beyond what Pillow itself opens
        raise LambangDitolak(_TERLALU_BESAR.format("Gambar ini")) from galat
    except Exception as galat:  # decoders of damaged pictures raise nearly anything
        raise LambangDitolak(
            "Gambar ini rusak atau bukan PNG, JPG, atau WebP. Pilih gambar lambang yang lain."
        ) from galat
    for sisi, warna in _TINGKAT:
        kecil = _perkecil(gambar, sisi, warna)
        if _berat(kecil) <= _BERAT_MAKS:
            break
    keluar = io.BytesIO()
    kecil.save(keluar, "PNG", optimize=True)
    return Gambar(keluar.getvalue(), kecil.width, kecil.height)


def _buka(isi: bytes) -> Image.Image:
    """The decoded picture without its transparent rim."""
    gambar = Image.open(io.BytesIO(isi), formats=_BENTUK)  # reads the header only
    if gambar.width * gambar.height > PIKSEL_MAKS:
        ukuran = f"Gambar ini {gambar.width} × {gambar.height} piksel,"
        raise LambangDitolak(_TERLALU_BESAR.format(ukuran))
    # Phones store a second picture beside a photo (MPO); that is no animation.
    if getattr(gambar, "n_frames", 1) > 1 and gambar.format != "MPO":
        raise LambangDitolak(
            "Gambar bergerak tidak dapat dipakai. Simpan sebagai PNG biasa, lalu unggah lagi."
        )
    penuh = ImageOps.exif_transpose(_utuh(gambar)).convert("RGBA")
    kotak = penuh.getchannel("A").getbbox()
    if kotak is None or min(kotak[2] - kotak[0], kotak[3] - kotak[1]) < SISI_MIN:
        raise LambangDitolak(
            "Gambar ini kosong atau terlalu kecil untuk dicetak. Pilih gambar yang sisinya "
            "200 piksel atau lebih."
        )
    return penuh.crop(kotak)


def _utuh(gambar: Image.Image) -> Image.Image:
    """Decoded; raises OSError when a part is missing, whatever others want of Pillow: WeasyPrint
    switches this check off for its whole process."""
    longgar, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        gambar.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = longgar
    return gambar


def _perkecil(gambar: Image.Image, sisi: int, warna: int) -> Image.Image:
    """No side longer than `sisi`, at most `warna` colours; transparency stays."""
    kecil = gambar.copy()
    kecil.thumbnail((sisi, sisi), Image.Resampling.LANCZOS)
    # Points that nobody sees are all alike: white, which packs best.
    putih = Image.new("RGBA", kecil.size, (255, 255, 255, 0))
    putih.paste(kecil, mask=kecil.getchannel("A").point(lambda a: 255 if a else 0))
    return putih.quantize(warna, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _berat(gambar: Image.Image) -> int:
    """Bytes inside a PDF: colours and transparency are stored apart, without a palette."""
    penuh = gambar.convert("RGBA")
    jumlah = 0
    for bagian in (penuh.convert("RGB"), penuh.getchannel("A")):
        keluar = io.BytesIO()
        bagian.save(keluar, "PNG")
        jumlah += keluar.tell()
    return jumlah


def alamat(png: bytes) -> str:
    """The picture as a data address."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


@functools.lru_cache(maxsize=16)
def cari(sha256: str) -> str:
    """Data address of a stored emblem; kept in memory, because a row never changes.

    Raises Lambang.DoesNotExist: a letter is never printed without the emblem that it names.
    """
    return alamat(bytes(Lambang.objects.values_list("png", flat=True).get(sha256=sha256)))
