"""Check codes: every typing mistake of one letter, and every swap of two, is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from surat.terbit import kode_cek
from tests.sifat.teks import apa_saja

# The code of the product is drawn by the system's randomness; here from the examples.
kode = st.text(kode_cek.ALFABET, min_size=9, max_size=9).map(lambda x: x + kode_cek._periksa(x))


@given(kode, st.integers(0, 9), st.sampled_from(kode_cek.ALFABET))
def test_one_wrong_letter_is_noticed(benar, di, huruf):
    salah = benar[:di] + huruf + benar[di + 1 :]

    assert kode_cek.sah(benar)
    assert kode_cek.sah(salah) == (salah == benar)
    assert bool(kode_cek.salahnya(salah)) == (salah != benar)


@given(kode, st.integers(0, 9), st.integers(0, 9))
def test_two_letters_that_changed_places_are_noticed(benar, a, b):
    huruf = list(benar)
    huruf[a], huruf[b] = huruf[b], huruf[a]

    assert kode_cek.sah("".join(huruf)) == ("".join(huruf) == benar)


@given(kode, st.sampled_from((" ", "-", "\n", "\u00a0")), st.integers(0, 10))
def test_how_it_is_grouped_or_written_does_not_matter(benar, sela, di):
    assert kode_cek.rapikan((benar[:di] + sela + benar[di:]).lower()) == benar
    assert kode_cek.rapikan(kode_cek.tampil(benar)) == benar


@given(apa_saja)
def test_any_other_text_is_told_what_is_wrong_with_it(teks):
    rapi = kode_cek.rapikan(teks)

    assert kode_cek.rapikan(rapi) == rapi
    assert kode_cek.sah(rapi) == (kode_cek.salahnya(rapi) == "")


def test_fresh_codes_are_codes_and_differ():
    semua = [kode_cek.buat() for _ in range(200)]

    assert all(map(kode_cek.sah, semua))
    assert len({*semua}) == 200
