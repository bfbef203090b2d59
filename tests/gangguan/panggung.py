"""The processes of one run: site, two workers, broker, and the fake provider, each killable."""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from layanan.kata_pesan.katalog import PESAN
from simulator.atur import PENGIRIM, content_sids
from tests import basis_data
from tests.bench import panggung as dasar
from tests.proses import (
    Anak,
    Proses,
    Redis,
    folder,
    hentikan,
    port_bebas,
    redis_sendiri,
    tunggu_jawab,
)

_SANDI = "sandi-gangguan"
_AKUN = "AC" + "9" * 32


@dataclass
class Panggung:
    """One stage. `redis` is None on the embedded default."""

    var: Path
    env: dict[str, str]
    palsu_url: str
    redis: Redis | None
    proses: dict[str, Proses] = field(default_factory=dict)
    _baris: dict[str, str] = field(default_factory=dict)

    def mulai(self, nama: str, baris: str) -> None:
        self._baris[nama] = baris
        self.proses[nama] = Proses(nama, baris, self.env)

    def bunuh(self, nama: str) -> None:
        self.proses.pop(nama).bunuh()

    def ulang(self, nama: str) -> None:
        self.mulai(nama, self._baris[nama])

    @cached_property
    def _anak(self) -> Anak:
        return Anak("tests.gangguan.anak", self.env)

    def tanya(self, tugas: str, **argumen: Any) -> Any:
        """Carry out tests.gangguan.anak.<tugas>; its answer."""
        return self._anak.tanya(tugas, **argumen)

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
def buka(*, server: bool, latensi: str, kabar: str, benih: int = 1) -> Iterator[Panggung]:
    """`server`: PostgreSQL and a Redis of our own; else SQLite and folders as queue. `latensi`:
    seconds that the provider takes ("0.05-0.2"); `kabar`: its callbacks
    ("sent:0.2,delivered:0.5")."""
    with contextlib.ExitStack() as tumpukan:
        var = tumpukan.enter_context(folder())
        redis = None
        if server:
            url = tumpukan.enter_context(basis_data.sendiri())
            redis = tumpukan.enter_context(redis_sendiri(var))
        else:
            url = basis_data.salin(var / "bugbug.sqlite3")
        port, port_palsu = port_bebas(), port_bebas()
        env = dasar.lingkungan(var, port, url=url, redis=redis.url if redis else "")
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
            "LOG_LEVEL": "CRITICAL",
            "EMAIL_URL": f"filemail:///{var}/surel",
            "ALARM_SUREL": "admin@desa.id",
        }
        tempat = Panggung(var, env, env["TWILIO_BASE_URL"], redis)
        tumpukan.callback(lambda: hentikan(*tempat.proses.values()))
        tumpukan.enter_context(tempat._anak)
        tempat.mulai("web", dasar.perintah("web"))
        lewat = f"--lewat http://127.0.0.1:{port} --laju 80 --benih {benih}"
        tempat.mulai("palsu", palsu(env, var, f"{lewat} --latensi {latensi} --kabar {kabar}"))
        tempat.tanya("siapkan")
        tunggu_jawab(port, "/sehat/siap/", *tempat.proses.values())
        tunggu_jawab(port_palsu, "/palsu/laporan", *tempat.proses.values())
        yield tempat


def palsu(env: dict[str, str], var: Path, pilihan: str) -> str:
    """Command of the fake provider at TWILIO_BASE_URL; WhatsApp has approved all our wordings."""
    berkas = var / "templat.json"
    isi = {sid: PESAN[kode].teks for kode, sid in content_sids().items()}
    berkas.write_text(json.dumps(isi), encoding="utf-8")
    port = env["TWILIO_BASE_URL"].rpartition(":")[2]
    awal = f"exec {sys.executable} -m simulator.twilio_palsu --port {port}"
    return f"{awal} --templat {berkas} {pilihan}"
