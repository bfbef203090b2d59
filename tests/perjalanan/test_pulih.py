"""`make pulih` in small: a village is killed at work, its disk is gone, and it comes back."""

import pytest
from django.db import connection

from tests.pulih import jalan, tempat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat]


def test_village_comes_back_and_nothing_comes_twice():
    """Processes with Django, of which one is killed: what is lost was done after the backup."""
    cara = "sqlite" if connection.vendor == "sqlite" else "dump"

    hasil = jalan.jalankan(cara=cara, isi=0, detik=1, jeda=1, utas=2, benih=3)

    assert hasil.galat == []
    assert hasil.hilang_sebelum == [], "whatever was done before the backup is there"
    assert hasil.rusak == [], "each letter is what it was when it was made"
    assert hasil.nomor_ganda == [], "no number that anybody has seen comes again"
    assert hasil.pesan > 5 and hasil.pesan_ganda == 0 == hasil.antre
    assert "PIN_PEPPER bukan yang dipakai" in hasil.pepper_salah
    assert hasil.hilang_disebut, "a file that the backup has not is named"
    assert hasil.utuh and hasil.rpo_detik < 30


@pytest.mark.skipif(connection.vendor == "sqlite", reason="dijalankan di PostgreSQL")
@pytest.mark.skipif(not tempat.ada_pgbackrest(), reason="DILEWATI: pgbackrest tidak terpasang")
def test_archive_brings_back_what_no_backup_has():
    """Our files for PostgreSQL and pgBackRest, a cluster that is killed, and an empty one."""
    hasil = jalan.jalankan(cara="arsip", isi=0, detik=2, jeda=1, utas=1, benih=4, tunggu=1)

    assert hasil.utuh, jalan.sebagai_json(hasil)
    assert hasil.rpo_detik < 15
    assert "Buku SURAT" in hasil.kata


def test_account_of_a_drill_fails_for_each_thing_that_went_wrong():
    """A check that could not fail would be none."""
    baik = {
        "cara": "sqlite",
        "pepper_salah": "PIN_PEPPER bukan yang dipakai",
        "hilang_disebut": True,
        "kata": "1 pesan ditanyakan dulu",
    }
    assert jalan.Neraca(**baik).utuh
    for nama, nilai in {
        "rusak": ["surat/1.pdf"],
        "hilang_sebelum": ["P-2026-0001"],
        "nomor_ganda": ["400/001"],
        "pesan_ganda": 1,
        "antre": 1,
        "galat": ["ValueError"],
        "pepper_salah": "diterima",
        "hilang_disebut": False,
        "kata": "",
    }.items():
        assert not jalan.Neraca(**baik | {nama: nilai}).utuh, nama
