from datetime import date

import pytest

from penduduk.identitas import nik

NIK = "5107041203900001"
HANYA_ANGKA = "NIK hanya berisi angka. Lihat 16 angka di bagian atas KTP-el."
TIDAK_MUNGKIN = "NIK ini tidak mungkin benar. Periksa lagi angka di KTP-el Anda."


@pytest.mark.parametrize(
    "teks",
    [
        NIK,
        f"  {NIK}\n",
        "5107 0412 0390 0001",
        "510704.120390.0001",
        "510704-120390-0001",
        "510704\u00a0120390\t0001",
    ],
)
def test_nik_is_read_with_the_spaces_dots_and_dashes_people_type(teks):
    hasil = nik.periksa(teks)

    assert hasil == NIK


@pytest.mark.parametrize(
    "teks",
    [
        "5107045203900001",  # a woman born on the 12th: 12 + 40
        "5107047103900001",  # a woman born on the 31st
        "5107043103900001",  # a man born on the 31st
        "5107040101000001",  # born in 2000
        "5107041203909999",  # the last number of a day
        "5407041203900001",  # historic: East Timor
    ],
)
def test_nik_of_every_possible_kind_is_accepted(teks):
    hasil = nik.periksa(teks)

    assert hasil == teks


@pytest.mark.parametrize(("teks", "panjang"), [(NIK[:-1], 15), (NIK + "1", 17), ("5107", 4)])
def test_nik_of_wrong_length_is_refused_with_its_length(teks, panjang):
    with pytest.raises(nik.NIKTidakSah) as galat:
        nik.periksa(teks)

    assert str(galat.value) == (
        f"NIK harus 16 angka. Anda mengisi {panjang}. Periksa lagi KTP-el Anda."
    )


@pytest.mark.parametrize(
    "teks",
    [
        "",
        "   ",
        "510704120390000O",
        "510704120390OOO1",
        "+5107041203900001",
        "5107041203900001a",
        "٥١٠٧٠٤١٢٠٣٩٠٠٠٠١",
        "510704120390000²",
        "5107/0412/0390/0001",
    ],
)
def test_nik_with_anything_but_plain_digits_is_refused(teks):
    with pytest.raises(nik.NIKTidakSah) as galat:
        nik.periksa(teks)

    assert str(galat.value) == HANYA_ANGKA


@pytest.mark.parametrize(
    "teks",
    [
        "0007041203900001",  # no such province
        "4007041203900001",
        "9907041203900001",
        "5107040003900001",  # day 0
        "5107043203900001",  # day 32
        "5107044003900001",  # day 40: between men and women
        "5107047203900001",  # day 72
        "5107041200900001",  # month 0
        "5107041213900001",  # month 13
        "5107041203900000",  # numbers of a day start with 0001
        "1111111111111111",
    ],
)
def test_nik_that_cannot_exist_is_refused(teks):
    with pytest.raises(nik.NIKTidakSah) as galat:
        nik.periksa(teks)

    assert str(galat.value) == TIDAK_MUNGKIN


def test_refusal_never_repeats_the_nik():
    with pytest.raises(nik.NIKTidakSah) as galat:
        nik.periksa("5107043203900001")

    assert "5107043203900001" not in str(galat.value)


def test_sah_says_the_same_as_periksa():
    assert [nik.sah(x) for x in (NIK, "510704 120390 0001", NIK[:-1], "abc", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("teks", "lahir", "kelamin"),
    [
        (NIK, date(1990, 3, 12), 1),
        ("5107045203900001", date(1990, 3, 12), 2),
        ("5107044101000001", date(2000, 1, 1), 2),
        ("5107047112990001", date(1999, 12, 31), 2),
        (NIK, None, None),
    ],
)
def test_nik_that_agrees_with_the_register_gives_no_peringatan(teks, lahir, kelamin):
    hasil = nik.peringatan(teks, tanggal_lahir=lahir, jenis_kelamin=kelamin)

    assert hasil == []


@pytest.mark.parametrize(
    ("teks", "lahir", "kelamin", "pesan"),
    [
        (NIK, None, 2, ["Jenis kelamin di NIK berbeda dari data."]),
        ("5107045203900001", None, 1, ["Jenis kelamin di NIK berbeda dari data."]),
        (NIK, date(1990, 3, 13), 1, ["Tanggal lahir di NIK berbeda dari data."]),
        (NIK, date(1990, 4, 12), 1, ["Tanggal lahir di NIK berbeda dari data."]),
        (NIK, date(1991, 3, 12), 1, ["Tanggal lahir di NIK berbeda dari data."]),
        (
            NIK,
            date(1985, 1, 1),
            2,
            ["Jenis kelamin di NIK berbeda dari data.", "Tanggal lahir di NIK berbeda dari data."],
        ),
    ],
)
def test_nik_that_differs_from_the_register_is_valid_with_a_peringatan(teks, lahir, kelamin, pesan):
    hasil = nik.peringatan(nik.periksa(teks), tanggal_lahir=lahir, jenis_kelamin=kelamin)

    assert hasil == pesan


@pytest.mark.parametrize(
    ("teks", "tampak"), [(NIK, "5107••••••••0001"), ("5107", "••••"), ("", "••••")]
)
def test_samarkan_leaves_only_the_ends(teks, tampak):
    assert nik.samarkan(teks) == tampak
