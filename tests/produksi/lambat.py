"""Slow and large bodies, and how long others wait meanwhile."""

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from statistics import median

from tests.proses import tls_bebas

_TETES = 0.3  # seconds between two bytes of a slow body
MEGA = 1024 * 1024


def _sambung(port: int, dari: int, *, tls: bool) -> socket.socket:
    """`dari`: the last number of our own address, so that not all come from one."""
    satu = socket.create_connection(("127.0.0.1", port), 20, (f"127.0.0.{dari}", 0))
    if tls:
        return tls_bebas().wrap_socket(satu, server_hostname="127.0.0.1")
    return satu


def _kepala(jalur: str, **lain: str) -> bytes:
    baris = [f"POST {jalur} HTTP/1.1", "Host: 127.0.0.1"]
    baris += ["Content-Type: multipart/form-data; boundary=x"]
    baris += [f"{nama.replace('_', '-')}: {nilai}" for nama, nilai in lain.items()]
    return ("\r\n".join(baris) + "\r\n\r\n").encode()


@contextlib.contextmanager
def menetes(
    port: int, jalur: str, jumlah: int, *, dari: int, tls: bool = True, **kepala: str
) -> Iterator[list[socket.socket]]:
    """So many uploads of 4 MB, each a byte at a time; the connections that are still open."""
    semua = [_sambung(port, dari, tls=tls) for _ in range(jumlah)]
    selesai = threading.Event()
    for satu in semua:
        satu.sendall(_kepala(jalur, Content_Length=str(4 * MEGA), **kepala) + b"--x\r\n")

    def tetes() -> None:
        while not selesai.wait(_TETES):
            for satu in list(semua):
                try:
                    satu.sendall(b"x")
                except OSError:
                    semua.remove(satu)
                    satu.close()

    utas = threading.Thread(target=tetes)
    utas.start()
    try:
        yield semua
    finally:
        selesai.set()
        utas.join()
        for satu in semua:
            satu.close()


def waktu(port: int, jalur: tuple[str, ...], kali: int, *, tls: bool = True) -> list[float]:
    """Seconds that each page took, every one over a connection of its own; all must be pages."""
    hasil = []
    for satu in jalur * kali:
        mulai = time.monotonic()
        sambungan = (
            HTTPSConnection("127.0.0.1", port, timeout=30, context=tls_bebas())
            if tls
            else HTTPConnection("127.0.0.1", port, timeout=30)
        )
        with contextlib.closing(sambungan):
            sambungan.request("GET", satu, headers={"Host": "127.0.0.1"})
            jawab = sambungan.getresponse()
            assert "</html>" in jawab.read().decode(), f"{satu}: {jawab.status}"
        hasil.append(time.monotonic() - mulai)
    return hasil


def tengah(detik: list[float]) -> float:
    return median(detik)


def isi(*folder: Path) -> int:
    """Bytes that lie below these folders; also of files that have no name any more (nginx takes
    it away from a body at once) and are open still."""
    jumlah = 0
    for satu in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            nama = str(satu.readlink())
            if nama.endswith(" (deleted)") and nama.startswith(tuple(f"{f}/" for f in folder)):
                jumlah += satu.stat().st_size
    for satu in (b for f in folder for b in f.rglob("*")):
        with contextlib.suppress(OSError):
            jumlah += satu.stat().st_size if satu.is_file() else 0
    return jumlah


def diumumkan(port: int, jalur: str, ukuran: int) -> str:
    """What the door says to the length alone: "100" (go on) or "413"."""
    with _sambung(port, 1, tls=True) as satu:
        satu.sendall(_kepala(jalur, Content_Length=str(ukuran), Expect="100-continue"))
        return satu.recv(100).decode().split()[1]


def halaman_penolak(port: int) -> dict[str, tuple[str, str]]:
    """Status and heading of what a browser gets, of either HTTP, for a body that is not taken."""
    kasus = {
        "masuk": ("/kelola/login/", 3 * 10**6, "file"),
        "foto": ("/pin/minta/", 125 * MEGA, "file"),
        "tanpa panjang": ("/masuk/", 10**6, "-"),
    }
    hasil = {}
    for versi in ("--http1.1", "--http2"):
        for nama, (jalur, ukuran, dari) in kasus.items():
            with tempfile.NamedTemporaryFile() as berkas:
                berkas.truncate(ukuran)
                asal = berkas.name if dari == "file" else dari  # "-" has no length
                baris = ["curl", "-sk", versi, "-m", "30", "-X", "POST", "-T", asal]
                baris += [
                    "-w",
                    "\n%{http_version} %{http_code}",
                    f"https://127.0.0.1:{port}{jalur}",
                ]
                isi = subprocess.run(baris, stdin=berkas.file, capture_output=True, check=False)
            *halaman, akhir = isi.stdout.decode().splitlines()
            judul = next((b for b in halaman if b.startswith("<h1>")), "".join(halaman[:1]))
            assert akhir.split()[0] == ("2" if versi == "--http2" else "1.1")
            hasil[f"{nama} {versi}"] = (akhir.split()[1], judul)
    return hasil


def dikirim(port: int, jalur: str, mega: int, *folder: Path) -> tuple[str, list[int]]:
    """Send so many MB without a length (chunked): the answer, and how much more lay below each
    folder at worst."""
    awal, puncak = [isi(f) for f in folder], [0 for _ in folder]
    potong = b"%x\r\n" % MEGA + b"x" * MEGA + b"\r\n"
    with _sambung(port, 1, tls=True) as satu:
        jawab = b""
        try:
            satu.sendall(_kepala(jalur, Transfer_Encoding="chunked"))
            for ke in range(mega):
                satu.sendall(potong)
                if ke % 10 == 9:
                    kini = [isi(f) - a for f, a in zip(folder, awal, strict=True)]
                    puncak = [max(satu) for satu in zip(puncak, kini, strict=True)]
            satu.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # the door has closed; what it said may still be there
        with contextlib.suppress(OSError):
            jawab = satu.recv(200)
    return (jawab.decode(errors="replace").split() + ["", ""])[1], puncak
