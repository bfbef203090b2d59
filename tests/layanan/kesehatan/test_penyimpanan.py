"""Files and rows: what is missing, left over or changed is found; a letter is made again."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from layanan import kantor, tasks
from layanan.kesehatan import keadaan, penyimpanan
from layanan.models import Berkas, Permohonan
from layanan.permohonan import alur, dampak
from surat.models import Cetakan
from tests import factories
from tests.halaman import sebagai

pytestmark = pytest.mark.django_db


@pytest.fixture
def siap(permohonan, operator, perbekel) -> Permohonan:
    """Printed, and on the desk of the signer."""
    return factories.jalankan_sampai(
        permohonan, Permohonan.Status.MENUNGGU_TTD, operator=operator, perbekel=perbekel
    )


@pytest.fixture
def cetakan(siap) -> Cetakan:
    return Cetakan.objects.get(surat=siap.surat)


def _ubah(nama: str) -> None:
    with open(default_storage.path(nama), "r+b") as berkas:
        berkas.seek(5)
        berkas.write(b"X")


def _hapus(nama: str) -> None:
    default_storage.delete(nama)


def _sisa(nama: str, isi: bytes = b"isi", *, jam: float = 2) -> str:
    nama = default_storage.save(nama, ContentFile(isi))
    saat = time.time() - jam * 3600
    os.utime(default_storage.path(nama), (saat, saat))
    return nama


def _lain(monkeypatch) -> None:
    """Another release of the program: the same letter comes out with other bytes."""
    monkeypatch.setattr("surat.kertas.pdf.buat", lambda data: (b"%PDF-1.7 lain", 1))


# --- A letter ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rusak", [_ubah, _hapus])
def test_letter_that_is_gone_or_altered_is_made_again_before_it_is_signed(
    siap, cetakan, perbekel, rusak
):
    rusak(cetakan.berkas)

    alur.jalankan(siap, "tandatangani", oleh=perbekel, pada=timezone.now())

    lama, cetakan = cetakan.berkas, Cetakan.objects.get()
    assert siap.status == "SIAP_DIAMBIL"
    assert cetakan.berkas != lama
    assert cetakan.rusak_pada is None
    assert default_storage.exists(cetakan.berkas)


@pytest.mark.parametrize("rusak", [_ubah, _hapus])
def test_letter_that_cannot_be_made_again_as_it_was_is_not_signed(
    siap, cetakan, perbekel, rusak, monkeypatch
):
    rusak(cetakan.berkas)
    _lain(monkeypatch)

    with pytest.raises(alur.LangkahTidakSah, match="kembalikan ke operator"):
        alur.jalankan(siap, "tandatangani", oleh=perbekel, pada=timezone.now())

    siap.refresh_from_db()
    assert siap.status == "MENUNGGU_TTD"


def test_signer_reads_why_and_what_to_do(siap, cetakan, perbekel, monkeypatch):
    _hapus(cetakan.berkas)
    _lain(monkeypatch)
    klien = sebagai(perbekel)

    kirim = {"surat": siap.surat_id, "langkah": "tandatangani"}
    jawab = klien.post(f"/meja/{siap.nomor}/", kirim, follow=True)

    assert "kembalikan ke operator" in jawab.content.decode()


def test_paper_is_handed_over_and_the_office_told_that_its_file_is_gone(
    siap, cetakan, operator, perbekel, monkeypatch
):
    alur.jalankan(siap, "tandatangani", oleh=perbekel, pada=timezone.now())
    _hapus(cetakan.berkas)
    _lain(monkeypatch)

    serah = dampak.Serahkan("PEMOHON", "I Wayan Contoh", "KTP-el")
    alur.jalankan(siap, "serahkan", serah, oleh=operator, pada=timezone.now())

    assert siap.status == "SELESAI"
    assert Cetakan.objects.get().rusak_pada is not None
    semua = kantor.ringkasan(operator, pada=timezone.now())["tidak_baik"]
    (kalimat,) = [k for k in semua if "hilang atau berubah di server" in k]
    assert siap.surat.nomor in kalimat


def test_file_that_has_been_put_back_is_well_again(siap, cetakan, operator, monkeypatch):
    isi = Path(default_storage.path(cetakan.berkas)).read_bytes()
    _hapus(cetakan.berkas)
    with monkeypatch.context() as sementara:
        _lain(sementara)
        assert penyimpanan.periksa(pada=timezone.now()).berubah == [siap.surat_id]
    Path(default_storage.path(cetakan.berkas)).write_bytes(isi)

    assert penyimpanan.periksa(pada=timezone.now()).berubah == []
    assert Cetakan.objects.get().rusak_pada is None


def test_download_is_the_letter_that_was_made_or_nothing(
    siap, cetakan, warga, perbekel, monkeypatch
):
    alur.jalankan(siap, "tandatangani", oleh=perbekel, pada=timezone.now())
    isi = Path(default_storage.path(cetakan.berkas)).read_bytes()
    klien, alamat = sebagai(warga), f"/layanan/permohonan/{siap.nomor}/surat/"
    _ubah(cetakan.berkas)

    jawab = klien.get(alamat)
    assert b"".join(jawab.streaming_content) == isi
    _ubah(Cetakan.objects.get().berkas)
    _lain(monkeypatch)
    assert klien.get(alamat).status_code == 404


def test_upload_that_is_gone_is_a_page_in_words(permohonan, operator):
    factories.tasks.periksa_berkas()
    satu = Berkas.objects.first()
    _hapus(satu.berkas)
    _hapus(satu.mini)
    klien = sebagai(operator)

    for alamat in ("", "halaman/1/", "kecil/"):
        jawab = klien.get(f"/berkas/{satu.pk}/{alamat}")
        assert (jawab.status_code, "sudah tidak ada" in jawab.content.decode()) == (404, True)


# --- Everything ----------------------------------------------------------------------------------


def test_everything_in_its_place_is_no_finding(siap, cetakan, monkeypatch):
    """On a disk of its own too: `lost+found` is the system's, and nobody else reads it."""
    asli = type(default_storage._wrapped).listdir

    def baca(tempat, folder: str):
        if folder == "lost+found":
            raise PermissionError
        sub, nama = asli(tempat, folder)
        return ([*sub, "lost+found"] if folder == "." else sub), nama

    monkeypatch.setattr(type(default_storage._wrapped), "listdir", baca)
    tasks.periksa_berkas()

    hasil = penyimpanan.periksa(pada=timezone.now())

    assert (hasil.hilang, hasil.sisa, hasil.berubah) == ([], [], [])
    assert hasil.diperiksa >= 3


def test_missing_left_over_and_changed_are_named(siap, cetakan, monkeypatch, capsys):
    tasks.periksa_berkas()
    satu = Berkas.objects.first()
    _hapus(satu.berkas)
    sisa = _sisa("berkas/2020/01/tanpa-baris.jpg")
    _sisa("berkas/baru-saja.jpg", jam=0)  # its row may come in a moment
    _ubah(cetakan.berkas)
    _lain(monkeypatch)

    with pytest.raises(CommandError, match="dari cadangan"):
        call_command("periksa_berkas")

    keluar = capsys.readouterr().out
    assert f"HILANG   {satu.berkas} (berkas {satu.pk} berkas)" in keluar
    assert f"SISA     {sisa}" in keluar
    assert f"BERUBAH  surat {siap.surat_id}" in keluar
    assert "1 hilang, 1 sisa, 1 surat berubah" in keluar
    assert default_storage.exists(sisa)


def test_left_overs_go_only_when_asked_for(siap):
    sisa = _sisa("berkas/tanpa-baris.jpg")

    call_command("periksa_berkas", "--hapus-sisa")

    assert not default_storage.exists(sisa)
    assert penyimpanan.periksa(pada=timezone.now()).hilang == []


def test_night_looks_at_letters_and_sweeps_what_a_full_disk_left(siap, cetakan, monkeypatch):
    kosong, isi = _sisa("berkas/kosong.jpg", b""), _sisa("berkas/isi.jpg")
    baru = _sisa("karantina/sedang-ditulis", b"", jam=0)
    _ubah(cetakan.berkas)
    _lain(monkeypatch)

    tasks.periksa_surat()

    assert Cetakan.objects.get().rusak_pada is not None
    assert [default_storage.exists(satu) for satu in (kosong, isi, baru)] == [False, True, True]


def test_before_anything_is_stored_there_is_nothing_to_find():
    assert penyimpanan.periksa(pada=timezone.now()) == penyimpanan.Temuan()
    assert penyimpanan.periksa_contoh(pada=timezone.now()) == 0


def test_papers_that_are_gone_are_told_until_they_are_back(siap, cetakan):
    """A letter is made again; a resident's paper only somebody can bring back."""
    nama = Berkas.objects.exclude(mentah="").values_list("mentah", flat=True)[0]
    with default_storage.open(nama) as berkas:
        isi = berkas.read()
    _hapus(nama)
    _hapus(cetakan.berkas)

    tasks.periksa_surat()
    assert not _tentang_berkas_warga().baik
    assert "periksa_berkas" in _tentang_berkas_warga().kalimat

    default_storage.save(nama, ContentFile(isi))
    tasks.periksa_surat()
    assert _tentang_berkas_warga().baik


def _tentang_berkas_warga() -> keadaan.Butir:
    semua = keadaan.periksa(pada=timezone.now())
    return next(butir for butir in semua if butir.nama == "berkas_warga")
