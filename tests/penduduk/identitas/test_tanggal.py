from datetime import date

import pytest

from penduduk.identitas import tanggal

HARI_INI = date(2026, 11, 30)


@pytest.mark.parametrize(
    "teks",
    [
        *("31121990", "311290", "31/12/90", "31-12-1990", "31.12.1990", "31 12 1990", "31/12 1990"),
        *("31 Desember 1990", "31 Des 90", "31des1990", "31-DES-1990", "31 desember, 1990"),
        *("1990-12-31", "1990/12/31", "19901231", "31-XII-1990", "Desember 31, 1990"),
        *("Senin, 31 Desember 1990", "hari Senin tanggal 31 bulan 12 tahun 1990", "31–12–1990"),
        *("  31 - 12 - 1990 ", "31\u00a012\u00a01990", "31\u200b-12-1990", "31-12-1990."),
        *("1990-12-31T00:00", "31/12/1990 00:00:00", "soma umanis 31 desember 1990"),
    ],
)
def test_day_is_read_as_people_write_it(teks):
    assert tanggal.baca(teks, hari_ini=HARI_INI, lampau=True) == date(1990, 12, 31)


@pytest.mark.parametrize(
    ("teks", "bulan"),
    [
        *(("3 Pebruari 2001", 2), ("3 Feb 2001", 2), ("3 Mei 2001", 5), ("3 may 2001", 5)),
        *(("3 Agt 2001", 8), ("3 Ags 2001", 8), ("3 Oct 2001", 10), ("3 Nopember 2001", 11)),
        *(("3 ii 2001", 2), ("Jum'at, 3 juli 2001", 7), ("Jumat 3-7-2001", 7)),
    ],
)
def test_months_have_many_names(teks, bulan):
    assert tanggal.baca(teks, hari_ini=HARI_INI) == date(2001, bulan, 3)


@pytest.mark.parametrize(
    ("teks", "lampau", "hari"),
    [
        ("31/12/90", True, date(1990, 12, 31)),
        ("30/11/26", True, date(2026, 11, 30)),
        ("01/12/26", True, date(1926, 12, 1)),  # tomorrow: nobody is born then
        ("01/12/26", False, date(2026, 12, 1)),
        ("31/12/46", False, date(2046, 12, 31)),
        ("31/12/47", False, date(1947, 12, 31)),
        ("29/2/00", True, date(2000, 2, 29)),
    ],
)
def test_two_digits_of_a_year_are_the_nearest_that_can_be_meant(teks, lampau, hari):
    assert tanggal.baca(teks, hari_ini=HARI_INI, lampau=lampau) == hari


@pytest.mark.parametrize("teks", ["20121231", "31122012"])
def test_eight_digits_begin_with_the_day_unless_only_the_year_can_come_first(teks):
    assert tanggal.baca(teks, hari_ini=HARI_INI) == date(2012, 12, 31)


@pytest.mark.parametrize(
    "teks",
    ["31-02-1990", "29/02/2001", "32/01/1990", "12/31/1990", "1990-13-01", "00000000", "31/04/90"],
)
def test_day_that_no_calendar_has_is_refused_with_an_example(teks):
    with pytest.raises(tanggal.TanggalTidakSah) as galat:
        tanggal.baca(teks, hari_ini=HARI_INI, lampau=True)

    assert str(galat.value) == (
        "Tanggal ini tidak ada di kalender. Tulis tanggal seperti 31-12-1990."
    )


@pytest.mark.parametrize(
    "teks",
    [
        "",
        "1990",
        "5 Mei",
        "kemarin",
        "3112190",
        "31-12-990",
        "31#12#1990",
        "3 April 1990 lalu",
        "٣١١٢١٩٩٠",
    ],
)
def test_what_is_no_day_is_refused_with_an_example(teks):
    with pytest.raises(tanggal.TanggalTidakSah) as galat:
        tanggal.baca(teks, hari_ini=HARI_INI)

    assert str(galat.value) == "Tulis tanggal seperti 31-12-2026."
