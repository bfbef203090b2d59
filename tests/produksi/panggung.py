"""The production set-up below one folder, with the commands that stand in the unit files."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from tests.perjalanan.pekerja import port_bebas, redis_sendiri
from tests.produksi.lambat import tls_bebas

REPO = Path(__file__).resolve().parents[2]
PERLU = ("nginx", "caddy", "redis-server", "initdb", "postgres", "psql", "openssl", "curl")
TULANG = """daemon off; worker_processes 1; pid {akar}/nginx.pid; error_log {akar}/nginx.log warn;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types; sendfile on;
    client_body_temp_path {akar}/nginx-badan; proxy_temp_path {akar}/nginx-proksi;
    fastcgi_temp_path {akar}/nginx-x; uwsgi_temp_path {akar}/nginx-x; scgi_temp_path {akar}/nginx-x;
    include {akar}/etc/nginx/sites-enabled/*;
}}
"""


def tidak_ada() -> list[str]:
    """Programs that this needs and the machine has not got."""
    return [satu for satu in PERLU if shutil.which(satu) is None]


def unit(berkas: Path, instans: str) -> dict[str, list[str]]:
    """[Service] of a unit and of the drop-in that all of ours read; %i and %% are put in."""
    hasil: dict[str, list[str]] = {}
    for satu in (berkas, berkas.parent / "bugbug-.service.d/aman.conf"):
        bagian = ""
        for baris in satu.read_text().splitlines():
            if kepala := re.fullmatch(r"\[(\w+)\]", baris):
                bagian = kepala[1]
            elif bagian == "Service" and "=" in baris and not baris.startswith("#"):
                kunci, nilai = baris.split("=", 1)
                nilai = nilai.replace("%i", instans).replace("%%", "%")
                hasil.setdefault(kunci, []).append(nilai)
    return hasil


def _berkas_lingkungan(berkas: Path) -> dict[str, str]:
    isi = berkas.read_text().splitlines()
    return dict(b.split("=", 1) for b in isi if "=" in b and not b.startswith("#"))


def instans(target: Path, nama: str) -> list[str]:
    """Which instances of a templated unit the target wants, e.g. the queues of the workers."""
    return re.findall(rf"\b{nama}@([\w-]+)\.service", target.read_text())


@dataclass
class Panggung:
    """`akar`: the folder that stands for /. `https`, `http`: ports of nginx."""

    akar: Path
    lingkungan: dict[str, str]
    https: int
    http: int
    web: int
    redis: str
    proses: dict[str, subprocess.Popen] = field(default_factory=dict)

    @property
    def situs(self) -> str:
        return f"https://127.0.0.1:{self.https}"

    @property
    def var(self) -> Path:
        return self.akar / "var/lib/bugbug"

    def pasang_rilis(self, versi: str, *argumen: str) -> str:
        """pasang/pasang.sh, as docs/operasi.md has it; what it said. Raises with all of it."""
        lain = {
            "SITUS": "127.0.0.1",
            "AKAR": str(self.akar),
            "VERSI": versi,
            "REDIS_URL": self.redis,
            "PORT_HTTP": str(self.http),
            "PORT_HTTPS": str(self.https),
            "PORT_WEB": str(self.web),
            "VENV": str(Path(sys.executable).parent.parent),
        }
        return self._jalan(["bash", str(REPO / "pasang/pasang.sh"), *argumen], REPO, lain)

    def kelola(self, *argumen: str) -> str:
        """The command `bugbug` that pasang.sh has put there."""
        return self._jalan([str(self.akar / "usr/local/bin/bugbug"), *argumen], self.akar, {})

    def anak(self) -> str:
        baris = [sys.executable, "-m", "tests.produksi.anak"]
        env = {"DJANGO_SETTINGS_MODULE": "bugbug.settings", **self.pengaturan()}
        return self._jalan(baris, REPO, env)

    def _jalan(self, baris: list[str], di: Path, lain: dict[str, str]) -> str:
        hasil = subprocess.run(
            baris,
            cwd=di,
            env=self.lingkungan | lain,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert hasil.returncode == 0, f"{baris}: {hasil.stdout[-2000:]}{hasil.stderr[-3000:]}"
        return hasil.stdout

    def pengaturan(self) -> dict[str, str]:
        return _berkas_lingkungan(self.akar / "etc/bugbug/bugbug.env")

    def mulai(self, nama: str, instans: str = "", **beda: str) -> None:
        """What systemd would start, with the environment and the folder that the unit names."""
        berkas = self.akar / "etc/systemd/system" / f"{nama}.service"
        isi = unit(berkas, instans)
        lain = dict(satu.split("=", 1) for satu in isi.get("Environment", []))
        for satu in isi["EnvironmentFile"]:
            lain |= _berkas_lingkungan(Path(satu.removeprefix("-")))
        di = Path(isi["WorkingDirectory"][0])
        self.mulai_baris(f"{nama}{instans}", shlex.split(isi["ExecStart"][0]), di, lain | beda)

    def mulai_baris(self, nama: str, baris: list[str], di: Path, lain: dict[str, str]) -> None:
        with (self.akar / f"{nama}.log").open("ab") as catatan:
            self.proses[nama] = subprocess.Popen(
                baris,
                cwd=di,
                env=self.lingkungan | lain,
                stdin=subprocess.DEVNULL,
                stdout=catatan,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )

    @contextlib.contextmanager
    def sementara(
        self, nama: str, baris: list[str], di: Path, lain: dict[str, str]
    ) -> Iterator[None]:
        self.mulai_baris(nama, baris, di, lain)
        try:
            yield
        finally:
            self.hentikan(nama)

    def catatan(self, nama: str) -> str:
        return (self.akar / f"{nama}.log").read_text(errors="replace")[-3000:]

    def kata_terakhir(self, nama: str) -> str:
        """Of a process that ends by itself."""
        self.proses.pop(nama).wait(120)
        return self.catatan(nama)

    def hentikan(self, *nama: str) -> None:
        pilihan = [self.proses.pop(satu) for satu in nama or list(self.proses)]
        for satu in pilihan:
            satu.terminate()
        for satu in pilihan:
            with contextlib.suppress(subprocess.TimeoutExpired):
                satu.wait(10)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(satu.pid, signal.SIGKILL)
            satu.wait(10)

    def web_jalan(self) -> None:
        for port in (self.web, self.web + 1):
            self.mulai("bugbug-web@", str(port))

    def tunggu(self, jalur: str = "/sehat/siap/", *, https: int = 0, detik: float = 120) -> None:
        batas = time.monotonic() + detik
        while ambil(https or self.https, jalur)[0] != 200:
            for nama, satu in self.proses.items():
                assert satu.poll() is None, f"{nama} berhenti: {self.catatan(nama)}"
            assert time.monotonic() < batas, f"{jalur} tidak menjawab: {self.catatan('nginx')}"
            time.sleep(0.2)


def ambil(port: int, jalur: str, *, kepala: dict[str, str] | None = None) -> tuple[int, str, float]:
    """GET over TLS without asking who signed it: status, body, seconds. Status 0: no answer."""
    mulai = time.monotonic()
    sambungan = HTTPSConnection("127.0.0.1", port, timeout=30, context=tls_bebas())
    try:
        sambungan.request("GET", jalur, headers=kepala or {})
        jawab = sambungan.getresponse()
        return jawab.status, jawab.read().decode(errors="replace"), time.monotonic() - mulai
    except (OSError, HTTPException):
        return 0, "", time.monotonic() - mulai
    finally:
        sambungan.close()


def hidup(port: int) -> bool:
    """Whether a server without TLS writes a page there."""
    try:
        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as sambungan:
            sambungan.request("GET", "/sehat/")
            return sambungan.getresponse().status == 200
    except (OSError, HTTPException):
        return False


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[dict[str, str]]:
    """A cluster of our own that answers in its folder only; what libpq must be told."""
    folder.mkdir()
    sebagai: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        sebagai = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    data = str(folder / "data")
    subprocess.run(
        [*sebagai, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    with (folder.parent / "postgres.log").open("ab") as catatan:
        server = subprocess.Popen(
            [*sebagai, "postgres", "-D", data, "-k", str(folder), "-c", "listen_addresses="]
            + ["-c", "fsync=off", "-c", "shared_buffers=32MB"],
            cwd=folder,
            stdout=catatan,
            stderr=subprocess.STDOUT,
        )
    try:
        while not (folder / ".s.PGSQL.5432").exists():
            assert server.poll() is None, "PostgreSQL tidak mulai"
            time.sleep(0.05)
        yield {"PGHOST": str(folder), "PGPORT": "5432"}
    finally:
        server.send_signal(signal.SIGINT)  # fast: ends the sessions that are left
        server.wait(20)


def _dua_port() -> int:
    """The first of two free ports side by side."""
    while True:
        port = port_bebas()
        with contextlib.suppress(OSError), socket.socket() as lain:
            lain.bind(("127.0.0.1", port + 1))
            return port


@contextlib.contextmanager
def buka() -> Iterator[Panggung]:
    """PostgreSQL, Redis and an installed release; nothing of the portal runs yet."""
    with contextlib.ExitStack() as tumpukan:
        akar = Path(tempfile.mkdtemp(prefix="bugbug-produksi-"))
        tumpukan.callback(shutil.rmtree, akar, ignore_errors=True)
        akar.chmod(0o755)  # nginx and PostgreSQL are other users
        pg = tumpukan.enter_context(postgres(akar / "pg"))
        redis = tumpukan.enter_context(redis_sendiri(akar))
        tempat = Panggung(
            akar,
            {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **pg, "PGUSER": "bugbug"},
            https=port_bebas(),
            http=port_bebas(),
            web=_dua_port(),
            redis=redis.url,
        )
        tumpukan.callback(tempat.hentikan)
        tempat.pasang_rilis("satu")
        yield tempat


def jalankan(tempat: Panggung, antrean_lain: str) -> None:
    """All that bugbug.target wants, and nginx. `antrean_lain`: Celery's own default queue."""
    target = tempat.akar / "etc/systemd/system/bugbug.target"
    assert instans(target, "bugbug-web") == [str(tempat.web), str(tempat.web + 1)]
    tempat.web_jalan()
    pesan, *lain = instans(target, "bugbug-pekerja")
    # Two processes are enough here: one for messages, one for what takes long.
    lain += [antrean_lain] * (antrean_lain not in lain)
    tempat.mulai("bugbug-pekerja@", pesan)
    tempat.mulai("bugbug-pekerja@", ",".join(lain))
    tempat.mulai("bugbug-beat")
    mulai_nginx(tempat)
    tempat.tunggu()


def mulai_nginx(tempat: Panggung) -> None:
    tulang = tempat.akar / "nginx.conf"
    tulang.write_text(TULANG.format(akar=tempat.akar))
    nginx = [shutil.which("nginx") or "nginx", "-c", str(tulang)]
    tempat.mulai_baris("nginx", nginx, tempat.akar, {})
    (tempat.akar / "nginx.log").chmod(0o644)


def mulai_caddy(tempat: Panggung) -> int:
    """Caddy with the files of the release, its port, and a certificate that it makes itself."""
    folder, port = tempat.akar / "caddy", port_bebas()
    folder.mkdir()
    asal = tempat.akar / "opt/bugbug/kini/pasang/caddy"
    portal = (asal / "portal.caddy").read_text().replace("/opt/", f"{tempat.akar}/opt/")
    (folder / "portal.caddy").write_text(portal)
    atur = (asal / "Caddyfile-2.6").read_text()
    situs = atur.replace("\timport portal\n}", "\timport portal\n\ttls internal\n}")
    assert situs != atur
    umum = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"
    (folder / "Caddyfile").write_text(umum + situs)
    tempat.mulai_baris(
        "caddy",
        ["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
        folder,
        {
            "SITUS": f"https://127.0.0.1:{port}",
            "WEB": f"127.0.0.1:{tempat.web} 127.0.0.1:{tempat.web + 1}",
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
        },
    )
    return port
