"""What would harm a village stops a process of production before it serves, with one sentence."""

import pytest

from bugbug import pemeriksaan
from layanan.kesehatan import penyimpanan
from penduduk.models import Desa

pytestmark = pytest.mark.django_db


@pytest.fixture
def produksi(settings, tmp_path):
    """A village that may start."""
    settings.PRODUKSI, settings.TRUSTED_PROXIES, settings.PERINTAH = True, 1, "bugbug"
    settings.STATIC_ROOT = tmp_path
    settings.SECURE_SSL_REDIRECT = True
    (tmp_path / "staticfiles.json").touch()
    return settings


def _kata() -> str:
    try:
        pemeriksaan.sebelum_bekerja()
    except SystemExit as henti:
        return str(henti)
    return ""


def test_a_village_starts(produksi):
    assert _kata() == ""


def test_outside_production_nothing_is_asked(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path

    assert _kata() == ""


def test_missing_static_files_are_named(produksi, tmp_path):
    (tmp_path / "staticfiles.json").unlink()

    assert _kata() == (
        f"GAGAL: Berkas statis tidak ada di {tmp_path}: bugbug collectstatic --noinput."
    )


def test_a_demo_village_is_refused(produksi):
    Desa.objects.create(pk=1, contoh=True)

    assert "menunjuk desa contoh" in _kata()


def test_a_process_that_looks_into_another_folder_is_refused(produksi, permohonan, tmp_path):
    assert _kata() == ""
    semula = produksi.STORAGES["default"]
    lain = semula | {"OPTIONS": semula["OPTIONS"] | {"location": tmp_path / "lain"}}

    produksi.STORAGES = produksi.STORAGES | {"default": lain}

    assert "semua proses harus memakai folder yang sama" in _kata()


def test_where_the_database_is_silent_the_readiness_page_speaks(produksi, monkeypatch):
    from django.db import OperationalError

    def diam(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(penyimpanan, "bersama", diam)

    assert _kata() == ""
