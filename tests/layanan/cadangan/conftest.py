"""A village with a backup key, and the end of its machine."""

import pyrage
import pytest
from django.test import TransactionTestCase

from layanan import tasks
from layanan.cadangan import buat
from layanan.models import Permohonan
from tests import factories

S = Permohonan.Status


@pytest.fixture
def kunci(settings, tmp_path) -> str:
    pasangan = pyrage.x25519.Identity.generate()
    settings.CADANGAN_KUNCI = str(pasangan.to_public())
    settings.CADANGAN_DIR = tmp_path / "cadangan"
    return str(pasangan)


@pytest.fixture
def desa(warga, operator, perbekel) -> Permohonan:
    """A letter on paper, its files, and a message that waits."""
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, S.SIAP_DIAMBIL, operator=operator, perbekel=perbekel)
    tasks.periksa_berkas()
    return satu


@pytest.fixture
def satu_sebulan(monkeypatch) -> None:
    """A rotation that keeps one backup, of the newest month."""
    monkeypatch.setattr(buat, "_SEMUA", dict.fromkeys(buat._SEMUA, 1))
    monkeypatch.setattr(buat, "_TINGKAT", (("%Y%m", 1),))


@pytest.fixture
def hancur(settings, tmp_path):
    """The machine is gone: an empty database, no stored file."""

    def buang() -> None:
        TransactionTestCase._fixture_teardown(TransactionTestCase())
        baru = settings.STORAGES["default"] | {
            "OPTIONS": {"location": tmp_path / f"baru-{len(list(tmp_path.iterdir()))}"}
        }
        settings.STORAGES = settings.STORAGES | {"default": baru}

    return buang
