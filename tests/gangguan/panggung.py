"""The processes of one run: site, two workers, broker, and the fake provider, each killable."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from simulator.atur import PENGIRIM, content_sids
from tests.bench import panggung as dasar
from tests.bench.laporan import Rusak
from tests.perjalanan.pekerja import Redis, port_bebas, redis_sendiri

_SANDI = "sandi-gangguan"
_AKUN = "AC" + "9" * 32


@dataclass
class Panggung:
    """One stage. `redis` is None on the embedded default."""

    var: Path
    env: dict[str, str]
    palsu_url: str
    redis: Redis | None
    proses: dict[str, dasar.Proses] = field(default_factory=dict)
    _baris: dict[str, str] = field(default_factory=dict)

    def mulai(self, nama: str, baris: str) -> None:
        self._baris[nama] = baris
        self.proses[nama] = dasar.Proses(nama, baris, self.env)

    def bunuh(self, nama: str) -> None:
        """kill -9 of everything that this process has started, as a power cut would."""
        proses = self.proses.pop(nama)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(proses.pid, signal.SIGKILL)
        proses.hentikan()

    def ulang(self, nama: str) -> None:
        self.mulai(nama, self._baris[nama])

    def anak(self, tugas: str, **argumen: Any) -> subprocess.Popen[str]:
        """A process with Django that runs tests.gangguan.anak.<tugas>."""
        baris = [sys.executable, "-m", "tests.gangguan.anak", tugas, json.dumps(argumen)]
        return subprocess.Popen(
            baris, env=self.env, cwd=dasar.AKAR, stdout=subprocess.PIPE, text=True
        )

    def tanya(self, tugas: str, **argumen: Any) -> Any:
        return jawaban(self.anak(tugas, **argumen), tugas)

    def surel(self, kata: str) -> int:
        """How many mails with this word in their subject the office has got."""
        semua = (self.var / "surel").glob("*")
        return sum(_berisi(satu, f"WhatsApp {kata}") for satu in semua)

    def palsu(self, jalur: str, isi: dict[str, Any] | None = None) -> dict[str, Any]:
        """The levers of the fake provider (simulator/twilio_palsu/kendali.py)."""
        metode = "GET" if isi is None else "POST"
        hasil = requests.request(metode, f"{self.palsu_url}{jalur}", json=isi, timeout=30)
        hasil.raise_for_status()
        return hasil.json()


def _berisi(berkas: Path, kata: str) -> bool:
    return kata in berkas.read_text(encoding="utf-8")


def jawaban(popen: "subprocess.Popen[str]", tugas: str) -> Any:
    """The last line that a child printed. Raises Rusak when it failed."""
    try:
        keluar, _ = popen.communicate(timeout=900)
    except BaseException:
        popen.kill()
        popen.wait(10)
        raise
    if popen.returncode:
        raise Rusak(f"anak {tugas} gagal (kode {popen.returncode})")
    return json.loads(keluar.splitlines()[-1])


def pekerja(var: Path, nama: str, *, detak: bool, proses: int = 2) -> str:
    """The worker of the Procfile for all queues, without the wrapper that stops it politely."""
    ganti = [
        ("bash bugbug/skrip/pamit.sh ", ""),
        ("var/celerybeat-schedule", f"{var}/jadwal-{nama}"),
        ("--queues surat,berkas ", ""),
        ("--concurrency 2", f"--concurrency {proses}"),
        ("--hostname pekerja@", f"--hostname {nama}@"),
    ]
    baris = dasar.perintah("pekerja", *ganti)
    return baris if detak else baris.replace(" -B", "", 1)


@contextlib.contextmanager
def buka(
    *,
    server: bool,
    latensi: str,
    kabar: str,
    benih: int = 1,
    awal: Path | None = None,
) -> Iterator[Panggung]:
    """`server`: PostgreSQL and a Redis of our own; else SQLite and folders as queue. `awal`: a file
    of SQLite that has our tables already, to begin with.

    `latensi`: seconds that the provider takes ("0.05-0.2"); `kabar`: its callbacks
    ("sent:0.2,delivered:0.5").
    """
    with contextlib.ExitStack() as tumpukan:
        var = tumpukan.enter_context(dasar._folder())
        basis, redis = f"sqlite:///{var}/bugbug.sqlite3", None
        if awal:
            shutil.copy(awal, var / "bugbug.sqlite3")
        if server:
            url = os.environ.get("DATABASE_URL", "")
            url = url if re.match("postgres|psql|pgsql", url) else dasar.PG_BAWAAN
            basis = tumpukan.enter_context(dasar._basis_data_sendiri(url))
            redis = tumpukan.enter_context(redis_sendiri(var))
        port, port_palsu = port_bebas(), port_bebas()
        env = dasar.lingkungan(var, port, basis_data=basis, redis=redis.url if redis else "")
        env |= {
            "PORT": str(port),
            "TWILIO_ACCOUNT_SID": _AKUN,
            "TWILIO_AUTH_TOKEN": _SANDI,
            "TWILIO_FROM": PENGIRIM,
            "TWILIO_BASE_URL": f"http://127.0.0.1:{port_palsu}",
            "TWILIO_TIMEOUT": "2",
            "TWILIO_CONTENT_SIDS": json.dumps(content_sids()),
            "SEWA_DETIK": "4",
            "SAPUAN_DETIK": "1",
            "STATIC_ROOT": str(var / "static"),
            "LOG_LEVEL": "CRITICAL",
            "EMAIL_URL": f"filemail:///{var}/surel",
            "ALARM_SUREL": "admin@desa.id",
        }
        tempat = Panggung(var, env, env["TWILIO_BASE_URL"], redis)
        tumpukan.callback(lambda: [p.hentikan() for p in tempat.proses.values()])
        tempat.tanya("siapkan")
        tempat.mulai(
            "palsu",
            f"exec {sys.executable} -m simulator.twilio_palsu --port {port_palsu} "
            f"--lewat http://127.0.0.1:{port} --templat {_templat(var)} --laju 80 "
            f"--latensi {latensi} --kabar {kabar} --benih {benih}",
        )
        tempat.mulai("web", dasar.perintah("web"))
        _tunggu(port, "/sehat/siap/", tempat)
        _tunggu(port_palsu, "/palsu/laporan", tempat)
        yield tempat


def _templat(var: Path) -> Path:
    """All our wordings, as if WhatsApp had approved them."""
    from layanan.kata_pesan.katalog import PESAN

    berkas = var / "templat.json"
    isi = {sid: PESAN[kode].teks for kode, sid in content_sids().items()}
    berkas.write_text(json.dumps(isi), encoding="utf-8")
    return berkas


def _tunggu(port: int, jalur: str, tempat: Panggung) -> None:
    batas = time.monotonic() + 30
    while not dasar._menjawab(port, jalur):
        for proses in tempat.proses.values():
            proses.periksa()
        if time.monotonic() > batas:
            raise Rusak(f"{jalur} tidak menjawab")
        time.sleep(0.1)
