"""Real Celery workers, brokers and their sudden deaths, for tests."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection


def url_basis_data() -> str:
    """DATABASE_URL of the running test database, for a process of its own."""
    nama = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{nama['NAME']}"
    return f"postgres://{nama['USER']}@{nama['HOST']}:{nama['PORT'] or 5432}/{nama['NAME']}"


def lingkungan(var: Path, **lain: str) -> dict[str, str]:
    """Environment of a worker that shares this test's database and files."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("COV")},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": url_basis_data(),
        "VAR_DIR": str(var),
        "PRIVATE_DIR": str(settings.STORAGES["default"]["OPTIONS"]["location"]),
        "SAPUAN_DETIK": "1",
        "SEWA_DETIK": "3",
        "LOG_LEVEL": "WARNING",
        "UJI_PEKERJA": "1",
        **lain,
    }


_catatan_terakhir: list[Path] = []


class Pekerja:
    """`celery worker`, as `make run` starts it, in a process group of its own: for all queues, or
    some. One that takes uploads embeds beat (-B)."""

    def __init__(
        self, env: dict[str, str], *, proses: int = 2, antrean: str = "pesan,surat,berkas"
    ) -> None:
        self._env, self._jumlah, self._antrean = env, proses, antrean
        self.catatan = Path(env["VAR_DIR"], "pekerja.log")
        _catatan_terakhir[:] = [self.catatan]
        self._popen: subprocess.Popen | None = None

    def mulai(self) -> "Pekerja":
        var = self._env["VAR_DIR"]
        with self.catatan.open("ab") as catatan:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "bugbug", "worker"]
                + ["--queues", self._antrean, *(["-B"] if "berkas" in self._antrean else [])]
                + ["--pool", "prefork", "--concurrency", str(self._jumlah)]
                + ["--loglevel", "warning", "--schedule", f"{var}/jadwal-uji"]
                + ["--without-gossip", "--without-mingle", "--without-heartbeat"],
                env=self._env,
                cwd=settings.BASE_DIR,
                start_new_session=True,
                stdout=catatan,
                stderr=subprocess.STDOUT,
            )
        return self

    def bunuh(self) -> None:
        """kill -9 of the whole group, as a power cut would."""
        if self._popen and self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait(10)

    def __enter__(self) -> "Pekerja":
        return self.mulai()

    def __exit__(self, *sebab: object) -> None:
        self.bunuh()


def tunggu(syarat: Callable[[], bool], *, detik: float = 60) -> None:
    """Wait until `syarat()`; AssertionError with the worker's last words when it takes longer
    than `detik`."""
    batas = time.monotonic() + detik
    while not syarat():
        assert time.monotonic() < batas, f"belum terjadi; pekerja: {_kata_terakhir()}"
        time.sleep(0.1)


def _kata_terakhir() -> str:
    return "".join(x.read_text(errors="replace")[-3000:] for x in _catatan_terakhir if x.exists())


def port_bebas() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Redis:
    """A Redis of our own that may be stopped without disturbing anybody."""

    def __init__(self, folder: Path) -> None:
        self.port = port_bebas()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._popen: subprocess.Popen | None = None

    def mulai(self) -> None:
        self._popen = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
            + ["--appendonly", "yes", "--save", "", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
        )
        tunggu(self._menjawab, detik=10)

    def _menjawab(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def berhenti(self) -> None:
        if self._popen:
            self._popen.terminate()
            self._popen.wait(10)
            self._popen = None


@contextlib.contextmanager
def redis_sendiri(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    server.mulai()
    try:
        yield server
    finally:
        server.berhenti()


def ada_redis() -> bool:
    """Also where servers are demanded (CI): there a missing one fails the test."""
    return shutil.which("redis-server") is not None or os.environ.get("UJI_WAJIB_SERVER") == "1"
