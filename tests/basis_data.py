"""The migrated database of the tests: made once, then copied for each process, stage and run.

Migrating takes eight seconds, a copy a fraction of one. The template belongs to this checkout and
carries the digest of what it was made from; with any other digest it is made anew.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

from layanan.models import Jejak, RantaiJejak
from tests.proses import AKAR, Rusak

# Made by the migrations, the same for every test, and dear to make again.
_TETAP = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
PG_BAWAAN = "postgres://postgres@127.0.0.1:5432/postgres"
NAMA = f"templat_uji_{hashlib.sha256(str(AKAR).encode()).hexdigest()[:12]}"
_ISI = """
import django
django.setup()
from django.core.management import call_command
from layanan import peran
call_command("migrate", verbosity=0)
peran.siapkan()
"""


def siapkan() -> None:
    """Let the test database of this process be a copy of the template."""
    settings.DATABASES["default"]["TEST"]["MIGRATE"] = False  # all tables are there
    TransactionTestCase._fixture_teardown = _kosongkan  # type: ignore[method-assign]
    if connection.vendor == "postgresql":
        templat_postgresql(os.environ["DATABASE_URL"])
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = NAMA
        return

    def salin_uji(verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        nama = connection.creation._get_test_db_name()
        salin(Path(nama))
        return nama

    connection.creation._create_test_db = salin_uji


def _kosongkan(uji: TransactionTestCase) -> None:
    """After a test without a transaction: delete what is there. Django's flush empties a hundred
    tables one by one and makes all permissions anew: two seconds on PostgreSQL."""
    semua = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tabel = [f'"{nama}"' for nama in semua if nama not in _TETAP]
    with connection.cursor() as kursor:
        tanya = (f"SELECT '{nama}' WHERE EXISTS (SELECT 1 FROM {nama})" for nama in tabel)
        kursor.execute(" UNION ALL ".join(tanya))
        berisi = [nama for (nama,) in kursor.fetchall()]
        with transaction.atomic(), tanpa_pemicu(kursor):  # keys are looked at when it ends
            for nama in berisi:
                kursor.execute(f"DELETE FROM {nama}")


@contextlib.contextmanager
def tanpa_pemicu(kursor: Any) -> Iterator[None]:
    """The triggers that keep the trail are away: a test is over, and so is its trail."""
    if connection.vendor == "postgresql":
        kursor.execute("SET LOCAL session_replication_role = replica")
        yield
        kursor.execute("SET LOCAL session_replication_role = DEFAULT")
        return
    tabel = [satu._meta.db_table for satu in (Jejak, RantaiJejak)]
    cari = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)"
    ada = kursor.execute(cari, tabel).fetchall()
    for nama, _ in ada:
        kursor.execute(f"DROP TRIGGER {nama}")
    yield
    for _, sql in ada:
        kursor.execute(sql)


def _sidik() -> str:
    """Digest of whatever a migrated database depends on."""
    berkas = [AKAR / "layanan" / "peran.py", *AKAR.glob("*/*.json")]
    for ruang in ("penduduk", "surat", "layanan"):
        berkas += [*AKAR.glob(f"{ruang}/migrations/*.py"), *AKAR.glob(f"{ruang}/models/*.*")]
    return _sidik_berkas(berkas)


def _sidik_berkas(berkas: list[Path]) -> str:
    isi = hashlib.sha256(f"{django.__version__} {_ISI}".encode())
    for satu in sorted(berkas):
        isi.update(f"{satu.relative_to(AKAR)} ".encode() + satu.read_bytes())
    return isi.hexdigest()


def _buat(alamat: str) -> None:
    subprocess.run(
        [sys.executable, "-c", _ISI],
        check=True,
        cwd=AKAR,
        env=os.environ | {"DATABASE_URL": alamat, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )


@contextlib.contextmanager
def _sendirian() -> Iterator[None]:
    """One process of this checkout at a time."""
    (AKAR / "var").mkdir(exist_ok=True)
    with (AKAR / "var" / f"{NAMA}.kunci").open("w") as kunci:
        fcntl.flock(kunci, fcntl.LOCK_EX)
        yield


def _sekali(akhiran: str, sidik: str, buat: Callable[[Path], None]) -> Path:
    """What `buat` makes below var/, made anew when `sidik` has changed."""
    jadi = AKAR / "var" / f"{NAMA}_{sidik[:16]}{akhiran}"
    with _sendirian():
        if not jadi.exists():
            for lama in jadi.parent.glob(f"{NAMA}_*{akhiran}*"):
                shutil.rmtree(lama) if lama.is_dir() else lama.unlink()
            baru = jadi.with_name(f"{jadi.name}-baru")
            buat(baru)
            baru.rename(jadi)
    return jadi


def salin(ke: Path) -> str:
    """A file of SQLite with all tables; its DATABASE_URL."""
    # The last connection to the template is closed: no -wal is left.
    templat = _sekali(".sqlite3", _sidik(), lambda baru: _buat(f"sqlite:///{baru}"))
    shutil.copyfile(templat, ke)
    return f"sqlite:///{ke}"


def statis() -> Path:
    """The collected static files of this checkout, to be read only: seven seconds to make."""
    berkas = [AKAR / "requirements.lock", AKAR / "bugbug" / "settings.py"]
    berkas += [b for b in (AKAR / "static").rglob("*") if b.is_file()]

    def buat(ke: Path) -> None:
        with tempfile.TemporaryDirectory() as var:
            env = {"DJANGO_SETTINGS_MODULE": "bugbug.settings", "BUGBUG_MODE": "demo"}
            env |= {"VAR_DIR": var, "STATIC_ROOT": str(ke), "DATABASE_URL": f"sqlite:///{var}/x"}
            env |= {nama: secrets.token_urlsafe(60) for nama in ("SECRET_KEY", "PIN_PEPPER")}
            baris = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
            subprocess.run(baris, check=True, cwd=AKAR, env=os.environ | env)

    return _sekali("_statis", _sidik_berkas(berkas), buat)


def _jalankan(url: str, *baris: str) -> None:
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as sambungan:
            for satu in baris:
                sambungan.execute(satu)
    except psycopg.Error as galat:  # no message of it: it may hold a password
        raise Rusak(f"PostgreSQL tidak dapat dipakai ({type(galat).__name__})") from None


def templat_postgresql(url: str) -> str:
    """Name of the migrated database on that server. Nobody may connect to it: it could not be
    copied then."""
    sidik = _sidik()
    with _sendirian(), psycopg.connect(url, autocommit=True, connect_timeout=5) as server:
        ada = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [NAMA],
        ).fetchone()
        if ada != (sidik,):
            for nama in (NAMA, f"{NAMA}_baru"):
                server.execute(f'DROP DATABASE IF EXISTS "{nama}"')
            server.execute(f'CREATE DATABASE "{NAMA}_baru"')
            _buat(urlsplit(url)._replace(path=f"/{NAMA}_baru").geturl())
            server.execute(f'ALTER DATABASE "{NAMA}_baru" RENAME TO "{NAMA}"')
            server.execute(f"COMMENT ON DATABASE \"{NAMA}\" IS '{sidik}'")
    return NAMA


@contextlib.contextmanager
def sendiri(url: str = "", *, tabel: bool = True) -> Iterator[str]:
    """A new PostgreSQL database, with all tables or empty, on the server of `url` (else of
    DATABASE_URL, else this machine's); the one that is named there is not touched."""
    url = url or os.environ.get("DATABASE_URL", "")
    url = url if url.startswith(("postgres", "psql", "pgsql")) else PG_BAWAAN
    nama = f"bugbug_uji_{secrets.token_hex(4)}"
    try:
        dari = f'TEMPLATE "{templat_postgresql(url)}"' if tabel else ""
    except psycopg.Error as galat:
        raise Rusak(f"PostgreSQL tidak dapat dipakai ({type(galat).__name__})") from None
    _jalankan(url, f'CREATE DATABASE "{nama}" {dari}')
    try:
        yield urlsplit(url)._replace(path=f"/{nama}").geturl()
    finally:
        _jalankan(url, f'DROP DATABASE IF EXISTS "{nama}" WITH (FORCE)')


def kosongkan(url: str) -> None:
    """That database is gone, and an empty one has its name."""
    alamat = urlsplit(url)
    nama = alamat.path.strip("/")
    _jalankan(
        alamat._replace(path="/postgres").geturl(),
        f'DROP DATABASE "{nama}" WITH (FORCE)',
        f'CREATE DATABASE "{nama}"',
    )


def proses_server(url: str) -> int:
    """The process whose children are the sessions of that server; 0 where it is on another machine
    (a process here that has its number by chance is no postgres)."""
    with psycopg.connect(url) as sambungan:
        (pid,) = sambungan.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        with contextlib.suppress(OSError, ValueError):
            nama, isi = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
            return int(isi.split()[1]) if nama.endswith("(postgres") else 0
    return 0
