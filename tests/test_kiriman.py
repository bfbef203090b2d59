"""What is too large is refused before it is read, and files go only where they are expected."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from bugbug import kiriman
from bugbug.kiriman import FORMULIR_MAKS
from layanan.models import Berkas, Draf
from penduduk.akun import perangkat, pin
from penduduk.models import Percobaan
from tests import factories
from tests.halaman import kata, sebagai
from tests.test_izin import HALAMAN, _baris

MEGA = 1024 * 1024
# Address: bytes that it takes, and whether from anybody.
MENERIMA = {
    "layanan/surat/<slug:kode>/": (120 * MEGA, False),
    "layanan/permohonan/<slug:nomor>/perbaiki/": (120 * MEGA, False),
    "pin/minta/": (120 * MEGA, True),
    "cek/berkas/": (40 * MEGA, True),
    "kelola/surat/jenissurat/impor/": (MEGA + FORMULIR_MAKS, False),
    "kelola/surat/arsipsurat/add/": (10 * MEGA + FORMULIR_MAKS, False),
    "kelola/surat/tatanaskah/<path:object_id>/change/": (20 * MEGA, False),
    "kelola/penduduk/impor/add/": (30 * MEGA + FORMULIR_MAKS, False),
}


@pytest.fixture
def di_cakram(monkeypatch) -> list[str]:
    """Names of the files that an upload put on the disk."""
    ada: list[str] = []
    semula = uploadedfile.TemporaryUploadedFile.__init__

    def catat(self, nama, *lain, **pilihan):
        ada.append(nama)
        semula(self, nama, *lain, **pilihan)

    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", catat)
    return ada


def _berkas(ukuran: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("foto.jpg", b"\xff\xd8\xff" + b"x" * ukuran, "image/jpeg")


def _semua(resolver: URLResolver, awalan: str = "") -> dict[str, tuple[int, bool]]:
    hasil = {}
    for satu in resolver.url_patterns:
        alamat = awalan + str(satu.pattern)
        if isinstance(satu, URLResolver):
            hasil |= _semua(satu, alamat)
        elif isinstance(satu, URLPattern) and hasattr(satu.callback, "kiriman_maks"):
            hasil[alamat] = (satu.callback.kiriman_maks, satu.callback.kiriman_umum)
    return hasil


def test_only_these_addresses_take_files():
    assert _semua(get_resolver()) == MENERIMA


@pytest.mark.parametrize(
    "alamat",
    "/ /masuk/ /keluar/ /pin/ganti/ /kelola/login/ /kelola/penduduk/impor/add/ /tidak-ada/ /cek/ "
    "/webhook/twilio/masuk/ /webhook/twilio/status/ /layanan/surat/domisili/".split(),
)
@pytest.mark.parametrize("ukuran", [2 * MEGA, 150 * MEGA], ids=["2 MB", "150 MB"])
def test_stranger_puts_nothing_on_the_disk(db, di_cakram, alamat, ukuran):
    jawab = Client(enforce_csrf_checks=True).post(
        alamat, {"foto": _berkas(2 * MEGA)}, headers={"content-length": str(ukuran)}
    )

    assert jawab.status_code == 413
    assert "Kiriman ini terlalu besar" in jawab.content.decode()
    assert di_cakram == []


@pytest.mark.parametrize("alamat", ["/layanan/data-saya/", "/layanan/", "/pin/ganti/"])
def test_resident_sends_files_only_where_they_are_asked_for(warga, di_cakram, alamat):
    orang = sebagai(warga)

    assert orang.post(alamat, {"foto": _berkas(2 * MEGA)}).status_code == 413
    orang.post(alamat, {"foto": _berkas(1000)})
    assert di_cakram == []


def test_more_than_ten_photos_are_refused_with_a_way_on(warga, di_cakram):
    jawab = sebagai(warga).post(
        "/layanan/surat/domisili/",
        {"berkas-ktp": _berkas(10)},
        headers={"content-length": str(121 * MEGA)},
    )

    assert jawab.status_code == 413
    assert "Sekali kirim paling besar 120 MB" in jawab.content.decode()
    assert "kirim fotonya satu per satu" in jawab.content.decode()
    assert di_cakram == []


def test_form_of_the_office_may_hold_a_whole_letter_but_no_file(operator, di_cakram):
    teks = {"cari": "x" * MEGA}

    assert sebagai(operator).post("/kelola/", teks).status_code != 413
    sebagai(operator).post("/kelola/", {"berkas": _berkas(MEGA + 1000)})
    assert di_cakram == []
    assert Client().post("/kelola/login/", teks).status_code == 413


def test_known_browser_may_send_a_late_form_with_its_photos(warga, rf):
    """The session is over; whoever logged in here before finds the form again after the login."""
    klien, minta, token = Client(), rf.get("/"), "t" * 43
    klien.cookies[perangkat.NAMA_KUKI] = minta.COOKIES[perangkat.NAMA_KUKI] = token
    kirim = {"berkas-ktp": _berkas(2 * MEGA)}

    assert klien.post("/layanan/surat/domisili/", kirim).status_code == 413
    perangkat.kenali(minta, warga, pada=timezone.now())
    assert klien.post("/layanan/surat/domisili/", kirim).status_code == 302


def test_form_on_a_full_disk_keeps_its_words_and_says_what_became_of_the_photo(
    db, client, monkeypatch
):
    """Files over a megabyte go to the disk before any view is asked."""

    def penuh(self, *_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile.write", penuh)
    isi = {"nama": "Ni Luh Contoh", "foto-ktp": _berkas(2 * MEGA)}

    halaman = client.post("/pin/minta/", isi).content.decode()

    assert "Ni Luh Contoh" in halaman
    assert "Fotonya belum tersimpan: server sedang terganggu." in halaman


# --- How often ------------------------------------------------------------------------------------


@pytest.fixture
def sedikit(monkeypatch) -> None:
    """Two an hour instead of a thousand."""
    monkeypatch.setattr(kiriman, "SEJAM", replace(kiriman.SEJAM, jumlah=2))


def _formulir_umum() -> list[str]:
    """Every address that takes a form with a CSRF token from a stranger."""
    baris = [b for b in _baris(HALAMAN) if b[0] == "POST" and b[2] in ("200", "awal")]
    return [b[1].format(token="x") for b in baris if b[1] != "/cek/berkas/"]


def test_a_thousand_an_hour_is_what_one_network_may_send():
    assert kiriman.SEJAM.jumlah == 1000


def test_there_are_public_forms():
    assert {"/masuk/", "/keluar/", "/pin/minta/", "/kelola/login/"} <= {*_formulir_umum()}


@pytest.mark.django_db
@pytest.mark.parametrize("alamat", sorted({*_formulir_umum()} - {"/pin/minta/"}))
def test_form_of_a_stranger_is_refused_after_too_many_from_its_network(
    sedikit, monkeypatch, django_assert_max_num_queries, alamat
):
    Client().get("/cek/")  # makes the village
    for _ in range(2):
        Client().post(alamat, {"nik": "1"})
    monkeypatch.setattr(pin, "cocok", None)  # nothing is compared any more
    semula = list(Percobaan.objects.values())

    with django_assert_max_num_queries(2):  # the counter, and the village for the page
        jawab = Client().post(alamat, {"nik": "5107041203019901", "pin": "123456"})

    assert jawab.status_code == 429
    assert "Coba lagi satu jam lagi" in kata(jawab)
    assert list(Percobaan.objects.values()) == semula
    lain = Client().post(alamat, {"nik": "1"}, REMOTE_ADDR="203.0.113.9")
    assert lain.status_code != 429


@pytest.mark.django_db
def test_the_next_hour_is_open_again(sedikit, monkeypatch):
    kini = timezone.now()
    for _ in range(3):
        jawab = Client().post("/keluar/")
    monkeypatch.setattr(kiriman.timezone, "now", lambda: kini + timedelta(hours=1))

    assert jawab.status_code == 429
    assert Client().post("/keluar/").status_code == 302


@pytest.mark.django_db
def test_known_browser_and_who_is_logged_in_pass_a_crowded_network(sedikit, warga, rf):
    klien, minta, token = Client(), rf.get("/"), "t" * 43
    klien.cookies[perangkat.NAMA_KUKI] = minta.COOKIES[perangkat.NAMA_KUKI] = token
    perangkat.kenali(minta, warga, pada=timezone.now())
    for _ in range(3):
        asing = Client().post("/masuk/", {"nik": "1"})

    assert asing.status_code == 429
    assert "NIK harus 16 angka" in kata(klien.post("/masuk/", {"nik": "1"}))
    assert "PIN baru" in kata(sebagai(warga).post("/pin/ganti/", {"pin_baru": "1"}))


def test_files_from_a_crowded_network_are_not_stored_and_the_rest_is(sedikit, warga, di_cakram):
    orang = sebagai(warga)
    factories.jenis()
    for _ in range(2):
        orang.post("/layanan/surat/domisili/", {"aksi": "simpan"})

    isi = {"aksi": "simpan", "keterangan": "Untuk bank.", "berkas-ktp": _berkas(2 * MEGA)}
    jawab = orang.post("/layanan/surat/domisili/", isi, follow=True)

    assert "Berkasnya belum tersimpan" in kata(jawab)
    assert Draf.objects.get().keterangan == "Untuk bank."
    assert (di_cakram, Berkas.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_asking_for_a_pin_from_a_crowded_network_keeps_what_was_typed(sedikit, di_cakram):
    for _ in range(3):
        isi = {"nama": "I Wayan Contoh", "foto-ktp": _berkas(2 * MEGA)}
        jawab = Client().post("/pin/minta/", isi)

    assert "Berkasnya belum tersimpan" in kata(jawab)
    assert "I Wayan Contoh" in jawab.content.decode()
    assert len(di_cakram) == 2
