"""Real Celery workers and their sudden deaths, for tests."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests import proses
from tests.proses import Proses


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
        self._proses: Proses | None = None

    def mulai(self) -> "Pekerja":
        baris = [sys.executable, "-m", "celery", "-A", "bugbug", "worker"]
        baris += ["--queues", self._antrean, *(["-B"] if "berkas" in self._antrean else [])]
        baris += ["--pool", "prefork", "--concurrency", str(self._jumlah)]
        baris += ["--loglevel", "warning", "--schedule", f"{self._env['VAR_DIR']}/jadwal-uji"]
        baris += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._proses = Proses("pekerja", baris, self._env)
        return self

    def bunuh(self) -> None:
        if self._proses:
            self._proses.bunuh()

    def __enter__(self) -> "Pekerja":
        return self.mulai()

    def __exit__(self, *sebab: object) -> None:
        self.bunuh()


def tunggu(syarat: Callable[[], bool], *, detik: float = 120) -> None:
    """Until `syarat()`; Rusak with the worker's last words when it takes longer than `detik`."""
    proses.tunggu(syarat, detik=detik, kata=_kata_terakhir)


def _kata_terakhir() -> str:
    return "".join(x.read_text(errors="replace")[-3000:] for x in _catatan_terakhir if x.exists())
