"""The production set-up below one folder, with the commands that stand in the unit files."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.proses import (
    AKAR,
    Anak,
    Proses,
    Redis,
    cpu,
    hentikan,
    port_bebas,
    redis_sendiri,
    tunggu,
    tunggu_jawab,
)

# No power cut here: nobody waits for the disk.
_CEPAT = ("-c", "fsync=off", "-c", "shared_buffers=32MB")
PERLU = ("nginx", "caddy", "redis-server", "initdb", "postgres", "psql", "openssl", "curl")
TULANG = """daemon off; worker_processes auto; pid {akar}/nginx.pid;
error_log {akar}/nginx.log warn;
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
    redis: Redis
    postgres: Proses
    proses: dict[str, Proses] = field(default_factory=dict)

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
            "REDIS_URL": self.redis.url,
            "PORT_HTTP": str(self.http),
            "PORT_HTTPS": str(self.https),
            "PORT_WEB": str(self.web),
            "VENV": str(Path(sys.executable).parent.parent),
        }
        return self._jalan(["bash", str(AKAR / "pasang/pasang.sh"), *argumen], AKAR, lain)

    def kelola(self, *argumen: str) -> str:
        """The command `bugbug` that pasang.sh has put there."""
        return self._jalan([str(self.akar / "usr/local/bin/bugbug"), *argumen], self.akar, {})

    def anak(self, modul: str) -> Anak:
        """Tasks of `modul` with the village's own settings and database."""
        sendiri = {"DJANGO_SETTINGS_MODULE": "bugbug.settings"}
        return Anak(modul, self.lingkungan | sendiri | self.pengaturan())

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
        env, catatan = self.lingkungan | lain, self.akar / f"{nama}.log"
        self.proses[nama] = Proses(nama, baris, env, di=di, catatan=catatan, umask=0o077)

    def kata_terakhir(self, nama: str) -> str:
        """Of a process that ends by itself."""
        satu = self.proses.pop(nama)
        satu.popen.wait(120)
        return satu.catatan()

    def cpu(self) -> float:
        """Seconds of processor time that all of it has used, database and proxy included."""
        semua = [self.postgres, *filter(None, [self.redis.proses]), *self.proses.values()]
        return cpu(*[satu.pid for satu in semua])

    def hentikan(self, *nama: str) -> None:
        hentikan(*[self.proses.pop(satu) for satu in nama or list(self.proses)])

    def web_jalan(self) -> None:
        for port in (self.web, self.web + 1):
            self.mulai("bugbug-web@", str(port))

    def tunggu(self, jalur: str = "/sehat/siap/", *, https: int = 0) -> None:
        tunggu_jawab(https or self.https, jalur, *self.proses.values(), tls=True)


@contextlib.contextmanager
def postgres(
    folder: Path, env: dict[str, str], *pilihan: str
) -> Iterator[tuple[Proses, dict[str, str]]]:
    """A cluster of our own that answers in its folder only, and what libpq must be told."""
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
    baris = [*sebagai, "postgres", "-D", data, "-k", str(folder), "-c", "listen_addresses="]
    catatan = folder.parent / "postgres.log"
    server = Proses("postgres", [*baris, *pilihan], env, di=folder, catatan=catatan)
    try:
        tunggu((folder / ".s.PGSQL.5432").exists, server)
        yield server, {"PGHOST": str(folder), "PGPORT": "5432"}
    finally:
        server.popen.send_signal(signal.SIGINT)  # fast: ends the sessions that are left
        server.popen.wait(20)


@contextlib.contextmanager
def buka(*, pg: tuple[str, ...] = _CEPAT) -> Iterator[Panggung]:
    """PostgreSQL (with options `pg`), Redis and an installed release; nothing of the portal runs
    yet."""
    with contextlib.ExitStack() as tumpukan:
        akar = Path(tempfile.mkdtemp(prefix="bugbug-produksi-"))
        tumpukan.callback(shutil.rmtree, akar, ignore_errors=True)
        akar.chmod(0o755)  # nginx and PostgreSQL are other users
        dasar = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        server, alamat = tumpukan.enter_context(postgres(akar / "pg", dasar, *pg))
        redis = tumpukan.enter_context(redis_sendiri(akar))
        tempat = Panggung(
            akar,
            dasar | alamat | {"PGUSER": "bugbug"},
            https=port_bebas(),
            http=port_bebas(),
            web=port_bebas(2),
            redis=redis,
            postgres=server,
        )
        tumpukan.callback(tempat.hentikan)
        tempat.pasang_rilis("satu")
        yield tempat


def jalankan(tempat: Panggung, *antrean: str) -> None:
    """All that bugbug.target wants, and nginx. `antrean`: the workers, when fewer are enough."""
    target = tempat.akar / "etc/systemd/system/bugbug.target"
    assert instans(target, "bugbug-web") == [str(tempat.web), str(tempat.web + 1)]
    tempat.web_jalan()
    semua = instans(target, "bugbug-pekerja")
    assert set(",".join(antrean or semua).split(",")) == set(semua)
    for satu in antrean or semua:
        tempat.mulai("bugbug-pekerja@", satu)
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
