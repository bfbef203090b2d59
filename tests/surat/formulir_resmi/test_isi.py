"""Who is meant on a form, what is left to the pen, and what fits into boxes."""

import pytest

from surat.peraga.surat import Ukuran
from tests import factories
from tests.surat.formulir_resmi.bahan import (
    bidang,
    dari_register,
    formulir,
    kolom,
    sumber,
)

pytestmark = pytest.mark.django_db
NAMA = "I Gusti Ngurah Contoh Wiryawan Kusumanegara Adiputra Nararya"  # sixty letters


def test_birth_is_about_the_child_and_its_parents():
    dari = sumber("kelahiran", {"nama_anak": "Ni Komang Contoh", "tgl_lahir": "2026-11-09"})
    satu = formulir("f201a", dari)

    assert bidang(satu, "Nama", 1)["nilai"] == ["NI KOMANG CONTOH"]  # Data subjek akta
    assert bidang(satu, "Nama Ayah")["nilai"] == ["I WAYAN CONTOH"]
    assert bidang(satu, "Nama Ibu")["nilai"] == ["NI MADE CONTOH"]
    lahir = bidang(satu, "Hari dan tanggal lahir")
    assert (lahir["hari"], lahir["nilai"]) == ("Senin", ["09", "11", "2026"])
    assert bidang(satu, "NIK Ibu")["nilai"][0].isdigit()


def test_death_fills_only_its_own_block():
    satu = formulir("f201a", sumber("kematian"))

    assert bidang(satu, "Nama lengkap")["nilai"] == ["I NYOMAN CONTOH"]
    assert bidang(satu, "Jenis kelahiran")["nilai"] == ""
    assert bidang(satu, "Tanggal lahir mati")["nilai"] == ["", "", ""]
    assert not {k for k in satu.celah if "kelahiran" in k or "kandungan" in k}


def test_witness_of_whom_only_the_name_is_known_is_asked_for_numbers():
    dari = sumber("pengantar_kawin_nonmuslim", {"saksi_kawin1": "I Gede Contoh"})
    satu = formulir("f201b", dari)

    nama = [f for b in satu.bagian if b.get("judul") == "DATA SAKSI I" for f in b["bidang"]]
    assert nama[0]["nilai"] == ["I GEDE CONTOH"]
    assert nama[1]["nilai"] == [""]
    assert {"saksi1.nik", "saksi1.no_kk"} <= set(satu.celah)
    diisi = formulir("f201b", dari, **{"saksi1.nik": "5107040101709901"})
    assert bidang(diisi, "NIK", 3)["nilai"] == ["5107040101709901"]


@pytest.mark.parametrize(("kelamin", "suami"), [(1, "I Wayan Contoh"), (2, "Ni Made Contoh")])
def test_husband_is_the_man_of_the_two(kelamin, suami):
    dari = sumber("sudah_menikah", {"pasangan": {"pk": -2}})
    dari.penduduk[-1].jenis_kelamin = kelamin
    dari.penduduk[-2].jenis_kelamin = 3 - kelamin

    assert bidang(formulir("f105", dari), "Nama")["nilai"] == suami


def test_nobody_is_husband_while_no_sex_is_known():
    dari = sumber("sudah_menikah", {"pasangan": {"pk": -2}})
    for pk in (-1, -2):
        dari.penduduk[pk].jenis_kelamin = None

    assert bidang(formulir("f105", dari), "Nama")["nilai"] == ""


def test_parents_are_looked_up_in_the_register_by_their_number():
    ayah = factories.buat_penduduk(nama="I Nyoman Ayah", tempat_lahir="Amlapura")
    anak = factories.buat_penduduk(
        nama="I Putu Anak", nik_ayah=ayah.nik, nama_ayah="Nyoman A.", nama_ibu="Ni Ibu", shdk=4
    )
    satu = formulir("f201a", dari_register("belum_akta", anak, {"keperluan": "akta"}))

    assert bidang(satu, "Nama Ayah")["nilai"] == ["I NYOMAN AYAH"]
    assert bidang(satu, "Tempat Lahir Ayah")["nilai"] == ["AMLAPURA"]
    assert bidang(satu, "Nama Ibu")["nilai"] == ["NI IBU"]  # no number: the name alone
    assert "ibu.tempat_lahir" in satu.celah


def test_family_stands_in_its_order_without_the_dead():
    kepala = factories.buat_penduduk(nama="I Kepala", shdk=1)
    keluarga = kepala.keluarga
    factories.buat_penduduk(nama="Ni Anak", shdk=4, keluarga=keluarga)
    factories.buat_penduduk(nama="Ni Istri", shdk=3, keluarga=keluarga, jenis_kelamin=2)
    factories.buat_penduduk(nama="I Almarhum", shdk=7, keluarga=keluarga, status_dasar=2)
    satu = formulir("f101", dari_register("biodata", kepala, {}))

    assert kolom(satu, "Nama Lengkap") == ["I Kepala", "Ni Istri", "Ni Anak", "", ""]
    assert bidang(satu, "Jumlah Anggota Keluarga")["nilai"] == ["3"]
    assert bidang(satu, "Nama Kepala Keluarga")["nilai"] == ["I KEPALA"]


def test_change_of_data_prints_only_rows_that_change():
    dari = sumber("pengantar_ktp", {"alasan": "Perubahan data"})
    kosong = formulir("f106", dari)
    diisi = formulir("f106", dari, **{"tanya.pendidikan_menjadi@-1": "Diploma IV"})

    assert kolom(kosong, "Pendidikan terakhir: semula") == [""] * 5
    assert kolom(diisi, "Pendidikan terakhir: semula")[0] == "SLTA/Sederajat"
    assert kolom(diisi, "Pendidikan terakhir: menjadi")[0] == "Diploma IV"
    assert "tanya.pendidikan_menjadi@-2" not in kosong.celah  # the request is about one person


def test_long_name_takes_a_second_row_of_boxes_and_then_a_line():
    dari = sumber("biodata")
    dari.pemohon.nama = NAMA
    dua = bidang(formulir("f102", dari), "Nama Lengkap")
    dari.pemohon.nama = f"{NAMA} {NAMA}"
    garis = bidang(formulir("f102", dari), "Nama Lengkap")

    assert dua["nilai"] == ["I GUSTI NGURAH CONTOH WIRYAWAN", "KUSUMANEGARA ADIPUTRA NARARYA"]
    assert (garis["kotak"], garis["nilai"]) == ("teks", f"{NAMA} {NAMA}")


def test_number_that_is_no_number_is_written_on_a_line():
    dari = sumber("biodata")
    dari.pemohon.nik = "51070412X"

    assert bidang(formulir("f102", dari), "Nomor Induk Kependudukan")["kotak"] == "teks"


def test_what_our_fonts_cannot_print_is_left_to_the_pen():
    dari = sumber("biodata")
    dari.pemohon.nama = "陳 Contoh"
    satu = formulir("f102", dari)

    assert bidang(satu, "Nama Lengkap")["nilai"] == [""]
    assert "pemohon.nama" in satu.celah


@pytest.mark.parametrize("versi", ["2019", "2026"])
@pytest.mark.parametrize("ukuran", [Ukuran.MINIMAL, Ukuran.TERPANJANG])
@pytest.mark.parametrize(
    ("kunci", "jenis"),
    [("f101", "biodata"), ("f105", "sudah_menikah"), ("f201b", "pengantar_kawin_nonmuslim")],
)
def test_little_known_and_much_known_people_fill_a_form(kunci, jenis, ukuran, versi):
    satu = formulir(kunci, sumber(jenis, ukuran=ukuran), versi)

    assert satu.bagian and satu.tanda_tangan


def test_marriage_of_the_muslims_names_both():
    dari = sumber("nikah_muslim", {"calon": {"pk": -2}, "tgl_akad": "2026-12-07"})
    satu = formulir("n4", dari)

    assert bidang(satu, "Nama lengkap dan alias", 0)["nilai"] == "I Wayan Contoh"
    assert bidang(satu, "Nama lengkap dan alias", 1)["nilai"] == "Ni Made Contoh"
    assert bidang(satu, "Bin")["nilai"] == "I Nyoman Contoh"
    assert bidang(formulir("n2", dari), "Hari/tanggal")["hari"] == "Senin"
