"""The database as one file, and back: SQLite by its backup interface, PostgreSQL by pg_dump."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.models import Model

from layanan.models import Berkas, Permohonan
from penduduk.models import Akun, Penduduk
from surat.models import Surat


class AlatGagal(Exception):
    """pg_dump or pg_restore is missing or has failed; the message says so."""


def simpan(ke: Path) -> None:
    """A copy as of one moment, while others go on writing. Raises AlatGagal."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(ke)) as salinan:
            connection.connection.backup(salinan)
        return
    _alat("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={ke}")


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
    connection.close()
    pilihan = ("--no-owner", "--no-privileges", "--exit-on-error", "--schema=public")
    _alat("pg_restore", *pilihan, f"--dbname={nama}", str(dari))


def kosong() -> bool:
    """Whether nobody's data are in it: neither accounts nor residents."""
    ada = connection.introspection.table_names()
    return not any(m._meta.db_table in ada and m.objects.exists() for m in (Akun, Penduduk))


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
