"""What would harm a village stops a process of production before it serves, with one sentence."""

import shutil

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from bugbug import pemeriksaan
from layanan.cadangan import basis
from layanan.kesehatan import keadaan, penyimpanan
from layanan.models import Denyut
from penduduk.models import Desa
from tests import factories

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


@pytest.mark.parametrize("berisi", [False, True])
def test_a_process_that_looks_into_another_folder_is_refused(produksi, db, tmp_path, berisi):
    """Also where nothing is stored yet, and where it holds a copy of a file by chance."""
    if berisi:
        factories.buat_permohonan(factories.buat_warga())
    penyimpanan.tandai(Denyut.FOLDER_BERKAS, pada=timezone.now())
    assert _kata() == ""
    semula = produksi.STORAGES["default"]
    for _, nama in [*penyimpanan.semua_nama()][:1]:
        (tmp_path / "lain" / nama).parent.mkdir(parents=True)
        shutil.copy(default_storage.path(nama), tmp_path / "lain" / nama)
    lain = semula | {"OPTIONS": semula["OPTIONS"] | {"location": tmp_path / "lain"}}

    produksi.STORAGES = produksi.STORAGES | {"default": lain}

    penyimpanan.tandai(Denyut.FOLDER_BERKAS, pada=timezone.now())  # the second is too late
    assert "semua proses harus memakai folder yang sama" in _kata()
    merah = {b.nama for b in keadaan.periksa(pada=timezone.now()) if not b.baik}
    assert "folder_berkas" in merah
    call_command("periksa_berkas", "--terima", "folder_berkas")
    assert _kata() == ""


def test_folder_without_any_file_of_the_village_gets_no_mark(produksi, tmp_path):
    """The first start of a release that marks, while the disk is not mounted."""
    factories.buat_permohonan(factories.buat_warga())
    semula = produksi.STORAGES["default"]
    kosong = semula | {"OPTIONS": semula["OPTIONS"] | {"location": tmp_path / "kosong"}}
    produksi.STORAGES = produksi.STORAGES | {"default": kosong}

    with pytest.raises(CommandError, match="cakramnya terpasang"):
        call_command("siapkan")
    assert penyimpanan.dikenal(Denyut.FOLDER_BERKAS) is None
    produksi.STORAGES = produksi.STORAGES | {"default": semula}
    call_command("siapkan")

    assert penyimpanan.dikenal(Denyut.FOLDER_BERKAS)


def test_folder_that_cannot_be_written_is_marked_later(produksi, tmp_path):
    (tmp_path / "berkas").write_text("no folder")
    semula = produksi.STORAGES["default"]
    lain = semula | {"OPTIONS": semula["OPTIONS"] | {"location": tmp_path / "berkas"}}
    produksi.STORAGES = produksi.STORAGES | {"default": lain}

    penyimpanan.tandai(Denyut.FOLDER_BERKAS, pada=timezone.now())
    assert penyimpanan.dikenal(Denyut.FOLDER_BERKAS) is None
    with pytest.raises(CommandError, match="Tidak dapat ditulis"):
        call_command("periksa_berkas", "--terima", "folder_berkas")
    (tmp_path / "berkas").unlink()
    penyimpanan.tandai(Denyut.FOLDER_BERKAS, pada=timezone.now())

    assert penyimpanan.dikenal(Denyut.FOLDER_BERKAS) is True


@pytest.mark.parametrize(("isi", "tetap"), [(None, True), ("", False)])
def test_second_database_on_a_folder_leaves_the_mark_of_the_first(produksi, isi, tetap):
    """A release tried with an empty database, a drill with the village's own disk of backups;
    but what a power cut has emptied is written anew."""
    for nama in (Denyut.FOLDER_BERKAS, Denyut.FOLDER_CADANGAN):
        penyimpanan.tandai(nama, pada=timezone.now(), ganti=True)
        tanda = penyimpanan._folder(nama) / "tanda-folder"
        dulu = tanda.read_text()
        tanda.write_text(dulu if isi is None else isi)
        Denyut.objects.update(versi="e" * 32)  # of the other database, as it was restored

        penyimpanan.tandai(nama, pada=timezone.now(), ganti=True)

        assert penyimpanan.dikenal(nama)
        assert (tanda.read_text() == dulu) is tetap


@pytest.mark.skipif(connection.vendor == "sqlite", reason="DILEWATI: SQLite tidak punya arsip")
def test_database_that_is_still_being_restored_waits_too(produksi):
    assert _kata() == ""
    with connection.cursor() as kursor:
        kursor.execute("CREATE FUNCTION public.pg_is_in_recovery() RETURNS bool RETURN true")
        kursor.execute("SET LOCAL search_path = public, pg_catalog")

    assert "Sesudah pemulihannya selesai: bugbug pulihkan --basis-sudah" in _kata()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="DILEWATI: SQLite tidak punya arsip")
def test_database_that_came_from_the_archive_waits_for_what_belongs_to_it(produksi):
    assert _kata() == ""
    Denyut.objects.filter(nama__startswith=Denyut.GARIS_WAKTU).update(versi="00000000")

    assert "bugbug pulihkan --basis-sudah" in _kata()
    basis.dipulihkan(pada=timezone.now(), catat=True)  # as a restore does at its end

    assert _kata() == ""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="DILEWATI: PostgreSQL tidak mengunci")
def test_start_waits_for_nobody_who_writes(produksi, django_assert_num_queries):
    with django_assert_num_queries(2) as kueri:  # the demo village, the mark of the folder
        assert _kata() == ""

    assert all(satu["sql"].startswith("SELECT") for satu in kueri.captured_queries)


def test_where_the_database_is_silent_the_readiness_page_speaks(produksi, monkeypatch):
    from django.db import OperationalError

    def diam(_: str) -> None:
        raise OperationalError

    monkeypatch.setattr(penyimpanan, "dikenal", diam)

    assert _kata() == ""
