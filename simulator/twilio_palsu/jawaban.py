"""What one call gets back, or what goes wrong with it."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

# All other codes: 400.
_HTTP = {20003: 401, 20004: 405, 20009: 409, 20404: 404, 20429: 429, 20500: 500, 20503: 503}

# jawab: answers. diam: never does. putus: resets the connection. alir: sends without end.
# tetes: sends `isi` byte by byte, each in time, so that only a limit for the whole call helps.
Cara = Literal["jawab", "diam", "putus", "alir", "tetes"]


@dataclass(frozen=True)
class Jawaban:
    """An answer, or a fault that TwilioPalsu.rencanakan() plans for a call."""

    status: int = 0
    isi: bytes = b""
    cara: Cara = "jawab"
    tersimpan: bool = False  # a fault: Twilio has done what was asked before it happens
    jenis: str = "application/json"
    panjang: int | None = None  # the announced length, when it is not the true one
    kepala: dict[str, str] = field(default_factory=dict)


def jawab_json(status: int, isi: dict[str, Any]) -> Jawaban:
    return Jawaban(status, json.dumps(isi).encode())


def galat(kode: int, *, status: int = 0, pesan: str = "Unable to create record") -> Jawaban:
    """A refusal with one of Twilio's error codes."""
    status = status or _HTTP.get(kode, 400)
    isi = {
        "code": kode,
        "message": pesan,
        "more_info": f"https://www.twilio.com/docs/errors/{kode}",
        "status": status,
    }
    minta = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if status == 401 else {}
    return Jawaban(status, json.dumps(isi).encode(), kepala=minta)


SIBUK = galat(20429, pesan="Too Many Requests")
RUSAK_500 = galat(20500, pesan="Internal Server Error")
TUTUP_503 = galat(20503, pesan="Service Unavailable")
HILANG = galat(20404, pesan="The requested resource was not found")
DIAM_SEBELUM = Jawaban(cara="diam")
DIAM_SESUDAH = Jawaban(cara="diam", tersimpan=True)
PUTUS_SEBELUM = Jawaban(cara="putus")
PUTUS_SESUDAH = Jawaban(cara="putus", tersimpan=True)
BUKAN_JSON = Jawaban(200, b"<html>Login ke jaringan</html>")
BUKAN_JSON_SESUDAH = Jawaban(201, b'{"sid": "SM', tersimpan=True)
ALIRAN = Jawaban(200, b"\xff\xd8\xff\xe0" + b"\0" * 65532, "alir", jenis="image/jpeg")
TETESAN = Jawaban(200, b"\xff\xd8\xff\xe0" + b"\0" * 65532, "tetes", jenis="image/jpeg")
