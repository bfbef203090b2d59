"""The paper block by block: what stands where, what is read aloud, what stays together."""

import random
from io import BytesIO

import pytest
from PIL import Image

from surat.kertas import kertas, lambang, pdf
from tests.surat.kertas.naskah import AKSARA, CAMAT, KELIAN, Kertas, alinea, data, perisai

MAKS_BYTE = 60_000
TITIK = "(……………………………………)"
GARIS = "(…………………………)"
pytestmark = pytest.mark.kertas
TABEL = {
    "macam": "tabel",
    "kunci": "ahli",
    "kepala": ["Nama", "NIK", "Hubungan", "Umur"],
    "baris": [["I Made Satu", "5107041203900042", "Anak", "44"], ["Ni Luh Dua", "", "Cucu", ""]],
    "keterangan": "Para ahli waris",
}


@pytest.fixture
def cetak(tmp_path):
    return lambda **lain: Kertas(data(**lain), tmp_path)


# --- Letterhead --------------------------------------------------------------------------------


def test_letterhead_without_emblem_and_aksara_is_centred_text(cetak):
    surat = cetak()

    assert surat.halaman(1).startswith("KABUPATEN CONTOH KECAMATAN CONTOH DESA CONTOH Jalan Contoh")
    (kiri, *_), (_, _, kanan, _) = surat.kotak()[:2]
    assert (kiri + kanan) / 2 == pytest.approx(28 + 165 / 2, abs=1)
    assert len(surat.pdf.pages[0].get_images()) == 1  # the QR code


def test_emblem_stands_left_with_its_alternative_text_and_leaves_the_rest_of_the_line_to_the_words(
    cetak,
):
    surat = cetak(kop={"lambang_uri": perisai()})

    alt = [str(u.Alt) for u in surat.unsur() if "/Alt" in u]
    assert alt == ["Lambang pada kop surat", "Kode QR menuju https://contoh.id/cek/ABCDEFGHJK/"]
    (kiri, *_), (_, _, kanan, _) = surat.kotak()[:2]
    assert (kiri + kanan) / 2 == pytest.approx(28 + 25 + 140 / 2, abs=1)
    # 40 points to the inch: the slot is 28..50 mm from the left, 15 mm and more from the top.
    assert min(surat.gambar().crop((50, 30, 72, 55)).tobytes()) < 120


def test_aksara_stand_above_their_lines_in_their_own_font_and_language(cetak):
    surat = cetak(kop={"aksara": AKSARA})

    baris = [u for u in surat.unsur() if "/Lang" in u]
    assert [(str(u.S), str(u.Lang), str(u.ActualText)) for u in baris] == [
        ("/P", "ban", teks) for teks in AKSARA
    ]
    assert {"Surat-Aksara", "Surat-Aksara-Bold"} <= set(surat.huruf())
    letak = [surat.dibaca().index(x) for x in (AKSARA[0], "KABUPATEN CONTOH", "KECAMATAN CONTOH")]
    assert letak == sorted(letak)


def test_aksara_are_shaped(cetak):
    """A conjunct takes less room than its letters side by side: the font's rules are at work."""
    from fontTools.ttLib import TTFont

    for nama in ("Regular", "Bold"):
        with TTFont(kertas.FONT / f"NotoSansBalinese-{nama}.ttf") as fon:
            fitur = {f.FeatureTag for f in fon["GSUB"].table.FeatureList.FeatureRecord}
            assert {"blwf", "ccmp", "rlig"} <= fitur
            assert set(range(0x1B00, 0x1B4C)) <= set(fon.getBestCmap())
    bertumpuk, berjajar = (
        cetak(kop={"baris": ["a"], "aksara": [x], "alamat": ""}).kotak()[0]
        for x in ("ᬦ᭄ᬢᬦ᭄ᬢᬦ᭄ᬢ", "ᬦᬢᬦᬢᬦᬢ")
    )
    assert bertumpuk[2] - bertumpuk[0] < 0.8 * (berjajar[2] - berjajar[0])


def test_aksara_in_a_name_use_the_font_that_has_them(cetak):
    surat = cetak(identitas=[["Nama", "I Wayan ᬯᬬᬦ᭄"]])

    assert "Surat-Aksara-Bold" in surat.huruf()


def test_line_without_aksara_has_none_above_it(cetak):
    surat = cetak(kop={"aksara": ["", "", AKSARA[2]]})

    assert [str(u.ActualText) for u in surat.unsur() if "/ActualText" in u] == [AKSARA[2]]


# --- Body --------------------------------------------------------------------------------------


def test_title_and_number(cetak):
    surat = cetak()

    assert "SURAT KETERANGAN CONTOH Nomor: 400.12.2.1/007/X/2026" in surat.halaman(1)
    assert surat.tanda().count("/H1") == 1


def test_facts_are_a_table_of_labels_and_values(cetak):
    surat = cetak(
        isi=[
            {
                "macam": "rincian",
                "baris": [["Luas", "12 m&sup2;"], ["Batas", "Barat jalan\nTimur laut"]],
            }
        ]
    )

    assert "Luas : 12 m² Batas : Barat jalan Timur laut" in surat.halaman(1)
    assert (surat.tanda().count("/Table"), surat.tanda().count("/TH")) == (2, 4)


def test_lists_are_numbered_or_dotted(cetak):
    surat = cetak(
        isi=[
            {"macam": "butir", "angka": True, "butir": ["satu &amp; dua", "tiga"]},
            {"macam": "butir", "angka": False, "butir": ["empat"]},
        ]
    )

    assert "1. satu & dua 2. tiga • empat" in surat.halaman(1)
    assert (surat.tanda().count("/L"), surat.tanda().count("/LI")) == (2, 3)


def test_table_has_caption_numbers_and_headers(cetak):
    surat = cetak(isi=[TABEL | {"baris": [*TABEL["baris"], ["<b>x</b>", "", "", ""]]}])

    teks = surat.halaman(1)
    assert "Para ahli waris No. Nama NIK Hubungan Umur 1 I Made Satu 5107041203900042" in teks
    assert "3 <b>x</b>" in teks
    assert surat.tanda().count("/Caption") == 1
    assert surat.tanda().count("/TH") == 2 + 5 + 3


def test_long_table_repeats_its_header_and_breaks_no_row(cetak):
    nama = "I Gusti Ngurah Agung Nama Panjang Sekali Akhir"
    surat = cetak(isi=[TABEL | {"baris": [[nama, "5107041203900042", "Anak", "44"]] * 30}])

    assert surat.jumlah == 2
    assert surat.halaman_dari("No. Nama NIK Hubungan Umur") == [1, 2]
    for n in (1, 2):
        assert surat.halaman(n).count("Gusti") == surat.halaman(n).count("Akhir") > 3


def test_tree_is_a_list_in_lists():
    baris = [
        {"tingkat": 1, "teks": "A"},
        {"tingkat": 2, "teks": "B"},
        {"tingkat": 4, "teks": "C"},
        {"tingkat": 2, "teks": "D"},
        {"tingkat": 1, "teks": "E"},
    ]

    def ringkas(cabang):
        return [(c["teks"], ringkas(c["anak"])) for c in cabang]

    assert ringkas(kertas.cabang(baris)) == [("A", [("B", [("C", [])]), ("D", [])]), ("E", [])]
    assert ringkas(kertas.cabang([{"tingkat": 3, "teks": "X"}, {"tingkat": 1, "teks": "Y"}])) == [
        ("X", []),
        ("Y", []),
    ]


def test_tree_is_printed_with_its_levels(cetak):
    baris = [{"tingkat": n, "teks": f"Keturunan {n}"} for n in (1, 2, 3, 4, 5, 6)]
    surat = cetak(isi=[{"macam": "pohon", "kunci": "p", "baris": baris}])

    assert "– Keturunan 1 – Keturunan 2 – Keturunan 3" in surat.halaman(1)
    assert (surat.tanda().count("/L"), surat.tanda().count("/LI")) == (6, 6)


def test_letters_from_before_are_printed_still(cetak):
    lama = data(isi=["Alinea lama <b>tebal</b>."])
    for kunci in ("tata", "tanda_air", "pemegang", "menyatakan", "saksi", "mengetahui", "tembusan"):
        del lama[kunci]
    lama |= {"kertas": "A4", "kop": {"baris": ["Desa Contoh"], "alamat": ""}}

    byte, jumlah = pdf.buat(lama)

    assert (jumlah, b"%PDF-1.7" in byte[:10]) == (1, True)
    assert "Alinea lama <b>tebal</b>." in pdf.html(lama)
    assert "size: 210mm 297mm" in kertas.gaya(lama)


def test_letter_that_replaces_another_says_so(cetak):
    surat = cetak(
        menggantikan={"nomor": "1/A/2026", "tanggal": "1 November 2026"},
        berlaku_sampai="21 Februari 2027",
    )

    assert (
        "Surat ini menggantikan surat Nomor 1/A/2026 tanggal 1 November 2026, yang tidak berlaku "
        "lagi. Surat ini berlaku sampai dengan tanggal 21 Februari 2027. Demikian"
    ) in surat.halaman(1)


# --- The end of a letter of the village --------------------------------------------------------


def test_signature_is_read_before_holder_and_check_code(cetak):
    surat = cetak(pemegang="Ni Luh Pemegang", tembusan=["Camat Contoh", "Arsip"])

    urut = (
        "Demikian surat ini dibuat.",
        "Contoh, 23 November 2026",
        "Perbekel Contoh,",
        "I Nyoman Perbekel",
        "Pemegang surat,",
        "Ni Luh Pemegang",
        "ABCDE-FGHJK",
        "Periksa keaslian surat ini: pindai kode QR",
        "Tembusan:",
        "Arsip",
    )
    letak = [surat.dibaca().index(teks) for teks in urut]
    assert letak == sorted(letak)
    assert "1. Camat Contoh 2. Arsip" in surat.halaman(1)
    assert "elektronik" not in surat.dibaca()


def test_kelian_stands_left_of_the_signature_and_camat_below(cetak):
    surat = cetak(mengetahui=[KELIAN, CAMAT])

    teks = surat.halaman(1)
    assert "Mengetahui, Contoh, 23 November 2026 Kelian Banjar Dinas Satu, Perbekel Contoh," in teks
    assert "I Ketut Kelian I Nyoman Perbekel" in teks
    assert f"Mengetahui, Camat Contoh, {TITIK}" in teks


def test_kelian_has_a_place_beside_the_holder_too(cetak):
    surat = cetak(mengetahui=[KELIAN], pemegang="Ni Luh Pemegang")

    assert "Ni Luh Pemegang I Nyoman Perbekel" in surat.halaman(1)
    assert "Kelian Banjar Dinas Satu, I Ketut Kelian" in surat.dibaca()


def test_witnesses_have_lines_to_sign_on_and_unknown_ones_to_be_named_on(cetak):
    surat = cetak(saksi=["I Made Saksi", ""])

    dotted = "………………………………………………"
    assert f"Saksi-saksi: 1. I Made Saksi {GARIS} 2. {dotted} {GARIS}" in surat.halaman(1)


@pytest.mark.parametrize("baris", range(30, 46, 2))
def test_end_stays_together_and_never_stands_alone(cetak, baris):
    """Whatever the length of the letter: the page with the signature has two lines before it."""
    surat = cetak(
        isi=[alinea(f"Baris {n} dari isi.") for n in range(baris)], pemegang="Ni Luh Pemegang"
    )

    akhir = [
        surat.halaman_dari(teks)
        for teks in ("23 November 2026", "Pemegang surat,", "I Nyoman Perbekel", "ABCDE-FGHJK")
    ]
    assert akhir == [[surat.jumlah]] * 4
    sebelum = surat.halaman(surat.jumlah).split("Contoh, 23 November")[0]
    assert "Demikian surat ini dibuat." in sebelum
    assert f"Baris {baris - 1} dari isi." in sebelum


# --- The end of a statement --------------------------------------------------------------------

PERNYATAAN = {"naskah": "pernyataan", "judul": "SURAT PERNYATAAN CONTOH"}


def test_one_maker_signs_on_a_place_for_the_meterai_and_the_village_only_knows(cetak):
    surat = cetak(
        **PERNYATAAN,
        menyatakan={"orang": ["Ni Made Pembuat"], "meterai": True},
        mengetahui=[KELIAN, CAMAT],
        saksi=["", ""],
    )

    urut = (
        "Contoh, 23 November 2026",
        "Yang membuat pernyataan,",
        "Meterai",
        "Rp10.000",
        "Ni Made Pembuat",
        "ABCDE-FGHJK",
        "Saksi-saksi:",
        "Mengetahui,",
        "Perbekel Contoh,",
        "I Nyoman Perbekel",
        "Kelian Banjar Dinas Satu,",
        "I Ketut Kelian",
        "Camat Contoh,",
    )
    letak = [surat.dibaca().index(teks) for teks in urut]
    assert letak == sorted(letak)
    assert "Kelian Banjar Dinas Satu, Perbekel Contoh," in surat.halaman(surat.jumlah)


@pytest.mark.parametrize("meterai", [True, False])
def test_several_makers_sign_on_numbered_lines_with_one_meterai(cetak, meterai):
    orang = ["I Made Satu", "Ni Luh Dua", "I Komang Tiga"]
    surat = cetak(**PERNYATAAN, menyatakan={"orang": orang, "meterai": meterai})

    teks = surat.halaman(1)
    assert teks.count("Meterai") == meterai
    assert all(f"{n}. {nama}" in teks for n, nama in enumerate(orang, start=1))
    assert teks.count(GARIS) == 3


def test_maker_without_a_name_gets_a_dotted_line(cetak):
    for orang in ([""], []):
        surat = cetak(**PERNYATAAN, menyatakan={"orang": orang, "meterai": False})

        assert f"Yang membuat pernyataan, {TITIK}" in surat.dibaca()


def test_village_alone_knows_of_a_statement_at_the_right(cetak):
    surat = cetak(**PERNYATAAN, menyatakan={"orang": ["Ni Made"], "meterai": True})

    assert "Mengetahui, Perbekel Contoh, I Nyoman Perbekel" in surat.halaman(1)
    letak = {b for b in surat.kotak() if b[1] > 100}
    assert min(b[0] for b in letak if b[1] > max(x[1] for x in letak) - 5) > 215 / 2


def test_many_makers_are_divided_between_pages_but_no_line_is(cetak):
    orang = [f"Ahli Waris {n}." for n in range(1, 31)]
    surat = cetak(**PERNYATAAN, menyatakan={"orang": orang, "meterai": True}, mengetahui=[KELIAN])

    assert surat.jumlah == 2
    assert "1. Ahli Waris 1." in surat.halaman(1)
    for n in (1, 2):
        assert surat.halaman(n).count("Ahli Waris") == surat.halaman(n).count(GARIS) > 0
    assert surat.halaman_dari("I Ketut Kelian") == surat.halaman_dari("I Nyoman Perbekel") == [2]


# --- Pages -------------------------------------------------------------------------------------

PANJANG = [alinea("Kalimat yang cukup panjang untuk satu baris penuh di atas kertas. " * 60)]


def test_page_two_names_the_letter_and_nothing_reads_that_aloud(cetak):
    surat = cetak(isi=PANJANG)

    assert surat.jumlah == 2
    kepala = surat.halaman(2)[:80]
    for kata in ("SURAT KETERANGAN CONTOH", "Nomor 400.12.2.1/007/X/2026", "Halaman 2 dari 2"):
        assert kata in kepala
    assert surat.halaman(1).endswith("Halaman 1 dari 2")
    assert "·" not in surat.dibaca()
    assert "Halaman" not in surat.dibaca()
    # Header and number are marked as furniture, not as text that somebody forgot in the tree.
    arus = surat.pdf.pages[1].Contents.read_bytes()
    assert arus.count(b"/Artifact\nBMC\n/a1.0 gs") == 2
    nomor = [
        len([x for x in larik if x is None])
        for larik in list(surat.pdf.Root.StructTreeRoot.ParentTree.Nums)[1::2]
    ]
    assert nomor == [1, 3]  # the header has two lines


def test_one_page_has_neither_header_nor_number(cetak):
    assert "Halaman" not in cetak().halaman(1)


def test_long_title_and_number_fit_above_page_two(cetak):
    surat = cetak(isi=PANJANG, judul="SURAT " + "KETERANGAN PANJANG " * 6, nomor="9" * 120)

    atas = min(kotak[1] for kotak in surat.kotak(2))
    badan = surat.halaman(2).split("Halaman 2 dari 2")[1]
    assert atas > 3
    assert badan.count("9") == 0 or "9" * 20 not in badan[:400]


@pytest.mark.parametrize(
    ("kertas_", "margin", "ukuran"),
    [
        ("F4", [15, 22, 22, 28], (215, 330)),
        ("A4", [25, 20, 30, 35], (210, 297)),
        ("F4", [5, 5, 12, 5], (215, 330)),
    ],
)
def test_nothing_stands_in_the_margins(cetak, kertas_, margin, ukuran):
    surat = cetak(
        tata={"kertas": kertas_, "margin": margin},
        kop={"aksara": AKSARA, "lambang_uri": perisai()},
        isi=[
            alinea("https://contoh.id/" + "a" * 200),
            alinea("9" * 150),
            {"macam": "rincian", "baris": [["Label " * 9, "W" * 90]]},
            TABEL | {"baris": [["W" * 60, "1" * 30, "X" * 40, "100 tahun lebih"]]},
            {"macam": "butir", "angka": True, "butir": ["M" * 120]},
            {"macam": "pohon", "baris": [{"tingkat": 1, "teks": "N" * 130}]},
        ],
        pemegang="P" * 60,
        ttd={"nama": "Q" * 60},
        tembusan=["R" * 120],
    )

    atas, kanan, bawah, kiri = margin
    lebar, tinggi = ukuran
    assert surat.ukuran() == ukuran
    for satu in surat.kotak(1):
        assert kiri - 0.5 <= satu[0] < satu[2] <= lebar - kanan + 0.5
        assert atas - 2 <= satu[1]  # boxes of words are higher than their letters
        assert satu[3] <= tinggi - bawah or satu[3] <= tinggi - 4  # text, or the number of the page


@pytest.mark.parametrize(("huruf", "nama"), [("ARIMO", "Surat"), ("TINOS", "Surat-Tinos")])
def test_letter_is_set_in_the_chosen_type_embedded_in_part(cetak, huruf, nama):
    surat = cetak(tata={"huruf": huruf}, kop={"aksara": AKSARA})

    fon = surat.huruf()
    assert set(fon) == {nama, f"{nama}-Bold", "Surat-Aksara", "Surat-Aksara-Bold"}
    besar = [len(u.FontFile2.read_bytes()) for u in fon.values()]
    assert max(besar) < 45_000  # the files themselves have 80 KB and more


def test_size_of_type_is_followed(cetak):
    kecil, besar = (cetak(tata={"ukuran": u}).kotak() for u in ("11", "12"))

    assert besar[-1][3] > kecil[-1][3]
    assert len(besar) == len(kecil)


@pytest.mark.parametrize(
    "tata",
    [
        {"kertas": "F4; } body { display: none"},
        {"huruf": 'x"; } @import "http://contoh.invalid/'},
        {"ukuran": "11pt; color: red"},
        {"margin": ["1mm; } *", 1, 1, 1]},
    ],
)
def test_frozen_data_never_becomes_css(tata):
    with pytest.raises((KeyError, ValueError)):
        kertas.gaya(data(tata=tata))


# --- Watermark ---------------------------------------------------------------------------------


def _abu(surat: Kertas) -> int:
    """How much of the first page is light grey."""
    return sum(215 <= x <= 240 for x in surat.gambar().tobytes())


@pytest.mark.parametrize(
    ("tanda", "kalimat"),
    [("CONTOH", "CONTOH — bukan surat sah"), ("DRAF", "DRAF — belum surat, belum bernomor")],
)
def test_watermark_is_drawn_on_every_page_and_said_in_words_once(cetak, tanda, kalimat):
    polos, surat = cetak(), cetak(tanda_air=tanda, isi=PANJANG)

    assert _abu(surat) > _abu(polos) + 3000
    assert sum(215 <= x <= 240 for x in surat.gambar(2).tobytes()) > 3000
    assert surat.dibaca().count(kalimat) == 1
    assert surat.dibaca().count(tanda) == 1 + (tanda == "CONTOH") * 4  # the village is called so
    # Behind the text, light enough to read through.
    assert min(surat.gambar().tobytes()) < 60


def test_letter_without_watermark_says_nothing(cetak):
    surat = cetak()

    assert "bukan surat" not in surat.dibaca()
    assert "/Pattern" not in surat.pdf.pages[0].Resources or not list(
        surat.pdf.pages[0].Resources.Pattern
    )


def test_preview_without_number_and_check_code(cetak):
    surat = cetak(tanda_air="DRAF", contoh=True, nomor="", kode_cek="", url_cek="")

    assert "Nomor: ………" in surat.halaman(1)
    assert "Periksa keaslian" not in surat.halaman(1)
    assert "CONTOH — bukan surat sah" in surat.dibaca()
    assert surat.pdf.pages[0].get_images() == {}


# --- The file ----------------------------------------------------------------------------------


def test_same_letter_same_bytes_in_another_process_too():
    surat = data(kop={"aksara": AKSARA, "lambang_uri": perisai()}, tanda_air="CONTOH", isi=PANJANG)

    pertama, _ = pdf.buat(surat)
    kedua, _ = pdf.buat(surat)
    pdf._mesin.cache_clear()
    ketiga, _ = pdf.buat(surat)

    assert pertama == kedua == ketiga


def test_page_is_light_even_with_the_heaviest_emblem(cetak):
    acak = random.Random(7)
    gambar = Image.frombytes("RGB", (900, 900), acak.randbytes(900 * 900 * 3))
    keluar = BytesIO()
    gambar.save(keluar, "PNG")
    berat = lambang.alamat(lambang.bersihkan(keluar.getvalue()).png)

    surat = cetak(
        kop={"aksara": AKSARA, "lambang_uri": berat},
        tanda_air="CONTOH",
        isi=[TABEL, alinea("Jarang: Ñandø Æsir łódź žluťoučký kůň.")],
        pemegang="Ni Luh",
    )

    assert surat.jumlah == 1
    assert len(surat.byte) <= MAKS_BYTE


def test_emblem_and_paper_keep_pdf_standards(cetak):
    surat = cetak(kop={"aksara": AKSARA, "lambang_uri": perisai()})

    assert str(surat.pdf.Root.Lang) == "id"
    assert b"/Interpolate true" not in surat.byte
    assert b"pdfuaid" in surat.pdf.Root.Metadata.read_bytes()
    assert all("/Alt" in u for u in surat.unsur() if u.get("/S") == "/Figure")
    assert surat.pdf.pages[0].get("/Annots") is None


def test_style_of_a_look_is_parsed_once():
    mesin = pdf._mesin()
    mesin.lembar_gaya.cache_clear()

    for _ in range(3):
        pdf.buat(data())
    pdf.buat(data(tata={"kertas": "A4"}))

    # The paper itself, and two looks of it.
    assert mesin.lembar_gaya.cache_info().misses == 3
