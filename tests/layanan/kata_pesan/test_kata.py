"""Rules for the words of a message: what Meta and Twilio refuse, and what would harm residents."""

import re

import pytest

from layanan.kata_pesan import kata, katalog
from simulator.twilio_palsu.konten import aturan_konten

BAIK = "Permohonan surat nomor {{nomor}} sedang diproses oleh Kantor {{kantor}} sekarang."
BERKATA = [p for p in katalog.PESAN.values() if p.cara is katalog.Cara.TEMPLAT]


def salah(teks: str, kode: str = "diproses") -> str:
    return " ".join(kata.keberatan(kode, teks))


def test_good_words_meet_no_objection():
    assert kata.keberatan("diproses", BAIK) == []


@pytest.mark.parametrize(
    ("teks", "sebab"),
    [
        ("", "Tulis dulu"),
        ("Surat Anda sedang diproses.", "{{nomor}} harus ada"),
        (BAIK + " {{kode_ambil}} itu.", "{{kode_ambil}} tidak dikenal"),
        (BAIK + " {{nomor surat}} itu.", "{{nomor surat}} tidak dikenal"),
        (BAIK + " Ingat {{nomor}} itu.", "{{nomor}} dipakai 2 kali"),
        (BAIK.replace("{{nomor}}", "{{{nomor}}}"), "tidak berpasangan"),
        (BAIK.replace("{{nomor}}", "{nomor}"), "tidak berpasangan"),
        (BAIK + " }}", "tidak berpasangan"),
        ("{{nomor}} sedang diproses oleh Kantor {{kantor}} hari ini.", "diawali atau diakhiri"),
        ("*{{nomor}}* sedang diproses oleh Kantor Bugbug hari ini.", "diawali atau diakhiri"),
        ("_{{nomor}}_ sedang diproses oleh Kantor Bugbug hari ini.", "diawali atau diakhiri"),
        ("Sedang diproses hari ini permohonan {{nomor}}.", "diawali atau diakhiri"),
        ("Sedang diproses nomor {{nomor}} – {{kantor}} hari ini.", "Di antara dua sisipan"),
        ("Sedang diproses nomor {{nomor}}{{kantor}} hari ini.", "Di antara dua sisipan"),
        ("Nomor {{nomor}} di {{kantor}} sah.", "terlalu sedikit untuk 2 sisipan"),
        (BAIK + "\n\n\nSalam.", "baris kosong"),
        (BAIK + "\tSalam.", "tab"),
        (BAIK + "    Salam.", "spasi beruntun"),
        (BAIK + " kata" * 300, "Terlalu panjang"),
        (BAIK + " 🙏" * 11, "Terlalu banyak emoji: 11"),
        (BAIK + " Buka https://contoh.example ya.", "alamat situs"),
        (BAIK + " Unduh surat.pdf ya.", "nama berkas"),
        (BAIK + " Lihat bit.ly ya.", "alamat situs"),
        (BAIK + " NIK 5107041203900001 ya.", "NIK"),
        (BAIK + " NIK 5107 0412 0390 0001 ya.", "NIK"),
    ],
)
def test_what_would_be_refused_is_said_beforehand(teks, sebab):
    assert sebab in salah(teks)


def test_everything_is_said_at_once():
    assert len(kata.keberatan("diproses", "{{x}}{{kantor}}\n\n\n{ https://a.example")) >= 6


def test_emoji_phone_numbers_and_lines_are_allowed():
    assert salah(f"{BAIK}\n\n🙏 Ada pertanyaan? Telepon 0363 21234 pada jam kantor.") == ""


def test_emoji_count_as_whatsapp_counts():
    pas = BAIK + "x" * (kata.MAKS - len(kata.contoh("diproses", BAIK)))
    assert salah(pas) == ""
    assert f"{kata.MAKS + 1} huruf" in salah(pas[:-1] + "🙏")


@pytest.mark.parametrize(
    ("ketikan", "rapi"),
    [
        ("  Nomor {{ nomor }}\tsiap. ", "Nomor {{nomor}} siap."),
        ("Satu\r\n\r\n\r\n\r\nDua", "Satu\n\nDua"),
        ("Satu \n   \n \n  Dua", "Satu\n\nDua"),
        ("Nomor {{\nnomor\n}} siap", "Nomor {{nomor}} siap"),
        ("Spasi\u00a0keras\u200b dan\x00 nol", "Spasi keras dan nol"),
        ("{{{nomor}}}", "{{{nomor}}}"),
    ],
)
def test_what_was_typed_is_tidied(ketikan, rapi):
    assert kata.rapikan(ketikan) == rapi
    assert kata.rapikan(rapi) == rapi


def test_placeholder_with_spaces_is_filled_in_after_tidying():
    satu = kata.dengan_kata("diproses", kata.rapikan(BAIK.replace("{{nomor}}", "{{ nomor }}")))

    assert satu.variabel == ("nomor", "kantor")
    assert "nomor P-1 sedang" in satu.isi({"nomor": "P-1", "kantor": "Perbekel Bugbug"})


def test_sample_shows_unknown_placeholders_as_they_are():
    teks = kata.contoh("diproses", "Nomor {{nomor}} di {{ kantor }} {{asing}}", {"kantor": "X"})

    assert teks == "Nomor P-2026-0042 di X {{asing}}"


# --- The files that we ship ---------------------------------------------------------------------


@pytest.mark.parametrize("satu", BERKATA, ids=[p.kode for p in BERKATA])
def test_shipped_words_meet_no_objection(satu):
    assert kata.keberatan(satu.kode, satu.kata) == []
    assert kata.rapikan(satu.kata) == satu.kata


@pytest.mark.parametrize("satu", BERKATA, ids=[p.kode for p in BERKATA])
def test_shipped_words_meet_no_objection_of_the_provider(satu):
    jenis = {"twilio/text": {"body": satu.teks}}

    assert aturan_konten.alasan_ditolak(jenis, satu.bernomor(satu.contoh)) == ""


@pytest.mark.parametrize("satu", BERKATA, ids=[p.kode for p in BERKATA])
def test_shipped_words_and_samples_tell_nothing_of_a_person(satu):
    teks = satu.isi(satu.contoh)
    rahasia = r"\bNIK\b|\bsakit|kesehatan|miskin|tidak mampu|SKTM|\.pdf|https?:|\d{7}"

    assert not re.search(rahasia, teks, re.I)
    if satu.kode != "pin":
        assert not re.search(r"\bPIN\b.*\d{6}", teks)


def test_no_two_messages_have_the_same_words():
    teks = [p.teks for p in BERKATA]

    assert len(teks) == len(set(teks))
