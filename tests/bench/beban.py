"""Closed-loop load over kept-alive connections: `wrk`, or plain sockets driven from this process.

Every answer is checked: one that is not what the page should say ends the benchmark.
"""

import contextlib
import math
import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from tests.bench.laporan import Baris, Rusak, persentil

KLIEN = 16

# wrk prints no 95th percentile and takes a redirect for a success; both are mended in Lua.
_LUA = """
local utas
function setup(t) utas = t end
function init() salah = 0 end
function response(status) if status ~= 200 then salah = salah + 1 end end
function done(ringkasan, latensi)
  local g = ringkasan.errors
  io.write(string.format("HASIL %d %d %d %d %d %d\\n", ringkasan.requests, ringkasan.duration,
    latensi:percentile(50), latensi:percentile(95), latensi:percentile(99),
    utas:get("salah") + g.connect + g.read + g.write + g.timeout))
end
"""


@dataclass(frozen=True)
class Hasil:
    """What one round of load gave; times in milliseconds."""

    jumlah: int
    per_detik: float
    p50: float
    p95: float
    p99: float
    cpu: float = math.nan  # processor time of the server for one answer


def baris(bagian: str, nama: str, semua: list[Hasil], satuan: str) -> Baris:
    """The medians of some rounds."""
    return Baris(
        bagian,
        nama,
        median(h.per_detik for h in semua),
        satuan,
        p50=median(h.p50 for h in semua),
        p95=median(h.p95 for h in semua),
        p99=median(h.p99 for h in semua),
        cpu=median(h.cpu for h in semua),
        rinci={"putaran": [asdict(h) for h in semua]},
    )


@dataclass(frozen=True)
class Jawaban:
    status: int
    kepala: str
    isi: bytes

    def kuki(self) -> dict[str, str]:
        return dict(re.findall(r"(?im)^set-cookie: *([^=;\s]+)=([^;\s]*)", self.kepala))

    def kepala_(self, nama: str) -> str:
        cocok = re.search(rf"(?im)^{nama}: *(.*?)\s*$", self.kepala)
        return cocok.group(1) if cocok else ""


def permintaan(
    host: str,
    jalur: str,
    *,
    kuki: dict[str, str] | None = None,
    isi: bytes | None = None,
    lewat: str = "",
) -> bytes:
    """The bytes of a GET, or of a form POST when there is `isi`; gzip, as every browser asks.

    `lewat`: the address that our proxy says the request came from.
    """
    baris = [f"{'GET' if isi is None else 'POST'} {jalur} HTTP/1.1", f"Host: {host}"]
    baris.append("Accept-Encoding: gzip")
    if lewat:
        baris.append(f"X-Forwarded-For: {lewat}")
    if kuki:
        baris.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in kuki.items()))
    if isi is not None:
        baris += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(isi)}"]
    return "\r\n".join([*baris, "", ""]).encode() + (isi or b"")


def _baca(penampung: bytearray) -> Jawaban | None:
    """The answer in `penampung`, when it is complete."""
    batas = penampung.find(b"\r\n\r\n")
    if batas < 0:
        return None
    kepala, isi = penampung[:batas].decode("latin-1"), penampung[batas + 4 :]
    panjang = re.search(r"(?im)^content-length: *(\d+)", kepala)
    if panjang:
        if len(isi) < int(panjang.group(1)):
            return None
    elif "transfer-encoding: chunked" in kepala.lower() and not isi.endswith(b"0\r\n\r\n"):
        return None
    return Jawaban(int(kepala.split(" ", 2)[1]), kepala, bytes(isi))


def sambung(host: str) -> socket.socket:
    nama, port = host.split(":")
    soket = socket.create_connection((nama, int(port)), timeout=30)
    soket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return soket


def minta(host: str, pesan: bytes) -> Jawaban:
    """One request on a connection of its own."""
    with sambung(host) as soket:
        return tanya(soket, pesan)


def tanya(soket: socket.socket, pesan: bytes) -> Jawaban:
    """One request on an open connection."""
    soket.sendall(pesan)
    penampung = bytearray()
    while (jawaban := _baca(penampung)) is None:
        if not (potong := soket.recv(65536)):
            raise Rusak("server menutup sambungan tanpa jawaban")
        penampung += potong
    return jawaban


def soket(
    host: str, pesan: list[bytes], *, detik: float, betul: Callable[[Jawaban], bool]
) -> Hasil:
    """One connection for each of `pesan`, sent over and over; every answer must be `betul`."""
    waktu: list[float] = []
    with contextlib.ExitStack() as tumpukan, selectors.DefaultSelector() as pemilih:
        mulai = time.perf_counter()
        for satu in pesan:
            sambungan = tumpukan.enter_context(sambung(host))
            sambungan.sendall(satu)
            pemilih.register(
                sambungan, selectors.EVENT_READ, [satu, bytearray(), time.perf_counter()]
            )
        while pemilih.get_map():
            siap = pemilih.select(timeout=30)
            if not siap:
                raise Rusak(f"{host} tidak menjawab selama 30 detik")
            for kunci, _ in siap:
                _lanjut(kunci, pemilih, waktu, betul, selesai=mulai + detik)
        lama = time.perf_counter() - mulai
    ms = [w * 1000 for w in waktu]
    return Hasil(len(ms), len(ms) / lama, persentil(ms, 50), persentil(ms, 95), persentil(ms, 99))


def _lanjut(
    kunci: selectors.SelectorKey,
    pemilih: selectors.BaseSelector,
    waktu: list[float],
    betul: Callable[[Jawaban], bool],
    *,
    selesai: float,
) -> None:
    """Read what came on one connection; when the answer is whole, check it and ask again."""
    sambungan, (pesan, penampung, dikirim) = kunci.fileobj, kunci.data
    potong = sambungan.recv(65536)
    if not potong:
        raise Rusak("server menutup sambungan di tengah pengukuran")
    penampung += potong
    jawaban = _baca(penampung)
    if jawaban is None:
        return
    kini = time.perf_counter()
    waktu.append(kini - dikirim)
    if not betul(jawaban):
        raise Rusak(f"jawaban salah: {jawaban.status}\n{jawaban.kepala}")
    if kini >= selesai:
        pemilih.unregister(sambungan)
        return
    penampung.clear()
    kunci.data[2] = kini
    sambungan.sendall(pesan)


def wrk(host: str, jalur: str, *, detik: float, kuki: dict[str, str] | None) -> Hasil:
    baris = ["wrk", "-t1", f"-c{KLIEN}", f"-d{max(1, round(detik))}s", "--timeout", "20s"]
    baris += ["-H", "Accept-Encoding: gzip"]
    if kuki:
        baris += ["-H", "Cookie: " + "; ".join(f"{k}={v}" for k, v in kuki.items())]
    with tempfile.TemporaryDirectory() as folder:
        lua = Path(folder, "bench.lua")
        lua.write_text(_LUA)
        hasil = subprocess.run(
            [*baris, "-s", str(lua), f"http://{host}{jalur}"], capture_output=True, text=True
        )
    cocok = re.search(r"^HASIL (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", hasil.stdout, re.M)
    if not cocok:
        raise Rusak(f"wrk: {hasil.stdout}{hasil.stderr}")
    jumlah, mikrodetik, p50, p95, p99, salah = map(int, cocok.groups())
    if salah or not jumlah:
        raise Rusak(f"{jalur}: {salah} dari {jumlah} jawaban bukan 200")
    return Hasil(jumlah, jumlah / (mikrodetik / 1e6), p50 / 1000, p95 / 1000, p99 / 1000)


def ada_wrk() -> bool:
    return shutil.which("wrk") is not None


def halaman(
    host: str, jalur: str, *, detik: float, kuki: dict[str, str] | None = None, pakai_wrk: bool
) -> Hasil:
    """The same page for KLIEN clients, each asking again as soon as it has its answer."""
    if pakai_wrk:
        return wrk(host, jalur, detik=detik, kuki=kuki)
    pesan = permintaan(host, jalur, kuki=kuki)
    return soket(host, [pesan] * KLIEN, detik=detik, betul=lambda j: j.status == 200)
