"""The emblem is packed once for all letters, the QR code with one bit a dot."""

import io
from base64 import b64decode

import pikepdf
import pytest
from PIL import Image

from surat.kertas import pdf
from tests.surat.kertas.naskah import data, perisai

pytestmark = pytest.mark.kertas


def _gambar(isi: bytes) -> dict[int, pikepdf.Object]:
    with pikepdf.open(io.BytesIO(isi)) as berkas:
        semua = (pikepdf.PdfImage(b) for b in berkas.pages[0].get_images().values())
        return {satu.bits_per_component: satu.as_pil_image().copy() for satu in semua}


def test_second_letter_does_not_pack_the_emblem_again(monkeypatch):
    satu, lain = (data(kop={"lambang_uri": perisai()}, nomor=f"{n}") for n in (1, 2))
    pertama = _gambar(pdf.buat(satu)[0])
    disandi = []
    asli = Image.Image.save
    monkeypatch.setattr(
        Image.Image, "save", lambda g, *a, **k: disandi.append(g.mode) or asli(g, *a, **k)
    )

    kedua = _gambar(pdf.buat(lain)[0])

    assert set(disandi) <= {"1"}  # the QR code alone, of this letter
    assert kedua[8].tobytes() == pertama[8].tobytes()


def test_qr_code_in_the_file_is_the_one_that_was_drawn():
    surat = data()

    (dicetak,) = (g for g in _gambar(pdf.buat(surat)[0]).values())

    semula = Image.open(io.BytesIO(b64decode(pdf.qr(surat["url_cek"]).partition(",")[2])))
    assert dicetak.mode == semula.mode == "1"
    assert dicetak.tobytes() == semula.tobytes()
