"""Each process tells that it lives, and takes its row along when it ends properly."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as setelan
from django.db import connection
from django.utils import timezone

from layanan.kesehatan import proses
from layanan.models import Denyut
from tests.perjalanan.pekerja import lingkungan, tunggu

_HIDUP = """
import django; django.setup()
import sys, time
from layanan.kesehatan import proses
proses.mulai("web")
sys.stdin.readline()
"""


def _nama() -> list[str]:
    return [satu.nama for _, satu in proses.semua()]


@pytest.mark.django_db
def test_sign_of_life_tells_release_and_clock(settings):
    settings.VERSI = "2026.12"
    proses.versi.cache_clear()
    proses.catat("beat@desa:1")
    proses.versi.cache_clear()

    satu = Denyut.objects.get()
    assert (satu.versi, abs(satu.selisih) < 2) == ("2026.12", True)
    assert abs(satu.pada - timezone.now()) < timedelta(seconds=5)


@pytest.mark.django_db
def test_without_a_name_the_release_is_the_commit(settings):
    settings.VERSI = ""
    proses.versi.cache_clear()

    assert len(proses.versi()) in (0, 10)  # 0: an installation without git


@pytest.mark.django_db
def test_clock_that_is_ahead_is_seen_and_the_row_has_the_time_of_the_database(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("DILEWATI: SQLite tidak punya jam sendiri")
    maju = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr("layanan.kesehatan.proses.timezone.now", lambda: maju)
    proses.catat("beat@desa:1")

    satu = Denyut.objects.get()
    assert 3590 < satu.selisih < 3610
    assert maju - satu.pada > timedelta(minutes=59)


@pytest.mark.django_db
def test_new_process_replaces_the_dead_of_its_kind_and_machine_alone():
    kini = timezone.now()
    lalu = {"beat@desa:1": 61, "beat@desa:2": 30, "beat@lain:3": 61, "web@desa:4": 61}
    lalu |= {"web@lain:5": 90_000, "cadangan": 90_000, "beat@desa:6": -90_000}
    for nama, detik in lalu.items():
        Denyut.objects.create(nama=nama, pada=kini - timedelta(seconds=detik))

    proses.catat("beat@desa:9")

    assert _nama() == ["beat@desa:2", "beat@desa:9", "beat@lain:3", "web@desa:4"]
    assert Denyut.objects.filter(nama="cadangan").exists()


@pytest.mark.lambat  # a Python with Django of its own, which ends in two ways
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("baik", [True, False])
def test_only_who_ends_properly_is_not_missed(tmp_path: Path, baik: bool):
    satu = subprocess.Popen(
        [sys.executable, "-c", _HIDUP],
        env=lingkungan(tmp_path),
        cwd=setelan.BASE_DIR,
        stdin=subprocess.PIPE,
    )
    nama = proses.nama("web", satu.pid)
    tunggu(lambda: nama in _nama())
    if baik:
        satu.communicate(b"\n", timeout=30)
    else:
        satu.kill()
        satu.communicate(timeout=30)

    assert (nama in _nama()) is not baik


@pytest.mark.django_db(transaction=True)
def test_fork_takes_nobody_along():
    """Pool processes of a worker end all the time."""
    Denyut.objects.create(nama=proses.nama("web", os.getpid()), pada=timezone.now())
    connection.close()
    anak = os.fork()
    if not anak:
        os._exit(0)
    os.waitpid(anak, 0)
    time.sleep(0)

    assert _nama() == [proses.nama("web", os.getpid())]
