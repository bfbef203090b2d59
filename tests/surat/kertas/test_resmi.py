"""Official forms on paper: every one, from the emptiest to the fullest, on its pages and valid."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from surat.formulir_resmi import daftar, tawaran
from surat.jenis import bawaan
from surat.kertas import pdf, resmi
from surat.models import TataNaskah
from surat.naskah.gaya import tata_naskah
from surat.peraga.surat import Ukuran
from tests.surat.formulir_resmi.bahan import formulir, sumber
from tests.surat.kertas import tata_letak
from tests.surat.kertas.lint_pdf import cela

pytestmark = [pytest.mark.django_db, pytest.mark.kertas, pytest.mark.lambat]

# The first letter type that offers a form, and its pages.
JENIS = {
    kunci: min(b["kode"] for b in bawaan.baca() if kunci in " ".join(b.get("formulir", [])).split())
    for kunci in daftar.semua()
}
HALAMAN = {  # (least, usual, most); all others have one page
    "bali_kawin": (1, 1, 2),
    "f101": (2, 2, 4),
    "f103": (2, 2, 2),
    "f106": (1, 1, 2),
    "f201a": (2, 2, 2),
    "f201b": (2, 2, 2),
}
LEMBAR = [(k, v) for k, versi in daftar.semua().items() for v in versi]


def beku(kunci: str, versi: str, ukuran: Ukuran) -> dict:
    tata_naskah()
    TataNaskah.objects.update(versi_formulir=versi)
    return tawaran.beku(formulir(kunci, sumber(JENIS[kunci], ukuran=ukuran), versi))


@pytest.mark.parametrize("ukuran", list(Ukuran))
@pytest.mark.parametrize(("kunci", "versi"), LEMBAR)
def test_every_form_fits_its_pages_and_is_valid(kunci, versi, ukuran):
    with tata_letak.tangkap() as dokumen:
        isi = pdf.buat_formulir(beku(kunci, versi, ukuran))

    assert cela(isi) == []
    assert (
        len(PdfReader(BytesIO(isi)).pages)
        == HALAMAN.get(kunci, (1, 1, 1))[list(Ukuran).index(ukuran)]
    )
    assert tata_letak.keluar_sel(dokumen[-1]) == []


def test_the_same_form_gives_the_same_bytes():
    data = beku("f201a", "2026", Ukuran.WAJAR)

    assert pdf.buat_formulir(data) == pdf.buat_formulir(data)


def tulisan(data: dict) -> str:
    return " ".join(h.extract_text() for h in PdfReader(BytesIO(pdf.buat_formulir(data))).pages)


def test_marks_stand_outside_the_frame_until_they_are_not_true_any_more():
    data = beku("f203", "2019", Ukuran.WAJAR)
    belum, sudah = tulisan(data), tulisan(data | {"diperiksa": True})
    draf = tulisan(data | {"draf": True})

    assert "Belum diperiksa Disdukcapil" in belum and "Belum diperiksa" not in sudah
    assert "Diisi otomatis dari data desa" in belum
    assert "sebelum suratnya terbit" in draf and "sebelum suratnya terbit" not in belum


def test_village_line_and_stamp_duty_are_off_until_they_are_wanted():
    data = beku("f203", "2019", Ukuran.WAJAR)

    assert "Perbekel" not in tulisan(data) and "Meterai" not in tulisan(data)
    lengkap = tulisan(data | {"mengetahui": "Perbekel Bugbug", "meterai": True})
    assert "Perbekel Bugbug" in lengkap and "Meterai" in lengkap


@pytest.mark.parametrize(
    ("kertas", "rebah", "ukuran"),
    [("F4", False, (215, 330)), ("F4", True, (330, 215)), ("A4", True, (297, 210))],
)
def test_paper_is_the_village_s_and_lies_as_the_form_wants(kertas, rebah, ukuran):
    data = beku("f102", "2019", Ukuran.MINIMAL) | {"kertas": kertas, "rebah": rebah}
    kotak = PdfReader(BytesIO(pdf.buat_formulir(data))).pages[0].mediabox

    mm = tuple(round(float(x) / 72 * 25.4) for x in (kotak.width, kotak.height))
    assert mm == ukuran


def test_frozen_words_never_become_style():
    data = beku("f102", "2019", Ukuran.MINIMAL) | {
        "judul": '"; } @page { size: 77mm',
        "kode": "</b>",
    }

    assert "77mm" not in resmi.gaya(data)
    assert cela(pdf.buat_formulir(data)) == []
