"""A browser's calendar gets back what was typed, however it was written."""

import pytest

from penduduk.forms import KALENDER


@pytest.mark.parametrize("teks", ["30-11-2026", "30/11/2026", "30 November 2026", "2026-11-30"])
def test_a_typed_day_is_shown_again(teks):
    assert 'value="2026-11-30"' in KALENDER.render("tanggal", teks)


@pytest.mark.parametrize("teks", ["", "besok", "31-02-2026"])
def test_what_is_no_day_is_no_error(teks):
    assert 'type="date"' in KALENDER.render("tanggal", teks)
