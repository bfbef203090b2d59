"""From the register and the answers to the codes of a form: each trap is a row."""

import pytest

from surat.formulir_resmi import daftar
from tests.surat.formulir_resmi.bahan import bidang, dipilih, formulir, kolom, sumber

pytestmark = pytest.mark.django_db

# Column of F-1.01, what the register says of the applicant, the code on the form.
BIODATA = [
    ("Pendidikan Terakhir", {"pendidikan": 1}, "2026", "1"),
    ("Pendidikan Terakhir", {"pendidikan": 2}, "2026", ""),  # "Belum Tamat SD" has no twin
    ("Pendidikan Terakhir", {"pendidikan": 8}, "2026", ""),  # D4 or S1: nobody knows
    ("Pendidikan Terakhir", {"pendidikan": 9}, "2026", "10"),  # Strata II
    ("Pendidikan Terakhir", {"pendidikan": 10}, "2026", "11"),
    ("Pendidikan Terakhir", {"pendidikan": 8}, "2019", "8"),
    ("Pendidikan Terakhir", {"pendidikan": None}, "2026", ""),
    ("Status Perkawinan", {"status_perkawinan": 1}, "2026", "1"),
    ("Status Perkawinan", {"status_perkawinan": 2}, "2026", ""),  # registered or not?
    (
        "Status Perkawinan",
        {"status_perkawinan": 2, "kolom_lain": {"akta_perkawinan": "12/K/2015"}},
        "2026",
        "2",
    ),
    (
        "Status Perkawinan",
        {"status_perkawinan": 2, "kolom_lain": {"akta_perkawinan": "-"}},
        "2026",
        "",
    ),
    ("Status Perkawinan", {"status_perkawinan": 3}, "2026", ""),
    (
        "Status Perkawinan",
        {"status_perkawinan": 3, "kolom_lain": {"akta_perceraian": "7/C/2020"}},
        "2026",
        "4",
    ),
    ("Status Perkawinan", {"status_perkawinan": 4}, "2026", "6"),
    ("Status Hubungan Dalam Keluarga", {"shdk": 1}, "2026", "1"),
    ("Status Hubungan Dalam Keluarga", {"shdk": 9}, "2026", "9"),
    ("Status Hubungan Dalam Keluarga", {"shdk": 10}, "2026", "10"),  # Pembantu: Lainnya
    ("Status Hubungan Dalam Keluarga", {"shdk": 11}, "2026", "10"),
    ("Agama", {"agama": 4}, "2026", "4"),
    ("Agama", {"agama": 7}, "2026", ""),  # 7 on the form is for foreigners
    ("Jenis Pekerjaan", {"pekerjaan": 5}, "2026", "5"),
    ("Jenis Pekerjaan", {"pekerjaan": 87}, "2026", ""),  # biarawan is 102 now, biarawati 87
    ("Jenis Pekerjaan", {"pekerjaan": 87}, "2019", "87"),
    ("Jenis Pekerjaan", {"pekerjaan": 99}, "2026", "99"),
    ("Gol. Darah", {"golongan_darah": 13}, "2026", "13"),
    ("Jenis Kelamin", {"jenis_kelamin": 2}, "2026", "2"),
    ("Akta Lahir", {"kolom_lain": {"akta_lahir": "AL-1"}}, "2026", "2"),
    ("Akta Lahir", {"kolom_lain": {}}, "2026", ""),  # not known is not "Tidak Ada"
    ("Kewarganegaraan", {"kewarganegaraan": 1}, "2026", "WNI"),
    ("Kewarganegaraan", {"kewarganegaraan": 2}, "2026", ""),  # which country?
]


@pytest.mark.parametrize(("label", "orang", "versi", "harap"), BIODATA)
def test_family_form_codes_by_its_own_tables(label, orang, versi, harap):
    satu = formulir("f101", sumber("biodata", **orang), versi)

    nama = kolom(satu, "Nama Lengkap")
    assert kolom(satu, label)[nama.index("I Wayan Contoh")] == harap


JAWABAN = [
    ("f201a", "kelahiran", {"penolong": "Bidan"}, "Penolong kelahiran", "2"),
    ("f201a", "kelahiran", {"penolong": "Perawat"}, "Penolong kelahiran", "2"),
    ("f201a", "kelahiran", {"penolong": "Dukun"}, "Penolong kelahiran", "3"),
    ("f201a", "kelahiran", {"jk_anak": "Perempuan"}, "Jenis kelamin", "2"),
    ("f201a", "kematian", {"sebab": "Sakit biasa/tua"}, "Sebab Kematian", "1"),
    ("f201a", "kematian", {"sebab": "Bunuh diri"}, "Sebab Kematian", "5"),
    ("f201a", "kematian", {"yang_menerangkan": "Kepolisian"}, "Yang menerangkan", "3"),
    ("f201b", "sudah_menikah", {}, "Agama", "4"),
]


@pytest.mark.parametrize(("kunci", "jenis", "jawaban", "label", "harap"), JAWABAN)
def test_answers_become_codes(kunci, jenis, jawaban, label, harap):
    assert bidang(formulir(kunci, sumber(jenis, jawaban)), label)["nilai"] == harap


KK = [
    ("KK baru", []),  # A.1 or A.2: asked
    ("Pisah KK", ["Pisah KK"]),
    ("Tambah anggota", []),
    ("Kurangi anggota", ["Peristiwa penting"]),
    ("Perubahan data", ["Perubahan elemen data yang tercantum dalam KK"]),
    ("KK hilang/rusak", []),
]


@pytest.mark.parametrize(("permohonan", "harap"), KK)
def test_family_card_request_marks_only_what_is_certain(permohonan, harap):
    dari = sumber("pengantar_kk", {"jenis_permohonan": permohonan})
    satu = formulir("f102", dari)

    assert dipilih(satu, "Kartu Keluarga") == harap
    assert ("jawaban.jenis_permohonan" in satu.celah) is (harap == [])
    ubah = ["KK"] if permohonan == "Perubahan data" else []
    assert dipilih(satu, "Perubahan Data") == ubah


KTP = [
    ("Rekam pertama", ["Baru"], []),
    ("Rusak", ["Rusak"], []),
    ("Hilang", ["Hilang"], []),
    ("Perubahan data", [], ["KTP-el"]),
]


@pytest.mark.parametrize(("alasan", "ktp", "ubah"), KTP)
def test_identity_card_request(alasan, ktp, ubah):
    satu = formulir("f102", sumber("pengantar_ktp", {"alasan": alasan}))

    assert (dipilih(satu, "KTP el"), dipilih(satu, "Perubahan Data")) == (ktp, ubah)
    assert dipilih(satu, "Kartu Keluarga") == []
    assert satu.celah == {}


def test_papers_that_came_are_ticked():
    satu = formulir("f102", sumber("pengantar_kk", syarat="kk akta_kawin ktp"))

    assert dipilih(satu, "") == ["KK Lama / KK rusak", "Buku nikah / kutipan akta perkawinan"]


def test_prior_status_counts_the_other_way_round_and_is_asked():
    satu = formulir("f201b", sumber("pengantar_kawin_nonmuslim"))

    assert [x[:2] for x in bidang(satu, "Status Perkawinan Sebelum Kawin")["pilihan"][:2]] == [
        ["1", "Kawin"],
        ["2", "Belum Kawin"],
    ]
    assert dipilih(satu, "Status Perkawinan Sebelum Kawin") == []
    assert "tanya.status_sebelum_kawin" in satu.celah


def test_stillbirth_asks_for_months_and_prints_no_weeks():
    dari = sumber("lahir_mati", {"lama_kandungan": 30})

    assert bidang(formulir("f201a", dari), "Lamanya dalam kandungan")["nilai"] == [""]
    diisi = formulir("f201a", dari, **{"tanya.bulan_kandungan": "7"})
    assert bidang(diisi, "Lamanya dalam kandungan")["nilai"] == ["7"]


def test_birth_weight_is_in_kilograms():
    berat = bidang(formulir("f201a", sumber("kelahiran", {"berat": "3.2"})), "Berat bayi")

    assert (berat["nilai"], berat["satuan"]) == ("3,2", "Kg")


def test_move_within_the_country_leaves_the_block_for_abroad_empty():
    dari = sumber("pindah", {"tgl_pindah": "2026-12-14"})

    assert bidang(formulir("f103", dari), "Rencana Pindah Tanggal")["nilai"] == ["", "", ""]


@pytest.mark.parametrize(
    ("jenis", "anggota", "harap"),
    [
        ("Kepala Keluarga", None, ["I Wayan Contoh"]),
        ("Anggota Keluarga", [-2, -3], ["Ni Made Contoh", "I Putu Contoh"]),
    ],
)
def test_who_moves_stands_on_the_forms_also_where_the_head_moves_alone(jenis, anggota, harap):
    dari = sumber("pindah", {"jenis_pindah": jenis, "anggota": anggota})

    for kunci, label in (("f103", "Nama Lengkap"), ("f103b", "NAMA")):
        ada = kolom(formulir(kunci, dari), label)
        assert ada == harap + [""] * (len(ada) - len(harap))


def test_newcomer_is_filled_in_from_the_register_and_nobody_takes_in_himself():
    dari = sumber("pengantar_kk", {"jenis_permohonan": "Tambah anggota", "anggota": [-3]})
    tanpa = sumber("pengantar_kk", {"jenis_permohonan": "Tambah anggota", "anggota": None})

    assert kolom(formulir("f103b", dari), "NAMA")[:2] == ["I Putu Contoh", ""]
    assert kolom(formulir("f103b", dari), "NIK")[0] == "5107042001129903"
    assert set(kolom(formulir("f103b", tanpa), "NAMA")) == {""}


def test_office_fills_in_the_code_of_the_area():
    assert bidang(formulir("f201a", sumber("kematian")), "Kode Wilayah")["nilai"] == ""


PINDAH = [
    ("Antar provinsi", "2026", "antar provinsi"),
    ("Antar provinsi", "2019", "Antar provinsi"),
]


@pytest.mark.parametrize(("jawab", "versi", "harap"), PINDAH)
def test_kind_of_move_in_the_words_of_its_edition(jawab, versi, harap):
    satu = formulir("f103", sumber("pindah", {"klasifikasi": jawab}), versi)

    assert dipilih(satu, "Klasifikasi Kepindahan") == [harap]
    nomor = [x[0] for x in bidang(satu, "Klasifikasi Kepindahan")["pilihan"]]
    assert nomor == (list("12345") if versi == "2019" else [""] * 5)


PURUSA = [("Biasa", "suami"), ("Nyentana", "istri"), ("Pada gelahang", "pada gelahang")]


@pytest.mark.parametrize(("bentuk", "harap"), PURUSA)
def test_purusa_follows_the_kind_of_marriage(bentuk, harap):
    dari = sumber("pengantar_kawin_nonmuslim", {"status_purusa": bentuk})

    assert (
        bidang(formulir("bali_kawin", dari), "Yang berkedudukan sebagai purusa")["nilai"] == harap
    )


def test_no_code_of_the_register_is_a_fact():
    """What forms are filled from are words: of all facts only numbers of documents are digits."""
    fakta = sumber("biodata").orang("pemohon")
    angka = {k for k, v in fakta.items() if v.isdigit()}

    assert angka <= {"nik", "no_kk", "umur", "rt", "rw", "nik_ayah", "nik_ibu"}


def test_ten_reads_strata_two_in_our_table():
    """The annex has "Strata I" there, a typing error in a table of codes, not in a sentence."""
    assert daftar.DAFTAR["pendidikan_2026"][9] == ["10", "Strata II"]
