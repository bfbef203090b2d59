"""The last look at a letter: no box in the place of a letter, and no font but ours."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from surat.kertas import pdf
from surat.models import Cetakan
from surat.terbit import pencetakan
from tests.surat.kertas.lint_pdf import cela
from tests.surat.kertas.naskah import Kertas, alinea, data

pytestmark = [pytest.mark.django_db, pytest.mark.kertas]

ASING = {
    "in no font": "\U0001f3dd",
    "emoji": "\U0001f600",
    "arabic, from a font of the machine": "بحر",
    "chinese": "漢字",
    "tamil": "தமிழ்",
}


@pytest.mark.parametrize("nama", ASING)
def test_letter_with_what_our_fonts_lack_is_not_made(nama):
    with pytest.raises(ValueError, match=r"^$") as galat:
        pdf.buat(data(isi=[alinea(f"Tinggal di Gang {ASING[nama]}.")]))

    assert type(galat.value).__name__ == "HurufAsing"


def test_what_people_write_is_printed_with_our_fonts_only():
    isi, _ = pdf.buat(
        data(isi=[alinea("Désirée “Ayu” O’Brien – 50 € … ½ Ñ ğ")], tata={"huruf": "TINOS"})
    )

    assert cela(isi) == []
    fon = {
        str(f["/BaseFont"]).split("+")[1]
        for h in PdfReader(BytesIO(isi)).pages
        for f in (x.get_object() for x in h["/Resources"]["/Font"].values())
    }
    assert fon and all(nama.startswith("Surat") for nama in fon)


def test_file_that_would_lie_is_not_stored_and_its_row_says_why(terbit):
    surat = terbit()
    surat.data["isi"] = [alinea("Gang \U0001f3dd")]
    surat.save(update_fields=["data"])

    assert list(pencetakan.cetak_yang_menunggu()) == []

    cetakan = Cetakan.objects.get()
    assert (cetakan.keadaan, cetakan.galat, cetakan.berkas) == ("MENUNGGU", "HurufAsing", "")


def test_list_of_many_is_made_all_the_same():
    """One name in 5,000 must not keep the village from its book."""
    baris = [["1", "Ni Luh \U0001f600 漢 ᬤᬾᬲ"]]
    isi = pdf.buat_buku(
        {
            "kode": "uji",
            "judul": "Buku Uji",
            "desa": "Bugbug",
            "wilayah": "Kecamatan Karangasem",
            "contoh": False,
            "kertas": "A4",
            "periode": "2026",
            "kepala": [
                [
                    {"teks": "No.", "lebar": 1, "tinggi": 1},
                    {"teks": "Nama", "lebar": 1, "tinggi": 1},
                ]
            ],
            "kolom": ["No.", "Nama"],
            "bagian": {"judul": "November 2026", "lanjutan": False, "baris": baris},
            "ttd": None,
            "ke": 0,
        }
    )

    assert "Ni Luh ? ? ???" in PdfReader(BytesIO(isi)).pages[0].extract_text()


AKSARA = ["ᬓᬩᬸᬧᬢᬾᬦ᭄ ᬓᬭᬂᬳᬲᭂᬫ᭄", "ᬓᭂᬘᬫᬢᬦ᭄ ᬓᬭᬂᬳᬲᭂᬫ᭄", "ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄"]


def test_aksara_are_copied_as_they_were_written(tmp_path):
    """Glyphs stand in another order than letters, and one glyph serves several syllables."""
    baris = ["KABUPATEN KARANGASEM", "KECAMATAN KARANGASEM", "DESA BUGBUG"]
    kertas = Kertas(data(kop={"baris": baris, "aksara": AKSARA, "alamat": "-"}), tmp_path)

    teks = kertas._jalankan("pdftotext", str(kertas._berkas), "-").decode()

    assert [x.strip() for x in teks.splitlines() if re.match("[\u1b00-\u1b7f]", x)] == AKSARA
    assert cela(kertas.byte) == []
