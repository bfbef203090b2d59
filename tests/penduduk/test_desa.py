import pytest
from django.test import RequestFactory

from penduduk import desa
from penduduk.models import Banjar, Desa

pytestmark = pytest.mark.django_db


def test_new_database_knows_only_what_is_certain():
    hasil = desa.ambil()

    assert (hasil.nama, hasil.kode, hasil.kecamatan, hasil.kabupaten, hasil.provinsi) == (
        "Bugbug",
        "51.07.04.2001",
        "Karangasem",
        "Karangasem",
        "Bali",
    )
    assert [hasil.alamat_kantor, hasil.telepon, hasil.nomor_wa, hasil.jam_layanan] == [""] * 4
    assert (hasil.sebutan_kepala, hasil.contoh) == ("Perbekel", False)


def test_ambil_asks_the_database_once(django_assert_num_queries):
    desa.ambil()

    with django_assert_num_queries(0):
        lagi = desa.ambil()

    assert lagi.nama == "Bugbug"


def test_change_is_seen_after_lupakan():
    desa.ambil()
    Desa.objects.update(nama="Contoh")
    dari_ingatan = desa.ambil().nama

    desa.lupakan()

    assert (dari_ingatan, desa.ambil().nama) == ("Bugbug", "Contoh")


def test_pages_that_do_not_name_the_desa_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        isi = desa.context(RequestFactory().get("/"))

    assert isi["desa"].nama == "Bugbug"


def test_belum_lengkap_names_each_empty_fact():
    hasil = desa.belum_lengkap(desa.ambil())

    assert hasil == [
        "Desa: alamat kantor belum diisi.",
        "Desa: telepon kantor belum diisi.",
        "Desa: nomor WhatsApp desa belum diisi.",
        "Desa: jam layanan belum diisi.",
        "Banjar dinas belum diisi.",
    ]


def test_belum_lengkap_is_empty_when_all_is_known():
    satu = desa.ambil()
    satu.alamat_kantor, satu.telepon = "Jalan Contoh 1", "0363 21234"
    satu.nomor_wa, satu.jam_layanan = "+6281234567890", "Senin-Jumat 08.00-15.00"
    Banjar.objects.create(nama="Contoh Satu")

    assert desa.belum_lengkap(satu) == []
