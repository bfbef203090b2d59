"""Files as programs and people really make them: each does the right thing."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from penduduk.impor import langkah
from penduduk.models import BarisImpor, Impor, Keluarga, Penduduk
from tests.halaman import kata, kirim, sebagai
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import kalimat, orang

pytestmark = pytest.mark.django_db
H = BarisImpor.Hasil
BERKAS = Path(__file__).with_name("berkas")


def periksa(nama: str) -> Impor:
    return contoh.periksa((BERKAS / nama).read_bytes(), nama=nama)


def menurut_nama(impor: Impor) -> dict[str, BarisImpor]:
    return {satu.nama: satu for satu in impor.baris.all()}


@pytest.mark.parametrize("nama", ["judul-baris-13.xlsx", "pipa.csv", "rumus-teks.csv"])
def test_header_far_down_other_separators_and_formula_text_are_read(nama):
    impor = periksa(nama)

    assert impor.jumlah == {"BARU": 2}
    assert impor.baris.order_by("pk").last().perubahan["nik"] == [None, "5107040304900402"]
    assert impor.baris.order_by("pk").last().perubahan["no_kk"] == [None, "5107040101149901"]


def test_titles_of_siak_are_known():
    impor = periksa("judul-siak.xlsx")

    baris = impor.baris.get()
    assert baris.hasil == H.BARU
    assert baris.perubahan["nama"] == [None, "I Siak Contoh"]
    assert baris.perubahan["tanggallahir"] == [None, "1990-04-03"]
    assert baris.perubahan["sex"] == [None, 1]
    assert "Kolom dusun tidak ada, jadi banjar tidak diisi." in impor.catatan


def test_numbers_in_every_dress_are_read_or_told():
    baris = menurut_nama(periksa("nik-aneh.xlsx"))

    for nama, ekor in {
        "B1": "0101",
        "B2": "0102",
        "B3": "0103",
        "B5": "0105",
        "B8": "0107",
    }.items():
        assert (baris[nama].hasil, baris[nama].perubahan["nik"][1]) == (
            H.BARU,
            f"510704030490{ekor}",
        )
    assert baris["B4"].hasil == H.RAGU  # the letter O
    assert baris["B4"].perubahan["nik"][1] == "5107040304900104"
    assert {baris[n].hasil for n in ("B6", "B7")} == {H.DITOLAK}
    assert {baris[n].hasil for n in ("B11", "B17")} == {H.BENTROK}
    assert "lebih dari satu nomor" in kalimat(baris["B17"])["nik"]
    assert {baris[n].hasil for n in ("B12", "B13", "B14")} == {H.BARU}


def test_rt_has_one_form_and_a_family_agrees_with_itself():
    impor = periksa("rt-beragam.xlsx")

    assert impor.jumlah == {"BARU": 6}
    contoh.terapkan(impor)
    assert set(Keluarga.objects.values_list("no_kk", "rt", "rw")) == {
        ("5107040101149931", "001", ""),
        ("5107040101149932", "001", ""),
        ("5107040101149933", "002", "001"),
        ("5107040101149934", "001", ""),
    }


def test_dates_in_every_dress_are_read_or_told():
    impor = periksa("tgl-aneh.xlsx")
    baris = menurut_nama(impor)

    lahir = {nama: satu.perubahan.get("tanggallahir") for nama, satu in baris.items()}
    salah = {"A2", "A3", "A5", "A6", "A7", "A15", "A21"}
    assert {nama for nama, isi in lahir.items() if isi != [None, "1990-04-03"]} == salah
    assert {baris[nama].hasil for nama in salah} == {H.RAGU}
    assert "Hanya tahunnya yang tertulis: “1990”" in baris["A5"].catatan[0]["kalimat"]


def test_what_the_nik_proves_is_mended_for_all_rows_by_one_choice(admin_desa):
    impor = periksa("tgl-bulan-tertukar.xlsx")
    meja = sebagai(admin_desa)
    alamat = f"/kelola/penduduk/impor/{impor.pk}/change/"
    assert impor.jumlah == {"RAGU": 2}
    assert "2 isian terbukti salah oleh NIK" in kata(meja.get(alamat))
    assert "2 baris · Tanggal lahir. Menurut NIK …; di berkas berbeda." in kata(meja.get(alamat))

    kirim(meja, meja.get(alamat), "Betulkan semuanya menurut NIK")
    contoh.antrean.kerjakan_yang_menunggu()

    impor.refresh_from_db()
    assert impor.jumlah == {"BARU": 2}
    assert "2 isian sudah dibetulkan menurut NIK" in kata(meja.get(alamat))
    contoh.terapkan(impor)
    assert [str(o.tanggal_lahir) for o in Penduduk.objects.order_by("nik")] == [
        "1990-04-03",
        "1985-05-09",
    ]


def test_year_alone_and_wrong_sex_are_mended_where_the_nik_proves_them():
    impor = contoh.periksa(
        contoh.xlsx(
            orang(1, tanggallahir="1990"),
            orang(2, tanggallahir="00-00-1990"),
            orang(3, sex=2),
            orang(4, tanggallahir="01-01-1950"),
        )
    )
    langkah.betulkan(impor, ya=True, mulai=impor.diunggah_pada)
    contoh.antrean.kerjakan_yang_menunggu()

    baris = list(impor.baris.order_by("pk"))
    assert [satu.perubahan["tanggallahir"][1] for satu in baris] == [
        "1990-03-12",
        "1990-03-12",
        "1990-03-12",
        "1950-01-01",
    ]
    assert baris[2].perubahan["sex"] == [None, 1]
    assert baris[3].hasil == H.RAGU


def test_hidden_rows_columns_and_sheets_are_told():
    wb = contoh.buku(
        ("Data Penduduk", contoh.tabel([orang(1), orang(2), orang(3)])),
        ("Simpanan", contoh.tabel([orang(4)])),
    )
    lembar = wb["Data Penduduk"]
    for nomor in (2, 3):
        lembar.row_dimensions[nomor].hidden = True
    lembar.column_dimensions["G"].hidden = True
    lembar.column_dimensions["AZ"].hidden = True
    wb["Simpanan"].sheet_state = "hidden"

    impor = contoh.periksa(contoh.isi_buku(wb))

    assert impor.total == 4
    assert impor.catatan[:3] == [
        "2 baris tersembunyi di lembar “Data Penduduk” ikut dibaca.",
        "Kolom tersembunyi di lembar “Data Penduduk” ikut dibaca: nik.",
        "Lembar tersembunyi “Simpanan” ikut dibaca.",
    ]


def test_same_remark_many_times_is_one_line_that_opens_its_rows(admin_desa):
    impor = contoh.periksa(
        contoh.xlsx(*(orang(n, agama_id=f"Agama {n}") for n in range(1, 61)), orang(61, sex="x"))
    )
    meja = sebagai(admin_desa)
    alamat = f"/kelola/penduduk/impor/{impor.pk}/change/"

    assert [(satu["kolom"], satu["jumlah"]) for satu in impor.ragam] == [
        ("agama_id", 60),
        ("sex", 1),
    ]
    assert "60 baris · Agama. … bukan kode yang dikenal; dikosongkan." in kata(meja.get(alamat))
    nomor = impor.ragam[1]["nomor"]
    teks = kata(meja.get(alamat, {"ragam": nomor}))
    assert "I WAYAN CONTOH 61" in teks and "I WAYAN CONTOH 60" not in teks
    dua = kata(meja.get(alamat, {"ragam": impor.ragam[0]["nomor"], "p": 2}))
    assert "I WAYAN CONTOH 60" in dua and "I WAYAN CONTOH 61" not in dua


def test_file_where_every_row_is_doubtful_is_applied_on_purpose():
    impor = contoh.periksa(contoh.xlsx(*(orang(n, agama_id=77) for n in range(1, 4))))
    assert impor.jumlah == {"RAGU": 3}

    with pytest.raises(langkah.LangkahTidakSah, match="Sertakan baris yang meragukan"):
        contoh.terapkan(impor, ikut_ragu=False)
    contoh.terapkan(impor, ikut_ragu=True)

    assert Penduduk.objects.count() == 3


def test_formula_without_a_result_is_told_and_a_text_in_it_is_read():
    wb = openpyxl.load_workbook(io.BytesIO(contoh.xlsx(orang(1), orang(2))))
    lembar = wb.active
    lembar["G2"] = '="5107041203909901"'
    lembar["G3"] = "=A1&B1"

    baris = list(contoh.periksa(contoh.isi_buku(wb)).baris.order_by("pk"))

    assert baris[0].perubahan["nik"] == [None, "5107041203909901"]
    assert baris[1].hasil == H.BENTROK
    assert "Rumus di sel ini" in kalimat(baris[1])["nik"]


def test_date_that_excel_made_of_a_text_is_shown_as_a_day_and_doubtful():
    baris = contoh.periksa(contoh.xlsx(orang(1, alamat=datetime.date(2026, 2, 1)))).baris.get()

    assert (baris.hasil, baris.perubahan["alamat"]) == (H.RAGU, [None, "01-02-2026"])


@pytest.mark.parametrize("nama", ["CONTOH 1", "BTN III", "PERUM PT. BALI RT 3", "Bugbug Kaler"])
def test_names_of_places_keep_their_letters(nama):
    impor = contoh.periksa(contoh.xlsx(orang(1, dusun=f"DUSUN {nama}", tempatlahir=nama)))

    assert impor.baris.get().perubahan["dusun"] == [None, nama]
    assert impor.baris.get().perubahan["tempatlahir"] == [None, nama]
