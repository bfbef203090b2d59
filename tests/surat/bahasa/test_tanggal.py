from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from surat.bahasa import tanggal as tgl


@pytest.mark.parametrize(
    ("hari", "teks"),
    [
        (date(2026, 1, 1), "1 Januari 2026"),
        (date(2026, 2, 28), "28 Februari 2026"),
        (date(2026, 3, 12), "12 Maret 2026"),
        (date(2026, 4, 9), "9 April 2026"),
        (date(2026, 5, 2), "2 Mei 2026"),
        (date(2026, 6, 1), "1 Juni 2026"),
        (date(2026, 7, 31), "31 Juli 2026"),
        (date(2026, 8, 17), "17 Agustus 2026"),
        (date(2026, 9, 30), "30 September 2026"),
        (date(2026, 10, 28), "28 Oktober 2026"),
        (date(2026, 11, 22), "22 November 2026"),
        (date(1945, 12, 31), "31 Desember 1945"),
        (date(2024, 2, 29), "29 Februari 2024"),
    ],
)
def test_panjang_writes_the_month_out(hari, teks):
    assert tgl.panjang(hari) == teks


def test_dates_do_not_depend_on_the_active_language():
    with translation.override("en"):
        hasil = tgl.panjang(date(2026, 8, 17)), tgl.hari(date(2026, 8, 17))

    assert hasil == ("17 Agustus 2026", "Senin")


def test_hari_names_each_day_of_the_week():
    senin = date(2026, 11, 23)

    hasil = [tgl.hari(senin + timedelta(days=n)) for n in range(7)]

    assert hasil == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


@pytest.mark.parametrize(
    ("pada", "hari"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_di_wita_is_eight_hours_ahead_of_utc(pada, hari):
    assert tgl.di_wita(pada) == hari


def test_di_wita_reads_any_zone():
    pada = datetime(2026, 11, 23, 23, 59, tzinfo=timezone.get_current_timezone())

    assert tgl.di_wita(pada) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("angka", "teks"),
    [
        (0, "Rp0"),
        (500, "Rp500"),
        (1000, "Rp1.000"),
        (900000, "Rp900.000"),
        (1234567, "Rp1.234.567"),
        (10**12, "Rp1.000.000.000.000"),
    ],
)
def test_rupiah_parts_thousands_with_dots(angka, teks):
    assert tgl.rupiah(angka) == teks


def test_romawi_has_twelve_months():
    assert " ".join(tgl.ROMAWI) == "I II III IV V VI VII VIII IX X XI XII"
