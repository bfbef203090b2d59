"""Wordings: whatever a clerk or a resident writes, nothing of it is evaluated or left unescaped."""

import re

from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from layanan.kata_pesan import kata, katalog
from penduduk import teks as teks_
from surat.bahasa import templat
from tests.sifat.teks import SIASAT, apa_saja

TEMPLAT = "Nama : {{ nama }}{% if alasan %}, karena {{ alasan }}{% endif %}."
nilai = st.fixed_dictionaries({"nama": apa_saja, "alasan": apa_saja})


@given(nilai)
def test_a_value_stands_in_the_letter_as_it_was_typed_and_escaped(isi):
    harus = f"Nama : {escape(isi['nama'])}"
    harus += f", karena {escape(isi['alasan'])}." if isi["alasan"] else "."

    assert templat.render(TEMPLAT, isi) == harus
    assert templat.render_polos(TEMPLAT, isi) == re.sub(
        r"&(?:lt|gt|amp|quot|#x27);", lambda m: _ENTITAS[m[0]], harus
    )


_ENTITAS = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#x27;": "'"}


@given(apa_saja, nilai)
def test_any_wording_is_refused_with_a_line_or_escaped_as_a_whole(kalimat, isi):
    temuan = templat.temuan(kalimat, isi)
    for satu in temuan:
        assert str(satu) and 1 <= satu.baris <= kalimat.count("\n") + 1
    try:
        hasil = templat.render(kalimat, isi)
    except templat.TemplatTidakSah:
        assert temuan
        return
    assert not temuan
    assert not re.search(r"[<>\"']", hasil)
    if not re.search(r"\{[{%#]", kalimat):
        assert hasil == escape(kalimat)


@given(st.sampled_from(sorted(katalog.PESAN)), apa_saja)
def test_a_message_is_refused_in_words_or_keeps_its_shape(kode, kalimat):
    rapi = kata.rapikan(kalimat)
    keberatan = kata.keberatan(kode, rapi)

    assert kata.rapikan(rapi) == rapi
    assert all(satu.endswith(".") for satu in keberatan)
    if not keberatan:
        assert set(re.findall(r"\{\{(.*?)\}\}", rapi)) <= set(katalog.PESAN[kode].sebutan)
        assert "{" not in kata.contoh(kode, rapi)


@given(st.sampled_from(sorted(katalog.PESAN)), st.sampled_from(SIASAT))
def test_a_value_of_a_message_is_never_taken_for_a_placeholder(kode, siasat):
    pesan = katalog.PESAN[kode]
    semua = dict.fromkeys(pesan.sebutan, siasat)

    hasil = kata.contoh(kode, pesan.kata, semua)

    assert hasil.count(siasat) >= len(re.findall(r"\{\{[^{}]*\}\}", pesan.kata))
    assert "14" not in hasil.replace(siasat, "") or "14" in pesan.kata


@given(apa_saja)
def test_cleaned_text_is_clean_and_stays_so(kalimat):
    bersih = teks_.bersih(kalimat)

    assert teks_.bersih(bersih) == bersih
    assert not re.search("[\0-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", bersih)
    assert "\n" not in teks_.sebaris(kalimat) and "  " not in teks_.sebaris(kalimat)
