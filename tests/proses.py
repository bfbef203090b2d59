"""Processes that tests start: their ports, what they say, when they answer, and how they end.

Knows nothing of Django; what needs it runs in a process of its own (`Anak`).
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib import import_module
from pathlib import Path
from typing import Any

AKAR = Path(__file__).resolve().parents[1]
_TCK = os.sysconf("SC_CLK_TCK")


class Rusak(Exception):
    """Something does not run, or answered wrongly: its speed is worth nothing."""


def port_bebas(deret: int = 1) -> int:
    """The first of `deret` ports side by side that nobody listens at, and that no other process of
    the tests gets as long as this one lives. They lie below those that the kernel gives to outgoing
    connections (32768 and up): such a one could take a port before its server does."""
    while True:
        awal = 12_000 + secrets.randbelow(20_000)
        with contextlib.ExitStack() as tumpukan, contextlib.suppress(OSError):
            tanda = []
            for port in range(awal, awal + deret):
                # A name that lives as long as its owner and leaves no file behind.
                tanda.append(tumpukan.enter_context(socket.socket(socket.AF_UNIX)))
                tanda[-1].bind(f"\0bugbug-uji-port-{port}")
                tumpukan.enter_context(socket.socket()).bind(("127.0.0.1", port))
            for satu in tanda:
                satu.detach()
            return awal


def tls_bebas() -> ssl.SSLContext:
    """Asks nobody who has signed the certificate: it is the portal's own."""
    hasil = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    hasil.check_hostname, hasil.verify_mode = False, ssl.CERT_NONE
    return hasil


def ambil(port: int, jalur: str, *, tls: bool = False) -> tuple[int, str]:
    """GET from this machine: status and body. Status 0: no answer."""
    sambungan = (
        HTTPSConnection("127.0.0.1", port, timeout=30, context=tls_bebas())
        if tls
        else HTTPConnection("127.0.0.1", port, timeout=30)
    )
    with contextlib.closing(sambungan):
        try:
            sambungan.request("GET", jalur)
            jawab = sambungan.getresponse()
            return jawab.status, jawab.read().decode(errors="replace")
        except (OSError, HTTPException) as galat:
            return 0, type(galat).__name__


def tunggu(
    syarat: Callable[[], bool],
    *proses: "Proses",
    detik: float = 120,
    kata: Callable[[], str] = str,
) -> None:
    """Until `syarat()`. Raises Rusak when one of `proses` has ended, or after `detik` (a bound for
    what is broken, no measure): with `kata()` and the end of each log."""
    batas = time.monotonic() + detik
    while not syarat():
        for satu in proses:
            satu.periksa()
        if time.monotonic() > batas:
            log = "".join(f"\n--- {satu.nama}:\n{satu.catatan()}" for satu in proses)
            raise Rusak(f"belum terjadi setelah {detik:g} detik: {kata()}{log}")
        time.sleep(0.1)


def tunggu_jawab(port: int, jalur: str, *proses: "Proses", tls: bool = False) -> None:
    """Until a GET is answered with 200. Raises Rusak as `tunggu` does, with the last answer."""
    jawab = (0, "")

    def ada() -> bool:
        nonlocal jawab
        jawab = ambil(port, jalur, tls=tls)
        return jawab[0] == 200

    tunggu(ada, *proses, kata=lambda: f"{jalur} menjawab {jawab[0]} {jawab[1][-1000:]}")


class Proses:
    """A server in a process group of its own: a shell line that ends in `exec`, or its words. What
    it says goes to `catatan`, else below VAR_DIR."""

    def __init__(
        self,
        nama: str,
        baris: str | list[str],
        env: dict[str, str],
        *,
        di: Path = AKAR,
        catatan: Path | None = None,
        umask: int = -1,
    ) -> None:
        self.nama = nama
        self._catatan = catatan or Path(env["VAR_DIR"], f"{nama}.log")
        with self._catatan.open("ab") as keluar:
            self.popen = subprocess.Popen(
                ["bash", "-c", baris] if isinstance(baris, str) else baris,
                env=env,
                cwd=di,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=keluar,
                stderr=subprocess.STDOUT,
                umask=umask,
            )
        self.pid = self.popen.pid

    def periksa(self) -> None:
        """Raise Rusak, with the end of the log, when the process has ended."""
        if (kode := self.popen.poll()) is not None:
            raise Rusak(f"{self.nama} berhenti (kode {kode}):\n{self.catatan()}")

    def catatan(self) -> str:
        return self._catatan.read_text(encoding="utf-8", errors="replace")[-3000:]

    def cpu(self) -> float:
        return cpu(self.pid)

    def bunuh(self) -> None:
        """kill -9 of everything that this process has started, as a power cut would."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait(10)

    def hentikan(self) -> None:
        hentikan(self)


def hentikan(*semua: Proses) -> None:
    """All at once, and whoever is left after ten seconds by force."""
    for satu in semua:
        satu.popen.terminate()
    batas = time.monotonic() + 10
    for satu in semua:
        with contextlib.suppress(subprocess.TimeoutExpired):
            satu.popen.wait(max(0.0, batas - time.monotonic()))
        satu.bunuh()


def cpu(*pid: int) -> float:
    """Seconds of processor time that these processes have used, with their children, also those
    that have ended. Needs /proc."""
    induk, detak = {}, {}
    for berkas in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            isi = berkas.read_text().rsplit(")", 1)[1].split()
            nomor = int(berkas.parent.name)
            induk[nomor], detak[nomor] = int(isi[1]), sum(map(int, isi[11:15]))
    milik: set[int] = set()
    baru = set(pid) & set(detak)
    while baru:
        milik |= baru
        baru = {nomor for nomor, atas in induk.items() if atas in milik} - milik
    return sum(detak[nomor] for nomor in milik) / _TCK


class Redis:
    """A Redis of our own that may be stopped without disturbing anybody."""

    def __init__(self, folder: Path) -> None:
        self.port = port_bebas()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self.proses: Proses | None = None

    def mulai(self) -> None:
        baris = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        baris += ["--appendonly", "yes", "--save", "", "--dir", str(self._folder)]
        catatan = self._folder / "redis.log"
        self.proses = Proses("redis", baris, dict(os.environ), di=self._folder, catatan=catatan)
        tunggu(lambda: mendengar(self.port), self.proses)

    def berhenti(self) -> None:
        if self.proses:
            self.proses.hentikan()
            self.proses = None


def mendengar(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def redis_sendiri(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    try:
        server.mulai()
        yield server
    finally:
        server.berhenti()


def ada_redis() -> bool:
    """Also where servers are demanded (CI): there a missing one fails the test."""
    return shutil.which("redis-server") is not None or os.environ.get("UJI_WAJIB_SERVER") == "1"


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Below var/, on the disk that the real thing uses: a RAM disk would flatter SQLite."""
    induk = AKAR / "var"
    induk.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="uji-", dir=induk, ignore_cleanup_errors=True) as satu:
        yield Path(satu)


class Anak:
    """A process with Django that carries out the tasks of a module, one after the other: a start
    costs as much as most of them."""

    def __init__(self, modul: str, env: dict[str, str]) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "tests.proses", modul],
            env=env,
            cwd=AKAR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    def suruh(self, tugas: str, **argumen: Any) -> "Anak":
        """Without waiting for its answer."""
        self._tugas = tugas
        with contextlib.suppress(BrokenPipeError):
            self._popen.stdin.write(json.dumps([tugas, argumen]) + "\n")
        return self

    def jawaban(self) -> Any:
        """Raises Rusak when the task has failed; why stands on stderr."""
        if baris := self._popen.stdout.readline():
            return json.loads(baris)
        raise Rusak(f"anak {self._tugas} gagal (kode {self._popen.wait(60)})")

    def tanya(self, tugas: str, **argumen: Any) -> Any:
        return self.suruh(tugas, **argumen).jawaban()

    def selesai(self) -> bool:
        return self._popen.poll() is not None

    def bunuh(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        with self._popen:
            pass

    def __enter__(self) -> "Anak":
        return self

    def __exit__(self, *sebab: object) -> None:
        self.bunuh()


def _layani(modul: str) -> None:
    """The other end of Anak. What a task prints goes to stderr: stdout is for answers."""
    import django

    jawab, sys.stdout = sys.stdout, sys.stderr
    django.setup()
    from django.db import connections

    isi = import_module(modul)
    for baris in sys.stdin:
        tugas, argumen = json.loads(baris)
        try:
            hasil = getattr(isi, tugas)(**argumen)
        except Exception:
            traceback.print_exc()
            sys.exit(1)
        connections.close_all()
        print(json.dumps(hasil), file=jawab, flush=True)


if __name__ == "__main__":
    _layani(sys.argv[1])
