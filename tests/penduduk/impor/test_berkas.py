"""Files as they come in: every kind that is read, and every kind that is not."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from penduduk.impor import berkas, kolom, xlsx
from penduduk.impor.xlsx import BerkasTidakTerbaca
from tests.penduduk.impor import contoh


def _baca(isi: bytes) -> tuple[list[berkas.Baris], berkas.Bacaan]:
    with berkas.baca(io.BytesIO(isi)) as bacaan:
        return list(bacaan.baris()), bacaan


def _nama(isi: bytes) -> list[tuple[int, str]]:
    return [(satu.nomor, satu.sel[kolom.URUT_NAMA]) for satu in _baca(isi)[0]]


def _galat(isi: bytes) -> str:
    with pytest.raises(BerkasTidakTerbaca) as galat:
        _baca(isi)
    return str(galat.value)


DUA = [(2, "I WAYAN CONTOH 1"), (3, "I WAYAN CONTOH 2")]


def test_xlsx_gives_rows_with_their_numbers_and_nothing_to_say():
    baris, bacaan = _baca(contoh.xlsx(contoh.orang(1), contoh.orang(2)))

    assert [(b.lembar, b.nomor) for b in baris] == [("", 2), ("", 3)]
    assert dict(zip(kolom.NAMA, baris[0].sel, strict=True)) == {
        nama: contoh.orang(1).get(nama) for nama in kolom.NAMA
    }
    assert (bacaan.jumlah, bacaan.catatan) == (2, [])


@pytest.mark.parametrize("pemisah", [",", ";", "\t"])
@pytest.mark.parametrize("sandi", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_with_any_separator_and_encoding(pemisah, sandi):
    isi = contoh.csv_(contoh.orang(1, tempatlahir="Dépok"), pemisah=pemisah, sandi=sandi)

    baris, _ = _baca(isi)

    assert [(b.nomor, b.sel[kolom.NAMA.index("tempatlahir")]) for b in baris] == [(2, "Dépok")]


def test_shared_strings_dates_formulas_and_booleans_are_read():
    """What Excel itself writes, by hand: openpyxl's writer knows no shared strings."""
    lembar = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>
    <c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c></row>
    <row r="3"><c r="A3" t="s"><v>5</v></c><c r="B3" t="str"><f>"a"</f><v>rumus</v></c>
    <c r="D3" t="b"><v>1</v></c><c r="E3" s="1"><v>32944</v></c></row></sheetData></worksheet>"""
    kata = ["nama", "no_kk", "nik", "dusun", "tanggallahir"]
    bersama = "".join(f"<si><t>{k}</t></si>" for k in kata) + (
        "<si><r><t>I Wayan </t></r><r><t>Contoh</t></r><rPh><t>bunyi</t></rPh></si>"
    )
    wb = openpyxl.Workbook()
    wb.active["A1"] = date(2020, 1, 1)
    asal = contoh.isi_buku(wb)
    with zipfile.ZipFile(io.BytesIO(asal)) as arsip:
        jenis = arsip.read("[Content_Types].xml").decode()
    isi = _ganti_bagian(
        asal,
        {
            "[Content_Types].xml": jenis.replace(
                "</Types>",
                '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
                'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
            ),
            "xl/worksheets/sheet1.xml": lembar,
            "xl/sharedStrings.xml": '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
            f'2006/main">{bersama}</sst>',
        },
    )

    baris, _ = _baca(isi)

    sel = dict(zip(kolom.NAMA, baris[0].sel, strict=True))
    assert baris[0].nomor == 3
    assert {k: sel[k] for k in kata} == {
        "nama": "I Wayan Contoh",
        "no_kk": "rumus",
        "nik": None,
        "dusun": True,
        "tanggallahir": date(1990, 3, 12),
    }


def _ganti_bagian(isi: bytes, baru: dict[str, str]) -> bytes:
    keluar = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(isi)) as lama, zipfile.ZipFile(keluar, "w") as tujuan:
        for nama in lama.namelist():
            tujuan.writestr(nama, baru.get(nama, lama.read(nama)))
        for nama in set(baru) - set(lama.namelist()):
            tujuan.writestr(nama, baru[nama])
    return keluar.getvalue()


def test_sheet_kode_data_is_skipped_and_every_other_sheet_is_read():
    isi = contoh.isi_buku(
        contoh.buku(
            ("Banjar A", contoh.tabel([contoh.orang(1)])),
            ("Kode Data", contoh.tabel([contoh.orang(3)])),
            ("Petunjuk", [["Isi lembar pertama"]]),
            ("Banjar B", contoh.tabel([contoh.orang(2)])),
        )
    )

    baris, bacaan = _baca(isi)

    assert [(b.lembar, b.nomor) for b in baris] == [("Banjar A", 2), ("Banjar B", 2)]
    assert bacaan.catatan == ["Lembar “Petunjuk” dilewati: tidak ada baris judul."]


def test_end_mark_in_the_second_column_ends_the_sheet():
    tabel = contoh.tabel([contoh.orang(1), contoh.orang(2), contoh.orang(3)])
    tabel[3][1] = "###"

    assert _nama(contoh.isi_buku(contoh.buku(("A", tabel)))) == DUA


def test_header_may_stand_below_a_title_and_blank_rows_are_no_rows():
    tabel = [["Data penduduk"], [], *contoh.tabel([contoh.orang(1), {}, contoh.orang(2)])]

    assert _nama(contoh.isi_buku(contoh.buku(("A", tabel)))) == [(4, DUA[0][1]), (6, DUA[1][1])]


def test_header_below_the_first_forty_rows_is_not_found():
    tabel = [["Data"]] * 40 + contoh.tabel([contoh.orang(1)])

    assert _galat(contoh.isi_buku(contoh.buku(("A", tabel)))).startswith(
        "Baris judul tidak ditemukan di 40 baris pertama."
    )


def test_columns_in_another_order_are_found_by_name_and_that_is_said():
    isi = contoh.xlsx(contoh.orang(1), judul=["NIK", *reversed(kolom.NAMA)][1:])

    baris, bacaan = _baca(isi)

    assert baris[0].sel[kolom.URUT_NIK] == contoh.nik(1)
    assert bacaan.catatan == [
        "Urutan kolom berbeda dari format OpenSID. Kolom dibaca menurut judulnya."
    ]


def test_headers_in_capitals_and_with_spaces_are_the_same():
    tabel = contoh.tabel([contoh.orang(1)])
    tabel[0] = [nama.upper().replace("_", " ") for nama in tabel[0]]

    assert _nama(contoh.isi_buku(contoh.buku(("A", tabel)))) == DUA[:1]


def test_unknown_columns_are_named_and_our_own_remarks_are_not():
    judul = (*kolom.NAMA, "Nomor Rumah", "hasil", "catatan", "baris")

    _, bacaan = _baca(contoh.xlsx(contoh.orang(1), judul=judul))

    assert bacaan.catatan == ["Kolom yang tidak dikenal dilewati: “Nomor Rumah”."]


def test_missing_columns_are_named():
    judul = [nama for nama in kolom.NAMA if nama not in ("nik", "dusun")]

    assert _galat(contoh.xlsx(contoh.orang(1), judul=judul)) == (
        "Kolom nik tidak ada. Tambahkan di baris judul, lalu unggah ulang."
    )


def test_the_same_column_twice_is_refused():
    assert _galat(contoh.xlsx(contoh.orang(1), judul=(*kolom.NAMA, "NIK"))) == (
        "Kolom nik ada dua kali. Hapus salah satunya, lalu unggah ulang."
    )


@pytest.mark.parametrize("gabung", ["A2:A3", "E3:F3", "A1:B1"])
def test_merged_cells_in_or_below_the_header_are_refused_by_range(gabung):
    wb = contoh.buku(("A", contoh.tabel([contoh.orang(1), contoh.orang(2)])))
    if gabung == "A1:B1":
        wb["A"].insert_cols(1)  # keep the header whole
    wb["A"].merge_cells(gabung)

    assert f"digabung (merge) di lembar “A”: {gabung}." in _galat(contoh.isi_buku(wb))


def test_merged_title_above_the_header_is_ignored():
    wb = contoh.buku(("A", [["Data penduduk"], *contoh.tabel([contoh.orang(1)])]))
    wb["A"].merge_cells("A1:F1")

    assert _nama(contoh.isi_buku(wb)) == [(3, DUA[0][1])]


def test_header_without_rows_is_refused():
    assert _galat(contoh.xlsx()).startswith("Tidak ada baris data di bawah baris judul.")


@pytest.mark.parametrize(
    ("isi", "awal"),
    [
        (b"", "Berkas ini kosong."),
        (b"  \n", "Berkas ini kosong."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "Berkas ini Excel lama (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"x" * 5000
            + "EncryptedPackage".encode("utf-16-le"),
            "Berkas ini dikunci kata sandi.",
        ),
        (b"%PDF-1.7\n", "Berkas ini PDF"),
        (b"\xff\xd8\xff\xe0", "Berkas ini foto"),
        (b"<html><table><tr><td>nik</td></tr></table>", "Berkas ini halaman web"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "Berkas ini halaman web"),
        (b"MZ\x00\x00\x01", "Berkas ini bukan Excel (.xlsx) atau CSV."),
        (b"PK\x03\x04 terpotong", "Berkas ini rusak"),
        (b"nama saja\nI Wayan\n", "Baris judul tidak ditemukan"),
    ],
)
def test_other_kinds_of_files_are_refused_with_a_sentence(isi, awal):
    assert _galat(isi).startswith(awal)


def _zip(**isi: bytes) -> bytes:
    keluar = io.BytesIO()
    with zipfile.ZipFile(keluar, "w", zipfile.ZIP_DEFLATED) as arsip:
        for nama, satu in isi.items():
            arsip.writestr(nama, satu)
    return keluar.getvalue()


@pytest.mark.parametrize(
    ("isi", "awal"),
    [
        ({"content.xml": b"x", "mimetype": b"x"}, "Berkas ini OpenDocument (.ods)."),
        ({"word/document.xml": b"x"}, "Berkas ini Word"),
        ({"xl/workbook.bin": b"x", "[Content_Types].xml": b"x"}, "Berkas ini Excel biner (.xlsb)."),
        ({"data.txt": b"x"}, "Berkas ini arsip ZIP"),
        ({"[Content_Types].xml": b"<x"}, "Berkas ini rusak"),
    ],
)
def test_other_archives_are_refused_with_a_sentence(isi, awal):
    assert _galat(_zip(**isi)).startswith(awal)


def test_zip_bomb_in_a_sheet_is_refused_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(xlsx.Buku, "_buka", lambda *a: pytest.fail("it was opened"))
    isi = _ganti_bagian(
        contoh.xlsx(contoh.orang(1)),
        {"xl/worksheets/sheet1.xml": "<worksheet>" + " " * 20_000_000},
    )
    isi = _mampatkan(isi)

    assert len(isi) < 100_000
    assert _galat(isi).startswith("Isi berkas ini mengembang menjadi terlalu besar")


def _mampatkan(isi: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(isi)) as arsip:
        return _zip(**{nama: arsip.read(nama) for nama in arsip.namelist()})


@pytest.mark.parametrize(
    "ubah",
    [
        {"ENTRI_MAKS": 3},
        {"TOTAL_MAKS": 1000},
        {"LEMBAR_MAKS": 100},
        {"BAGIAN_MAKS": 100},
    ],
)
def test_each_limit_on_what_a_file_unpacks_to(ubah, monkeypatch):
    for nama, batas in ubah.items():
        monkeypatch.setattr(xlsx, nama, batas)

    assert _galat(contoh.xlsx(contoh.orang(1))).startswith("Isi berkas ini mengembang")


def test_archive_that_lies_about_the_size_of_an_entry_ends_in_a_sentence():
    """zipfile reads no more of an entry than its directory says, whatever else is in there."""
    isi = bytearray(_mampatkan(contoh.xlsx(*(contoh.orang(n) for n in range(1, 50)))))
    letak = isi.rindex(b"xl/worksheets/sheet1.xml") - 46  # its line in the directory
    assert isi[letak : letak + 4] == b"PK\x01\x02"
    isi[letak + 24 : letak + 28] = (300).to_bytes(4, "little")

    assert _galat(bytes(isi)).startswith("Berkas ini rusak")


@pytest.mark.parametrize("bagian", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_are_not_expanded(bagian):
    asal = contoh.xlsx(contoh.orang(1))
    with zipfile.ZipFile(io.BytesIO(asal)) as arsip:
        teks = arsip.read(bagian).decode()
    bom = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    pisah = teks.index("?>") + 2 if teks.startswith("<?xml") else 0
    isi = _ganti_bagian(asal, {bagian: teks[:pisah] + bom + teks[pisah:].replace("Data", "&b;")})

    assert "Data" not in str(_baca_atau_galat(isi)).replace("Data Penduduk", "")


def _baca_atau_galat(isi: bytes) -> object:
    try:
        return [b.lembar for b in _baca(isi)[0] if "aaaa" not in b.lembar] or "tidak mengembang"
    except BerkasTidakTerbaca as galat:
        return galat


@pytest.mark.parametrize("nomor", ["999999999999", "1", "0", "x"])
def test_impossible_row_numbers_are_refused(nomor):
    isi = contoh.xlsx(contoh.orang(1))
    with zipfile.ZipFile(io.BytesIO(isi)) as arsip:
        teks = arsip.read("xl/worksheets/sheet1.xml").decode()
    salah = teks.replace('<row r="2"', f'<row r="{nomor}"')

    assert _galat(_ganti_bagian(isi, {"xl/worksheets/sheet1.xml": salah})).startswith(
        "Berkas ini rusak"
    )


def test_far_row_costs_nothing():
    isi = contoh.xlsx(contoh.orang(1))
    with zipfile.ZipFile(io.BytesIO(isi)) as arsip:
        teks = arsip.read("xl/worksheets/sheet1.xml").decode()
    jauh = teks.replace('<row r="2"', '<row r="1048576"')

    assert _nama(_ganti_bagian(isi, {"xl/worksheets/sheet1.xml": jauh})) == [
        (1048576, "I WAYAN CONTOH 1")
    ]


def test_unprintable_characters_of_a_header_stay_out_of_the_notes():
    isi = contoh.csv_(contoh.orang(1)).replace(b"suku,", b"su\x01asing,")

    assert _baca(isi)[1].catatan == ["Kolom yang tidak dikenal dilewati: “suasing”."]


def test_more_rows_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr(berkas, "BARIS_MAKS", 2)

    assert _galat(contoh.xlsx(*(contoh.orang(n) for n in range(1, 4)))) == (
        "Berkas ini lebih dari 2 baris. Bagi menjadi beberapa berkas."
    )


def test_health_columns_are_noticed():
    _, tanpa = _baca(contoh.xlsx(contoh.orang(1)))
    _, dengan = _baca(contoh.xlsx(contoh.orang(1, hamil=1)))

    assert (tanpa.ada_kesehatan, dengan.ada_kesehatan) == (False, True)
