import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from penduduk import desa
from penduduk.models import Banjar, Desa
from surat.models import JenisSurat
from tests import factories
from tests.halaman import kata

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


def test_one_request_reads_the_village_once_and_the_next_one_anew(django_assert_num_queries):
    nama = []

    def view(request):
        nama.extend([desa.ambil().nama, desa.ambil().nama])
        return HttpResponse()

    desa.ambil()  # makes the row
    tengah = desa.sekali(view)

    with django_assert_num_queries(1):
        tengah(RequestFactory().get("/"))
    Desa.objects.update(nama="Contoh")  # as another process would
    tengah(RequestFactory().get("/"))

    assert nama == ["Bugbug", "Bugbug", "Contoh", "Contoh"]


def test_request_that_changes_the_village_reads_it_again():
    nama = []

    def view(request):
        nama.append(desa.ambil().nama)
        Desa.objects.update(nama="Contoh")
        desa.lupakan()
        nama.append(desa.ambil().nama)
        return HttpResponse()

    desa.sekali(view)(RequestFactory().get("/"))

    assert nama == ["Bugbug", "Contoh"]


def test_outside_of_a_request_nothing_is_kept():
    desa.ambil()
    Desa.objects.update(nama="Contoh")

    assert desa.ambil().nama == "Contoh"


@pytest.mark.parametrize("alamat", ["/", "/panduan/", "/masuk/", "/pin/minta/", "/cek/"])
def test_what_another_process_has_saved_stands_on_the_next_page(client, alamat):
    """No process keeps a copy of a setting, nor a piece of a page that was made from it."""
    jenis = factories.jenis()
    client.get(alamat)

    Desa.objects.update(telepon="0363 21999", jam_layanan="Senin pagi saja")
    JenisSurat.objects.filter(pk=jenis.pk).update(nama="Surat Baru")
    sesudah = kata(client.get(alamat))

    assert "0363 21999" in sesudah and "Senin pagi saja" in sesudah
    if alamat == "/":
        assert "Surat Baru" in sesudah
        JenisSurat.objects.update(layanan_mandiri=False)
        assert "Surat Baru" not in kata(client.get(alamat))


@pytest.mark.parametrize(
    ("ditulis", "hasil"),
    [
        ("", []),
        ("0363 21234", [("0363 21234", "+6236321234")]),
        ("(0363) 21234", [("(0363) 21234", "+6236321234")]),
        ("+62 812-3456-7890", [("+62 812-3456-7890", "+6281234567890")]),
        (
            "0363 21234 / 081234567890",
            [("0363 21234", "+6236321234"), ("081234567890", "+6281234567890")],
        ),
        ("(0363) CONTOH", [("(0363) CONTOH", "")]),
        ("tanya di kantor", [("tanya di kantor", "")]),
    ],
)
def test_number_of_the_office_becomes_a_link_when_it_can_be_dialled(ditulis, hasil):
    desa.ambil()
    Desa.objects.update(telepon=ditulis)

    assert [(n.teks, n.tel) for n in desa.telepon_kantor()] == hasil


def test_made_up_number_of_the_demo_leads_only_to_the_simulator(settings):
    desa.ambil()
    Desa.objects.update(nomor_wa="0811-0000-000", contoh=True)
    settings.SIMULATOR_WA_URL, settings.WA_ME_URL = (
        "http://127.0.0.1:1/",
        "http://127.0.0.1:1/wa.me",
    )
    dengan = desa.tautan_wa()
    settings.SIMULATOR_WA_URL, settings.WA_ME_URL = "", "https://wa.me"

    assert (dengan, desa.tautan_wa()) == ("http://127.0.0.1:1/wa.me/628110000000", "")


ALAMAT_UMUM = ["/", "/panduan/", "/masuk/", "/pin/minta/", "/pin/minta/terkirim/", "/cek/"]
ALAMAT_UMUM += ["/cek/AAAAAAAAAA/", "/tidak-ada/", "/pin/bukan-saya/basi/"]


@pytest.mark.parametrize("alamat", ALAMAT_UMUM)
def test_every_number_on_a_page_of_residents_is_a_link(client, alamat):
    desa.ambil()
    Desa.objects.update(telepon="0363 21234", nomor_wa="0812-3456-7890")

    hal = client.get(alamat).content.decode()

    tautan = re.sub(r"<a [^>]*(tel:\+6236321234|wa\.me/6281234567890)[^>]*>[^<]*</a>", "", hal)
    assert "0363 21234" in hal and "0812-3456-7890" in hal
    assert "0363 21234" not in tautan and "0812-3456-7890" not in tautan


@pytest.mark.parametrize("alamat", ALAMAT_UMUM)
def test_without_numbers_no_page_invents_or_promises_one(client, alamat):
    hal = client.get(alamat)

    assert not re.search(r"tel:|wa\.me", hal.content.decode())
    assert not re.search(r"(ke|nomor) (nomor )?WhatsApp (kantor )?desa", kata(hal))


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
