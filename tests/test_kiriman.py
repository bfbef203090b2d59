"""What is too large is refused before it is read, and files go only where they are expected."""

import pytest
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from bugbug.kiriman import FORMULIR_MAKS
from penduduk.akun import perangkat
from tests.halaman import sebagai

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
