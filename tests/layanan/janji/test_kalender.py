"""The clock of working minutes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from layanan.janji.kalender import Kalender
from layanan.models import HariLibur
from penduduk.identitas import jam_kerja
from penduduk.models import Desa

BIASA = Desa().jam_seminggu
JAM = st.sampled_from(["", "07.30–12.00, 13.00–16.00", "08.00-12.00", "09.15–10.05, 10.05–23.59"])
WITA = ZoneInfo("Asia/Makassar")
AWAL = datetime(2026, 1, 1, tzinfo=WITA)
SAAT = st.timedeltas(timedelta(), timedelta(days=730)).map(lambda lama: AWAL + lama)
MENIT = st.integers(0, 5000)


@st.composite
def kalender(draw):
    jam = draw(st.lists(JAM, min_size=7, max_size=7).filter(any))
    libur = draw(st.lists(st.dates(date(2026, 1, 1), date(2028, 6, 1)), max_size=20))
    kata = {
        hari: HariLibur(tanggal=hari, nama="Contoh", tutup=draw(st.booleans())) for hari in libur
    }
    return Kalender(tuple(jam_kerja.baca(satu) for satu in jam), kata, {})


def wita(*bagian):
    return datetime(*bagian, tzinfo=WITA)


@given(kalender(), SAAT, MENIT, MENIT)
def test_adding_is_the_inverse_of_counting_and_both_grow(kini, saat, menit, lagi):
    nanti = kini.tambah(saat, menit)

    assert nanti >= saat
    assert kini.antara(saat, nanti) == menit
    assert kini.tambah(saat, menit + lagi) >= nanti
    assert kini.tambah(saat + timedelta(minutes=lagi), menit) >= nanti
    # Where it was stopped does not matter.
    assert kini.tambah(nanti, lagi) == kini.tambah(saat, menit + lagi)


@given(kalender(), SAAT, st.integers(1, 5000))
def test_moment_that_is_promised_lies_in_the_hours_of_an_open_day(kini, saat, menit):
    for nanti in (kini.tambah(saat, menit), kini.bulat(kini.tambah(saat, menit))):
        lokal = timezone.localtime(nanti)
        menit_ke = (lokal - lokal.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(
            minutes=1
        )

        assert not kini.sebab_tutup(lokal.date())
        assert any(dari < menit_ke <= sampai for dari, sampai in kini.jam[lokal.weekday()])


@pytest.mark.parametrize(
    ("dari", "menit", "harap"),
    [
        (wita(2026, 11, 16, 11, 0), 90, wita(2026, 11, 16, 13, 30)),  # the break
        (wita(2026, 11, 20, 16, 0), 60, wita(2026, 11, 23, 8, 0)),  # Friday 16.30, the weekend
        (wita(2026, 6, 15, 15, 0), 120, wita(2026, 6, 19, 8, 30)),  # 1 Muharam and Galungan
        (wita(2026, 12, 23, 20, 0), 1, wita(2026, 12, 28, 7, 31)),  # cuti bersama, Natal
    ],
)
def test_break_night_weekend_and_days_off_do_not_count(dari, menit, harap):
    kini = Kalender(BIASA, {}, {})

    assert timezone.localtime(kini.tambah(dari, menit)) == harap
    assert kini.antara(dari, harap) == menit


def test_village_opens_a_day_off_and_closes_another():
    hari, biasa = date(2026, 6, 18), date(2026, 6, 19)
    kata = {
        hari: HariLibur(tanggal=hari, nama="Umanis Galungan", tutup=False),
        biasa: HariLibur(tanggal=biasa, nama="Piodalan Pura Puseh", tutup=True),
    }
    kini = Kalender(BIASA, kata, {})

    assert kini.sebab_tutup(hari) == ""
    assert kini.sebab_tutup(biasa) == "Piodalan Pura Puseh"
    assert kini.tambah(wita(2026, 6, 15, 15, 0), 120) == wita(2026, 6, 18, 8, 30)


def test_week_of_the_government_decree_is_the_default():
    kini = Kalender(BIASA, {}, {})

    assert kini.sehari == 450  # 37.5 hours in five days
    assert [bool(jam) for jam in BIASA] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("teks", "kata"),
    [
        ("pagi", "Tulis jam buka seperti"),
        ("12.00–08.00", "tidak mungkin"),
        ("08.00–24.00", "tidak mungkin"),
        ("08.70–09.00", "tidak mungkin"),
        ("08.00–12.00, 11.00–13.00", "bertumpuk"),
    ],
)
def test_impossible_hours_are_refused_with_an_example(teks, kata):
    with pytest.raises(ValidationError, match=kata):
        jam_kerja.baca(teks)


def test_week_without_any_hours_is_refused():
    tutup = Desa(**{f"jam_{hari}": "" for hari in "senin selasa rabu kamis jumat".split()})

    with pytest.raises(ValidationError, match="sedikitnya satu hari"):
        tutup.clean()
