"""What surat.kertas.mesin asks of WeasyPrint and nobody has promised: why its version is pinned."""

import inspect
import re
from importlib.metadata import version

import pydyf
import pytest
import weasyprint
from django.conf import settings

from surat.kertas import mesin
from tests.surat.kertas import naskah

DIUJI = "70.0"
PERIKSA = (
    "WeasyPrint has changed. mesin.py and tanda.py work on the objects of a finished file, which "
    "may look different with any version. Before the version here is raised: run all of "
    "tests/surat/kertas (lint_pdf reads both standards), look at the sheets of make contoh-surat, "
    "put one letter through a validator of PDF/A-2a and PDF/UA-1, and see whether one file may now "
    "name both standards: then most of mesin.py can go."
)
SURAT = """<html lang="id"><title>Judul</title><style>@page { @top-center { content: "kepala" } }
</style><body><p>kata</p><table><tr><th>Nama<td>Contoh</table></body></html>"""


@pytest.fixture(scope="module")
def berkas() -> pydyf.PDF:
    """The objects of a file as the finisher is given them."""
    hasil: list[pydyf.PDF] = []
    weasyprint.HTML(string=SURAT).render().write_pdf(
        finisher=lambda _, berkas: hasil.append(berkas), pdf_variant="pdf/a-2a", output_intent=""
    )
    return hasil[0]


def test_installed_version_is_the_one_that_was_looked_at():
    tertulis = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")

    assert version("weasyprint") == DIUJI, PERIKSA
    assert re.findall(r"^weasyprint==(\S+)", tertulis, re.M) == [DIUJI], PERIKSA


def test_options_we_give_are_still_options():
    """WeasyPrint only logs an option that it does not know."""
    pilihan = set(weasyprint.DEFAULT_OPTIONS)
    assert {"stylesheets", "pdf_variant", "output_intent"} <= pilihan, PERIKSA
    assert "font_config" in inspect.signature(weasyprint.HTML.render).parameters, PERIKSA
    assert "finisher" in inspect.signature(weasyprint.Document.write_pdf).parameters, PERIKSA


def test_xmp_is_one_piece_with_one_description_of_the_file(berkas):
    xmp = mesin._benda(berkas, berkas.catalog["Metadata"])

    (isi,) = xmp.stream
    assert (isi.count(b"<rdf:RDF "), isi.count(b"</rdf:RDF>")) == (1, 1), PERIKSA
    assert (b"pdfaid:part" in isi, b"pdfuaid:part" in isi) == (True, False), PERIKSA


def test_empty_intent_leaves_the_colours_to_us(berkas):
    arus = [b.stream for b in berkas.objects if isinstance(b, pydyf.Stream)]
    profil = [s for s in arus if isinstance(s[0], bytes) and s[0][36:40] == b"acsp"]

    assert ("OutputIntents" in berkas.catalog, profil) == (False, []), PERIKSA


def test_heading_of_a_table_has_a_name_and_hangs_in_its_row(berkas):
    (sel,) = (b for b in berkas.objects if isinstance(b, dict) and b.get("S") == "/TH")
    baris = mesin._benda(berkas, sel["P"])

    assert (type(sel["ID"]), sel["A"]["O"], baris["S"]) == (pydyf.String, "/Table", "/TR"), PERIKSA
    assert "S" in mesin._benda(berkas, baris["P"]), PERIKSA


def test_furniture_of_the_page_is_marked_like_text_and_left_out_of_the_tree(berkas):
    akar = next(b for b in berkas.objects if isinstance(b, dict) and "ParentTree" in b)
    dokumen = mesin._benda(berkas, akar["K"][0])
    luar = [
        b
        for b in berkas.objects
        if isinstance(b, dict)
        and b.get("P") == dokumen.reference
        and b.reference not in dokumen["K"]
    ]

    assert len(luar) == 1, PERIKSA
    arus = mesin._benda(berkas, mesin._benda(berkas, luar[0]["Pg"])["Contents"]).stream
    bertanda = [i for i, satu in enumerate(arus) if isinstance(satu, dict) and "MCID" in satu]
    assert bertanda != [], PERIKSA
    assert {arus[i + 1] for i in bertanda} == {b"BDC"}, PERIKSA


def test_a_picture_is_taken_from_the_cache_by_its_address_and_asked_for_its_object():
    alamat = naskah.perisai()
    ditanya: list[tuple[bool, float]] = []

    class Saksi(mesin._Gambar):
        def get_x_object(self, interpolate: bool, dpi_ratio: float) -> pydyf.Stream:
            ditanya.append((interpolate, dpi_ratio))
            return super().get_x_object(interpolate, dpi_ratio)

    html = f'<img src="{alamat}" alt="" style="image-rendering: crisp-edges">'
    weasyprint.HTML(string=html).write_pdf(cache={alamat: Saksi(alamat)})

    assert ditanya == [(False, 1)], PERIKSA
