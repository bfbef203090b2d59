"""Text from outside: what nobody sees goes, what people see stays."""

import pytest
from django.http import QueryDict

from penduduk import teks

pytestmark = pytest.mark.sekali


@pytest.mark.parametrize(
    ("kotor", "bersih"),
    [
        ("I Wayan", "I Wayan"),
        ("I\u202e Wayan\u202c", "I Wayan"),
        ("I\u2066 Wayan\u2069\u200e\u200f\u061c", "I Wayan"),
        ("I\u200b Way\u00adan\ufeff\u2060\u180e", "I Wayan"),
        ("I\u00a0Wayan\u3000Contoh\u2800", "I Wayan Contoh "),
        ("Rene\u0301", "René"),
        ("Rene\u200b\u0301", "René"),
        ("NUL\x00 dan\x07 bel\x9b", "NUL dan bel"),
        ("ﬁlm ﬂora ﬀ", "film flora ff"),
        ("５１０７　Ａ", "5107 A"),
        ("𝓦𝓪𝔂𝓪𝓷 𝟏", "Wayan 1"),
        ("baris  \r\ndua\rtiga\u2028empat\t \n\n\nlima", "baris\ndua\ntiga\nempat\n\n\nlima"),
        ("non‑putus", "non-putus"),
        ("H₂O ½ ™ ² №", "H₂O ½ ™ ² №"),
        ("hati\ufe0e a\ufe0f ©\ufe0f", "hati a ©"),
        ("❤️ 1️⃣ 👩‍👩‍👧 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️ 1️⃣ 👩‍👩‍👧 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("ᬓ᭄\u200dᬓ ᬓ᭄\u200cᬓ ᬓ\u200bᬓ ᬓ\u200d", "ᬓ᭄\u200dᬓ ᬓ᭄\u200cᬓ ᬓᬓ ᬓ"),
        ("ka\u200dta\u200c", "kata"),
        ("漢字 العربية ᬩᬮᬶ नमस्ते", "漢字 العربية ᬩᬮᬶ नमस्ते"),
        ("pesan\U000e0041\U000e0042", "pesan"),
        ("\u3164\u115f\uffa0", ""),
        ("a\ud83db", "ab"),
    ],
)
def test_cleaning_and_cleaning_again(kotor, bersih):
    assert teks.bersih(kotor) == bersih
    assert teks.bersih(bersih) == bersih


@pytest.mark.parametrize(
    ("kotor", "kata"),
    [
        ("balik\u202erekening", "pembalik arah"),
        ("lambang \ud83d", "tanda rusak"),
        ("\u202dnomor dari buku telepon\u202c", ""),
        ("tak\u200b tampak\u00ad ﬁ e\u0301 \u00a0\x00", ""),
    ],
)
def test_the_person_hears_only_of_what_was_seen(kotor, kata):
    kalimat = teks.kalimat(teks.bersihkan(kotor).dibuang)

    assert (kata in kalimat) if kata else kalimat == ""


def test_secrets_stay_as_they_were_typed_and_nothing_else_does():
    kotor = "a\u202eﬁ"
    rahasia = "password new_password1 old_password usable_password pin pin_baru pin1 sandi".split()
    biasa = "nama pinjaman sandiwara keperluan opini baris-0-nama".split()
    kiriman = QueryDict(mutable=True)
    for nama in rahasia + biasa:
        kiriman.setlist(nama, [kotor, "b"])

    hasil, dibuang = teks.isian(kiriman)

    assert {nama for nama in hasil if hasil.getlist(nama) == [kotor, "b"]} == set(rahasia)
    assert {nama for nama in hasil if hasil.getlist(nama) == ["afi", "b"]} == set(biasa)
    assert len(dibuang) == 1


def test_json_is_cleaned_however_deep():
    assert teks.dalam({"a": ["b\u202e", {"c": "ﬁ", "d": 1}], "e": None}) == {
        "a": ["b", {"c": "fi", "d": 1}],
        "e": None,
    }
