"""Pictures that stand for identity papers: plain sheets that say CONTOH and look like no card."""

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
