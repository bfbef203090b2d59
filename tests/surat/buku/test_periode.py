"""The days of which a book is shown."""

from datetime import date

import pytest

from surat.buku import periode


def test_a_month_is_whole_and_knows_its_name():
    hasil = [periode.sebulan(2026, bulan) for bulan in (2, 12)]

    assert [(p.dari, p.sampai, p.sebutan, p.kode) for p in hasil] == [
        (date(2026, 2, 1), date(2026, 2, 28), "Februari 2026", "2026-02"),
        (date(2026, 12, 1), date(2026, 12, 31), "Desember 2026", "2026-12"),
    ]


@pytest.mark.parametrize(
    ("dari", "sampai", "sebutan"),
    [
        (date(2026, 3, 1), date(2026, 3, 5), "Sejak 1 Maret 2026 sampai 5 Maret 2026"),
        (date(2026, 3, 1), None, "Sejak 1 Maret 2026"),
        (None, date(2026, 3, 5), "Sampai 5 Maret 2026"),
    ],
)
def test_days_can_be_chosen_freely(dari, sampai, sebutan):
    assert periode.antara(dari, sampai).sebutan == sebutan
