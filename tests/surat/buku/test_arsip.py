"""The register of former years: understood as it was written, looked at, kept, and never ours."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from penduduk.models import Akun
from surat.models import ArsipSurat, BukuNomor, EntriBuku, Surat
from tests import factories
from tests.halaman import kata, kirim, sebagai
from tests.penduduk.impor.contoh import buku, isi_buku

pytestmark = pytest.mark.django_db
ALAMAT = "/kelola/surat/arsipsurat/"
JUDUL = "No,Nomor Surat,Tanggal,Jenis Surat,Nama Penduduk,NIK,Ditandatangani oleh".split(",")
BARIS = [
    [1, "400/01/2019", date(2019, 3, 4), "Usaha", "Ni Made Arsip", "5107010101800001", "Kades"],
    [2, "400/02/2019", "31 Pebruari 2019", "Domisili", "I Ketut Arsip", "", "Kades"],
    [3, "400/03/2020", "5-1-2020", "Usaha", "I Nyoman Arsip", "", ""],
    [4, "", "6-1-2020", "Usaha", "Tanpa nomor", "", ""],
]


@pytest.fixture
def operator(db) -> Akun:
    return factories.buat_operator()


def lembar(*baris: list, judul: list[str] = JUDUL) -> SimpleUploadedFile:
    kepala = [["BUKU AGENDA SURAT KELUAR"], [], judul]
    isi = isi_buku(buku(("2019", [*kepala, *(baris or BARIS)])))
    return SimpleUploadedFile("register.xlsx", isi)


def muat(orang: Client, berkas: SimpleUploadedFile | None = None):
    return orang.post(f"{ALAMAT}add/", {"berkas": berkas or lembar()})


def simpan(orang: Client, aksi: str = "simpan"):
    muatan = ArsipSurat.objects.order_by("-pk").first().muatan
    return orang.post(f"{ALAMAT}muatan/{muatan}/", {"aksi": aksi}, follow=True)


def test_dry_run_says_what_was_understood_and_keeps_nothing(operator):
    orang = sebagai(operator)

    teks = muat(orang).text

    assert "3 baris terbaca" in teks and "1 baris tanpa nomor surat" in teks
    assert "1 baris di atas judul kolom" in teks
    assert "31 Pebruari 2019" in teks and "Tanggalnya tidak terbaca" in teks
    assert "Ni Made Arsip" not in orang.get(ALAMAT).text
    assert not ArsipSurat.objects.filter(sah=True).exists()


def test_rows_are_kept_as_written_and_found_without_nik(operator):
    orang = sebagai(operator)
    muat(orang)
    assert "3 baris masuk arsip" in simpan(orang).text

    satu, aneh, _ = ArsipSurat.objects.order_by("baris")
    assert (satu.nomor, str(satu.tanggal), satu.perihal) == ("400/01/2019", "2019-03-04", "Usaha")
    assert satu.keterangan == "Ditandatangani oleh: Kades"
    assert (aneh.tanggal, aneh.tanggal_tertulis) == (None, "31 Pebruari 2019")
    assert not any("5107010101800001" in str(b) for b in ArsipSurat.objects.values_list())
    temuan = orang.get(ALAMAT, {"q": "ketut"}).text
    assert "400/02/2019" in temuan and "400/01/2019" not in temuan


@pytest.mark.parametrize("kata", ["No. KTP", "NIK / No. KTP", "Nomor Induk Kependudukan"])
def test_nik_under_another_heading_is_not_kept(operator, kata):
    muat(sebagai(operator), lembar(judul=[kata if satu == "NIK" else satu for satu in JUDUL]))

    isi = " ".join(ArsipSurat.objects.values_list("keterangan", flat=True))
    assert "Kades" in isi and "5107010101800001" not in isi


@pytest.mark.parametrize(
    ("ditulis", "disimpan"),
    [
        ("NIK 5107010101800001, lunas", "NIK [NIK], lunas"),
        ("KK 5107 0101 0180 0001", "KK [NIK]"),
        ("a.n. 510701-010180-0001", "a.n. [NIK]"),
        ("51.07.01.410180.0001", "[NIK]"),
        ("NIP 196512311990031001", "NIP 196512311990031001"),
        ("03-04-2019 s.d. 05-04-2019", "03-04-2019 s.d. 05-04-2019"),
        ("03-04-2019 05-04-2019", "03-04-2019 05-04-2019"),
        ("20190304-20190405", "20190304-20190405"),
        ("30.11.2026 05.06.2027", "30.11.2026 05.06.2027"),
    ],
)
def test_nik_inside_a_remark_is_blotted(operator, ditulis, disimpan):
    muat(sebagai(operator), lembar([1, "470/9", "5-1-2020", "", "I Made", "", ditulis]))

    assert ArsipSurat.objects.get().keterangan == f"Ditandatangani oleh: {disimpan}"


def test_likeliest_column_is_the_number_and_the_other_is_kept(operator):
    judul = ["KODE SURAT", "NOMOR SURAT", "TANGGAL", "TGL KIRIM", "KETERANGAN"]

    muat(
        sebagai(operator), lembar(["S-14", "470/9", "5-1-2020", "6-1-2020", "x" * 400], judul=judul)
    )

    satu = ArsipSurat.objects.get()
    assert (satu.nomor, satu.tanggal_tertulis) == ("470/9", "5-1-2020")
    assert satu.keterangan == f"KODE SURAT: S-14; TGL KIRIM: 6-1-2020; {'x' * 400}"


def test_day_that_excel_counts_is_shown_as_a_day_and_rows_without_one_come_last(operator):
    orang = sebagai(operator)
    muat(
        orang,
        lembar([1, "470/1", 45667, "Usaha", "Satu", "", ""], [2, "470/2", "?", "", "x", "", ""]),
    )
    simpan(orang)

    teks = kata(orang.get(ALAMAT))

    assert "10-01-2025" in teks and "45667" not in teks
    assert teks.index("470/1") < teks.index("470/2")


def test_same_file_again_adds_nothing(operator):
    orang = sebagai(operator)
    muat(orang)
    simpan(orang)

    teks = muat(orang, lembar(*BARIS, [5, "400/04/2020", "7-1-2020", "Usaha", "Baru", "", ""])).text
    simpan(orang)

    assert "1 baris terbaca" in teks and "3 baris lain sudah ada" in teks
    assert ArsipSurat.objects.filter(sah=True).count() == 4


def test_two_dry_runs_of_one_file_are_kept_once(operator):
    orang = sebagai(operator)
    muat(orang)
    muat(orang)
    pertama, kedua = ArsipSurat.objects.values_list("muatan", flat=True).distinct()

    for muatan in (pertama, kedua, pertama):
        orang.post(f"{ALAMAT}muatan/{muatan}/", {"aksi": "simpan"})

    assert ArsipSurat.objects.count() == ArsipSurat.objects.filter(sah=True).count() == 3


def test_what_was_loaded_wrongly_can_be_taken_out_as_a_whole_only(operator):
    orang = sebagai(operator)
    muat(orang)
    simpan(orang)
    satu = ArsipSurat.objects.first()

    assert "Seluruh muatan" in orang.get(f"{ALAMAT}{satu.pk}/change/").text
    assert orang.post(f"{ALAMAT}{satu.pk}/change/", {"nomor": "lain"}).status_code == 403
    assert orang.post(f"{ALAMAT}{satu.pk}/delete/", {"post": "yes"}).status_code == 403
    jawab = simpan(orang, "buang")
    assert "3 baris yang sudah di arsip akan dihapus" in kata(jawab)
    assert ArsipSurat.objects.count() == 3
    kirim(orang, jawab, "Ya, hapus 3 baris")

    assert not ArsipSurat.objects.exists()


def test_archive_moves_no_book_and_the_public_check_does_not_vouch_for_it(operator):
    def kita() -> list[int]:
        return [t.objects.count() for t in (Surat, EntriBuku, BukuNomor)]

    sebelum, orang = kita(), sebagai(operator)
    muat(orang, lembar([1, "ABCDE23456", "5-1-2020", "Usaha", "I Nyoman Arsip", "", ""]))
    simpan(orang)

    jawab = Client().get("/cek/ABCDE23456/")

    assert kita() == sebelum
    assert "I Nyoman Arsip" not in jawab.text and "tidak" in jawab.text.lower()
    assert "400/01/2019" not in orang.get("/kelola/surat/catatanagenda/", {"tahun": ""}).text


@pytest.mark.parametrize(
    ("isi", "kata"),
    [
        (b"nomor surat,tanggal\n1,2\n", "bukan Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\3\4rusak", "rusak"),
        (isi_buku(buku(("A", [["Harga", "Barang"], [1, 2]]))), "Tidak ada baris"),
    ],
)
def test_what_is_no_register_is_refused_with_a_way_on(operator, isi, kata):
    jawab = muat(sebagai(operator), SimpleUploadedFile("x.xlsx", isi))

    assert kata in jawab.text and not ArsipSurat.objects.exists()


def test_only_staff_who_may_load_can_and_all_of_them_may_read(db):
    perbekel = factories.buat_perbekel()

    assert muat(sebagai(perbekel)).status_code == 403
    assert "Hanya untuk dicari" in sebagai(perbekel).get(ALAMAT).text
