"""Answers in somebody's own words, inside the sentences of a letter."""

import pytest

from surat.bahasa import alinea, kalimat, templat

NAMA = kalimat.kata_nama("Bugbug", "I Wayan Sudarma", "Banjar Samuh")
KEPERLUAN = "Surat ini dibuat untuk keperluan {{ x }}."
DOMISILI = "Bertempat tinggal di {{ x }}, Desa Bugbug, Kecamatan Karangasem, Kabupaten Karangasem."


def tulis(isi: str, jawaban: str, tipe: str = "teks_panjang") -> list[dict]:
    siap = alinea.siapkan({"x": jawaban}, {}, {"x": tipe})
    return alinea.uraikan(templat.render(isi, siap), {}, NAMA)


def satu(isi: str, jawaban: str, tipe: str = "teks_panjang") -> str:
    (blok,) = tulis(isi, jawaban, tipe)
    return blok["html"]


# --- The first letter ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ditulis", "dicetak"),
    [
        ("Membuka rekening bank", "membuka rekening bank"),
        ("Membuka rekening bank.", "membuka rekening bank"),
        ("Membuka Rekening Bank", "membuka Rekening Bank"),
        ("Pensiun.", "pensiun"),
        ("Sekolah", "sekolah"),
        ("Anak saya masuk SMA", "anak saya masuk SMA"),
        ("Jalan pagi bersama", "jalan pagi bersama"),
        ("Beasiswa, Pensiun", "beasiswa, Pensiun"),
        ("tabungan..", "tabungan"),
        ("tabungan…", "tabungan"),
        ("membeli beras dkk.", "membeli beras dkk"),
        # as they are: figures, abbreviations, mixed case
        ("BPJS Kesehatan", "BPJS Kesehatan"),
        ("KTP-el baru", "KTP-el baru"),
        ("KUR", "KUR"),
        ("A", "A"),
        ("2 orang anak", "2 orang anak"),
        ("“Membuka” rekening", "“Membuka” rekening"),
        ("eSIM", "eSIM"),
        ("iPhone hilang", "iPhone hilang"),
        # names: of the letter, the village, places, months, religions; and what leads them
        ("Sudarma berobat", "Sudarma berobat"),
        ("Samuh menjadi tuan rumah", "Samuh menjadi tuan rumah"),
        ("Bugbug bersih", "Bugbug bersih"),
        ("Ni Luh berobat", "Ni Luh berobat"),
        ("Anak Agung Gede berobat", "Anak Agung Gede berobat"),
        ("Jalan Raya Bugbug", "Jalan Raya Bugbug"),
        ("Gang 2", "Gang 2"),
        ("Jl. Raya", "Jl. Raya"),
        ("Bank BPD Bali", "Bank BPD Bali"),
        ("Ñandø berobat", "Ñandø berobat"),
        ("Denpasar", "Denpasar"),
        ("November ini berangkat", "November ini berangkat"),
        ("Hindu", "Hindu"),
    ],
)
def test_own_words_go_on_with_the_sentence(ditulis, dicetak):
    assert satu(KEPERLUAN, ditulis) == f"Surat ini dibuat untuk keperluan {dicetak}."


@pytest.mark.parametrize("isi", ["{{ x }}.", "{{ x }}", "Benar. {{ x }}", "Kata: {{ x }}"])
def test_at_the_beginning_of_a_sentence_the_capital_stays(isi):
    assert "Membuka rekening" in satu(isi, "Membuka rekening")


@pytest.mark.parametrize(
    ("ditulis", "dicetak"),
    [
        ("Warisan dari orang tua", "warisan dari orang tua"),
        ("Sudarsana", "Sudarsana"),  # a short answer may be a name that nobody knows
        ("Sudarsana Putra", "Sudarsana Putra"),
        ("I Nengah Tilem", "I Nengah Tilem"),
    ],
)
def test_short_answer_that_may_be_a_name_is_left_alone(ditulis, dicetak):
    assert satu("Silsilah dari {{ x }} ini.", ditulis, "teks") == f"Silsilah dari {dicetak} ini."


@pytest.mark.parametrize("tipe", ["pilihan", "ref:agama", "penduduk", "angka"])
def test_only_own_words_are_touched(tipe):
    assert satu(KEPERLUAN, "Membuka rekening", tipe).endswith("keperluan Membuka rekening.")


# --- Dots ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isi", "ditulis"),
    [
        ("1. Dibuat untuk {{ x }}.\n2. Selesai.", "tabungan."),
        ("- Dibuat untuk {{ x }}.\n- Selesai.", "tabungan.."),
        ("Untuk : {{ x }}", "tabungan.."),
        ("Untuk : keperluan {{ x }}.", "tabungan."),
        ("Dibuat untuk {{ x }}.", "tabungan."),
        ("{{ x }}", "Ini untuk tabungan.."),
    ],
)
def test_nothing_ends_with_two_dots(isi, ditulis):
    (blok,) = tulis(isi, ditulis)
    teks = str(blok)

    assert "tabungan." in teks or "tabungan'" in teks
    assert ".." not in teks


def test_dot_of_an_abbreviation_stays_inside_a_sentence():
    assert satu("Oleh {{ x }}, warga.", "I Made Contoh, S.H.") == "Oleh I Made Contoh, S.H., warga."
    assert satu("Oleh {{ x }}, warga.", "Putu dkk.") == "Oleh Putu dkk., warga."
    assert satu("Oleh {{ x }}, warga.", "petugas.") == "Oleh petugas, warga."


# --- Addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ditulis",
    [
        "Jalan Raya, Gang 2, Banjar Samuh",
        "Jalan Raya\nGang 2\nBanjar Samuh",
        "Jalan Raya,\nGang 2,\nBanjar Samuh.",
        "Jalan Raya, Gang 2, Banjar Samuh, Desa Bugbug",
        "Jalan Raya, Gang 2, Banjar Samuh, Bugbug, Karangasem",
        "Jalan Raya, Gang 2, Banjar Samuh, Desa Bugbug, Kecamatan Karangasem",
        "Jalan Raya, Gang 2, Banjar Samuh Desa Bugbug Kec. Karangasem Kab. Karangasem",
        "Jalan Raya\nGang 2\nBanjar Samuh\nds. bugbug\nkec. karangasem\nBali 80811",
        "Jalan Raya, Gang 2, Banjar Samuh, Desa Bugbug, Karangasem, Provinsi Bali, 80811.",
    ],
)
def test_address_is_one_line_that_names_the_village_once(ditulis):
    assert satu(DOMISILI, ditulis) == (
        "Bertempat tinggal di Jalan Raya, Gang 2, Banjar Samuh, Desa Bugbug, "
        "Kecamatan Karangasem, Kabupaten Karangasem."
    )


@pytest.mark.parametrize(
    "ditulis",
    ["Jalan Raya Bugbug", "Banjar Samuh, Desa Antiga", "Jalan Desa Bugbug", "Gang Karangasem 3"],
)
def test_of_an_address_nothing_else_is_taken(ditulis):
    assert satu(DOMISILI, ditulis).startswith(f"Bertempat tinggal di {ditulis}, Desa Bugbug,")


def test_fact_keeps_its_lines_when_it_stands_alone():
    (blok,) = tulis("Alamat : {{ x }}", "Jalan Raya\nGang 2")
    (ganda,) = tulis("Alamat : {{ x }}, Desa Bugbug", "Jalan Raya\nGang 2, Desa Bugbug")

    assert blok["baris"] == [["Alamat", "Jalan Raya\nGang 2"]]
    assert ganda["baris"] == [["Alamat", "Jalan Raya, Gang 2, Desa Bugbug"]]


def test_what_was_typed_stays_text():
    assert satu(KEPERLUAN, "Beli <b>beras</b> & gula") == (
        "Surat ini dibuat untuk keperluan beli &lt;b&gt;beras&lt;/b&gt; &amp; gula."
    )
