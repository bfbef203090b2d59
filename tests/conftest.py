"""A hostile environment: no network but this machine, undefined variables fail, warnings fail."""

import gc
import hashlib
import logging
import socket
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.cache import cache

from layanan.jejak import middleware
from penduduk.models import Akun
from surat.jenis import berkas
from surat.kertas import cetak_luar, pdf
from tests import basis_data, factories, variabel

pytest_plugins = ["tests.desa_izin"]  # fixtures of more than one module
_urut = count(1)
_BASIS_DATA = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database (pytest-django would refuse it one) cannot differ between two,
    and neither can the paper or the page in a browser that is made of the same rows."""
    for satu in items:
        ada = satu.get_closest_marker("django_db") or _BASIS_DATA & set(satu.fixturenames)
        tampak = satu.get_closest_marker("kertas") or satu.get_closest_marker("browser")
        if tampak or not (ada or satu.get_closest_marker("broker")):
            satu.add_marker("sekali")


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: Python's collector need not look at
    5,000 tests and all modules again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)  # and what a test makes, seldom: a twelfth of the time


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_xdist_suffix, django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        basis_data.siapkan()


@pytest.fixture(autouse=True)
def _lingkungan(settings, tmp_path_factory):
    """Fresh private storage and memory for every test; few of them make a folder of it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "layanan.kesehatan.simpanan.SimpananUtuh",
            "OPTIONS": {
                "location": tmp_path_factory.getbasetemp() / f"berkas-{next(_urut)}",
                "base_url": None,
            },
        },
    }
    cache.clear()
    berkas._diingat.clear()  # no revision tells that the database is another one
    yield
    cache.clear()


_MESIN_INI = {None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0"}


@pytest.fixture(autouse=True)
def _tanpa_jaringan(monkeypatch):
    """pytest-socket (addopts) refuses connections; here the look-up of names as well."""
    cari = socket.getaddrinfo

    def getaddrinfo(host, *lain, **pilihan):
        assert host in _MESIN_INI, f"a test looked up {host}"
        return cari(host, *lain, **pilihan)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture(autouse=True)
def _tanpa_broker(monkeypatch):
    """Wake-up calls go nowhere; tests that want the worker start a real one."""
    from celery.app.task import Task

    monkeypatch.setattr(Task, "apply_async", lambda self, *a, **k: None)


@pytest.fixture(autouse=True)
def _tanpa_anak(monkeypatch):
    """No page starts a process that nobody would end; a preview on paper has one of its own."""
    monkeypatch.setattr(cetak_luar, "hangatkan", lambda: None)
    monkeypatch.setattr(cetak_luar, "_tetap", satu := cetak_luar._Tetap())
    yield
    if satu.proses:
        satu.proses.kill()
        satu.proses.wait()
        satu.pipa.close()


@pytest.fixture(autouse=True)
def _pencetak(monkeypatch, request):
    """Letters are worded and filled in, but laid out only where paper is the subject (marker
    `kertas`): that alone takes longer than most tests that want a letter stored. What stands in
    for it differs from letter to letter, and no reader takes it for a PDF."""

    def buat(data: dict) -> tuple[bytes, int]:
        sidik = hashlib.sha256(pdf.html(data).encode()).hexdigest()
        return f"%PDF-1.7 tiruan {sidik}".encode(), 1

    if not request.node.get_closest_marker("kertas"):
        monkeypatch.setattr(pdf, "buat", buat)


@pytest.fixture(autouse=True)
def _variabel_harus_ada(settings):
    """A template of ours that names a variable nobody provides fails the test: in the run that
    holds them all, for it makes each page a third slower."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        yield
        return
    with variabel.dijaga(Path(__file__).parent.parent / "templates"):
        yield


@pytest.fixture
def selalu_tercatat(monkeypatch) -> None:
    """Who looks twice leaves two traces, so that both looks cost the same."""
    monkeypatch.setattr(middleware, "SELANG", timedelta(0))


@pytest.fixture
def warga(db) -> Akun:
    return factories.buat_warga()


@pytest.fixture
def tetangga(db) -> Akun:
    return factories.buat_warga(nama="Ni Made Tetangga", jenis_kelamin=2)


@pytest.fixture
def operator(db) -> Akun:
    return factories.buat_operator()


@pytest.fixture
def perbekel(db) -> Akun:
    return factories.buat_perbekel()


@pytest.fixture
def admin_desa(db) -> Akun:
    from layanan import peran

    return factories.buat_petugas("admindesa", peran.ADMIN_DESA)


@pytest.fixture
def permohonan(warga: Akun):
    return factories.buat_permohonan(warga)


@pytest.fixture(autouse=True)
def _log(caplog):
    caplog.set_level(logging.INFO)
