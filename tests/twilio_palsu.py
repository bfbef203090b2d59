"""Twilio on this machine: real HTTP with the answers, faults and callbacks of its documentation.

Knows neither Django nor pytest, so that it can also stand in for Twilio outside the tests.
What it imitates: twilio.com/docs/messaging/api/message-resource (create, list, fetch),
…/docs/usage/webhooks/webhooks-security (signatures), …/docs/api/errors (codes).
"""

import base64
import json
import re
import secrets
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator

Pengantar = Callable[[str, bytes, dict[str, str]], int]

_HTTP = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503}  # all other codes: 400
_URUTAN = "accepted scheduled queued sending sent delivered read".split()
_GAGAL = ("failed", "undelivered", "canceled")


@dataclass(frozen=True)
class Jawaban:
    """What one call gets back, or what goes wrong with it."""

    status: int = 0
    isi: bytes = b""
    cara: str = "jawab"  # or "diam": never answers; "putus": resets the connection
    tersimpan: bool = False  # a fault: Twilio has taken the message before it happens


def galat(kode: int, *, status: int = 0, pesan: str = "Unable to create record") -> Jawaban:
    """A refusal with one of Twilio's error codes."""
    status = status or _HTTP.get(kode, 400)
    isi = {
        "code": kode,
        "message": pesan,
        "more_info": f"https://www.twilio.com/docs/errors/{kode}",
        "status": status,
    }
    return Jawaban(status, json.dumps(isi).encode())


SIBUK = galat(20429, pesan="Too Many Requests")
RUSAK_500 = galat(20500, pesan="Internal Server Error")
TUTUP_503 = galat(20503, pesan="Service Unavailable")
DIAM_SEBELUM = Jawaban(cara="diam")
DIAM_SESUDAH = Jawaban(cara="diam", tersimpan=True)
PUTUS_SEBELUM = Jawaban(cara="putus")
PUTUS_SESUDAH = Jawaban(cara="putus", tersimpan=True)
BUKAN_JSON = Jawaban(200, b"<html>Login ke jaringan</html>")
BUKAN_JSON_SESUDAH = Jawaban(201, b'{"sid": "SM', tersimpan=True)


@dataclass
class PesanTwilio:
    """One Message resource."""

    sid: str
    isian: dict[str, str]  # the form fields of the call that made it
    body: str
    dibuat: datetime
    status: str = "queued"
    dikirim: datetime | None = None  # empty while queued, as with Twilio
    kode_galat: int | None = None

    @property
    def ke(self) -> str:
        return self.isian["To"]

    @property
    def variabel(self) -> dict[str, str]:
        return json.loads(self.isian.get("ContentVariables") or "{}")

    def maju(self, status: str, kode_galat: int | None) -> None:
        """Move on as Twilio would: a late callback does not take the resource back."""
        if status in _GAGAL:
            self.status, self.kode_galat = status, kode_galat
        elif {status, self.status} <= set(_URUTAN):
            self.status = max(status, self.status, key=_URUTAN.index)
        if self.status in ("sent", "delivered", "read"):
            self.dikirim = self.dikirim or datetime.now(UTC)

    def sebagai_json(self, account_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": format_datetime(self.dibuat),
            "date_sent": self.dikirim and format_datetime(self.dikirim),
            "date_updated": format_datetime(self.dikirim or self.dibuat),
            "direction": "outbound-api",
            "error_code": self.kode_galat,
            "error_message": None,
            "from": self.isian["From"],
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.ke,
            "uri": f"{uri}.json",
        }


class TwilioPalsu:
    """A Twilio account. Thread-safe; keeps its messages over stop() and start()."""

    def __init__(
        self,
        *,
        account_sid: str = "AC" + "0" * 32,
        auth_token: str = "sandi-twilio-palsu",
        pengirim: str = "whatsapp:+628110000000",
        pengantar: Pengantar | None = None,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.pengirim = pengirim
        self.pengantar = pengantar or antar_http
        self.templat: dict[str, str] = {}  # ContentSid -> text with {{1}}
        self.messages: list[PesanTwilio] = []
        self.panggilan: list[tuple[str, str, dict[str, str]]] = []  # method, path, fields
        self.gangguan_nomor: dict[str, Jawaban] = {}  # last digits of To -> what happens
        self._rencana: dict[str, deque[Jawaban | None]] = {"POST": deque(), "GET": deque()}
        self._kunci = threading.RLock()
        self.berhenti = threading.Event()
        self._port = 0
        self._server: _Server | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self, port: int = 0) -> "TwilioPalsu":
        """Listen; after a stop() on the same port as before unless told otherwise."""
        self.berhenti.clear()
        self._server = _Server(("127.0.0.1", port or self._port), _Penangan)
        self._server.palsu = self
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Close the port; calls that hang are let go without an answer."""
        self.berhenti.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> "TwilioPalsu":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def rencanakan(self, *gangguan: Jawaban | None, metode: str = "POST") -> None:
        """What happens to the next calls, in order; None: nothing unusual."""
        with self._kunci:
            self._rencana[metode].extend(gangguan)

    def cacah(self, metode: str) -> int:
        """How many calls of this method came in."""
        with self._kunci:
            return sum(m == metode for m, _, _ in self.panggilan)

    def kabari(self, pesan: PesanTwilio, *status: str, kode_galat: int | None = None) -> list[int]:
        """Send signed status callbacks in this order; returns the HTTP answers."""
        jawaban = []
        for satu in status:
            with self._kunci:
                pesan.maju(satu, kode_galat)
            isi = self.kabar(pesan, satu, kode_galat)
            jawaban.append(self.antar(pesan.isian["StatusCallback"], isi))
        return jawaban

    def kabar(
        self, pesan: PesanTwilio, status: str, kode_galat: int | None = None
    ) -> dict[str, str]:
        """The form fields of a status callback."""
        isi = {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "ChannelPrefix": "whatsapp",
            "From": pesan.isian["From"],
            "MessageSid": pesan.sid,
            "MessageStatus": status,
            "SmsSid": pesan.sid,
            "SmsStatus": status,
            "To": pesan.ke,
        }
        if kode_galat:
            isi |= {"ErrorCode": str(kode_galat), "ErrorMessage": ""}
        return isi

    def antar(self, url: str, isi: dict[str, str], *, tanda_tangan: str | None = None) -> int:
        """POST `isi` to the public `url`, signed unless a (false) signature is given."""
        if tanda_tangan is None:
            tanda_tangan = RequestValidator(self.auth_token).compute_signature(url, isi)
        kepala = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": tanda_tangan,
        }
        return self.pengantar(url, urlencode(isi).encode(), kepala)

    def jawab(
        self, metode: str, path: str, isian: dict[str, str], otorisasi: str | None
    ) -> Jawaban:
        """One call: password, planned fault, the call itself."""
        sandi = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        with self._kunci:
            self.panggilan.append((metode, path, isian))
            if otorisasi != f"Basic {sandi}":
                return galat(20003, pesan="Authenticate")
            gangguan = self._gangguan(metode, isian)
            if gangguan and not gangguan.tersimpan:
                return gangguan
            hasil = self._arahkan(metode, path, isian)
            return gangguan or hasil

    def _gangguan(self, metode: str, isian: dict[str, str]) -> Jawaban | None:
        if self._rencana[metode]:
            return self._rencana[metode].popleft()
        if metode == "POST":
            for akhiran, gangguan in self.gangguan_nomor.items():
                if isian.get("To", "").endswith(akhiran):
                    return gangguan
        return None

    def _arahkan(self, metode: str, path: str, isian: dict[str, str]) -> Jawaban:
        pangkal = f"/2010-04-01/Accounts/{self.account_sid}/Messages"
        if path == f"{pangkal}.json":
            return self._buat(isian) if metode == "POST" else self._daftar(path, isian)
        sid = path.removeprefix(f"{pangkal}/").removesuffix(".json")
        satu = next((p for p in self.messages if p.sid == sid), None)
        if metode == "GET" and satu:
            return _jawab_json(200, satu.sebagai_json(self.account_sid))
        return galat(20404, pesan="The requested resource was not found")

    def _buat(self, isian: dict[str, str]) -> Jawaban:
        kode = self._keberatan(isian)
        if kode:
            return galat(kode)
        body = isian.get("Body", "")
        if "ContentSid" in isian:
            nilai = json.loads(isian.get("ContentVariables") or "{}")
            teks = self.templat[isian["ContentSid"]]
            if set(re.findall(r"\{\{(\w+)\}\}", teks)) != set(nilai):
                return galat(63028)
            body = re.sub(r"\{\{(\w+)\}\}", lambda m: nilai[m.group(1)], teks)
        pesan = PesanTwilio(f"SM{secrets.token_hex(16)}", isian, body, datetime.now(UTC))
        self.messages.append(pesan)
        return _jawab_json(201, pesan.sebagai_json(self.account_sid))

    def _keberatan(self, isian: dict[str, str]) -> int:
        """Twilio's code for what is wrong with the fields of a new message; 0: nothing."""
        alamat = re.compile(r"whatsapp:\+[1-9]\d{7,14}")
        aturan = [
            (21604, "To" in isian),
            (21211, bool(alamat.fullmatch(isian.get("To", "")))),
            (21603, "From" in isian),
            (21212, bool(alamat.fullmatch(isian.get("From", "")))),
            (63007, isian.get("From") == self.pengirim),
            (21619, ("ContentSid" in isian) != ("Body" in isian)),
            (21617, len(isian.get("Body", "")) <= 1600),
            (21609, bool(re.match(r"https?://", isian.get("StatusCallback", "http://")))),
        ]
        if "ContentSid" in isian:
            sid = isian["ContentSid"]
            aturan += [
                (21655, bool(re.fullmatch("HX[0-9a-f]{32}", sid)) and sid in self.templat),
                (21656, _variabel_sah(isian.get("ContentVariables") or "{}")),
            ]
        return next((kode for kode, benar in aturan if not benar), 0)

    def _daftar(self, path: str, isian: dict[str, str]) -> Jawaban:
        cocok = [p for p in reversed(self.messages) if _tersaring(p, isian)]  # newest first
        ukuran = min(int(isian.get("PageSize", 50)), 1000)
        halaman = int(isian.get("Page", 0))
        awal = halaman * ukuran
        potongan = cocok[awal : awal + ukuran]

        def uri(nomor: int) -> str:
            return f"{path}?{urlencode(isian | {'PageSize': ukuran, 'Page': nomor})}"

        return _jawab_json(
            200,
            {
                "messages": [p.sebagai_json(self.account_sid) for p in potongan],
                "start": awal,
                "end": max(awal + len(potongan) - 1, 0),
                "page": halaman,
                "page_size": ukuran,
                "uri": uri(halaman),
                "first_page_uri": uri(0),
                "next_page_uri": uri(halaman + 1) if awal + ukuran < len(cocok) else None,
                "previous_page_uri": uri(halaman - 1) if halaman else None,
            },
        )


def _variabel_sah(teks: str) -> bool:
    """Strings only; none empty, longer than 255, with line breaks, tabs or four spaces."""
    try:
        nilai = json.loads(teks)
    except ValueError:
        return False
    return isinstance(nilai, dict) and all(
        isinstance(n, str) and n.strip() and len(n) <= 255 and not re.search(r"[\n\t]| {4}", n)
        for n in nilai.values()
    )


def _tersaring(pesan: PesanTwilio, isian: dict[str, str]) -> bool:
    """Filters of the list; a message that was not sent yet has no date to match."""
    if isian.get("To", pesan.ke) != pesan.ke:
        return False
    if isian.get("From", pesan.isian["From"]) != pesan.isian["From"]:
        return False
    hari = pesan.dikirim.date().isoformat() if pesan.dikirim else ""
    return not (
        ("DateSent" in isian and hari != isian["DateSent"][:10])
        or ("DateSent>" in isian and not hari >= isian["DateSent>"][:10])
        or ("DateSent<" in isian and not "" < hari <= isian["DateSent<"][:10])
    )


def _jawab_json(status: int, isi: dict[str, Any]) -> Jawaban:
    return Jawaban(status, json.dumps(isi).encode())


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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    palsu: TwilioPalsu


class _Penangan(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # header and body leave in one piece
    timeout = 5  # an idle connection ends

    def _layani(self) -> None:
        url = urlsplit(self.path)
        badan = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        isian = dict(parse_qsl(badan if self.command == "POST" else url.query))
        otorisasi = self.headers.get("Authorization")
        hasil = self.server.palsu.jawab(self.command, url.path, isian, otorisasi)
        if hasil.cara == "jawab":
            self.send_response(hasil.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(hasil.isi)))
            self.end_headers()
            self.wfile.write(hasil.isi)
            return
        self.close_connection = True
        if hasil.cara == "diam":
            self.server.palsu.berhenti.wait(60)
            return
        # A reset, not an orderly end: linger 0, then close.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    do_GET = do_POST = _layani

    def log_message(self, *_: object) -> None:
        """Silent: addresses hold phone numbers."""
