"""The database as one file, and back: SQLite by its backup interface, PostgreSQL by pg_dump."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Model

from layanan.models import Berkas, Denyut, Permohonan
from penduduk.models import Akun, Penduduk
from surat.models import Surat

_LOMPAT = 1_000_000  # keys; more than a village makes between two backups


class AlatGagal(Exception):
    """pg_dump or pg_restore is missing or has failed; the message says so."""


@contextmanager
def sekejap() -> Iterator[str]:
    """All that is read inside is of one moment, while others go on writing; yields its name."""
    with connection.cursor() as kursor:
        if connection.vendor == "sqlite":
            kursor.execute("BEGIN")  # only reads: nobody waits for it
            kursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")
            try:
                yield ""
            finally:
                kursor.execute("ROLLBACK")
            return
        with transaction.atomic():
            kursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            kursor.execute("SELECT pg_export_snapshot()")
            yield kursor.fetchone()[0]


def simpan(ke: Path, saat: str) -> None:
    """A copy as of the moment `saat`, of `sekejap`. Raises AlatGagal."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(ke)) as salinan:
            connection.connection.backup(salinan)
        return
    pilihan = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={saat}")
    _alat("pg_dump", *pilihan, f"--file={ke}")


def muat(dari: Path) -> None:
    """Replace the whole database by that copy. Raises AlatGagal."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(dari)) as salinan:
            salinan.backup(connection.connection)
        return
    nama = connection.settings_dict["NAME"]
    # Everything that was there goes first, also what that copy does not know.
    with connection.cursor() as kursor:
        kursor.execute("DROP SCHEMA public CASCADE")
        kursor.execute("CREATE SCHEMA public")
        kursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # which `--schema` leaves out
    connection.close()
    pilihan = ("--no-owner", "--no-privileges", "--exit-on-error", "--schema=public")
    _alat("pg_restore", *pilihan, f"--dbname={nama}", str(dari))


def kosong() -> bool:
    """Whether nobody's data are in it: neither accounts nor residents."""
    ada = connection.introspection.table_names()
    return not any(m._meta.db_table in ada and m.objects.exists() for m in (Akun, Penduduk))


def saat_terakhir() -> datetime | None:
    """Until when it certainly goes: the last sign of life of a process."""
    proses = Denyut.objects.filter(nama__contains="@")
    return proses.aggregate(Max("pada"))["pada__max"]


def dipulihkan(*, pada: datetime, catat: bool = False) -> bool:
    """Whether PostgreSQL came from its archive (its timeline rose) since `catat` has noted it."""
    if connection.vendor == "sqlite":  # each start would wait for whoever writes
        return False
    try:
        with transaction.atomic(), connection.cursor() as kursor:
            kursor.execute(
                "SELECT system_identifier, CASE WHEN pg_is_in_recovery() THEN '' ELSE"
                " substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END FROM pg_control_system()"
            )
            server, garis = kursor.fetchone()
    except DatabaseError:  # a server that does not tell
        return False
    simpan = Denyut.objects.update_or_create if catat else Denyut.objects.get_or_create
    isi = {"pada": pada, "versi": garis}
    return simpan(nama=f"{Denyut.GARIS_WAKTU}{server}", defaults=isi)[0].versi != garis


def lompati_kunci() -> None:
    """New rows get keys that no lost row has had: a receipt that comes late, a link in a message or
    a page left open names one of those."""
    with connection.cursor() as kursor:
        if connection.vendor == "sqlite":
            kursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master"
                " WHERE instr(sql, 'AUTOINCREMENT')"
                " AND name NOT IN (SELECT name FROM sqlite_sequence)"
            )
            kursor.execute("UPDATE sqlite_sequence SET seq = seq + %s", [_LOMPAT])
            return
        kursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,"
            " coalesce(last_value, 0) + %s) FROM pg_sequences WHERE schemaname = 'public'",
            [_LOMPAT],
        )


def jumlah() -> dict[str, int]:
    """Rows of the tables by which a village sees that all is there."""
    semua: tuple[type[Model], ...] = (Penduduk, Akun, Permohonan, Surat, Berkas)
    return {str(m._meta.verbose_name): m._default_manager.count() for m in semua}


def _alat(nama: str, *pilihan: str) -> None:
    """Run a tool of PostgreSQL on our database; the password goes by the environment."""
    atur = connection.settings_dict
    alamat = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = {kunci: str(atur[dari]) for kunci, dari in alamat.items() if atur[dari]}
    try:
        subprocess.run(
            [nama, *pilihan],
            check=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "PGDATABASE": atur["NAME"], **env},
        )
    except FileNotFoundError:
        raise AlatGagal(f"{nama} tidak ada: apt-get install postgresql-client") from None
    except subprocess.CalledProcessError as galat:
        baris = galat.stderr.decode(errors="replace").strip().splitlines()
        raise AlatGagal(f"{nama} gagal: {baris[-1] if baris else 'tanpa keterangan'}") from None
