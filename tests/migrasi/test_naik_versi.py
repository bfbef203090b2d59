"""A village that has run the portal since an earlier commit keeps all it has when it upgrades.

The dumps are of a demo village as the commit in their name left it (its PINs and secrets are the
demo's); the JSON beside them tells what that commit showed.
"""

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.perjalanan import pekerja

pytestmark = [
    pytest.mark.django_db,  # so that it runs with each database
    pytest.mark.lambat,  # restores a whole village and runs every migration since
]

DARI = "ce0cfa1"
SINI = Path(__file__).parent
LAMA = json.loads((SINI / f"{DARI}.json").read_text())
_IZIN = """
    SELECT g.name, t.app_label, p.codename FROM auth_group g
    JOIN auth_group_permissions gp ON gp.group_id = g.id
    JOIN auth_permission p ON p.id = gp.permission_id
    JOIN django_content_type t ON t.id = p.content_type_id
"""


def _cadangan() -> str:
    return gzip.decompress((SINI / f"{DARI}-{connection.vendor}.sql.gz").read_bytes()).decode()


@pytest.fixture(scope="module")
def desa_lama(django_db_setup, tmp_path_factory) -> Iterator[tuple[str, Any]]:
    """Address of a database as the earlier commit left it, and a connection to it."""
    if connection.vendor == "sqlite":
        berkas = tmp_path_factory.mktemp("naik") / "desa.sqlite3"
        with closing(sqlite3.connect(berkas)) as basis:
            basis.executescript(_cadangan())
            yield f"sqlite:///{berkas}", basis
        return
    nama = f"{connection.settings_dict['NAME']}_naik"
    uji = pekerja.url_basis_data()
    url = f"{uji.rpartition('/')[0]}/{nama}"
    with psycopg.connect(uji, autocommit=True) as kepala:
        kepala.execute(f'DROP DATABASE IF EXISTS "{nama}" WITH (FORCE)')
        kepala.execute(f'CREATE DATABASE "{nama}"')
        try:
            with psycopg.connect(url, autocommit=True) as basis:
                basis.execute(_cadangan())
                basis.execute("SET search_path TO public")  # the dump has emptied it
                yield url, basis
        finally:
            kepala.execute(f'DROP DATABASE "{nama}" WITH (FORCE)')


@pytest.fixture(scope="module")
def izin_lama(desa_lama) -> set[tuple[str, str, str]]:
    return {tuple(satu) for satu in desa_lama[1].execute(_IZIN).fetchall()}


@pytest.fixture(scope="module")
def kini(desa_lama, izin_lama, tmp_path_factory) -> dict[str, Any]:
    """What the village shows after the upgrade."""
    var = tmp_path_factory.mktemp("var")
    hasil = subprocess.run(
        [sys.executable, "-m", "tests.migrasi.tampak"],
        env=pekerja.lingkungan(var, DATABASE_URL=desa_lama[0]),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert hasil.returncode == 0, hasil.stderr
    return json.loads(hasil.stdout)


def test_no_row_is_lost(kini):
    nama_baru = {"surat.Isian": "surat.Pertanyaan", "layanan.JejakLihat": "layanan.Jejak"}
    jumlah = {nama_baru.get(model, model): n for model, n in LAMA["jumlah"].items()}
    jumlah["surat.BukuNomor"] += 3  # the counters of agenda 2025 and 2026 and of ekspedisi 2026

    jumlah["surat.Templat"] += 1  # of the village, whose opening now follows the mandate
    jumlah |= {"layanan.Percakapan": 1, "layanan.PesanMasuk": 4}  # written by tests.migrasi.tampak

    assert {model: kini["jumlah"].get(model) for model in jumlah} == jumlah
    for apa in ("status", "keadaan", "pesan", "label_usaha"):
        assert kini[apa] == LAMA[apa]


def test_pins_in_use_are_remembered_as_used(kini):
    assert kini["pin_terpakai"] == kini["ber_pin"] > 0


def test_chats_keep_their_number_and_their_messages(kini):
    nomor = "+6281234567802"
    assert kini["chat"] == [
        *([nomor, nomor, "TEKS", "DIJAWAB"] for _ in range(3)),
        [nomor, nomor, "SUARA", "MENUNGGU"],
    ]


def test_messages_that_wait_still_have_all_their_words(kini):
    assert kini["tak_tersusun"] == []


@pytest.mark.parametrize("buku", ["agenda", "ekspedisi"])
def test_each_line_of_the_books_keeps_the_number_that_was_shown(kini, buku):
    for tahun, semua in LAMA[buku].items():
        assert kini["buku"][tahun][buku] == semua


def test_groups_keep_their_permissions(kini, izin_lama):
    harap = {
        (grup, ruang, kode.replace("_isian", "_pertanyaan").replace("_jejaklihat", "_jejak"))
        for grup, ruang, kode in izin_lama
    }

    assert {tuple(satu) for satu in kini["izin"]} == harap
    assert ("Admin desa", "surat", "change_pertanyaan") in harap


def test_what_is_recorded_next_goes_on_after_the_last_number(kini):
    for buku, lanjut in kini["lanjut"].items():
        terakhir = len(LAMA[buku]["2026"])
        assert lanjut == [terakhir + 1, terakhir + 2]
