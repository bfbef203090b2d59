"""The copy outside: a real rclone, whose remote is another folder."""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from layanan import tasks
from layanan.cadangan import buat
from layanan.kesehatan import keadaan
from layanan.models import Berkas, Denyut

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sekali,
    pytest.mark.usefixtures("warga"),  # an empty village makes no backup
    pytest.mark.skipif(not shutil.which("rclone"), reason="rclone tidak terpasang"),
]
MENIT = timedelta(minutes=1)


@pytest.fixture
def luar(settings, tmp_path) -> Path:
    settings.CADANGAN_KUNCI = str(pyrage.x25519.Identity.generate().to_public())
    settings.CADANGAN_DIR = tmp_path / "cadangan"
    settings.CADANGAN_RCLONE = str(tmp_path / "luar")
    return tmp_path / "luar"


def _hilangkan(folder: Path) -> None:
    """Emptied, or another disk; and somebody has said that it is so."""
    shutil.rmtree(folder)
    call_command("periksa_berkas", "--terima", "folder_cadangan")


def _nama(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*.*") if p.suffix != ".kunci"}


def _cadangkan(pada) -> None:
    buat.cadangkan(pada=pada)
    buat.ke_luar(pada=pada)


def _baris() -> dict[str, keadaan.Butir]:
    semua = keadaan.periksa(pada=timezone.now())
    return {b.nama: b for b in semua if b.nama.startswith("cadangan")}


def test_outside_has_what_is_here_and_loses_what_the_rotation_lets_go(
    luar, permohonan, settings, satu_sebulan
):
    sekarang = timezone.now()
    _cadangkan(sekarang - 40 * 24 * 60 * MENIT)
    lama = _nama(luar)
    assert lama == _nama(settings.CADANGAN_DIR)
    assert len(lama) > 3
    berkas = Berkas.objects.exclude(mentah="").first()
    default_storage.delete(berkas.mentah)
    Berkas.objects.filter(pk=berkas.pk).update(mentah="")

    _cadangkan(sekarang)

    assert _nama(luar) == _nama(settings.CADANGAN_DIR)
    assert f"berkas/{buat.salinan(berkas.mentah)}" in lama - _nama(luar)


def test_emptied_folder_empties_nothing_outside(luar, permohonan, settings):
    """An attacker without the place's key, or a disk that died."""
    sekarang = timezone.now()
    _cadangkan(sekarang - 10 * MENIT)
    lama = _nama(luar)
    _hilangkan(settings.CADANGAN_DIR)
    for satu in Berkas.objects.exclude(mentah=""):
        default_storage.delete(satu.mentah)
    Berkas.objects.update(mentah="")

    _cadangkan(sekarang)

    assert lama < _nama(luar)


def test_of_a_lost_folder_nothing_older_than_a_year_stays(luar, permohonan, settings):
    """Once the clock has gone on for a month: one that has jumped a year ahead deletes nothing."""
    sekarang = timezone.now()
    _cadangkan(sekarang - 10 * MENIT)
    (lama,) = luar.glob("basis/*.age")
    _hilangkan(settings.CADANGAN_DIR)
    os.utime(lama, (0, (sekarang - timedelta(days=367)).timestamp()))

    _cadangkan(sekarang)
    assert lama.exists()
    for hari in range(1, 28):
        satu = settings.CADANGAN_DIR / f"basis/{sekarang - timedelta(days=hari):%Y%m%dT%H%M%SZ}.age"
        satu.write_text("x")
        satu.with_suffix(".json").write_text("[]")
    _cadangkan(sekarang + 10 * MENIT)

    assert not lama.exists()
    assert len(list(luar.glob("basis/*.age"))) == 29


def test_place_that_cannot_be_reached_hides_neither_the_backup_nor_itself(luar, settings, capsys):
    luar.write_text("not a folder")

    with pytest.raises(CommandError, match="tidak sampai di luar"):
        call_command("cadangkan")

    assert "Cadangan: " in capsys.readouterr().out
    assert len(buat.semua()) == 1
    satu, dua = _baris()["cadangan"], _baris()["cadangan_luar"]
    assert satu.baik and re.match(r"Cadangan terakhir \d+ detik yang lalu", satu.kalimat)
    assert not dua.baik and dua.kalimat == "Salinan cadangan di luar server belum pernah ada."


def test_what_failed_outside_is_tried_again_without_a_new_backup(luar, settings):
    luar.write_text("not a folder")
    with pytest.raises(buat.CadanganGagal):
        tasks.cadangkan()
    luar.unlink()

    tasks.cadangkan()

    assert len(buat.semua()) == 1
    assert _nama(luar) == _nama(settings.CADANGAN_DIR)
    assert _baris()["cadangan_luar"].baik
    satu = Denyut.objects.get(nama=Denyut.CADANGAN_LUAR).pada
    tasks.cadangkan()
    assert Denyut.objects.get(nama=Denyut.CADANGAN_LUAR).pada == satu  # nothing new


def test_clock_that_was_ahead_keeps_nothing_here(luar, settings):
    Denyut.objects.create(nama=Denyut.CADANGAN_LUAR, pada=timezone.now() + timedelta(days=3))
    assert not _baris()["cadangan_luar"].baik

    _cadangkan(timezone.now())

    assert _nama(luar) == _nama(settings.CADANGAN_DIR)
    assert _baris()["cadangan_luar"].baik


def test_missing_program_is_said(luar, monkeypatch, tmp_path):
    buat.cadangkan(pada=timezone.now())
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(buat.CadanganGagal, match="tidak sampai di luar: FileNotFoundError"):
        buat.ke_luar(pada=timezone.now())


def test_two_backups_at_once_do_not_write_into_each_other(luar, monkeypatch):
    """The second one is told so, whoever asked for it."""
    galat = []

    def ikut(*_: object) -> set[str]:
        with pytest.raises(buat.CadanganGagal, match="sedang dibuat") as satu:
            buat.cadangkan(pada=timezone.now())
        galat.append(satu)
        return set()

    monkeypatch.setattr(buat, "_salin", ikut)
    buat.cadangkan(pada=timezone.now())

    assert len(galat) == 1


def test_a_file_in_a_backup_is_whole_or_not_there(luar, permohonan, monkeypatch, settings):
    """The disk fails before all is on it: it is copied next time."""
    satu = Berkas.objects.exclude(mentah="").first().mentah
    asli = os.sync

    def penuh() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "sync", penuh)
    with pytest.raises(buat.CadanganGagal, match="No space left"):
        buat.cadangkan(pada=timezone.now())
    assert buat.semua() == []
    assert not (settings.CADANGAN_DIR / "berkas" / buat.salinan(satu)).exists()
    monkeypatch.setattr(os, "sync", asli)

    buat.cadangkan(pada=timezone.now())

    assert (settings.CADANGAN_DIR / "berkas" / buat.salinan(satu)).exists()
    assert not list(settings.CADANGAN_DIR.rglob("*.baru"))
