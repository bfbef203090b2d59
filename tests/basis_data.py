"""The migrated database of the tests: made once, then copied for each process and each run.

Migrating takes eight seconds, a copy a fraction of one. The template belongs to this checkout and
carries the digest of what it was made from; with any other digest it is made anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

# Made by the migrations, the same for every test, and dear to make again.
_TETAP = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
AKAR = Path(__file__).resolve().parent.parent
_NAMA = f"templat_uji_{hashlib.sha256(str(AKAR).encode()).hexdigest()[:12]}"
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
    (AKAR / "var").mkdir(exist_ok=True)
    with (AKAR / "var" / f"{_NAMA}.kunci").open("w") as kunci:
        fcntl.flock(kunci, fcntl.LOCK_EX)
        if connection.vendor == "postgresql":
            _postgresql()
        else:
            _sqlite()


def _kosongkan(uji: TransactionTestCase) -> None:
    """After a test without a transaction: delete what is there. Django's flush empties a hundred
    tables one by one and makes all permissions anew: two seconds on PostgreSQL."""
    semua = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tabel = [f'"{nama}"' for nama in semua if nama not in _TETAP]
    with connection.cursor() as kursor:
        tanya = (f"SELECT '{nama}' WHERE EXISTS (SELECT 1 FROM {nama})" for nama in tabel)
        kursor.execute(" UNION ALL ".join(tanya))
        berisi = [nama for (nama,) in kursor.fetchall()]
        with transaction.atomic():  # the keys between them are looked at when it ends
            for nama in berisi:
                kursor.execute(f"DELETE FROM {nama}")


def _sidik() -> str:
    """Digest of whatever a migrated database depends on."""
    berkas = [AKAR / "layanan" / "peran.py", *AKAR.glob("*/*.json")]
    for ruang in ("penduduk", "surat", "layanan"):
        berkas += [*AKAR.glob(f"{ruang}/migrations/*.py"), *AKAR.glob(f"{ruang}/models/*.*")]
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


def _sqlite() -> None:
    templat = AKAR / "var" / f"{_NAMA}_{_sidik()[:16]}.sqlite3"
    if not templat.exists():
        for lama in templat.parent.glob(f"{_NAMA}_*.sqlite3*"):
            lama.unlink()
        baru = templat.with_suffix(".sqlite3-baru")
        _buat(f"sqlite:///{baru}")
        baru.rename(templat)  # its last connection is closed: no -wal is left

    def salin(verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        nama = connection.creation._get_test_db_name()
        shutil.copyfile(templat, nama)
        return nama

    connection.creation._create_test_db = salin


def _postgresql() -> None:
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = _NAMA
    with connection.creation._nodb_cursor() as kursor:
        kursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [_NAMA],
        )
        ada = kursor.fetchone()
        if ada == (_sidik(),):
            return
        for nama in (_NAMA, f"{_NAMA}_baru"):
            kursor.execute(f'DROP DATABASE IF EXISTS "{nama}"')
        kursor.execute(f'CREATE DATABASE "{_NAMA}_baru"')
        alamat = urlsplit(os.environ["DATABASE_URL"])
        _buat(alamat._replace(path=f"/{_NAMA}_baru").geturl())
        kursor.execute(f'ALTER DATABASE "{_NAMA}_baru" RENAME TO "{_NAMA}"')
        kursor.execute(f"COMMENT ON DATABASE \"{_NAMA}\" IS '{_sidik()}'")
