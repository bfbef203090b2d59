"""No page, list, filter or sweep walks through a table that grows with the years.

What is counted is the work itself, not the shape of a plan, which says little: SQLite calls it a
search when it reads all rows that hold NULL.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection

from layanan import peran
from tests import factories
from tests.bench import tumbuh

# lambat: a large village is filled, and all of it opened.
pytestmark = [pytest.mark.django_db, pytest.mark.lambat, pytest.mark.timeout(1200)]

PERMOHONAN, WARGA = 50_000, 5_000
# What one query may look at: rows on PostgreSQL, which rightly joins a table of 50,000 by reading
# it (messages and steps are 150,000 and more), and steps of SQLite's machine, four or more a row.
BARIS, LANGKAH = 60_000, 170_000
# What may, and why: what the address holds, and the beginning of the query.
BOLEH = (
    # Not a column: whether a letter is signed, replaced, expired, is told by other rows.
    ("surat/surat/?keadaan=", ""),
    # Of the residents, who do not become more with the years: each has to be looked at.
    ("penduduk/penduduk/?mutu=", ""),
    # One kind of letter: without statistics SQLite thinks that few are of it.
    ("permohonan/?surat", ""),
    # One hamlet of twelve: with statistics SQLite begins with its residents.
    ("permohonan/?banjar", ""),
    # A report reads the requests of its period, once and from one slim table.
    ("laporan/", 'SELECT "layanan_rekap"."permohonan_id" AS "pk", "layanan_rekap"."hari"'),
    ("kinerja/", 'SELECT "layanan_rekap"."permohonan_id" AS "pk", "layanan_rekap"."hari"'),
    # Once an hour: whose papers are attached nowhere, of those that are still there.
    ("sapuan bersihkan", 'SELECT "layanan_berkas"."pemilik_id" AS "pemilik"'),
)


@contextmanager
def diukur(temuan: dict[str, int], kueri: dict[str, Any]) -> Iterator[None]:
    """Writes into `temuan` what a query costs that costs too much, and into `kueri` with what it
    was asked, if it may be asked again."""
    if connection.vendor == "postgresql":
        with connection.execute_wrapper(lambda *apa: _baris(temuan, kueri, *apa)):
            yield
        return
    kini = ["", 0]

    def hitung() -> bool:
        kini[1] += 1000
        if kini[1] > LANGKAH:
            temuan[kini[0]] = kini[1]
        return kini[1] > 10 * LANGKAH

    def mulai(execute: Any, sql: str, isi: Any, *lain: Any) -> Any:
        kini[:] = sql, 0
        if sql.startswith("SELECT"):
            kueri[sql] = isi
        return execute(sql, isi, *lain)

    connection.ensure_connection()
    connection.connection.set_progress_handler(hitung, 1000)
    try:
        with connection.execute_wrapper(mulai):
            yield
    finally:
        connection.connection.set_progress_handler(None, 0)


def _baris(temuan: Any, kueri: Any, execute: Any, sql: str, isi: Any, *lain: Any) -> Any:
    if sql.startswith("SELECT"):
        kueri[sql] = isi
        with connection.connection.cursor() as kursor:
            kursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql, isi)
            (rencana,) = kursor.fetchone()
        rencana = json.loads(rencana) if isinstance(rencana, str) else rencana
        if (jumlah := _dilihat(rencana[0]["Plan"])) > BARIS:
            temuan[sql] = jumlah
    return execute(sql, isi, *lain)


def _dilihat(simpul: dict[str, Any]) -> int:
    """Rows that the scans of a plan have looked at, also those that they left out."""
    baris = sum(v for k, v in simpul.items() if k.startswith(("Actual Rows", "Rows Removed")))
    sendiri = baris * simpul["Actual Loops"] if "Relation Name" in simpul else 0
    return sendiri + sum(_dilihat(satu) for satu in simpul.get("Plans", []))


def test_nothing_walks_a_table_with_or_without_statistics() -> None:
    operator, perbekel = factories.buat_operator(), factories.buat_perbekel()
    factories.buat_petugas("admindesa", peran.ADMIN_DESA)
    factories.jenis("usaha")
    satu = factories.buat_permohonan(factories.buat_warga())
    factories.jalankan_sampai(satu, "SELESAI", operator=operator, perbekel=perbekel)
    tumbuh.isi(PERMOHONAN, WARGA)
    tumbuh.tenangkan()

    if connection.vendor == "postgresql":  # which gathers them by itself, within a minute
        with connection.cursor() as kursor:
            kursor.execute("ANALYZE")
    boros, kueri = [], dict[str, Any]()
    for nama, kerja in tumbuh.semua():
        temuan: dict[str, int] = {}
        with diukur(temuan, kueri):
            try:
                tumbuh.urung(kerja)
            except DatabaseError:  # stopped by us
                assert temuan
        boros += [f"{nama}: {n}: {sql}" for sql, n in temuan.items() if not _boleh(nama, sql)]
        for sql in [x for x in kueri if _boleh(nama, x)]:
            del kueri[sql]
    assert not boros, "\n\n".join(boros)

    with connection.cursor() as kursor:
        kursor.execute("ANALYZE")
    for sql, isi in kueri.items():
        temuan = {}
        with diukur(temuan, {}), connection.cursor() as kursor, suppress(DatabaseError):
            kursor.execute(sql, isi)
            kursor.fetchall()
        boros += [f"with statistics: {n}: {sql}" for sql, n in temuan.items()]
    assert not boros, "\n\n".join(boros)


def _boleh(nama: str, sql: str) -> bool:
    return any(apa in nama and sql.startswith(awal) for apa, awal in BOLEH)
