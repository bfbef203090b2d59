import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from surat.models import Cetakan, JenisSurat, Surat, TandaTangan
from surat.terbit import kode_cek, pemeriksaan, pencetakan, penerbitan
from tests import factories
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db

NIK = "5107041203900042"


@pytest.fixture
def surat(terbit) -> Surat:
    return terbit(pemohon=factories.buat_penduduk(nik=NIK, nama="I Wayan Contoh Sejati"))


def tandatangani(surat: Surat, pada: datetime = PADA) -> None:
    # What the step `tandatangani` leaves behind (permohonan.dampak); requests are unknown here.
    TandaTangan.objects.create(
        surat=surat, mandat=surat.mandat, oleh=surat.mandat.pejabat.akun, pada=pada
    )


# --- Four answers ------------------------------------------------------------------------------


def test_signed_letter_is_genuine_until_its_last_day(surat):
    tandatangani(surat)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA)

    assert hasil == pemeriksaan.Hasil(
        keadaan="BERLAKU",
        keterangan="Berlaku sampai 21 Februari 2027.",
        nomor="400.12.2.1/001/51.07.04.2001/XI/2026",
        jenis="Surat Keterangan Domisili",
        tanggal=date(2026, 11, 23),
        penanda_tangan="I Nyoman Perbekel Contoh",
        nama="I W•••• C••••• S•••••",
        contoh=False,
        kode=kode_cek.tampil(surat.kode_cek),
    )


def test_letter_without_end_is_genuine_for_ever(terbit):
    JenisSurat.objects.filter(pk=factories.jenis().pk).update(masa_berlaku_hari=None)
    surat = terbit()
    tandatangani(surat)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=9999))

    assert (hasil.keadaan, hasil.keterangan) == ("BERLAKU", "Berlaku tanpa batas waktu.")


@pytest.mark.parametrize(
    ("lewat", "keadaan", "keterangan"),
    [
        # PADA is 09.00 WITA; the last day is 21 February.
        (timedelta(days=90, hours=14, minutes=59), "BERLAKU", "Berlaku sampai 21 Februari 2027."),
        (
            timedelta(days=90, hours=15),
            "KEDALUWARSA",
            "Masa berlakunya habis pada 21 Februari 2027.",
        ),
    ],
)
def test_letter_expires_with_its_last_day_in_wita(surat, lewat, keadaan, keterangan):
    tandatangani(surat)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA + lewat)

    assert (hasil.keadaan, hasil.keterangan) == (keadaan, keterangan)


def test_letter_that_nobody_signed_is_not_valid_yet(surat):
    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA)

    assert (hasil.keadaan, hasil.keterangan) == (
        "BELUM_TTD",
        "Surat ini belum ditandatangani, jadi belum berlaku.",
    )


def test_void_letter_was_never_valid_and_the_office_keeps_its_reason(surat, operator):
    penerbitan.batalkan(
        surat, alasan="Nama salah tulis", oleh=operator, pada=PADA + timedelta(hours=16)
    )

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=365))

    assert (hasil.keadaan, hasil.keterangan) == (
        "BATAL",
        "Dibatalkan sejak 24 November 2026 sebelum ditandatangani, jadi tidak pernah berlaku.",
    )


def test_withdrawn_letter_tells_since_when_and_why(surat, operator):
    tandatangani(surat)
    penerbitan.cabut(
        surat, alasan="Keterangannya keliru.", oleh=operator, pada=PADA + timedelta(days=2)
    )

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=3))

    assert (hasil.keadaan, hasil.keterangan) == (
        "DICABUT",
        "Dicabut sejak 25 November 2026. Alasannya: Keterangannya keliru.",
    )


def test_replaced_letter_names_number_and_date_of_the_new_one_once_it_is_signed(surat, terbit):
    tandatangani(surat)
    baru = terbit(menggantikan=surat, pada=PADA + timedelta(days=1))

    sebelum = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=2))
    tandatangani(baru, PADA + timedelta(days=2))
    sesudah = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=3))

    assert sebelum.keadaan == "BERLAKU"
    assert (sesudah.keadaan, sesudah.keterangan) == (
        "DIGANTI",
        "Sejak 25 November 2026 diganti dengan surat nomor "
        f"{baru.nomor} tanggal 24 November 2026. Mintalah surat yang baru.",
    )
    assert pemeriksaan.periksa(baru.kode_cek, pada=PADA + timedelta(days=3)).keadaan == "BERLAKU"


def test_withdrawn_and_replaced_letter_tells_both(surat, terbit, operator):
    tandatangani(surat)
    baru = terbit(menggantikan=surat)
    penerbitan.cabut(surat, alasan="Alamatnya keliru", oleh=operator, pada=PADA)
    tandatangani(baru)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA)

    assert hasil.keterangan == (
        "Dicabut sejak 23 November 2026. Alasannya: Alamatnya keliru. "
        f"Penggantinya surat nomor {baru.nomor} tanggal 23 November 2026."
    )


@pytest.mark.parametrize("kode", ["", "ABCDEFGHJK", "abc", "%", "_" * 10])
def test_code_that_no_letter_bears_is_unknown(surat, kode):
    assert pemeriksaan.periksa(kode, pada=PADA) is None
    assert pemeriksaan.periksa(surat.kode_cek, pada=PADA) is not None


# --- Nothing more ------------------------------------------------------------------------------


@pytest.mark.parametrize("keadaan", ["belum", "sah", "batal"])
def test_answer_never_tells_nik_name_reason_or_purpose(terbit, operator, keadaan):
    surat = terbit(
        pemohon=factories.buat_penduduk(nik=NIK, nama="I Wayan Contoh Sejati"),
        jawaban={"keperluan": "melunasi utang"},
    )
    if keadaan == "sah":
        tandatangani(surat)
    elif keadaan == "batal":
        penerbitan.batalkan(surat, alasan="Nama salah tulis", oleh=operator, pada=PADA)

    hasil = repr(pemeriksaan.periksa(surat.kode_cek, pada=PADA))

    rahasia = (NIK, NIK[-4:], "Wayan", "Sejati", "salah tulis", "utang", "Jalan Contoh", "1990")
    assert [x for x in rahasia if x in hasil] == []


def test_sensitive_jenis_is_not_named(terbit):
    surat = terbit("tidak_mampu")
    tandatangani(surat)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA)

    assert hasil.jenis == "Surat keterangan"
    assert "Tidak Mampu" not in repr(hasil) and "SKTM" not in repr(hasil)


def test_name_is_the_one_on_paper_even_when_the_register_changed(surat):
    surat.subjek.nama = "Nama Lain"
    surat.subjek.save()

    assert pemeriksaan.periksa(surat.kode_cek, pada=PADA).nama == "I W•••• C••••• S•••••"


def test_letter_of_an_example_village_is_marked(surat):
    surat.data["contoh"] = True
    surat.save()

    assert pemeriksaan.periksa(surat.kode_cek, pada=PADA).contoh is True


@pytest.mark.parametrize(
    ("nama", "tampak"),
    [
        ("I Wayan Sudarma", "I W•••• S••••••"),
        ("Ni", "N•"),
        ("  Ni   Made  ", "N• M•••"),
        ("", ""),
    ],
)
def test_samarkan_keeps_first_letters_and_lengths(nama, tampak):
    assert pemeriksaan.samarkan(nama) == tampak


def test_check_costs_two_queries(surat, terbit, django_assert_num_queries):
    tandatangani(surat)
    tandatangani(terbit(menggantikan=surat))

    with django_assert_num_queries(2):
        assert pemeriksaan.periksa(surat.kode_cek, pada=PADA).keadaan == "DIGANTI"


def test_letter_without_an_identity_table_has_its_masked_name_all_the_same(terbit):
    JenisSurat.objects.filter(pk=factories.jenis().pk).update(cetak_identitas=False)
    surat = terbit(pemohon=factories.buat_penduduk(nama="Ni Luh Contoh"))
    tandatangani(surat)

    assert surat.data["identitas"] == []
    assert pemeriksaan.periksa(surat.kode_cek, pada=PADA).nama == "N• L•• C•••••"


def test_letter_from_before_the_column_of_the_name_is_named_from_its_table(surat):
    Surat.objects.update(nama="")

    assert pemeriksaan.periksa(surat.kode_cek, pada=PADA).nama == "I W•••• C••••• S•••••"


# --- By the file -------------------------------------------------------------------------------


def test_pdf_that_the_worker_made_is_known_by_its_hash(surat):
    assert list(pencetakan.cetak_yang_menunggu()) == [surat.pk]
    with default_storage.open(Cetakan.objects.get().berkas) as berkas:
        isi = berkas.read()

    hasil = pemeriksaan.periksa_sidik(hashlib.sha256(isi).hexdigest(), pada=PADA)

    assert isi.startswith(b"%PDF-")
    assert replace(hasil, berkas="") == pemeriksaan.periksa(surat.kode_cek, pada=PADA)
    assert pemeriksaan.periksa_sidik(hashlib.sha256(isi + b" ").hexdigest(), pada=PADA) is None


@pytest.mark.parametrize("sidik", ["", "0" * 64, "%"])
def test_file_that_nobody_made_is_unknown(surat, sidik):
    # A print that still waits has an empty hash; it must not answer to an empty question.
    assert Cetakan.objects.get().sha256 == ""
    assert pemeriksaan.periksa_sidik(sidik, pada=PADA) is None


@pytest.mark.parametrize(
    ("isi", "utuh"), [(b"%PDF-asli", True), (b"%PDF-Asli", False), (b"", False), (None, None)]
)
def test_stored_file_is_compared_with_the_hash_of_its_making(surat, isi, utuh):
    nama = "surat/uji.pdf"
    if isi is not None:
        nama = default_storage.save(nama, ContentFile(isi))
    Cetakan.objects.update(
        keadaan="SELESAI",
        berkas=nama,
        sha256=hashlib.sha256(b"%PDF-asli").hexdigest(),
        selesai_pada=PADA,
    )

    assert pemeriksaan.berkas_utuh(Cetakan.objects.get()) is utuh


def test_code_with_a_wrong_check_character_asks_nothing_of_the_database(
    surat, django_assert_num_queries
):
    lain = next(c for c in kode_cek.ALFABET if c != surat.kode_cek[-1])

    with django_assert_num_queries(0):
        assert pemeriksaan.periksa(surat.kode_cek[:-1] + lain, pada=PADA) is None
