"""Numbers under load: 64 threads, rolled back letters, issuing processes that are killed.

`make serentak` runs the first two tests with 100 letters and numbers per thread instead of a few;
what it took stands in docs/angka.md.
"""

import contextlib
import gc
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from surat.buku import agenda, entri, nomor
from surat.models import BukuNomor, CatatanAgenda, Cetakan, EntriBuku, Surat
from surat.naskah import susunan
from tests import factories, serentak
from tests.perjalanan import pekerja
from tests.surat import terbitan
from tests.surat.conftest import PADA

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat]

UTAS = 64
SURAT_PER_UTAS = int(os.environ.get("UJI_SERENTAK", "2"))
NOMOR_PER_UTAS = max(5, SURAT_PER_UTAS)
AWALAN, AKHIRAN = "400.12.2.1/", "/51.07.04.2001/XI/2026"


class _Urung(Exception):
    """Rolls a letter back after its number was taken."""


@pytest.fixture(autouse=True)
def _tanpa_pemulung():
    """Python's collector off while 64 threads share one process.

    On SQLite a thread that holds the write lock may have to clear away a cursor of another
    thread's connection, whose mutex that thread keeps while it waits for this very lock: both
    stand still until the wait ends in "database is locked". No number goes wrong, but with 64
    threads it happens all the time.
    """
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _bersamaan(terbitkan: Callable[[], object], *, per_utas: int) -> Counter[str]:
    """`per_utas` letters from each of 64 threads, one in eight of them given up on the way.

    A thread that waited in vain for SQLite's one lock tries again, as a clerk would: its letter
    was rolled back.
    """

    def satu(utas: int) -> Counter[str]:
        acak, hitung = random.Random(utas), Counter[str]()
        while hitung["terbit"] < per_utas:
            try:
                with transaction.atomic():
                    terbitkan()
                    if acak.random() < 1 / 8:
                        raise _Urung
                hitung["terbit"] += 1
            except _Urung:
                hitung["urung"] += 1
            except OperationalError as galat:
                if "locked" not in str(galat):
                    raise
                hitung["terkunci"] += 1
        return hitung

    mulai = time.perf_counter()
    hasil = sum(serentak.jalankan(satu, range(UTAS)), Counter())
    lama = time.perf_counter() - mulai
    sys.stdout.write(f"{connection.vendor}: {dict(hasil)} dalam {lama:.1f} detik\n")
    return hasil


@pytest.fixture
def bahan(operator, mandat) -> dict:
    return {
        "jenis": factories.jenis("domisili"),
        "pemohon": factories.buat_penduduk(),
        "jawaban": factories.JAWABAN["domisili"] | {"keperluan": "membuka rekening bank"},
        "mandat": mandat,
        "pengantar": susunan.Pengantar(),
        "oleh": operator,
        "pada": PADA,
    }


def _harap(banyak: int) -> list[str]:
    return [f"{AWALAN}{n:03}{AKHIRAN}" for n in range(1, banyak + 1)]


def _urut(buku: str) -> list[int]:
    return list(EntriBuku.objects.filter(buku=buku).order_by("urut").values_list("urut", flat=True))


@pytest.mark.timeout(1800)
def test_letters_of_64_threads_bear_consecutive_numbers(bahan):
    hasil = _bersamaan(lambda: terbitan.terbitkan(**bahan), per_utas=SURAT_PER_UTAS)

    banyak = UTAS * SURAT_PER_UTAS
    assert hasil["terbit"] == banyak
    assert hasil["urung"] > 0
    assert list(Surat.objects.order_by("urut").values_list("nomor", flat=True)) == _harap(banyak)
    assert Cetakan.objects.count() == banyak
    assert BukuNomor.objects.get(kode="SURAT").terakhir == banyak
    assert _urut("AGENDA") == list(range(1, banyak + 1))


@pytest.mark.timeout(600)
def test_numbers_taken_by_64_threads_are_consecutive(operator):
    """Each number with a row that bears it, so that a lost or doubled one would show."""

    def catat() -> CatatanAgenda:
        buku, urut = nomor.ambil(nomor.SATU, 2026)
        return CatatanAgenda.objects.create(
            arah="KELUAR",
            tanggal=PADA.date(),
            tanggal_surat=PADA.date(),
            nomor=str(urut),
            pihak="Camat",
            isi_singkat="Undangan",
            buku=buku,
            urut=urut,
            agenda=entri.catat(entri.AGENDA, pada=PADA),
            ekspedisi=entri.catat(entri.EKSPEDISI, pada=PADA),
            dicatat_pada=PADA,
            dicatat_oleh=operator,
        )

    hasil = _bersamaan(catat, per_utas=NOMOR_PER_UTAS)

    assert hasil["urung"] > 0
    surat = CatatanAgenda.objects.order_by("urut").values_list("urut", flat=True)
    banyak = UTAS * NOMOR_PER_UTAS
    for urut in (list(surat), _urut("AGENDA"), _urut("EKSPEDISI")):
        assert urut == list(range(1, banyak + 1))
    assert set(BukuNomor.objects.values_list("terakhir", flat=True)) == {banyak}


def test_whatever_is_recorded_at_once_stands_in_each_book_in_one_sequence(bahan, operator):
    umum = {"tanggal_surat": PADA.date(), "isi_singkat": "Undangan", "oleh": operator, "pada": PADA}

    def tulis_tangan() -> None:
        agenda.catat_keluar(klasifikasi="400.12.2.1", tujuan="Camat", **umum)

    def terima() -> None:
        agenda.catat_masuk(nomor_surat="1", diterima=PADA.date(), pengirim="Camat", **umum)

    giliran = iter(range(10_000))
    macam = (lambda: terbitan.terbitkan(**bahan), tulis_tangan, terima)

    _bersamaan(lambda: macam[next(giliran) % 3](), per_utas=2)

    surat = list(Surat.objects.values_list("nomor", flat=True))
    keluar = list(CatatanAgenda.objects.filter(arah="KELUAR").values_list("nomor", flat=True))
    masuk = CatatanAgenda.objects.filter(arah="MASUK").count()
    assert sorted(surat + keluar) == _harap(len(surat) + len(keluar))
    assert _urut("AGENDA") == list(range(1, 2 * UTAS + 1))
    assert _urut("EKSPEDISI") == list(range(1, len(keluar) + 1))
    assert min(len(surat), len(keluar), masuk) > 0
    assert len(surat) + len(keluar) + masuk == 2 * UTAS


def test_starting_value_and_first_letter_at_once_never_lose_a_number(bahan):
    """Whoever comes second finds the book as the first one left it."""

    def satu(n: int) -> str:
        if n % 2:
            with transaction.atomic():
                return str(terbitan.terbitkan(**bahan).urut)
        try:
            nomor.mulai(kode=nomor.SATU, tahun=2026, terakhir=100)
        except nomor.BukuSudahDipakai:
            return "ditolak"
        return "mulai"

    hasil = serentak.jalankan(satu, range(16))

    urut = sorted(int(satu) for satu in hasil if satu.isdigit())
    awal = BukuNomor.objects.get(kode="SURAT").mulai_sesudah
    assert awal == (100 if "mulai" in hasil else 0)
    assert urut == list(range(awal + 1, awal + 9))


def test_killed_processes_leave_no_gap_and_no_half_letter(bahan, operator, mandat, tmp_path):
    isi = {
        "pemohon": bahan["pemohon"].pk,
        "mandat": mandat.pk,
        "oleh": operator.pk,
        "pada": PADA.isoformat(),
    }
    env = pekerja.lingkungan(tmp_path)
    acak = random.Random(9)
    dijanjikan = 0
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.surat.buku.penerbit", json.dumps(isi)],
            env=env,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
        ) as proses:
            try:
                assert proses.stdout is not None
                for _ in range(acak.randint(2, 7)):
                    assert proses.stdout.readline() == b"terbit\n"
                    dijanjikan += 1
                time.sleep(acak.random() / 50)  # in the middle of one of the next letters
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(proses.pid, signal.SIGKILL)
            assert proses.wait(10) == -signal.SIGKILL

    banyak = Surat.objects.count()
    assert banyak >= dijanjikan > 8  # what was told is there
    assert list(Surat.objects.order_by("urut").values_list("nomor", flat=True)) == _harap(banyak)
    assert BukuNomor.objects.get(kode="SURAT").terakhir == banyak
    assert _urut("AGENDA") == list(range(1, banyak + 1))
    assert Cetakan.objects.filter(keadaan="MENUNGGU", surat__isnull=False).count() == banyak
    with transaction.atomic():
        assert terbitan.terbitkan(**bahan).urut == banyak + 1
