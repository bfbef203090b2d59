"""The child that stays: real processes, each some seconds to start."""

import os
import signal
import subprocess
import sys
import time

import pytest

from surat.kertas import cetak_luar
from tests.surat.kertas.naskah import data

pytestmark = pytest.mark.kertas


@pytest.fixture
def tetap():
    """The child of this test."""
    return cetak_luar._tetap


def test_letters_share_one_child_and_the_second_comes_within_a_second(tetap, monkeypatch):
    """Two seconds to start it, because it loads WeasyPrint."""
    monkeypatch.setenv("SECRET_KEY", "rahasia-situs")
    pertama = cetak_luar.cetak("surat", data(), detik=60)
    pid = tetap.proses.pid
    mulai = time.monotonic()
    kedua = cetak_luar.cetak("surat", data(nomor="2"), detik=60)
    lama = time.monotonic() - mulai

    assert pertama.startswith(b"%PDF-") and kedua.startswith(b"%PDF-") and pertama != kedua
    assert tetap.proses.pid == pid
    assert lama < 1
    with open(f"/proc/{pid}/environ", "rb") as berkas:
        assert b"rahasia-situs" not in berkas.read()

    # A letter that cannot be made is told, and the next one is made.
    with pytest.raises(cetak_luar.TidakTercetak) as galat:
        cetak_luar.cetak("surat", {"bukan": "surat"}, detik=60)
    assert galat.type is cetak_luar.TidakTercetak
    assert cetak_luar.cetak("surat", data(), detik=60) == pertama
    assert tetap.proses.pid == pid

    # One that takes too long is ended; then there is another child.
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(cetak_luar.Sibuk):
        cetak_luar.cetak("surat", data(), detik=1)
    assert tetap.proses.poll() is not None
    assert cetak_luar.cetak("surat", data(), detik=60) == pertama
    assert tetap.proses.pid != pid


def test_child_that_reads_nothing_does_not_hang_its_parent(tetap, monkeypatch):
    """As long as it may take: a pipe holds less than a long letter with its emblem."""
    tidur = [sys.executable, "-c", "import time; time.sleep(60)"]
    asli = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda _, **lain: asli(tidur, **lain))
    mulai = time.monotonic()

    with pytest.raises(cetak_luar.Sibuk):
        cetak_luar.cetak("surat", {"panjang": "x" * 1_500_000}, detik=1)

    assert time.monotonic() - mulai < 30 and tetap.proses.poll() is not None


def test_child_goes_when_its_parent_has_gone(tetap):
    """As long as it takes to start one."""
    tetap.mulai()
    tetap.pipa.close()

    assert tetap.proses.wait(timeout=60) == 0


def test_child_that_has_nothing_to_do_goes(tetap, monkeypatch):
    """As long as it takes to start one: run here, with a pipe that says nothing."""
    monkeypatch.setattr(cetak_luar, "_DIAM_MAKS", 0.01)
    monkeypatch.setattr(cetak_luar, "siapkan_anak", lambda: None)
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    monkeypatch.setattr("surat.kertas.pdf.hangatkan", lambda: None)
    kami, anak = cetak_luar.Pipe()

    cetak_luar._anak("surat", str(os.dup(anak.fileno())))

    anak.close()
    kami.close()


def test_child_that_died_is_replaced(tetap):
    """Twice as long as it takes to start one."""
    cetak_luar.cetak("surat", data(), detik=60)
    tetap.proses.kill()
    tetap.proses.wait()

    assert cetak_luar.cetak("surat", data(), detik=60).startswith(b"%PDF-")


def test_warming_waits_for_nobody(tetap, monkeypatch):
    mulai = []
    monkeypatch.setattr(tetap, "mulai", lambda: mulai.append(1))

    with cetak_luar._GILIRAN:
        hangatkan()
    assert mulai == []
    hangatkan()
    assert mulai == [1]
    assert cetak_luar._GILIRAN.acquire(blocking=False)
    cetak_luar._GILIRAN.release()


hangatkan = cetak_luar.hangatkan  # before any test stands in for it
