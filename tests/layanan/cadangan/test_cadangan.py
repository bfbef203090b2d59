"""A village that lost its machine: what comes back, and that nothing comes twice."""

import json
import os
import shutil
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pyrage
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from layanan import tasks
from layanan.cadangan import buat, pulih
from layanan.kesehatan import keadaan, penyimpanan
from layanan.kotak_keluar import pengiriman
from layanan.models import Berkas, Denyut, Notifikasi, Permohonan
from penduduk.models import Akun, Penduduk
from surat.models import BukuNomor, Cetakan, Surat
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
S = Permohonan.Status


def _pulihkan(kunci: str, **lain) -> pulih.Laporan:
    pilihan = {"saat": None, "loncat": None, "pada": timezone.now()} | lain
    return pulih.pulihkan(kunci, **pilihan)


def _semua_sama() -> list[int]:
    return [m.objects.count() for m in (Penduduk, Akun, Permohonan, Surat, Berkas, Notifikasi)]


# --- There and back ------------------------------------------------------------------------------


def test_everything_comes_back_and_is_what_it_was(kunci, desa, hancur):
    dulu = _semua_sama()
    buat.cadangkan(pada=timezone.now())
    hancur()
    assert _semua_sama() == [0] * len(dulu)

    laporan = _pulihkan(kunci)

    assert _semua_sama() == dulu
    assert laporan.hilang == []
    assert laporan.jumlah["surat"] == 1
    hasil = penyimpanan.periksa(pada=timezone.now())
    assert (hasil.hilang, hasil.sisa, hasil.berubah) == ([], [], [])
    assert hasil.diperiksa == laporan.berkas > 3
    assert Denyut.objects.filter(nama=Denyut.PEMULIHAN).exists()
    assert [penyimpanan.dikenal(f) for f in (Denyut.FOLDER_BERKAS, Denyut.FOLDER_CADANGAN)] == [
        True,
        True,
    ]


def test_numbers_given_after_the_backup_are_not_given_again(kunci, desa, hancur, warga, operator):
    buat.cadangkan(pada=timezone.now())
    perbekel = Akun.objects.get(username="perbekel")
    sesudah = []
    for _ in range(3):  # on paper, and in nobody's backup
        satu = factories.buat_permohonan(warga, "usaha")
        factories.jalankan_sampai(satu, S.MENUNGGU_TTD, operator=operator, perbekel=perbekel)
        sesudah.append((satu.nomor, satu.surat.nomor))
    hancur()

    laporan = _pulihkan(kunci)

    warga, operator = Akun.objects.get(pk=warga.pk), Akun.objects.get(pk=operator.pk)
    perbekel = Akun.objects.get(username="perbekel")
    baru = factories.buat_permohonan(warga, "usaha")
    factories.jalankan_sampai(baru, S.MENUNGGU_TTD, operator=operator, perbekel=perbekel)
    assert baru.nomor not in {nomor for nomor, _ in sesudah}
    assert baru.surat.nomor not in {nomor for _, nomor in sesudah}
    buku = {kode: (lama, akhir) for kode, _, lama, akhir in laporan.loncat}
    assert buku["PERMOHONAN"][1] - buku["PERMOHONAN"][0] >= 20
    assert baru.surat.buku.terakhir == buku[baru.surat.buku.kode][1] + 1


def test_busy_village_that_lost_days_jumps_further(kunci, desa, hancur):
    Surat.objects.update(tanggal=timezone.localdate())
    buat.cadangkan(pada=timezone.now())
    hancur()

    laporan = _pulihkan(kunci, pada=timezone.now() + timedelta(days=30))

    (loncat,) = {akhir - lama for kode, _, lama, akhir in laporan.loncat if kode == "SURAT"}
    assert loncat == 3 * 1 * 31


def test_messages_that_waited_are_asked_about_before_they_are_sent(kunci, desa, hancur, twilio):
    """One went out after the backup; the phone rings once, not twice."""
    buat.cadangkan(pada=timezone.now())
    menunggu = set(Notifikasi.objects.untuk_warga().filter(keadaan="MENUNGGU").values_list("pk"))
    assert menunggu
    pengiriman.kirim_yang_menunggu()
    terkirim = len(twilio.messages)
    assert terkirim
    hancur()

    laporan = _pulihkan(kunci)
    assert laporan.tertahan >= len(menunggu)
    pengiriman.kirim_yang_menunggu()

    assert len(twilio.messages) == terkirim
    assert not Notifikasi.objects.filter(keadaan="MENUNGGU").exists()


# --- What cannot be restored ---------------------------------------------------------------------


def test_an_empty_system_makes_no_backup_that_would_be_restored_instead(kunci, db):
    """A machine that is being set up: the backup that it waits for must stay the newest."""
    tasks.cadangkan()
    with pytest.raises(buat.CadanganGagal, match="tidak ada yang dicadangkan"):
        buat.cadangkan(pada=timezone.now())

    assert buat.semua() == []


def test_a_system_in_use_is_not_overwritten(kunci, desa):
    buat.cadangkan(pada=timezone.now())

    with pytest.raises(pulih.PemulihanGagal, match="sudah berisi"):
        _pulihkan(kunci)


def test_wrong_pepper_is_said_and_nothing_is_restored(kunci, desa, hancur, settings):
    buat.cadangkan(pada=timezone.now())
    hancur()
    settings.PIN_PEPPER = "lain-" + "p" * 40

    with pytest.raises(pulih.PemulihanGagal, match="PIN_PEPPER bukan yang dipakai"):
        _pulihkan(kunci)
    assert _semua_sama() == [0] * 6
    settings.PIN_PEPPER_LAMA = ["pepper-uji-" + "y" * 40]
    assert _pulihkan(kunci).hilang == []


def test_another_key_opens_nothing(kunci, desa, hancur):
    buat.cadangkan(pada=timezone.now())
    hancur()

    with pytest.raises(pulih.PemulihanGagal, match="tidak dapat dibuka"):
        _pulihkan(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(pulih.PemulihanGagal, match="tidak ada kunci privat"):
        _pulihkan("age1bukan")


def test_missing_files_are_named_and_letters_made_again(kunci, desa, hancur, settings):
    buat.cadangkan(pada=timezone.now())
    (surat,) = Cetakan.objects.values_list("berkas", flat=True)
    (settings.CADANGAN_DIR / "berkas" / buat.salinan(surat)).unlink()
    hancur()

    assert _pulihkan(kunci).hilang == [surat]
    assert penyimpanan.periksa(pada=timezone.now()).berubah == []
    assert penyimpanan.periksa(pada=timezone.now()).hilang == []


def test_nothing_readable_lies_in_a_backup(kunci, desa, settings):
    buat.cadangkan(pada=timezone.now())

    semua = [p for p in Path(settings.CADANGAN_DIR).rglob("*") if p.is_file()]
    isi = b"".join(p.read_bytes() for p in semua)
    assert len(semua) > 4
    for rahasia in (desa.pemohon.nik, desa.pemohon.nama, "SQLite format", "%PDF", "JFIF"):
        assert rahasia.encode() not in isi
    assert {f"{p.stat().st_mode & 0o077:o}" for p in semua} == {"0"}


# --- Keeping them --------------------------------------------------------------------------------


def test_rows_that_a_killed_backup_left_open_go_with_the_next(kunci, warga, settings):
    terbuka = settings.CADANGAN_DIR / f"{buat._SEDANG}x1" / "basis"
    terbuka.parent.mkdir(parents=True)
    terbuka.write_bytes(b"SQLite format 3")

    buat.cadangkan(pada=timezone.now())

    assert {satu.name for satu in settings.CADANGAN_DIR.iterdir() if satu.is_dir()} == {
        "basis",
        "berkas",
    }


def test_clock_that_was_ahead_neither_stops_backups_nor_hides_the_newest(kunci, desa, hancur):
    sekarang = timezone.now()
    buat.cadangkan(pada=sekarang + timedelta(days=3))
    assert buat.sudah_waktunya(pada=sekarang)
    merah = {b.nama for b in keadaan.periksa(pada=sekarang) if not b.baik}
    assert Denyut.CADANGAN in merah
    baru = factories.buat_warga().pk
    buat.cadangkan(pada=sekarang)
    assert not buat.sudah_waktunya(pada=sekarang)
    hancur()

    with pytest.raises(pulih.PemulihanGagal, match="bertanggal sesudah saat ini"):
        _pulihkan(kunci)
    _pulihkan(kunci, saat=timezone.now())
    assert Akun.objects.filter(pk=baru).exists()


def test_file_that_a_full_disk_cut_off_is_not_taken_for_whole_nor_for_lost(
    kunci, desa, hancur, settings, tmp_path, monkeypatch
):
    settings.PEMULIHAN_TERPUTUS = tmp_path / "pemulihan-belum-selesai"
    buat.cadangkan(pada=timezone.now())
    hancur()

    def penuh(dari: str, ke: str, kunci: list) -> None:
        Path(ke).write_bytes(b"sebagian")
        raise OSError(28, "No space left on device")

    asli = pyrage.decrypt_file
    pilih = {True: asli, False: penuh}
    with monkeypatch.context() as sempit:
        sempit.setattr(pyrage, "decrypt_file", lambda a, b, c: pilih["/basis/" in a](a, b, c))
        with pytest.raises(OSError, match="No space"):
            _pulihkan(kunci)
    laporan = _pulihkan(kunci)

    assert (laporan.hilang, laporan.sisa) == ([], [])
    for _, nama in penyimpanan.semua_nama():
        assert default_storage.size(nama) > len(b"sebagian")


def test_a_file_is_copied_once_and_leaves_when_no_backup_needs_it(kunci, desa, settings, request):
    sekarang = timezone.now()
    buat.cadangkan(pada=sekarang)
    rumah = settings.CADANGAN_DIR / "berkas"
    satu = Berkas.objects.exclude(mentah="").first()
    salinan = rumah / buat.salinan(satu.mentah)
    saat = salinan.stat().st_mtime_ns
    default_storage.delete(satu.mentah)
    Berkas.objects.filter(pk=satu.pk).update(mentah="")

    buat.cadangkan(pada=sekarang + timedelta(minutes=5))
    assert salinan.stat().st_mtime_ns == saat  # the earlier backup needs it
    request.getfixturevalue("satu_sebulan")
    buat.cadangkan(pada=sekarang + timedelta(days=40))
    assert not salinan.exists()
    assert len(buat.semua()) == 1


def _palsu(pada) -> Path:
    """What looks like a backup of then, without files."""
    satu = settings.CADANGAN_DIR / f"basis/{pada:%Y%m%dT%H%M%SZ}.age"
    for folder in (satu.parent, satu.parents[1] / "berkas"):
        folder.mkdir(parents=True, exist_ok=True)
    satu.write_text("x")
    satu.with_suffix(".json").write_text("[]")
    return satu


def test_six_hours_whole_then_hours_days_and_months(kunci):
    sekarang, jeda = timezone.now(), 5 if connection.vendor == "sqlite" else 60
    for menit in [*range(0, 420, jeda), *range(420, 3600, 30), *range(3600, 400 * 1440, 720)]:
        _palsu(sekarang - timedelta(minutes=menit))

    buat.buang_lama(pada=sekarang)

    umur = [(sekarang - waktu) / timedelta(hours=1) for waktu, _ in buat.semua()]
    assert sum(u < 6 for u in umur) == (72 if connection.vendor == "sqlite" else 6)
    assert 41 <= sum(6 <= u < 48 for u in umur) <= 43
    assert 28 <= sum(48 <= u < 31 * 24 for u in umur) <= 31
    assert 10 <= sum(u >= 31 * 24 for u in umur) <= 13
    assert max(umur) < 367 * 24


@pytest.mark.parametrize("hari", [366, -366])
def test_clock_that_is_a_year_off_lets_go_what_any_new_backup_would(kunci, hari):
    """Twenty days of backups are not a year old then; and what is of the future stays."""
    sekarang = timezone.now()
    dulu = {_palsu(sekarang - timedelta(days=n)) for n in range(20)}

    for jam in range(9):
        salah = sekarang + timedelta(days=hari, hours=jam)
        _palsu(salah)
        buat.buang_lama(pada=salah)

    assert dulu < {satu for _, satu in buat.semua()}


def _penuh(monkeypatch, muat: int) -> None:
    """A disk on which a backup fits beside `muat` others."""
    asli = pyrage.encrypt_file

    def sandikan(dari: str, ke: str, kunci: list) -> None:
        asli(dari, ke, kunci)
        if len(buat.semua()) > muat:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyrage, "encrypt_file", sandikan)


@pytest.mark.parametrize("depan", [0, 8])
def test_full_disk_loses_the_oldest_backups_until_the_new_one_fits(kunci, desa, monkeypatch, depan):
    """Also where a clock that was ahead has left some (`depan`) that stay."""
    sekarang = timezone.now()
    jam = [_palsu(sekarang + timedelta(hours=n)) for n in range(8)]
    nanti = [_palsu(sekarang + timedelta(days=366, hours=n)) for n in range(depan)]
    _penuh(monkeypatch, 4 + depan)

    baru = buat.cadangkan(pada=sekarang + timedelta(hours=8))

    assert [satu for _, satu in buat.semua()] == [*jam[-4:], baru, *nanti]
    bernama = {buat.salinan(nama) for _, nama in penyimpanan.semua_nama()}
    assert bernama == {p.name for p in (baru.parents[1] / "berkas").iterdir()}


def test_newest_three_stay_on_a_disk_where_nothing_fits(kunci, warga, monkeypatch):
    sekarang = timezone.now()
    jam = [_palsu(sekarang - timedelta(hours=n)) for n in range(5, 0, -1)]
    _penuh(monkeypatch, 0)

    with pytest.raises(buat.CadanganGagal, match="No space left"):
        buat.cadangkan(pada=sekarang)

    assert [satu for _, satu in buat.semua()] == jam[-3:]
    assert not list(jam[0].parents[1].rglob("*.baru"))
    merah = {b.nama: b.kalimat for b in keadaan.periksa(pada=sekarang) if not b.baik}
    assert merah["cadangan"] == "Cadangan belum pernah ada."


def test_disk_that_is_not_mounted_is_red_and_gets_no_backup(kunci, warga, settings, tmp_path):
    """Until somebody says that it is another one from now on; then the old one is the wrong one."""
    rumah = settings.CADANGAN_DIR
    buat.cadangkan(pada=timezone.now())
    rumah.rename(tmp_path / "cakram")
    rumah.mkdir()  # where it is mounted

    for _ in range(2):
        with pytest.raises(buat.CadanganGagal, match=r"terpasang \(mount\).* --terima folder_cad"):
            buat.cadangkan(pada=timezone.now())
        with pytest.raises(buat.CadanganGagal, match="terpasang"):
            buat.salin_berkas()
        assert not list(rumah.iterdir())
        merah = {b.nama: b.kalimat for b in keadaan.periksa(pada=timezone.now()) if not b.baik}
        assert f"{rumah} bukan folder_cadangan desa ini" in merah["folder_cadangan"]

    call_command("periksa_berkas", "--terima", "folder_cadangan")
    buat.cadangkan(pada=timezone.now())
    shutil.rmtree(rumah)
    (tmp_path / "cakram").rename(rumah)
    with pytest.raises(buat.CadanganGagal, match="terpasang"):
        buat.cadangkan(pada=timezone.now())


def test_without_a_key_there_is_no_backup_and_a_sentence(settings, kunci):
    settings.CADANGAN_KUNCI = ""
    tasks.cadangkan()
    assert buat.semua() == []

    with pytest.raises(CommandError, match="kunci_cadangan"):
        call_command("cadangkan")
    settings.CADANGAN_KUNCI = "bukan"
    with pytest.raises(CommandError, match="bukan kunci publik"):
        call_command("cadangkan")


# --- The commands of the book --------------------------------------------------------------------


def test_commands_tell_the_village_what_it_must_know(kunci, desa, hancur, settings, tmp_path):
    keluar = StringIO()
    call_command("kunci_cadangan", stdout=keluar)
    assert "AGE-SECRET-KEY-" in keluar.getvalue()
    assert "CADANGAN_KUNCI=age1" in keluar.getvalue()
    call_command("cadangkan", stdout=keluar)
    hancur()
    (tmp_path / "kunci").write_text(f"{kunci}\n")

    keluar = StringIO()
    call_command("pulihkan", "--kunci", str(tmp_path / "kunci"), stdout=keluar)

    buku = BukuNomor.objects.get(kode="SURAT")
    assert f"Buku SURAT {buku.tahun}: nomor 2 sampai {buku.terakhir} dilompati" in keluar.getvalue()
    assert "ditanyakan dulu ke penyedia" in keluar.getvalue()
    with pytest.raises(CommandError, match="--saat tidak terbaca"):
        call_command("pulihkan", "--kunci", str(tmp_path / "kunci"), "--saat", "kemarin")


def test_rows_are_due_every_hour_on_a_server_and_files_every_minute(kunci, desa, settings):
    sekarang = timezone.now()
    buat.cadangkan(pada=sekarang)
    jeda = timedelta(minutes=5 if connection.vendor == "sqlite" else 60)

    assert not buat.sudah_waktunya(pada=sekarang + jeda - timedelta(minutes=1))
    assert buat.sudah_waktunya(pada=sekarang + jeda)

    dulu = {p.name for p in (settings.CADANGAN_DIR / "berkas").iterdir()}
    factories.tambah_foto(desa, 1)
    tasks.cadangkan()
    assert dulu < {p.name for p in (settings.CADANGAN_DIR / "berkas").iterdir()}
    assert len(buat.semua()) == 1


def test_summary_names_secrets_without_telling_them(kunci, desa, settings, tmp_path):
    arsip = buat.cadangkan(pada=timezone.now())
    pyrage.decrypt_file(str(arsip), str(tmp_path / "isi"), [pyrage.x25519.Identity.from_str(kunci)])
    subprocess.run(["tar", "-xf", tmp_path / "isi", "-C", tmp_path], check=True)

    teks = (tmp_path / "ringkasan.json").read_text()
    assert json.loads(teks)["sidik"].keys() == {"PIN_PEPPER", "KUNCI_SIDIK"}
    assert settings.PIN_PEPPER not in teks
    assert os.path.getsize(tmp_path / "basis") > 10_000
