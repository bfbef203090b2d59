"""After a restore: no number, key, link or message of the time that was lost comes again."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pyrage
import pytest
from django.conf import settings as atur
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from layanan.cadangan import buat, pulih
from layanan.kesehatan import keadaan
from layanan.kotak_keluar import pengiriman, tanda_terima
from layanan.models import Denyut, Notifikasi, Permohonan
from layanan.permohonan import alur
from penduduk.models import Akun
from surat.models import BukuNomor, Cetakan, TataNaskah
from tests import factories
from tests.perjalanan.pekerja import url_basis_data

pytestmark = pytest.mark.django_db(transaction=True)
S = Permohonan.Status


def _pulihkan(kunci: str, **lain) -> pulih.Laporan:
    pilihan = {"saat": None, "loncat": None, "pada": timezone.now()} | lain
    return pulih.pulihkan(kunci, **pilihan)


def _terbit(kode: str = "usaha", status: str = S.MENUNGGU_TTD) -> Permohonan:
    """One more request of the village that is there now."""
    semua = Akun.objects.all()
    satu = factories.buat_permohonan(semua.get(penduduk__isnull=False), kode)
    operator, perbekel = semua.get(username="operator"), semua.get(username="perbekel")
    return factories.jalankan_sampai(satu, status, operator=operator, perbekel=perbekel)


# --- Numbers -------------------------------------------------------------------------------------


def test_book_that_was_opened_after_the_backup_does_not_begin_again(kunci, desa, hancur):
    """One book for each kind, and the first letter of a kind is in no backup."""
    TataNaskah.objects.update(buku=TataNaskah.Buku.JENIS)
    buat.cadangkan(pada=timezone.now())
    dulu = _terbit("usaha").surat
    assert dulu.buku.kode == "J:usaha"
    hancur()

    _pulihkan(kunci)

    baru = _terbit("usaha").surat
    assert baru.buku.kode == "J:usaha"
    assert baru.urut > dulu.urut


def test_books_of_a_new_year_go_on_after_what_may_be_on_paper(kunci, desa, hancur, monkeypatch):
    """The backup is of December; by the clock of the village, not by that of Greenwich."""
    buat.cadangkan(pada=datetime(2026, 12, 31, 15, 0, tzinfo=UTC))
    hancur()

    laporan = _pulihkan(kunci, pada=datetime(2026, 12, 31, 21, 0, tzinfo=UTC))

    baru = {kode: akhir for kode, tahun, _, akhir in laporan.loncat if tahun == 2027}
    assert baru.keys() == {"SURAT", "PERMOHONAN", "AGENDA", "EKSPEDISI"}
    assert min(baru.values()) >= 20
    semua = BukuNomor.objects.filter(tahun=2027).values_list("kode", "terakhir")
    assert dict(semua) == baru


def test_numbers_of_requests_jump_by_the_pace_of_requests(kunci, warga, hancur):
    for _ in range(9):
        factories.buat_permohonan(warga)
    buat.cadangkan(pada=timezone.now())
    hancur()

    laporan = _pulihkan(kunci, pada=timezone.now() + timedelta(days=4))

    loncat = {kode: akhir - lama for kode, _, lama, akhir in laporan.loncat}
    assert loncat["PERMOHONAN"] == 3 * 9 * 5


# --- Keys and messages ---------------------------------------------------------------------------


def test_receipt_of_a_lost_message_says_nothing_of_a_new_one(kunci, desa, hancur, twilio):
    buat.cadangkan(pada=timezone.now())
    _terbit()
    pengiriman.kirim_yang_menunggu()
    hilang = Notifikasi.objects.untuk_warga().order_by("-pk").first()
    hancur()

    _pulihkan(kunci)
    satu = _terbit()

    baru = Notifikasi.objects.filter(riwayat__permohonan=satu)
    assert baru.exists()
    assert not Notifikasi.objects.filter(pk=hilang.pk).exists()
    sama = {"pk": hilang.pk, "sid": hilang.sid, "status": "delivered"}
    assert tanda_terima.terima(**sama, pada=timezone.now()) is False
    assert set(baru.values_list("keadaan", flat=True)) == {"MENUNGGU"}
    assert satu.pk > desa.pk + 100_000  # nor does a link to a lost request show another's


def test_step_that_is_taken_again_is_not_told_again(kunci, warga, operator, hancur, twilio):
    satu = factories.buat_permohonan(warga)
    pengiriman.kirim_yang_menunggu()
    buat.cadangkan(pada=timezone.now())
    alur.jalankan(satu, "proses", oleh=operator, pada=timezone.now())  # lost with the machine
    pengiriman.kirim_yang_menunggu()
    terkirim = [(p.ke, p.body) for p in twilio.messages]
    hancur()
    _pulihkan(kunci)

    satu = Permohonan.objects.get(pk=satu.pk)
    assert satu.status == S.DIAJUKAN
    alur.jalankan(satu, "proses", oleh=Akun.objects.get(username="operator"), pada=timezone.now())
    pengiriman.kirim_yang_menunggu()

    assert [(p.ke, p.body) for p in twilio.messages] == terkirim
    kabar = Notifikasi.objects.untuk_warga().get(riwayat__langkah="proses")
    assert kabar.sid == twilio.messages[-1].sid

    factories.jalankan_sampai(
        satu,
        S.MENUNGGU_TTD,
        operator=Akun.objects.get(username="operator"),
        perbekel=factories.buat_perbekel(),
    )
    pengiriman.kirim_yang_menunggu()
    assert len(twilio.messages) > len(terkirim)  # what is new goes out all the same


# --- A database that came by another way ---------------------------------------------------------


def test_rows_and_files_are_brought_together(kunci, desa, settings, tmp_path):
    """As after pgBackRest: newer rows than the backup's, and a disk with other files."""
    buat.cadangkan(pada=timezone.now())
    (surat,) = Cetakan.objects.values_list("berkas", flat=True)
    lebih = _terbit().surat
    default_storage.delete(surat)
    default_storage.save("surat/lebih-baru.pdf", ContentFile(b"%PDF"))
    dulu = BukuNomor.objects.get(kode="SURAT").terakhir
    denyut = timezone.now() - timedelta(seconds=7)
    Denyut.objects.create(nama="pekerja surat@desa:1", pada=denyut)

    laporan = _pulihkan(kunci, basis_sudah=True)

    assert (laporan.dari, laporan.hilang, laporan.berubah) == (denyut, [], [])
    assert laporan.sisa == ["surat/lebih-baru.pdf"]
    assert default_storage.exists(surat) and default_storage.exists("surat/lebih-baru.pdf")
    assert laporan.tertahan > 0
    assert _terbit().surat.urut == BukuNomor.objects.get(kode="SURAT").terakhir >= dulu + 21
    assert lebih.urut == dulu
    with pytest.raises(pulih.PemulihanGagal, match="sudah selesai"):
        _pulihkan(kunci, basis_sudah=True)


def test_village_that_has_its_archive_alone_needs_no_backup(desa, settings, tmp_path):
    settings.CADANGAN_KUNCI, settings.CADANGAN_DIR = "", tmp_path
    dulu = BukuNomor.objects.get(kode="SURAT").terakhir
    Denyut.objects.create(nama="pekerja surat@desa:1", pada=timezone.now())

    assert _pulihkan("", basis_sudah=True).hilang == []
    assert BukuNomor.objects.get(kode="SURAT").terakhir >= dulu + 20


def test_database_that_is_empty_is_said(kunci, db):
    with pytest.raises(pulih.PemulihanGagal, match="kosong"):
        _pulihkan(kunci, basis_sudah=True)


def test_wrong_secrets_are_said_there_too(kunci, desa, settings):
    buat.cadangkan(pada=timezone.now())
    settings.KUNCI_SIDIK = "lain-" + "k" * 60

    with pytest.raises(pulih.PemulihanGagal, match="KUNCI_SIDIK bukan yang dipakai"):
        _pulihkan(kunci, basis_sudah=True)


# --- Torn, proven, before an update --------------------------------------------------------------


def _perintah(*perintah: str, **lain: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": url_basis_data(), **lain}
    return subprocess.run(
        [sys.executable, "manage.py", *perintah],
        cwd=atur.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.lambat  # two processes with Django
@pytest.mark.sekali
def test_torn_restore_lets_nothing_start_until_it_is_done(
    kunci, desa, hancur, monkeypatch, settings, tmp_path
):
    """Killed after the rows were there and before the books had jumped."""
    settings.PEMULIHAN_TERPUTUS = tmp_path / "pemulihan-belum-selesai"
    buat.cadangkan(pada=timezone.now())
    hancur()
    with monkeypatch.context() as terbunuh:
        terbunuh.setattr(pulih, "_sesudah", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            _pulihkan(kunci)
    assert Permohonan.objects.exists()

    mulai = _perintah("check", VAR_DIR=str(tmp_path))
    assert mulai.returncode and "pemulihan yang belum selesai" in mulai.stderr

    assert BukuNomor.objects.get(kode="SURAT").terakhir == 1
    laporan = _pulihkan(kunci)
    assert BukuNomor.objects.get(kode="SURAT").terakhir == 21
    assert laporan.hilang == []
    assert _perintah("check", VAR_DIR=str(tmp_path)).returncode == 0


def test_drill_elsewhere_is_shown_by_its_receipt(kunci, desa, hancur):
    buat.cadangkan(pada=timezone.now())
    hancur()
    laporan = _pulihkan(kunci)
    Denyut.objects.filter(nama=Denyut.PEMULIHAN).delete()  # the village's own server knows nothing
    Denyut.objects.create(nama=Denyut.CADANGAN, pada=timezone.now())
    keluar = StringIO()

    call_command("pulihkan", "--dicoba", laporan.tanda_terima, stdout=keluar)

    assert "Pemulihan dicoba" in keluar.getvalue()
    assert Denyut.objects.get(nama=Denyut.PEMULIHAN).pada == laporan.pada
    kalimat = next(b.kalimat for b in keadaan.periksa(pada=timezone.now()) if b.nama == "cadangan")
    assert "pemulihan dicoba" in kalimat
    laporan.hilang.append("surat/satu.pdf")
    with pytest.raises(CommandError, match="kehilangan 1 berkas"):
        call_command("pulihkan", "--dicoba", laporan.tanda_terima)
    with pytest.raises(CommandError, match="bukan dari"):
        call_command("pulihkan", "--dicoba", laporan.tanda_terima[:-2] + "xx")


def test_after_a_new_backup_key_both_are_needed(kunci, desa, hancur, settings):
    """A file is copied once, so its copy stays closed by the key of then."""
    sekarang = timezone.now()
    buat.cadangkan(pada=sekarang - timedelta(days=1))
    baru = pyrage.x25519.Identity.generate()
    settings.CADANGAN_KUNCI = str(baru.to_public())
    buat.cadangkan(pada=sekarang)
    hancur()

    with pytest.raises(pulih.PemulihanGagal, match="tidak dapat dibuka"):
        _pulihkan(kunci)
    laporan = _pulihkan(f"{baru}\n{kunci}\n")
    assert laporan.hilang == []
    hancur()
    assert len(_pulihkan(str(baru)).hilang) > 0  # named, not passed over


@pytest.mark.sekali
def test_update_makes_a_backup_before_it_changes_the_schema(kunci, settings, monkeypatch):
    monkeypatch.setattr(keadaan, "skema_siap", lambda: False)
    call_command("siapkan")
    assert buat.semua() == []  # there is nobody yet
    factories.buat_warga()
    call_command("siapkan")
    assert len(buat.semua()) == 1

    settings.CADANGAN_KUNCI = "bukan"
    with pytest.raises(CommandError, match="Tidak diperbarui tanpa cadangan"):
        call_command("siapkan")
    monkeypatch.setattr(keadaan, "skema_siap", lambda: True)
    call_command("siapkan")  # a start that changes nothing asks for none
