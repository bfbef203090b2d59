"""What goes wrong inside the office is told in the office's frame, with the way on."""

import pytest
from django.contrib import admin
from django.test import Client

from layanan.views import meja
from tests import factories
from tests.halaman import kata, sebagai

pytestmark = pytest.mark.django_db
KANTOR, WARGA = 'id="user-tools"', "Layanan Mandiri</a>"


def _di_kantor(jawab, kode: int) -> str:
    html = jawab.content.decode()
    assert jawab.status_code == kode
    assert WARGA not in html
    assert "Kembali ke beranda" not in html
    assert 'href="/kelola/"' in html
    assert "Ke meja kerja" in kata(jawab)
    return html


@pytest.mark.parametrize(
    ("metode", "alamat", "kode", "judul"),
    [
        ("get", "/kelola/penduduk/akun/", 403, "Anda tidak berwenang"),
        ("get", "/kelola/tidak-ada/", 404, "Halaman tidak ditemukan"),
        ("get", "/kelola/penduduk/impor/999/change/", 404, "Halaman tidak ditemukan"),
        ("get", "/berkas/surat/999/", 404, "Halaman tidak ditemukan"),
        ("post", "/kelola/layanan/hubungi/", 405, "Tidak ada yang dapat dikirim ke sini"),
    ],
)
def test_in_the_back_office(operator, admin_desa, metode, alamat, kode, judul):
    akun = admin_desa if "impor" in alamat else operator
    html = _di_kantor(getattr(sebagai(akun), metode)(alamat), kode)

    assert KANTOR in html
    assert f"<h1>{judul}</h1>" in html
    assert "Ke daftar permohonan" in html


@pytest.mark.parametrize(
    ("metode", "alamat", "kode"), [("get", "/meja/P-1/", 404), ("post", "/meja/", 405)]
)
def test_at_the_desk(perbekel, metode, alamat, kode):
    html = _di_kantor(getattr(sebagai(perbekel), metode)(alamat), kode)

    assert 'class="meja"' in html
    assert "Ke surat yang menunggu" in html


def test_a_clerk_at_the_desk_is_led_to_the_back_office(operator):
    html = _di_kantor(sebagai(operator).get("/meja/"), 403)

    assert 'class="meja"' in html
    assert "Ke surat yang menunggu" not in html


@pytest.mark.parametrize("alamat", ["/kelola/", "/meja/"])
def test_a_broken_page_does_not_break_its_error_page(perbekel, monkeypatch, alamat):
    def rusak(*_, **__):
        raise RuntimeError("rahasia dari dalam")

    monkeypatch.setattr(admin.site, "each_context", rusak)
    monkeypatch.setattr(meja, "_halaman", rusak)
    client = sebagai(perbekel, raise_request_exception=False)

    html = _di_kantor(client.get(alamat), 500)

    assert "rahasia" not in html
    assert 'href="/meja/"' in html


def test_an_old_form_that_cannot_be_kept_says_so_and_leads_back(operator):
    client = sebagai(operator, enforce_csrf_checks=True)
    dari = "http://testserver/kelola/penduduk/penduduk/?q=wayan"

    jawab = client.post("/kelola/password_change/", {}, headers={"Referer": dari})

    html = _di_kantor(jawab, 403)
    assert "Formulir ini belum terkirim." in kata(jawab)
    assert 'href="/kelola/penduduk/penduduk/?q=wayan"' in html


def test_residents_keep_their_own_pages(warga):
    jawab = sebagai(warga).get("/layanan/permohonan/P-1/")

    assert jawab.status_code == 404
    assert "Kembali ke beranda" in kata(jawab)
    assert "kantor" not in jawab.content.decode().split("<footer")[0].lower()


def test_a_resident_at_the_office_door_is_told_whose_door_it_is(warga):
    halaman = sebagai(warga).get("/kelola/", follow=True)

    assert "None" not in kata(halaman)
    assert "diautentikasi" not in kata(halaman)
    assert "Ini pintu petugas kantor desa. Anda sedang masuk sebagai warga:" in kata(halaman)
    assert "I Wayan Contoh. Ke Permohonan Surat" in kata(halaman)


def test_a_stranger_at_the_office_door_is_told_nothing_more():
    halaman = kata(Client().get("/kelola/login/"))

    assert "Ini pintu petugas" not in halaman
    assert "berakhir" not in halaman


@pytest.mark.parametrize("halaman", ["change", "delete", "history"])
def test_a_column_without_a_name_in_an_address_is_no_fault(admin_desa, halaman):
    alamat = f"/kelola/penduduk/penduduk/{factories.buat_penduduk().pk}/{halaman}/?_to_field="

    assert sebagai(admin_desa).get(alamat).status_code in (200, 403)


@pytest.mark.parametrize("kunci", ["x" * 5000, "٣", "9" * 500, "-1", "1.5", ""])
def test_a_family_card_that_is_none_is_no_fault(admin_desa, kunci):
    alamat = f"/kelola/penduduk/penduduk/{factories.buat_penduduk().pk}/change/"

    jawab = sebagai(admin_desa).post(alamat, {"keluarga": kunci, "nama": "I Wayan"})

    assert jawab.status_code == 200
    assert "betulkan" in kata(jawab) or "perbaiki" in kata(jawab)


def test_a_filter_that_no_list_has_is_said_with_a_way_on(operator):
    html = _di_kantor(sebagai(operator).get("/kelola/layanan/permohonan/?e=1&tidak_ada__x=1"), 200)

    assert "<h1>Saringan tidak dikenal</h1>" in html
