"""A person in the words of a letter."""

from datetime import date

import pytest

from penduduk.models import Banjar, Keluarga, Penduduk
from surat.bahasa import orang, templat

PADA = date(2026, 11, 23)
SATU = Banjar(pk=1, nama="Contoh Satu")


def penduduk(**lain) -> Penduduk:
    return Penduduk(
        **{
            "pk": 1,
            "nama": "Ni Luh Contoh",
            "nik": "5107045203909901",
            "jenis_kelamin": 2,
            "tempat_lahir": "Bugbug",
            "tanggal_lahir": date(1990, 3, 12),
            "agama": 4,
            "status_perkawinan": 2,
            "pekerjaan": 11,
            "pendidikan": 5,
            "golongan_darah": 4,
            "shdk": 3,
            "nama_ayah": "I Gede Contoh",
            "nama_ibu": "Ni Made Contoh",
            "keluarga": Keluarga(pk=1, no_kk="5107040101909901", alamat="Jalan 1", banjar=SATU),
        }
        | lain
    )


@pytest.mark.parametrize(
    ("lahir", "pada", "umur"),
    [
        (date(1990, 11, 23), PADA, "36"),
        (date(1990, 11, 24), PADA, "35"),
        (date(2026, 11, 23), PADA, "0"),
        (date(2026, 11, 24), PADA, ""),
        (date(2000, 2, 29), date(2026, 2, 28), "25"),
        (date(2000, 2, 29), date(2026, 3, 1), "26"),
        (date(1900, 1, 1), PADA, "126"),
        (None, PADA, ""),
    ],
)
def test_age_is_in_whole_years_on_the_day_of_the_letter(lahir, pada, umur):
    assert orang.umur(lahir, pada=pada) == umur


def test_words_of_a_resident_are_those_of_the_register():
    hasil = orang.dari_penduduk(penduduk(), pada=PADA)

    assert hasil.kata == {
        "nama": "Ni Luh Contoh",
        "nik": "5107045203909901",
        "tempat_lahir": "Bugbug",
        "tanggal_lahir": "12 Maret 1990",
        "jenis_kelamin": "Perempuan",
        "agama": "Hindu",
        "status_perkawinan": "Kawin",
        "pekerjaan": "Nelayan/Perikanan",
        "kewarganegaraan": "WNI",
        "pendidikan": "SLTA/Sederajat",
        "golongan_darah": "O",
        "no_kk": "5107040101909901",
        "shdk": "Istri",
        "nama_ayah_kandung": "I Gede Contoh",
        "nama_ibu_kandung": "Ni Made Contoh",
        "umur": "36",
        "alamat": "Jalan 1",
        "banjar": "Contoh Satu",
    }
    assert (hasil.nama, hasil.penduduk.pk) == ("Ni Luh Contoh", 1)
    assert tuple(hasil.kata) == orang.KUNCI


def test_resident_of_whom_little_is_known_has_empty_words_and_no_none():
    hasil = orang.dari_penduduk(Penduduk(nama="Ni Luh Contoh"), pada=PADA)

    assert {k for k, v in hasil.kata.items() if v} == {"nama", "kewarganegaraan"}
    assert set(hasil.kata) == set(orang.KUNCI)


@pytest.mark.parametrize(
    ("nama", "kata"),
    [
        ("Contoh Satu", "Contoh Satu"),
        ("Banjar Contoh", "Contoh"),
        ("Dinas Contoh", "Contoh"),
        ("Banjar Dinas Contoh", "Contoh"),
        ("Contoh Banjar", "Contoh Banjar"),
    ],
)
def test_banjar_is_not_called_banjar_twice(nama, kata):
    satu = penduduk(keluarga=Keluarga(alamat="Jalan 1", banjar=Banjar(nama=nama)))

    hasil = orang.dari_penduduk(satu, pada=PADA).kata

    assert hasil["banjar"] == kata
    assert orang.alamat(hasil) == f"Jalan 1, Banjar Dinas {kata}"


def test_words_of_somebody_typed_in_are_what_was_typed():
    isi = {
        "nama": "I Gede <b>",
        "nik": "",
        "tempat_lahir": "Kota",
        "tanggal_lahir": "1990-03-12",
        "agama": None,
        "pekerjaan": "Petani",
        "alamat": "Jalan 2",
        "penutup": "bukan kata tentang orang",
    }

    hasil = orang.dari_ketikan(isi, pada=PADA)

    assert {k: v for k, v in hasil.kata.items() if v} == {
        "nama": "I Gede <b>",
        "tempat_lahir": "Kota",
        "tanggal_lahir": "12 Maret 1990",
        "pekerjaan": "Petani",
        "alamat": "Jalan 2",
        "umur": "36",
    }
    assert hasil.penduduk is None
    assert set(hasil.kata) == set(orang.KUNCI)


@pytest.mark.parametrize(
    ("tempat", "tanggal", "ttl"),
    [("Bugbug", "12 Maret 1990", "Bugbug, 12 Maret 1990"), ("Bugbug", "", "Bugbug"),
     ("", "12 Maret 1990", "12 Maret 1990"), ("", "", "")],
)  # fmt: skip
def test_place_and_date_of_birth_have_no_lone_comma(tempat, tanggal, ttl):
    assert orang.ttl({"tempat_lahir": tempat, "tanggal_lahir": tanggal}) == ttl


@pytest.mark.parametrize(
    ("jalan", "banjar", "alamat"),
    [
        ("Jalan 1", "Satu", "Jalan 1, Banjar Dinas Satu"),
        ("", "Satu", "Banjar Dinas Satu"),
        ("Jalan 1", "", "Jalan 1"),
        ("", "", ""),
    ],
)
def test_address_has_no_lone_comma(jalan, banjar, alamat):
    assert orang.alamat({"alamat": jalan, "banjar": banjar}) == alamat


@pytest.mark.parametrize(
    ("jalan", "alamat"),
    [
        ("Jalan 1", "Jalan 1, Banjar Dinas Satu, Desa Bugbug, Kecamatan Karangasem"),
        ("Jalan 1, Desa Bugbug", "Jalan 1, Banjar Dinas Satu, Desa Bugbug, Kecamatan Karangasem"),
        ("", "Banjar Dinas Satu, Desa Bugbug, Kecamatan Karangasem"),
    ],
)
def test_whole_address_names_the_village_once(jalan, alamat):
    kata = {"alamat": jalan, "banjar": "Satu"}

    assert orang.alamat(kata, "Desa Bugbug, Kecamatan Karangasem") == alamat
    # Nobody lives in the village because nothing is known of where they live.
    assert orang.alamat({"alamat": "", "banjar": ""}, "Desa Bugbug") == ""


def test_identity_is_in_the_order_of_the_letters_without_empty_lines():
    penuh = orang.baris_identitas(orang.dari_penduduk(penduduk(), pada=PADA))
    sedikit = orang.baris_identitas(orang.dari_ketikan({"nama": "I Gede"}, pada=PADA))

    assert [label for label, _ in penuh] == [
        "Nama",
        "NIK",
        "Tempat, tanggal lahir",
        "Jenis kelamin",
        "Agama",
        "Status perkawinan",
        "Pekerjaan",
        "Kewarganegaraan",
        "Alamat",
    ]
    assert sedikit == [["Nama", "I Gede"]]


def test_every_word_about_a_person_is_a_name_of_the_wording():
    assert set(orang.KUNCI) <= templat.TETAP
