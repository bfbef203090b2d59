from datetime import date, timedelta

import pytest

from surat import pemeriksaan, penerbitan
from surat.models import JenisSurat, Surat, TandaTangan
from tests import factories
from tests.surat.conftest import PADA

pytestmark = pytest.mark.django_db

NIK = "5107041203900042"


@pytest.fixture
def surat(terbit) -> Surat:
    return terbit(pemohon=factories.buat_penduduk(nik=NIK, nama="I Wayan Contoh Sejati"))


def tandatangani(surat: Surat) -> None:
    # What the step `tandatangani` leaves behind (layanan.dampak); requests are unknown in here.
    TandaTangan.objects.create(
        surat=surat, mandat=surat.mandat, oleh=surat.mandat.pejabat.akun, pada=PADA
    )


# --- Four answers ------------------------------------------------------------------------------


def test_signed_letter_is_genuine_until_its_last_day(surat):
    tandatangani(surat)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA)

    assert hasil == pemeriksaan.Hasil(
        keadaan="SAH",
        keterangan="Berlaku sampai 21 Februari 2027.",
        nomor="400.12.2.1/001/51.07.04.2001/XI/2026",
        jenis="Surat Keterangan Domisili",
        tanggal=date(2026, 11, 23),
        penanda_tangan="I Nyoman Perbekel Contoh",
        nama="I W•••• C••••• S•••••",
        contoh=False,
    )


def test_letter_without_end_is_genuine_for_ever(terbit):
    JenisSurat.objects.filter(pk=factories.jenis().pk).update(masa_berlaku_hari=None)
    surat = terbit()
    tandatangani(surat)

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=9999))

    assert (hasil.keadaan, hasil.keterangan) == ("SAH", "Berlaku tanpa batas waktu.")


@pytest.mark.parametrize(
    ("lewat", "keadaan", "keterangan"),
    [
        # PADA is 09.00 WITA; the last day is 21 February.
        (timedelta(days=90, hours=14, minutes=59), "SAH", "Berlaku sampai 21 Februari 2027."),
        (
            timedelta(days=90, hours=15),
            "TIDAK_BERLAKU",
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
        "BELUM_DITANDATANGANI",
        "Surat ini belum ditandatangani, jadi belum berlaku.",
    )


@pytest.mark.parametrize("ditandatangani", [True, False])
def test_void_letter_is_not_valid_whether_signed_or_not(surat, operator, ditandatangani):
    if ditandatangani:
        tandatangani(surat)
    penerbitan.batalkan(
        surat, alasan="Nama salah tulis", oleh=operator, pada=PADA + timedelta(hours=16)
    )

    hasil = pemeriksaan.periksa(surat.kode_cek, pada=PADA + timedelta(days=365))

    assert (hasil.keadaan, hasil.keterangan) == (
        "TIDAK_BERLAKU",
        "Dibatalkan sejak 24 November 2026 dan tidak boleh dipakai.",
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


def test_check_costs_one_query(surat, django_assert_num_queries):
    tandatangani(surat)

    with django_assert_num_queries(1):
        pemeriksaan.periksa(surat.kode_cek, pada=PADA)
