"""A running simulator for tests."""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from layanan.kata_pesan import katalog
from simulator import __main__ as utama
from simulator import atur
from tests.layanan.conftest import CONTENT_SIDS
from tests.perjalanan.pekerja import lingkungan
from tests.proses import Proses, mendengar, port_bebas, tunggu

NOMOR = "+6281299990001"
DESA = atur.PENGIRIM.removeprefix("whatsapp:+")
TEMPLAT = {kode for kode, satu in katalog.PESAN.items() if satu.cara is not katalog.Cara.BEBAS}
TWILIO = {
    "account_sid": "AC" + "0" * 32,
    "auth_token": "sandi-simulator",
    "from": atur.PENGIRIM,
    "timeout": 5.0,
    "content_sids": {kode: CONTENT_SIDS[kode] for kode in TEMPLAT},
}


@dataclass
class Simulator:
    """A running simulator, and what a browser does with its pages."""

    alamat: str

    def buka(self, nomor: str = NOMOR) -> str:
        """Address of the phone of a number."""
        kepala = {"Origin": self.alamat}
        isi = {"nomor": nomor, "nama": "Ni Luh <Uji>"}
        jawaban = requests.post(self.alamat, isi, headers=kepala, timeout=5)
        assert jawaban.status_code == 200, jawaban.text
        return jawaban.url

    def kirim(self, hp: str, isi: dict | None = None, *, foto: bytes = b"") -> str:
        """Send from a phone; the page that follows."""
        berkas = {"foto": ("a.png", foto, "image/png")} if foto else {"kosong": ("", b"")}
        kepala = {"Origin": self.alamat}
        jawaban = requests.post(hp, isi, files=berkas, headers=kepala, timeout=10)
        assert (jawaban.status_code, jawaban.url) == (200, hp)
        return jawaban.text

    def lihat(self, hp: str) -> str:
        return requests.get(hp + "obrolan", timeout=5).text


def lingkungan_simulator(var: Path, port: int, **lain: str) -> dict[str, str]:
    return lingkungan(
        var,
        TWILIO_ACCOUNT_SID=TWILIO["account_sid"],
        TWILIO_AUTH_TOKEN=TWILIO["auth_token"],
        TWILIO_FROM=TWILIO["from"],
        TWILIO_BASE_URL=f"http://127.0.0.1:{port}",
        TWILIO_CONTENT_SIDS=json.dumps(TWILIO["content_sids"]),
        SIMULATOR_PORT=str(port),
        **lain,
    )


@contextlib.contextmanager
def di_sini(settings, folder: Path, situs: str) -> Iterator[Simulator]:
    """In threads of this process: the same simulator without the second that Django takes to
    start. Messages that this process sends go to it."""
    settings.TWILIO, settings.VAR_DIR = TWILIO, folder
    with utama.siapkan(situs) as palsu:
        settings.TWILIO = {**TWILIO, "base_url": palsu.base_url}
        yield Simulator(palsu.base_url)


@dataclass
class SimulatorSendiri(Simulator):
    """As `make run` starts it, in a process of its own."""

    proses: Proses


@contextlib.contextmanager
def jalan(folder: Path, situs: str) -> Iterator[SimulatorSendiri]:
    port = port_bebas()
    env = lingkungan_simulator(folder, port, SIMULATOR_SITUS=situs)
    proses = Proses("simulator", [sys.executable, "-m", "simulator"], env)
    try:
        tunggu(lambda: mendengar(port), proses)
        yield SimulatorSendiri(f"http://127.0.0.1:{port}", proses)
    finally:
        proses.bunuh()
