"""The stage: a demo village of its own, with servers of its own, all gone afterwards."""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests import basis_data
from tests.bench.beban import Hasil
from tests.proses import (
    AKAR,
    Proses,
    Rusak,
    ada_redis,
    cpu,
    folder,
    port_bebas,
    redis_sendiri,
    tunggu_jawab,
)


def perintah(nama: str, *ganti: tuple[str, str]) -> str:
    """The line of `nama` in the Procfile of `make run`, so that what is measured is what runs; its
    programs are those of the Python that runs us, wherever that lies."""
    for baris in (AKAR / "bugbug/skrip/Procfile").read_text(encoding="utf-8").splitlines():
        if baris.startswith(f"{nama}:"):
            hasil = baris.removeprefix(f"{nama}:").strip()
            hasil = hasil.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
            for lama, baru in ganti:
                if lama not in hasil:
                    raise Rusak(f"Procfile: “{lama}” tidak ada di baris {nama}")
                hasil = hasil.replace(lama, baru)
            return hasil
    raise Rusak(f"Procfile: tidak ada baris {nama}")


def _ikut_mati() -> str:
    """Prefix that lets a server die with us even if we are killed (see bugbug/skrip/jalan.sh)."""
    awalan = ["setpriv", "--pdeathsig", "TERM"]
    ada = shutil.which("setpriv") and subprocess.run([*awalan, "true"], check=False).returncode == 0
    return " ".join(awalan) if ada else ""


def lingkungan(var: Path, port: int, *, url: str, redis: str) -> dict[str, str]:
    """Environment of all our processes; nothing of a `.env` that lies about gets through."""
    isi = {
        "BUGBUG_MODE": "demo",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "PIN_PEPPER": secrets.token_urlsafe(40),
        "PIN_PEPPER_LAMA": "",
        "DEBUG": "",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "SECURE_SSL_REDIRECT": "",
        "TRUSTED_PROXIES": "1",  # waktu_masuk comes from many addresses
        "KIRIMAN_SEJAM": "1000000",  # and masuk from one
        "VAR_DIR": str(var),
        "PRIVATE_DIR": str(var / "berkas"),
        "STATIC_ROOT": str(basis_data.statis()),
        "DATABASE_URL": url,
        "REDIS_URL": redis,
        "TWILIO_ACCOUNT_SID": "",
        "LOG_LEVEL": "WARNING",
    }
    kosong = {f"{nama}_FILE": "" for nama in isi}
    warisan = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    tetap = {"DJANGO_SETTINGS_MODULE": "bugbug.settings", "IKUT_MATI": _ikut_mati()}
    return {**warisan, **isi, **kosong, **tetap}


@dataclass
class Panggung:
    """One loaded demo village. `situs` and `telanjang` are host:port once they are started."""

    nama: str
    env: dict[str, str]
    port: int
    web: contextlib.ExitStack
    telanjang: str = ""
    akun: dict[str, Any] = field(default_factory=dict)
    proses: dict[str, Proses] = field(default_factory=dict)
    basis: int = 0  # process of a PostgreSQL on this machine, which works for the site too

    @property
    def situs(self) -> str:
        return f"127.0.0.1:{self.port}"

    def anak(self, tugas: str, *, habis: float = 600, **argumen: Any) -> Any:
        """Run tests.bench.anak.<tugas> in a process with Django; its answer."""
        baris = [sys.executable, "-m", "tests.bench.anak", tugas, json.dumps(argumen)]
        popen = subprocess.Popen(baris, env=self.env, cwd=AKAR, stdout=subprocess.PIPE, text=True)
        try:
            keluar, _ = popen.communicate(timeout=habis)
        except BaseException:
            popen.terminate()  # it stops its own worker
            popen.wait(30)
            raise
        if popen.returncode:
            raise Rusak(f"anak {tugas} gagal (kode {popen.returncode})")
        return json.loads(keluar.splitlines()[-1])

    def beban(self, host: str, beri: Callable[[], Hasil]) -> Hasil:
        """One round of load on the server at `host`, with the processor time it took there and in
        the database."""
        proses = self.proses[host]
        awal = cpu(proses.pid, self.basis)
        hasil = beri()
        proses.periksa()
        return replace(hasil, cpu=(cpu(proses.pid, self.basis) - awal) / hasil.jumlah * 1000)

    def mulai_situs(self) -> None:
        """The site, by the server command of the Procfile."""
        self._server("situs", self.port, "/sehat/", perintah("web"))

    def mulai_web(self) -> None:
        """The site and the bare view."""
        port = port_bebas()
        self.mulai_situs()
        bare = ("bugbug.wsgi:application", "tests.bench.telanjang:application")
        self._server("telanjang", port, "/", perintah("web", bare))
        self.telanjang = f"127.0.0.1:{port}"

    def tutup_web(self) -> None:
        self.web.close()

    def _server(self, nama: str, port: int, jalur: str, baris: str) -> None:
        proses = Proses(nama, baris, {**self.env, "PORT": str(port)})
        self.proses[f"127.0.0.1:{port}"] = proses
        self.web.callback(proses.hentikan)
        tunggu_jawab(port, jalur, proses)


@contextlib.contextmanager
def _redis(url: str, var: Path) -> Iterator[str]:
    """A Redis of our own, unless REDIS_URL names an empty database that we may fill and empty."""
    import redis

    if not url:
        if not ada_redis():
            raise Rusak("redis-server tidak terpasang; isi REDIS_URL dengan basis Redis kosong")
        with redis_sendiri(var) as sendiri:
            yield sendiri.url
        return
    with redis.Redis.from_url(url) as klien:
        if klien.dbsize():
            raise Rusak("REDIS_URL menunjuk basis Redis yang berisi; pakai nomor basis yang kosong")
        try:
            yield url
        finally:
            klien.flushdb()


@contextlib.contextmanager
def buka(*, server: bool) -> Iterator[Panggung]:
    """The embedded default (SQLite, folders as queue), or `server`: PostgreSQL and Redis."""
    with contextlib.ExitStack() as tumpukan:
        var, port = tumpukan.enter_context(folder()), port_bebas()
        redis = ""
        nama, basis = "PostgreSQL + Redis" if server else "SQLite + folder", 0
        if server:
            url = tumpukan.enter_context(basis_data.sendiri())
            basis = basis_data.proses_server(url)
            redis = tumpukan.enter_context(_redis(os.environ.get("REDIS_URL", ""), var))
        else:
            url = basis_data.salin(var / "bugbug.sqlite3")
        env = lingkungan(var, port, url=url, redis=redis)
        env["KIRIM_JEDA_NOMOR"] = "0"  # a few residents get the messages of a thousand letters
        web = tumpukan.enter_context(contextlib.ExitStack())
        panggung = Panggung(nama, env, port, web, basis=basis)
        siapkan = [sys.executable, "manage.py", "siapkan"]
        if subprocess.run(siapkan, env=env, cwd=AKAR, stdout=subprocess.DEVNULL).returncode:
            raise Rusak("manage.py siapkan gagal")
        panggung.akun = panggung.anak("akun")
        yield panggung
