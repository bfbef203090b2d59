"""HTTP: the server that answers for the account, and the client of its callbacks."""

import select
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from urllib.parse import urlsplit

from simulator.twilio_palsu.jawaban import Jawaban

_BADAN_MAKS = 64 * 1024 * 1024
_TERLAMA = 60  # seconds until a call that hangs, streams or drips is let go


@dataclass(frozen=True)
class Permintaan:
    """One HTTP call as it came in."""

    metode: str
    path: str
    query: str
    kepala: Message
    badan: bytes


def antar_http(url: str, isi: bytes, kepala: dict[str, str], *, lewat: str = "") -> int:
    """Deliver a callback over HTTP; `lewat`: the address of the server behind the public one."""
    tujuan, sambung = urlsplit(url), urlsplit(lewat or url)
    jenis = HTTPSConnection if sambung.scheme == "https" else HTTPConnection
    koneksi = jenis(sambung.hostname or "", sambung.port, timeout=15)
    try:
        koneksi.request("POST", f"{tujuan.path}?{tujuan.query}".rstrip("?"), isi, kepala)
        return koneksi.getresponse().status
    finally:
        koneksi.close()


class Server(ThreadingHTTPServer):
    """Listens on this machine only."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self, port: int, *, layani: Callable[[Permintaan], Jawaban], berhenti: Event
    ) -> None:
        super().__init__(("127.0.0.1", port), _Penangan)
        self.layani = layani
        self.berhenti = berhenti

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle of an answer is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Penangan(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # header and body leave in one piece
    timeout = 5  # an idle connection ends

    def _layani(self) -> None:
        panjang = self.headers.get("Content-Length") or "0"
        if not panjang.isdecimal() or int(panjang) > _BADAN_MAKS:
            self.close_connection = True
            self._jawab(Jawaban(413))
            return
        url = urlsplit(self.path)
        badan = self.rfile.read(int(panjang))
        hasil = self.server.layani(
            Permintaan(self.command, url.path, url.query, self.headers, badan)
        )
        match hasil.cara:
            case "jawab":
                self._jawab(hasil)
            case "diam":
                self._diam()
            case "putus":
                self._putus()
            case "alir" | "tetes":
                self._tak_berujung(hasil)

    do_GET = do_POST = do_DELETE = do_HEAD = _layani

    def _kepala(self, hasil: Jawaban) -> None:
        self.send_response(hasil.status)
        self.send_header("Content-Type", hasil.jenis)
        for nama, nilai in hasil.kepala.items():
            self.send_header(nama, nilai)

    def _jawab(self, hasil: Jawaban) -> None:
        self._kepala(hasil)
        panjang = len(hasil.isi) if hasil.panjang is None else hasil.panjang
        if hasil.panjang is not None:
            self.close_connection = True  # what follows would no longer be in step
        if hasil.status != 204:
            self.send_header("Content-Length", str(panjang))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(hasil.isi)

    def _tak_berujung(self, hasil: Jawaban) -> None:
        """Without Content-Length, as the answer ends with the connection or not at all."""
        self.close_connection = True
        self._kepala(hasil)
        self.send_header("Connection", "close")
        self.end_headers()
        if hasil.cara == "alir":
            for _ in range(16 * 1024):  # 1 GiB and nobody hung up: this test would never end
                if self.server.berhenti.is_set():
                    return
                self.wfile.write(hasil.isi)
            return
        for satu in hasil.isi[: _TERLAMA * 10]:
            self.wfile.write(bytes([satu]))
            self.wfile.flush()
            if self.server.berhenti.wait(0.1):
                return

    def _diam(self) -> None:
        """No answer, for as long as somebody waits for one."""
        self.close_connection = True
        batas = time.monotonic() + _TERLAMA
        jaga = select.poll()  # select.select() knows no more than 1024 connections
        jaga.register(self.connection, select.POLLIN)
        while time.monotonic() < batas and not self.server.berhenti.wait(0.05):
            if jaga.poll(200) and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _putus(self) -> None:
        """A reset, not an orderly end: linger 0, then close."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    def log_message(self, *_: object) -> None:
        """Silent: addresses hold phone numbers."""
