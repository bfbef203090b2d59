"""Letter numbers: what a pattern writes can be told apart and read back; books leave no gap."""

import re
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from surat.bahasa import tanggal as tgl
from surat.buku import nomor
from surat.models import BukuNomor
from tests.sifat.teks import apa_saja, coba

# Pieces of a pattern, and how each is found again in the printed number.
BAGIAN = {
    "[nomor]": r"(?P<urut>\d+)",
    "[nomor,3]": r"(?P<urut>\d{3,})",
    "[kode]": r"[\d.]+",
    "[kode_desa]": r"[\d.]+",
    "[desa]": r"Bugbug",
    "[bulan]": r"(?P<bulan>\d\d)",
    "[bulan_romawi]": r"(?P<romawi>[IVX]+)",
    "[jenis]": r"[A-Z-]+",
    "Ds.": r"Ds\.",
}
pola_sah = st.tuples(
    st.sampled_from(("[nomor]", "[nomor,3]")),
    st.lists(st.sampled_from(sorted(set(BAGIAN) - {"[nomor]", "[nomor,3]"})), unique=True),
    st.randoms(use_true_random=False),
).map(lambda x: _acak([x[0], "[tahun]", *x[1]], x[2]))


def _acak(bagian, acak) -> str:
    acak.shuffle(bagian)
    return "/".join(bagian)


def _susun(pola: str, urut: int, pada) -> str:
    return nomor.susun(
        pola,
        urut=urut,
        klasifikasi="400.12.2.1",
        desa="Bugbug",
        kode_desa="51.07.04.2001",
        pada=pada,
        jenis="tidak_mampu",
    )


@given(pola_sah, st.integers(1, 99999), st.dates())
def test_what_a_pattern_writes_can_be_read_back(pola, urut, pada):
    nomor.periksa_format(pola)
    baca = re.compile("/".join(BAGIAN.get(x, r"(?P<tahun>\d+)") for x in pola.split("/")))

    cocok = baca.fullmatch(_susun(pola, urut, pada))

    assert cocok is not None
    ada = cocok.groupdict()
    assert (int(ada["urut"]), int(ada["tahun"])) == (urut, pada.year)
    assert int(ada.get("bulan") or pada.month) == pada.month
    assert tgl.ROMAWI.index(ada.get("romawi") or tgl.ROMAWI[pada.month - 1]) + 1 == pada.month


@given(pola_sah, st.integers(1, 99999), st.integers(1, 99999), st.dates())
def test_two_numbers_of_one_book_never_read_the_same(pola, satu, dua, pada):
    assert (_susun(pola, satu, pada) == _susun(pola, dua, pada)) == (satu == dua)


@given(apa_saja | pola_sah.flatmap(lambda p: apa_saja.map(lambda x: p + x)))
def test_any_pattern_is_refused_in_words_or_leaves_no_bracket(pola):
    _, kalimat = coba(nomor.periksa_format, pola, galat=nomor.FormatNomorTidakSah)
    if kalimat:
        assert kalimat.endswith(".")
        return
    tertulis = _susun(pola, 7, date(2026, 11, 30))
    assert not set("[]") & set(tertulis)
    assert "7" in tertulis and "2026" in tertulis


@pytest.mark.django_db
@settings(max_examples=12)
@given(
    st.lists(
        st.sampled_from(("SATU", "LAIN")).flatmap(lambda b: st.tuples(st.just(b), st.booleans())),
        max_size=12,
    ),
    st.integers(0, 900),
)
def test_a_book_gives_each_number_once_whatever_is_rolled_back(langkah, awal):
    """The book of one year against the simplest model of it: a counter."""
    with transaction.atomic():
        nomor.mulai(kode="SATU", tahun=2026, terakhir=awal)
        hitung = {"SATU": awal, "LAIN": 0}
        for kode, jadi in langkah:
            with transaction.atomic():
                _, urut = nomor.ambil(kode, 2026)
                if not jadi:
                    transaction.set_rollback(True)
            hitung[kode] += jadi
            assert urut == hitung[kode] + (not jadi)
        ada = dict(BukuNomor.objects.values_list("kode", "terakhir"))
        transaction.set_rollback(True)

    assert {k: ada.get(k, 0) for k in hitung} == hitung
