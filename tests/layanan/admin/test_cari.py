"""Search over everything: found in each list that one may see, and no NIK in an address."""

import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as terjemah

from penduduk import halaman
from tests import factories
from tests.halaman import kata, kirim, sebagai

pytestmark = pytest.mark.django_db
CARI, PENDUDUK = "/kelola/cari/", "/kelola/penduduk/penduduk/"


def test_everything_that_belongs_to_a_person_is_found(warga, operator, perbekel):
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    klien = sebagai(operator)

    for teks in (warga.penduduk.nik, "wayan contoh"):
        isi = klien.post(CARI, {"q": teks}).content.decode()
        assert f'href="/kelola/layanan/permohonan/{satu.pk}/change/"' in isi
        assert f'href="{PENDUDUK}{warga.penduduk_id}/change/"' in isi
        assert f'href="/kelola/surat/surat/{satu.surat_id}/change/"' in isi
    for teks in (satu.nomor, satu.kode_ambil, satu.surat.nomor, "0812-3456-7890"):
        isi = klien.post(CARI, {"q": teks}).content.decode()
        assert f'href="/kelola/layanan/permohonan/{satu.pk}/change/"' in isi, teks


def test_who_may_not_see_the_register_finds_nobody_in_it(warga, perbekel):
    isi = sebagai(perbekel).post(CARI, {"q": warga.penduduk.nik}).content.decode()

    assert PENDUDUK not in isi


def test_nothing_found_says_what_to_do(operator):
    isi = kata(sebagai(operator).post(CARI, {"q": "tidakada"}))

    assert "Tidak ada yang cocok dengan “tidakada”. Periksa ejaannya" in isi


def test_list_is_searched_without_a_nik_in_any_address(warga, tetangga, operator):
    klien, nik = sebagai(operator), warga.penduduk.nik

    jawab = kirim(klien, klien.get(f"{PENDUDUK}?status_dasar__exact=1"), "Cari", {"q": nik})
    hal = klien.get(jawab.url)

    assert jawab.status_code == 302 and nik not in jawab.url
    assert "status_dasar__exact=1" in jawab.url
    html = hal.content.decode()
    assert warga.penduduk.nama in html and tetangga.penduduk.nama not in html
    assert f'value="{nik}"' in html
    assert not any(nik in alamat for alamat in re.findall(r'(?:href|action)="([^"]*)"', html))


def test_sign_of_somebody_else_or_of_long_ago_finds_all(rf, operator):
    klien = sebagai(operator)

    assert klien.get(f"{PENDUDUK}?q=~tidakada").status_code == 200
    request = rf.get("/")
    request.session = {}
    tanda = [halaman.simpan_cari(request, f"orang {n}") for n in range(25)]
    assert halaman.buka_cari(request, tanda[0]) == ""
    assert halaman.buka_cari(request, tanda[-1]) == "orang 24"
    assert halaman.simpan_cari(request, "orang 24") == tanda[-1]
    assert halaman.buka_cari(request, "wayan") == "wayan"


def test_request_for_a_pin_is_matched_without_a_nik_in_the_address(warga, operator):
    alamat = f"/kelola/layanan/permintaanpin/{factories.buat_permintaan_pin().pk}/change/"
    klien, nik = sebagai(operator), warga.penduduk.nik

    jawab = klien.post(alamat, {"_cari": "q", "q": nik})

    assert jawab.status_code == 302 and nik not in jawab.url
    assert warga.penduduk.nama in kata(klien.get(jawab.url))


def test_our_own_words_are_compiled_and_come_before_those_of_django():
    po = Path("locale/id/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    pasangan = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', po, re.MULTILINE)
    with Path("locale/id/LC_MESSAGES/django.mo").open("rb") as mo:
        isi = gettext.GNUTranslations(mo)

    assert len(pasangan) > 30
    with translation.override("id"):
        for asli, kita in pasangan:
            asli, kita = (satu.replace('\\"', '"').replace("\\n", "\n") for satu in (asli, kita))
            assert isi.gettext(asli) == terjemah(asli) == kita
