"""Cells as villages write them."""

from datetime import date, datetime

import pytest

from penduduk import referensi
from penduduk.impor import kolom, sel
from penduduk.impor.sel import BarisDitolak, Terbaca

NIK = "5107041203909901"
# Without a time zone, as Excel has them.
SEL_EXCEL = datetime.fromisoformat("1990-03-12")
TERLALU_LAMA = datetime.fromisoformat("1790-01-01")


def _baca(nama: str, isi: object) -> object:
    return kolom.MENURUT_NAMA[nama].baca(isi).nilai


@pytest.mark.parametrize(
    "isi",
    [
        "12-03-1990",
        "12/03/1990",
        "12.03.1990",
        "12 03 1990",
        "12-3-1990",
        "1990-03-12",
        "1990/03/12",
        "1990-03-12 00:00:00",
        "1990-03-12T00:00:00",
        "12 Maret 1990",
        "12-Mar-1990",
        "12 MARET 1990",
        "12031990",
        "19900312",
        "'12-03-1990",
        " 12-03-1990 ",
        SEL_EXCEL,
        date(1990, 3, 12),
        32944,
        32944.0,
    ],
)
def test_dates_in_every_form_that_occurs(isi):
    assert sel.baca_tanggal(isi).nilai == "1990-03-12"


@pytest.mark.parametrize(
    ("isi", "harus"),
    [
        ("1 Mei 1988", "1988-05-01"),
        ("1 Agustus 1988", "1988-08-01"),
        ("1 Agt 1988", "1988-08-01"),
        ("1 Pebruari 1988", "1988-02-01"),
        ("1 Desember 1988", "1988-12-01"),
        ("1-Oct-1988", "1988-10-01"),
    ],
)
def test_months_by_name(isi, harus):
    assert sel.baca_tanggal(isi).nilai == harus


@pytest.mark.parametrize(
    "isi",
    [
        *("12-03-90", "12 Mar 90", "31-02-1990", "03/25/1990", "besok", "1990", 1990, "12-1990"),
        *("12-03-1790", "12-03-2190", "0-0-1990", TERLALU_LAMA, -5, 3.5, True),
    ],
)
def test_date_that_cannot_be_read_is_a_remark_and_never_1970(isi):
    terbaca = sel.baca_tanggal(isi)

    assert terbaca.nilai is None
    assert terbaca.ragu
    assert "dikosongkan" in terbaca.kalimat


def test_two_digit_year_is_named_as_such():
    assert sel.baca_tanggal("12-03-90").kalimat == (
        "Tahun hanya dua angka, abadnya tidak pasti: “12-03-90”; dikosongkan. "
        "Tulis seperti 31-12-1990."
    )


@pytest.mark.parametrize("isi", [None, "", " ", "-", "0", 0, "0000-00-00", "00-00-0000", "NULL"])
def test_empty_dates_are_empty_without_a_word(isi):
    assert sel.baca_tanggal(isi) == Terbaca()


@pytest.mark.parametrize(
    "isi",
    [NIK, f" {NIK} ", "5107 0412 0390 9901", f"'{NIK}", f"{NIK}\u200b", int(NIK), float(NIK)],
)
def test_nik_in_every_form_that_is_exact(isi):
    assert sel.baca_nik(isi) == Terbaca(NIK)


def test_nik_that_pandas_wrote_as_a_fraction():
    assert sel.baca_nik(f"{NIK}.0") == Terbaca(NIK)


@pytest.mark.parametrize(
    "isi",
    [5107041203909900, 5.10704120390990e15, "5.10704E+15", "5,10704E+15", f"{NIK[:-1]}0.0", 5.1e15],
)
def test_nik_destroyed_by_excel_is_refused_with_advice(isi):
    with pytest.raises(BarisDitolak, match="kolom berformat Teks"):
        sel.baca_nik(isi)


def test_text_nik_that_ends_in_zero_is_a_nik():
    assert sel.baca_nik("5107041203909900") == Terbaca("5107041203909900")


@pytest.mark.parametrize("isi", [None, "", "0", 0, "-", "0000000000000000"])
def test_missing_nik_is_kept_as_missing(isi):
    assert sel.baca_nik(isi) == Terbaca(None, "Belum ada NIK.", ragu=False)


def test_temporary_nik_is_kept_and_named():
    assert sel.baca_nik("0510704200100001") == Terbaca(
        "0510704200100001", "NIK sementara.", ragu=False
    )


@pytest.mark.parametrize("isi", ["510704120390", "51070412039099XX", "5107049903909901", 12345])
def test_impossible_nik_is_kept_and_doubtful(isi):
    terbaca = sel.baca_nik(isi)

    assert terbaca.nilai == str(isi)
    assert terbaca.ragu


def test_nik_too_long_for_the_register_is_left_out():
    assert sel.baca_nik(f"{NIK}7").nilai is None


def test_family_number_cut_by_excel_is_refused():
    with pytest.raises(BarisDitolak, match="Nomor KK ditulis sebagai angka"):
        sel.baca_kk(5107040101209900)


@pytest.mark.parametrize(
    ("isi", "harus"), [("5107040101209901", "5107040101209901"), ("0", None), ("51-07", "5107")]
)
def test_family_numbers(isi, harus):
    assert sel.baca_kk(isi).nilai == harus


def test_parent_nik_cut_by_excel_is_only_left_empty():
    assert sel.baca_nik_orang_tua(5107041203909900) == Terbaca(
        None, "Ditulis sebagai angka, sehingga angka terakhirnya hilang; dikosongkan."
    )


@pytest.mark.parametrize(
    ("nama", "isi", "harus"),
    [
        ("sex", 1, 1),
        ("sex", 1.0, 1),
        ("sex", "2", 2),
        ("sex", "L", 1),
        ("sex", "LK", 1),
        ("sex", "Pr", 2),
        ("sex", "P", 2),
        ("sex", "Laki-Laki", 1),
        ("sex", "PEREMPUAN", 2),
        ("agama_id", "HINDU", 4),
        ("agama_id", "KATHOLIK", 3),
        ("agama_id", "Katolik", 3),
        ("agama_id", "BUDHA", 5),
        ("agama_id", "Kepercayaan Terhadap Tuhan YME / Lainnya", 7),
        ("pendidikan_kk_id", "TAMAT SD / SEDERAJAT", 3),
        ("pendidikan_kk_id", "Tidak/Blm Sekolah", 1),
        ("pendidikan_kk_id", "Strata-II", 9),
        ("pendidikan_kk_id", "STRATA III", 10),
        ("pekerjaan_id", "NELAYAN/PERIKANAN", 11),
        ("pekerjaan_id", "Petani / Pekebun", 9),
        ("pekerjaan_id", 99, 99),
        ("pekerjaan_id", 89, 99),
        ("pekerjaan_id", "89", 99),
        ("pekerjaan_id", "LAINNYA", 99),
        ("pekerjaan_id", "Anggota Lembaga Tinggi Lainnya", 89),
        ("status_kawin", "BK", 1),
        ("status_kawin", "K", 2),
        ("status_kawin", "CH", 3),
        ("status_kawin", "CM", 4),
        ("status_kawin", "Kawin Tercatat", 2),
        ("kk_level", "KEPALA KELUARGA", 1),
        ("kk_level", "ORANGTUA", 7),
        ("warganegara_id", "WNI", 1),
        ("golongan_darah_id", "A+", 5),
        ("golongan_darah_id", "ab -", 10),
        ("golongan_darah_id", "AB", 3),
        ("golongan_darah_id", "Tdk Th", 13),
        ("status_dasar", "PINDAH DALAM NEGERI", 3),
        ("agama_id", 0, None),
        ("agama_id", "-", None),
    ],
)
def test_codes_as_number_or_text(nama, isi, harus):
    assert _baca(nama, isi) == harus


@pytest.mark.parametrize(
    ("nama", "isi"),
    [
        ("agama_id", 77),
        ("agama_id", "Lain sekali"),
        ("sex", 3),
        ("kk_level", "12"),
        ("pekerjaan_id", 100),
        ("sex", 1.5),
    ],
)
def test_unknown_code_is_left_empty_with_a_remark(nama, isi):
    terbaca = kolom.MENURUT_NAMA[nama].baca(isi)

    assert terbaca == Terbaca(None, f"“{isi}” bukan kode yang dikenal; dikosongkan.")


@pytest.mark.parametrize(
    "tabel",
    [
        "jenis_kelamin",
        "agama",
        "pendidikan",
        "pekerjaan",
        "status_perkawinan",
        "shdk",
        "kewarganegaraan",
        "golongan_darah",
        "status_dasar",
    ],
)
def test_our_own_labels_read_back_as_their_code(tabel):
    satu = next(k for k in kolom.KOLOM if k.tabel == tabel)

    assert {satu.baca(label).nilai: label for _, label in referensi.tabel(tabel)} == {
        int(kode): label for kode, label in referensi.tabel(tabel)
    }


@pytest.mark.parametrize(
    ("isi", "harus"),
    [
        ("DUSUN CONTOH SATU", "CONTOH SATU"),
        ("Dusun Contoh_Satu", "Contoh Satu"),
        ("BANJAR DINAS CONTOH", "CONTOH"),
        ("Br. Dinas Contoh", "Contoh"),
        ("Banjar Contoh", "Contoh"),
        ("BR CONTOH", "CONTOH"),
        ("Bratan", "Bratan"),
        ("0", None),
        ("-", None),
    ],
)
def test_hamlets_lose_what_stands_before_their_name(isi, harus):
    assert _baca("dusun", isi) == harus


@pytest.mark.parametrize(
    ("nama", "isi", "harus"),
    [
        ("nama", "  I   Wayan\u00a0Contoh ", "I Wayan Contoh"),
        ("nama", "Sadra", "Sadra"),
        ("alamat", "Jalan Raya\nNo. 1", "Jalan Raya No. 1"),
        ("rt", 1.0, "1"),
        ("rw", "001", "001"),
        ("lat", -8.491, "-8.491"),
        ("no_asuransi", 1234567890123, "1234567890123"),
        ("tanggal_akhir_paspor", "2030-01-31", "31-01-2030"),
        ("nama", "I Wayan\x00 Contoh", "I Wayan Contoh"),
    ],
)
def test_texts_are_kept_without_what_is_invisible(nama, isi, harus):
    assert _baca(nama, isi) == harus


def test_text_longer_than_its_field_is_cut_with_a_remark():
    terbaca = kolom.MENURUT_NAMA["nama"].baca("A" * 130)

    assert (len(terbaca.nilai), terbaca.ragu) == (100, True)


def test_there_are_43_columns_and_the_health_ones_have_no_home():
    assert len(kolom.KOLOM) == 43
    assert [k.nama for k in kolom.KOLOM if k.rumah == kolom.KESEHATAN] == [
        "cacat_id",
        "cara_kb_id",
        "hamil",
    ]


def test_error_of_a_formula_is_a_remark():
    sel_baris = [None] * 43
    sel_baris[kolom.URUT_NAMA], sel_baris[kolom.NAMA.index("agama_id")] = "I Contoh", "#N/A"

    isi = kolom.baca(sel_baris)

    assert isi.nilai == {"nama": "I Contoh"}
    assert {c["kolom"]: c["kalimat"] for c in isi.catatan}["agama_id"] == (
        "Rumus di sel ini galat (#N/A); dikosongkan."
    )


def test_row_without_a_name_is_refused():
    isi = kolom.baca([None] * 43)

    assert isi.ditolak
