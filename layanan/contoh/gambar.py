"""Pictures of the demo: plain sheets that say CONTOH and look like no card, and an emblem."""

import io
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

_UKURAN = (860, 540)
_KERTAS, _TINTA, _CAP = (240, 244, 248), (40, 48, 60), (190, 60, 60)


def foto(judul: str, baris: Sequence[str]) -> SimpleUploadedFile:
    """A small JPEG with `judul` in large letters and `baris` below; same words, same bytes."""
    from PIL import Image, ImageDraw, ImageFont  # here: only the first run draws

    lembar = Image.new("RGB", _UKURAN, _KERTAS)
    pena = ImageDraw.Draw(lembar)
    lebar, tinggi = _UKURAN
    pena.rectangle((12, 12, lebar - 12, tinggi - 12), outline=_CAP, width=6)
    pena.text((44, 40), judul, fill=_CAP, font=ImageFont.load_default(64))
    for ke, teks in enumerate(baris):
        pena.text((44, 150 + 54 * ke), teks, fill=_TINTA, font=ImageFont.load_default(34))
    kaki = "CONTOH - data rekaan, bukan dokumen kependudukan"
    pena.text((44, tinggi - 74), kaki, fill=_CAP, font=ImageFont.load_default(28))
    keluar = io.BytesIO()
    lembar.save(keluar, "JPEG", quality=70)
    return SimpleUploadedFile("contoh.jpg", keluar.getvalue(), "image/jpeg")


def lambang() -> SimpleUploadedFile:
    """An emblem of no village: a plain shield with the word CONTOH; always the same bytes."""
    from PIL import Image, ImageDraw, ImageFont

    lembar = Image.new("RGBA", (480, 560), (0, 0, 0, 0))
    pena = ImageDraw.Draw(lembar)
    perisai = [(20, 20), (460, 20), (460, 300), (400, 430), (240, 540), (80, 430), (20, 300)]
    pena.polygon(perisai, fill=(236, 240, 243, 255), outline=_TINTA, width=12)
    pena.line((20, 190, 460, 190), fill=_TINTA, width=8)
    pena.line((20, 310, 460, 310), fill=_TINTA, width=8)
    besar = ImageFont.load_default(96)
    pena.text((240, 250), "CONTOH", font=besar, anchor="mm", fill=_TINTA)
    keluar = io.BytesIO()
    lembar.save(keluar, "PNG")
    return SimpleUploadedFile("lambang.png", keluar.getvalue(), "image/png")
