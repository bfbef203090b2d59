"""Every door through which people's text comes in cleans it: nothing invisible is ever stored."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from layanan.models import Draf, PermintaanPIN
from penduduk.models import Banjar, Penduduk
from surat.jenis import impor as impor_jenis
from surat.models import Templat
from tests import factories
from tests.halaman import kata, kirim, sebagai
from tests.penduduk.impor import contoh

pytestmark = pytest.mark.django_db

KOTOR = "Ka\u202ete\u200bx Rene\u0301\x00 ﬁ\u00a0x"
BERSIH = "Katex René fi x"
# Views that other sites may call; the first two clean after their own check, the third stores no
# text.
DI_LUAR = {"webhook/twilio/status/", "webhook/twilio/masuk/", "cek/berkas/"}


def semua_alamat(pola, awalan=""):
    for satu in pola:
        if isinstance(satu, URLResolver):
            yield from semua_alamat(satu.url_patterns, awalan + str(satu.pattern))
        elif isinstance(satu, URLPattern):
            yield awalan + str(satu.pattern), satu.callback


def test_no_address_passes_by_the_cleaning_but_those_with_a_check_of_their_own():
    bebas = {
        alamat
        for alamat, view in semua_alamat(get_resolver().url_patterns)
        if getattr(view, "csrf_exempt", False)
    }

    assert bebas == DI_LUAR


def test_table_of_the_office_keeps_clean_text_and_says_what_went(admin_desa):
    meja = sebagai(admin_desa)

    kirim(meja, meja.get("/kelola/penduduk/banjar/add/"), "Simpan", {"nama": KOTOR})

    assert Banjar.objects.get().nama == BERSIH
    assert "tanda pembalik arah tulisan" in kata(meja.get("/kelola/penduduk/banjar/"))


def test_text_that_looks_the_same_is_cleaned_without_a_word(admin_desa):
    meja = sebagai(admin_desa)

    kirim(meja, meja.get("/kelola/penduduk/banjar/add/"), "Simpan", {"nama": "Ka\u200bja\u00a0ﬁ"})

    assert Banjar.objects.get().nama == "Kaja fi"
    assert "dibuang" not in kata(meja.get("/kelola/penduduk/banjar/"))


def test_resident_of_the_register(admin_desa):
    meja = sebagai(admin_desa)
    orang = factories.buat_penduduk()
    alamat = f"/kelola/penduduk/penduduk/{orang.pk}/change/"

    kirim(meja, meja.get(alamat), "Simpan", {"nama": KOTOR, "tempat_lahir": KOTOR})

    orang.refresh_from_db()
    assert (orang.nama, orang.tempat_lahir) == (BERSIH, BERSIH)


def test_request_of_a_resident(warga):
    factories.jenis()
    draf = factories.buat_draf(warga)
    hp = sebagai(warga)
    halaman = hp.get("/layanan/surat/domisili/isi/")

    kirim(hp, halaman, "Periksa, lalu kirim", {"alamat_domisili": KOTOR, "keperluan": "bank"})

    draf = Draf.objects.get(pk=draf.pk)
    assert draf.isian["alamat_domisili"] == BERSIH
    assert KOTOR not in json.dumps(draf.isian)


def test_form_of_somebody_without_a_login(client):
    isi = {"nama": KOTOR, "nik": "\u202a5107 0412 0390 9901", "tanggal_lahir": "12-03-1990"}
    isi |= {"nomor_hp": "0812 3456 7801\u202c"}
    isi |= {"foto-ktp": factories.foto("ktp.jpg"), "foto-kk": factories.foto("k.jpg", warna="red")}

    kirim(client, client.get("/pin/minta/"), "Minta PIN", isi)

    satu = PermintaanPIN.objects.get()
    assert (satu.nama, satu.nik, satu.nomor_hp) == (BERSIH, "5107041203909901", "+6281234567801")


def test_wording_of_a_letter_pasted_from_word_is_saved(admin_desa):
    meja = sebagai(admin_desa)
    jenis = factories.jenis("usaha")
    alamat = f"/kelola/surat/jenissurat/{jenis.pk}/kata-kata/"
    lama = Templat.objects.filter(jenis=jenis).latest("versi")

    kirim(meja, meja.get(alamat), "Simpan versi baru", {"isi": f"{lama.isi}\n\nKa\u200btaﬁ\u00ad."})

    assert Templat.objects.filter(jenis=jenis).latest("versi").isi.endswith("Katafi.")


def test_characters_that_no_letter_can_show_are_named_all_at_once(admin_desa):
    meja = sebagai(admin_desa)
    jenis = factories.jenis("usaha")
    alamat = f"/kelola/surat/jenissurat/{jenis.pk}/kata-kata/"
    lama = Templat.objects.filter(jenis=jenis).latest("versi")

    jawab = kirim(
        meja, meja.get(alamat), "Simpan versi baru", {"isi": f"{lama.isi}\n\n漢 字\n\n😀 ❤️"}
    )

    baris = len(lama.isi.split("\n"))
    assert (
        f"Baris {baris + 2}, {baris + 4}: Tanda “漢”, “字”, “😀”, “❤” tidak dapat dicetak di surat."
    ) in kata(jawab)


def test_file_of_a_letter_type(admin_desa):
    isi = json.dumps([{"nama": KOTOR, "isi": [KOTOR]}]).encode()

    assert impor_jenis.baca(isi) == [{"nama": BERSIH, "isi": [BERSIH]}]


def test_search_with_what_was_pasted(operator):
    factories.buat_penduduk(nama="I Wayan Contoh", nik="5107041203909907")

    jawab = sebagai(operator).get("/kelola/penduduk/penduduk/", {"q": "\u202a5107041203909907"})

    assert "I Wayan Contoh" in kata(jawab)


def test_name_of_an_uploaded_file(admin_desa):
    meja = sebagai(admin_desa)
    berkas = SimpleUploadedFile("war\u202ega\u200b.xlsx", contoh.xlsx(contoh.orang()))

    kirim(meja, meja.get("/kelola/penduduk/impor/add/"), "Periksa berkas", {"berkas": berkas})

    assert "warga.xlsx" in kata(meja.get("/kelola/penduduk/impor/"))


def test_cells_of_an_import():
    impor = contoh.periksa(contoh.xlsx(contoh.orang(nama=KOTOR.replace("\x00", ""))))

    contoh.terapkan(impor)

    assert Penduduk.objects.get().nama == BERSIH
    assert "tanda pembalik arah" in impor.baris.get().catatan[0]["kalimat"]
