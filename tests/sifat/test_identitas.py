"""NIK, KK numbers and phone numbers, whatever is typed and however it is grouped."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from penduduk.identitas import nik, telepon
from penduduk.referensi import PROVINSI
from tests.sifat.teks import apa_saja, coba

lahir = st.dates(date(1900, 1, 1), date(2099, 12, 31))
jenis_kelamin = st.sampled_from((1, 2))
pemisah = st.sampled_from(("", " ", ".", "-", "\u00a0", "\u2013", "\u200b"))


@st.composite
def nik_sah(draw) -> str:
    """By PP 40/2019: place, birth date (a woman's day + 40), running number."""
    tanggal, perempuan = draw(lahir), draw(jenis_kelamin) == 2
    tempat = f"{draw(st.sampled_from(sorted(PROVINSI)))}{draw(st.integers(101, 9999)):04}"
    hari = tanggal.day + 40 * perempuan
    return f"{tempat}{hari:02}{tanggal:%m%y}{draw(st.integers(1, 9999)):04}"


def dikelompokkan(angka: str, sela: list[str]) -> str:
    """The digits with something between the groups, as people copy them from a card."""
    grup = [angka[i : i + 4] for i in range(0, len(angka), 4)]
    return "".join(a + b for a, b in zip(grup, [*sela, ""], strict=False))


@given(nik_sah(), st.lists(pemisah, min_size=3, max_size=3), st.sampled_from(("", "NIK: ", " ")))
def test_a_nik_is_read_however_its_digits_are_grouped(angka, sela, depan):
    assert nik.periksa(depan + dikelompokkan(angka, sela)) == angka
    assert nik.periksa(nik.kelompok(angka)) == angka
    assert nik.periksa_kk(dikelompokkan(angka, sela)) == angka


@given(nik_sah(), lahir, jenis_kelamin)
def test_a_nik_is_doubted_exactly_where_it_differs_from_the_register(angka, tanggal, kelamin):
    kalimat = " ".join(nik.peringatan(angka, tanggal_lahir=tanggal, jenis_kelamin=kelamin))

    hari, perempuan = int(angka[6:8]) % 40, int(angka[6:8]) > 40
    beda = f"{hari:02}{angka[8:12]}" != f"{tanggal:%d%m%y}"
    assert ("Tanggal lahir" in kalimat) == beda
    assert ("Jenis kelamin" in kalimat) == (perempuan != (kelamin == 2))


@given(apa_saja | nik_sah().map(lambda x: x[:-1]) | st.text("0123456789", max_size=20))
def test_any_other_text_is_refused_in_words_or_is_sixteen_digits(teks):
    for baca in (nik.periksa, nik.periksa_kk):
        hasil, kalimat = coba(baca, teks, galat=nik.NIKTidakSah)
        assert re.fullmatch(r"[0-9]{16}", hasil) if hasil else kalimat.endswith(".")
        assert len(teks) < 5 or teks not in kalimat  # it may be somebody's
    assert nik.sah(teks) in (True, False)


@given(apa_saja | nik_sah())
def test_a_masked_nik_shows_its_ends_only(teks):
    samar = nik.samarkan(teks)

    assert not re.search(r"\d{5}", samar)
    assert samar == "••••" or (samar[:4], samar[-4:]) == (teks[:4], teks[-4:])


# --- Phone numbers --------------------------------------------------------------------------------

# Mobile prefixes of all carriers, 10 to 12 digits after the 0 (082 of Telkomsel has 11 or 12).
seluler = st.builds(
    lambda awal, ekor: awal + ekor,
    st.sampled_from(("811", "812", "813", "821", "852", "853", "857", "878", "895", "896")),
    st.text("0123456789", min_size=8, max_size=8),
)


@given(seluler, st.lists(pemisah, min_size=3, max_size=3))
def test_a_mobile_number_is_read_the_same_with_every_beginning(ekor, sela):
    semua = {
        telepon.rapikan(f"{awal}{dikelompokkan(ekor, sela)}")
        for awal in ("0", "62", "+62", "+62 ", "0062", "WA: 0", "No. HP 0")
    }

    assert semua == {f"+62{ekor}"}


@given(seluler)
def test_what_is_shown_can_be_typed_again(ekor):
    nomor = f"+62{ekor}"

    assert telepon.rapikan(telepon.tampil(nomor)) == nomor
    assert telepon.untuk_tel(telepon.tampil(nomor)) == nomor
    assert telepon.samarkan(nomor) == f"••••{nomor[-4:]}"


@given(apa_saja | st.text("+0123456789 ()-", max_size=25))
def test_any_other_number_is_refused_in_words_or_is_one_that_can_be_dialled(teks):
    hasil, kalimat = coba(telepon.rapikan, teks, galat=telepon.NomorTidakSah)
    if hasil:
        assert telepon.bernomor(hasil) and telepon.rapikan(hasil) == hasil
    else:
        assert kalimat.endswith(".")
    assert re.fullmatch(r"(\+[0-9]+)?", telepon.untuk_tel(teks))
    assert isinstance(telepon.tampil(teks), str)
