"""Who is found by what is typed, in the register and on the pages of the office."""

import pytest

from penduduk.models import Penduduk
from tests import factories

pytestmark = pytest.mark.django_db

ORANG = {
    "wayan": "I Wayan Gede Contoh",
    "wyn": "I Wyn. Gde. Contoh",
    "luh": "Ni Luh Putu Lestari",
    "ib": "Ida Bagus Oka",
    "aa": "A.A. Gde Raka",
    "gusti": "I Gst Ngr Rai",
    "kabah": "Siti Ka'bah",
    "andree": "Andrée  Müller",
    "satu": "Sukri",
    "ni": "Ni",
}
NIK = {"wayan": "5107041203909901", "wyn": "5107044507889902", "luh": "0510704200100001"}


@pytest.fixture
def desa(db) -> dict[str, Penduduk]:
    keluarga = factories.buat_keluarga()
    return {
        kunci: factories.buat_penduduk(nama=nama, nik=NIK.get(kunci), keluarga=keluarga)
        for kunci, nama in ORANG.items()
    }


def ditemukan(desa: dict[str, Penduduk], teks: str) -> set[str]:
    pk = set(Penduduk.objects.cari(teks).values_list("pk", flat=True))
    return {kunci for kunci, orang in desa.items() if orang.pk in pk}


@pytest.mark.parametrize(
    ("teks", "ada"),
    [
        ("I Wyn Gde Contoh", "wayan wyn"),
        ("wayan gede contoh", "wayan wyn"),
        ("CONTOH wayan", "wayan wyn"),
        ("gd conto", "wayan wyn"),
        ("Ni Luh", "luh"),
        ("luh lest", "luh"),
        ("stari", "luh"),
        ("I.B. Oka", "ib"),
        ("ida bgs", "ib"),
        ("I B Oka", "ib"),
        ("anak agung", "aa"),
        ("AA raka", "aa"),
        ("I Gst Ngr", "gusti"),
        ("gusti ngurah rai", "gusti"),
        ("kabah", "kabah"),
        ("Ka`bah", "kabah"),
        ("ka'b", "kabah"),
        ("andree muller", "andree"),
        ("MÜLLER", "andree"),
        ("sukri", "satu"),
        ("I Sukri", "satu"),
        ("tidak ada", ""),
        ("contoh lestari", ""),
    ],
)
def test_names_are_found_in_every_usual_spelling(desa, teks, ada):
    assert ditemukan(desa, teks) == set(ada.split())


@pytest.mark.parametrize(
    ("teks", "ada"),
    [
        ("5107041203909901", "wayan"),
        ("5107 0412 0390 9901", "wayan"),
        ("5107.0412.0390.9901", "wayan"),
        ("5107 04", "wayan wyn luh"),
        ("9902", "wyn"),
        ("wayan 5107 0412", "wayan"),
        ("9902 gede", "wyn"),
        ("04 wayan 9901", "wayan"),
        ("sukri 5107", ""),
        ("5107041203909909", ""),
    ],
)
def test_nik_is_found_by_any_run_of_its_digits(desa, teks, ada):
    assert ditemukan(desa, teks) == set(ada.split())


@pytest.mark.parametrize("teks", ["", "  ", "I", "Ni", "i. "])
def test_search_that_says_nothing_finds_everybody(desa, teks):
    assert ditemukan(desa, teks) == set(ORANG)


@pytest.mark.parametrize("teks", ["%", "_", "%%", "s%i", "\\", "?", "c_ntoh", "'", "' OR 1=1 --"])
def test_wildcards_and_quotes_mean_nothing_to_the_database(desa, teks):
    assert ditemukan(desa, teks) == set()


def test_digits_of_a_name_are_found_too():
    factories.buat_penduduk(nama="Contoh 17", nik=None)

    assert Penduduk.objects.cari("contoh 17").count() == 1


def test_new_spelling_is_found_after_a_change_of_name():
    orang = factories.buat_penduduk(nama="I Wyn Lama")

    orang.nama = "I Kt Baru"
    orang.save(update_fields=["nama", "nama_cari"])

    assert [Penduduk.objects.cari(t).count() for t in ("wayan", "ketut baru")] == [0, 1]
