"""Where the database of a drill lives, how it is destroyed, and how it comes back."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests import basis_data
from tests.proses import AKAR, Rusak, port_bebas, tunggu

_PG = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))[-1:]


def ada_pgbackrest() -> bool:
    return bool(_PG and shutil.which("pgbackrest") and shutil.which("runuser"))


class Tempat:
    url: str
    arsip = False  # the rows come from an archive of their own

    def mulai(self) -> None:
        """Right before the work: what the archive begins with."""

    def hancurkan(self) -> None:
        """The disk is gone; an empty database takes its place."""

    def kembalikan(self) -> None:
        """The rows, where the archive brings them."""


class Sqlite(Tempat):
    def __init__(self, var: Path) -> None:
        self._berkas = var / "bugbug.sqlite3"
        self.url = basis_data.salin(self._berkas)

    def hancurkan(self) -> None:
        for satu in self._berkas.parent.glob("bugbug.sqlite3*"):
            satu.unlink()


class Dump(Tempat):
    """A database of our own on a server that is there; pg_dump and pg_restore."""

    def __init__(self, url: str) -> None:
        self.url = url

    def hancurkan(self) -> None:
        basis_data.kosongkan(self.url)


class Arsip(Tempat):
    """A cluster of our own with pasang/pgbackrest.conf and pasang/postgresql-arsip.conf, which are
    told other folders and another port by the environment."""

    arsip = True

    def __init__(self, rumah: Path, tunggu: int) -> None:
        self._rumah, self._data, self._tunggu = rumah, rumah / "data", tunggu
        self._port = port_bebas()
        self.url = f"postgres://postgres@127.0.0.1:{self._port}/bugbug"
        (rumah / "repo").mkdir()
        self._env = {
            "PATH": f"{_PG[0]}:{os.environ['PATH']}",
            "PGBACKREST_CONFIG": str(AKAR / "pasang" / "pgbackrest.conf"),
            "PGBACKREST_REPO1_PATH": str(rumah / "repo"),
            "PGBACKREST_PG1_PATH": str(self._data),
            "PGBACKREST_PG1_PORT": str(self._port),
            "PGBACKREST_PG1_SOCKET_PATH": str(rumah),
            "PGBACKREST_LOCK_PATH": str(rumah / "kunci"),
            "PGBACKREST_SPOOL_PATH": str(rumah / "spool"),
        }
        if os.geteuid() == 0:  # PostgreSQL will not run as root
            siapa = pwd.getpwnam("postgres")
            for satu in (rumah, rumah / "repo"):
                os.chown(satu, siapa.pw_uid, siapa.pw_gid)
        # The repository may read its configuration, which lies below a folder of ours.
        shutil.copy(AKAR / "pasang" / "pgbackrest.conf", rumah / "pgbackrest.conf")
        (rumah / "pgbackrest.conf").chmod(0o644)
        self._env["PGBACKREST_CONFIG"] = str(rumah / "pgbackrest.conf")
        self._jalan(
            "initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8"
        )
        tambah = (AKAR / "pasang" / "postgresql-arsip.conf").read_text()
        tambah += f"archive_timeout = {tunggu}\nport = {self._port}\nfsync = off\n"
        tambah += f"unix_socket_directories = '{rumah}'\nlisten_addresses = '127.0.0.1'\n"
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.write(tambah)
        self._nyalakan()
        self._jalan(
            "createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "postgres", "bugbug"
        )
        with basis_data.sendiri(_server()) as awal:
            salin = subprocess.run(["pg_dump", "--dbname", awal], capture_output=True, check=True)
        subprocess.run(
            ["psql", "-q", self.url], input=salin.stdout, capture_output=True, check=True
        )
        self._jalan("pgbackrest", "--stanza=bugbug", "stanza-create")

    def _jalan(self, *baris: str) -> None:
        awalan = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with (self._rumah / "catatan").open("ab") as keluar:
            hasil = subprocess.run(
                [*awalan, *baris], env=self._env, cwd="/tmp", stdout=keluar, stderr=keluar
            )
        if hasil.returncode:
            catatan = (self._rumah / "catatan").read_text(errors="replace")
            raise Rusak(f"{baris[0]} gagal:\n{catatan[-1500:]}")

    def _nyalakan(self) -> None:
        log = str(self._rumah / "data" / "log-kluster")
        self._jalan("pg_ctl", "-D", str(self._data), "-l", log, "-w", "start")

    def mulai(self) -> None:
        self._jalan("pgbackrest", "--stanza=bugbug", "--type=full", "backup")

    def hancurkan(self) -> None:
        """kill -9 of every process of the cluster, then its disk with the log that was not yet in
        the archive."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        anak = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for satu in (pid, *map(int, anak)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(satu, signal.SIGKILL)
        batas = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and time.monotonic() < batas:
            time.sleep(0.1)
        shutil.rmtree(self._data)
        if os.geteuid() == 0:
            subprocess.run(["install", "-d", "-o", "postgres", "-m", "700", self._data], check=True)
        else:
            self._data.mkdir(mode=0o700)

    def kembalikan(self) -> None:
        self._jalan("pgbackrest", "--stanza=bugbug", "restore")
        self._nyalakan()
        tunggu(self._pulih, kata=lambda: "PostgreSQL tidak selesai membaca arsip")

    def _pulih(self) -> bool:
        """Whether it has read the archive to its end."""
        with contextlib.suppress(psycopg.Error), psycopg.connect(self.url) as pg:
            return pg.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
        return False

    def tutup(self) -> None:
        if (self._data / "postmaster.pid").exists():
            with contextlib.suppress(Rusak):
                self._jalan("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")


def _server() -> str:
    return os.environ.get("UJI_DATABASE_URL") or os.environ.get("DATABASE_URL") or ""


@contextlib.contextmanager
def buka(cara: str, var: Path, tunggu: int) -> Iterator[Tempat]:
    """`cara`: sqlite, dump or arsip; `tunggu`: seconds after which the log goes to the archive."""
    if cara == "sqlite":
        yield Sqlite(var)
    elif cara == "dump":
        with basis_data.sendiri(_server()) as sendiri:
            yield Dump(sendiri)
    else:
        with tempfile.TemporaryDirectory(prefix="pulih-pg-", ignore_cleanup_errors=True) as folder:
            tempat = Arsip(Path(folder), tunggu)
            try:
                yield tempat
            finally:
                tempat.tutup()
