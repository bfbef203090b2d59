"""Every search box of the office: no table that grows is read through for what is typed."""

import json

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from layanan.models import Permohonan
from layanan.permohonan import ekspedisi
from penduduk.models import Akun, Keluarga, Penduduk
from surat.buku import agenda, entri, periode
from surat.models import ArsipSurat, Surat
from tests import factories

pytestmark = pytest.mark.django_db

DIKETIK = (
    "wayan",
    "I Wyn Gde",
    "wa",
    "w",
    "5107041203909901",
    "wayan 5107 04",
    "0812-3456-7890",
    "7890",
    "P-2026-000001",
    "400.12.2.1/001/51.07.04.2001/XI/2026",
    "12",
    "482915",
    "2345A-BCDE4",
    "keterangan domisili",
)
BESAR = {
    "layanan_penyerahan",
    "layanan_permohonan",
    "penduduk_akun",
    "penduduk_keluarga",
    "penduduk_penduduk",
    "surat_arsipsurat",
    "surat_catatanagenda",
    "surat_entribuku",
    "surat_surat",
}


def _daftar(model):
    def cari(teks: str, oleh: Akun) -> None:
        meja = admin.site._registry[model]
        request = RequestFactory().get("/")
        request.user = oleh
        semua = meja.get_queryset(request).order_by()
        list(meja.get_search_results(request, semua, teks)[0].values_list("pk"))

    return cari


def _buku(buku):
    def cari(teks: str, oleh: Akun) -> None:
        list(entri.pilih(buku, periode.selama_ini(), teks).values_list("pk"))

    return cari


KOTAK = {
    "antrean": _daftar(Permohonan),
    "surat": _daftar(Surat),
    "penduduk": _daftar(Penduduk),
    "keluarga": _daftar(Keluarga),
    "petugas": _daftar(Akun),
    "arsip": _daftar(ArsipSurat),
    "agenda": _buku(agenda.BUKU),
    "ekspedisi": _buku(ekspedisi.BUKU),
    "loket": lambda teks, oleh: list(Penduduk.objects.hidup().cari(teks)),
}


def _simpul(rencana: dict):
    yield rencana
    for satu in rencana.get("Plans", ()):
        yield from _simpul(satu)


def keluhan(sql: str) -> list[str]:
    """Where the database would read a large table through to answer `sql`."""
    with connection.cursor() as kursor:
        if connection.vendor == "sqlite":
            kursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            baris = [satu[3] for satu in kursor.fetchall()]
            return [
                b for b in baris if b.startswith("SCAN ") and _tabel(b.split()[1]) and _penuh(b)
            ]
        # The tables of a test are small: whatever an index cannot narrow is a Seq Scan now.
        for apa in ("seqscan", "indexscan", "indexonlyscan"):
            kursor.execute(f"SET LOCAL enable_{apa} = off")
        kursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        hasil = kursor.fetchone()[0]
    rencana = hasil if isinstance(hasil, list) else json.loads(hasil)
    return [
        f"{s['Node Type']} {s['Relation Name']}: {s.get('Filter', '')}"
        for s in _simpul(rencana[0]["Plan"])
        if s.get("Relation Name") in BESAR and s["Node Type"] == "Seq Scan"
    ]


def _tabel(nama: str) -> bool:
    return nama in BESAR or nama[0] in "UV"  # an alias of a subquery


def _penuh(baris: str) -> bool:
    """Of the table of trigrams only what matches is read, of akun_petugas there are a few."""
    return "INDEX 0:M" not in baris and "akun_petugas" not in baris


@pytest.mark.parametrize("kotak", KOTAK)
def test_no_search_reads_a_large_table_through(kotak, operator):
    with CaptureQueriesContext(connection) as tercatat:
        for teks in DIKETIK:
            KOTAK[kotak](teks, operator)
    kueri = {q["sql"] for q in tercatat if q["sql"].startswith("SELECT")}

    assert len(kueri) >= 10
    assert [(rencana, sql) for sql in kueri if (rencana := keluhan(sql))] == []


def test_a_search_without_index_would_be_noticed():
    factories.buat_penduduk()
    lambat = Penduduk.objects.filter(nama__icontains="wayan").order_by().values("pk")

    assert keluhan(
        str(lambat.query).replace("%WAYAN%", "'%WAYAN%'").replace("%wayan%", "'%wayan%'")
    )
