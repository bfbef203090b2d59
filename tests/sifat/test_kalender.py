"""Days as they are written and read, the 210-day year, and amounts in words."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from penduduk.identitas import tanggal
from surat.bahasa import tanggal as tgl
from tests.sifat.teks import apa_saja, coba

hari = st.dates(date(1900, 1, 1), date(2045, 12, 31))
HARI_INI = date(2026, 11, 30)


@given(hari)
def test_a_day_that_is_written_out_is_read_as_the_same_day(satu):
    romawi = tgl.ROMAWI[satu.month - 1]
    for tulisan in (
        tgl.panjang(satu),
        f"{tgl.hari(satu)}, {tgl.panjang(satu)}",
        f"{satu:%d-%m-%Y}",
        f"{satu:%d/%m/%Y}",
        f"{satu:%d%m%Y}",
        f"{satu.day}-{romawi}-{satu.year}",
        satu.isoformat(),
        f"{satu.isoformat()}T08:30:00",
    ):
        assert tanggal.baca(tulisan, hari_ini=HARI_INI) == satu, tulisan


@given(hari)
def test_a_birth_with_two_digits_of_the_year_is_never_in_the_future(satu):
    lahir = tanggal.baca(f"{satu:%d-%m-%y}", hari_ini=HARI_INI, lampau=True)

    assert lahir <= HARI_INI
    assert f"{lahir:%d-%m-%y}" == f"{satu:%d-%m-%y}"
    assert HARI_INI.year - lahir.year <= 100


@given(apa_saja | st.text("0123456789-/. ", max_size=12))
def test_any_other_text_is_refused_in_words_or_is_a_day(teks):
    for lampau in (True, False):
        hasil, kalimat = coba(
            tanggal.baca, teks, hari_ini=HARI_INI, lampau=lampau, galat=tanggal.TanggalTidakSah
        )
        assert type(hasil) is date or "Tulis tanggal seperti" in kalimat


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_day_of_a_moment_is_that_of_bali(pada):
    assert tgl.di_wita(pada) == (pada + timedelta(hours=8)).date()
    assert tgl.hari(tgl.di_wita(pada)) == tgl.HARI[tgl.di_wita(pada).weekday()]


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_amounts_are_written_without_loss(satu, dua):
    assert int(tgl.ribuan(satu).replace(".", "")) == satu
    assert tgl.rupiah(satu) == f"Rp{tgl.ribuan(satu)}"
    assert (tgl.terbilang(satu) == tgl.terbilang(dua)) == (satu == dua)
    assert tgl.terbilang(satu).replace(" ", "").isalpha()
