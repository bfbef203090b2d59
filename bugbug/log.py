"""What may stand in the log: nothing of people, and little of whoever passes by.

Anybody can send a wrong host, an unsigned call or a request that is too large, as often as they
like: one short line for each kind and minute says that it happens. A fault of ours keeps its
traceback, with the route instead of the address, which may hold a code, and without the words of a
database, which quote the row. Lines of one request carry its code and the role of who sent it.
"""

import logging
import re
import secrets
import sqlite3
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest

_JEDA = 60.0  # seconds
_KODE = re.compile(r"[0-9A-Za-z-]{8,64}")  # of a request, as a proxy may send it
_TEMPAT = "\0"  # of the code and role
_ANGKA = re.compile(r"\d{9,}")  # a NIK, a phone number
# What SQLite says of a constraint holds its name and the columns, nothing of the row.
_BATASAN = re.compile(r"(UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(: [\w., ]+)?")

_permintaan: ContextVar[tuple[str, HttpRequest] | None] = ContextVar("permintaan", default=None)


@contextmanager
def permintaan(request: HttpRequest, kode_proksi: str) -> Iterator[str]:
    """All that is logged inside belongs to this request; its code is the proxy's, or a new one."""
    kode = kode_proksi if _KODE.fullmatch(kode_proksi) else secrets.token_hex(4)
    sebelum = _permintaan.set((kode, request))
    try:
        yield kode
    finally:
        _permintaan.reset(sebelum)


def kode_pendek() -> str:
    """What a resident can read out to the office; the lines of the log begin with it."""
    kini = _permintaan.get()
    return kini[0][:8] if kini else ""


def _jejak() -> str:
    kini = _permintaan.get()
    if kini is None:
        return ""
    akun = getattr(kini[1], "_cached_user", None)  # as far as it was asked for: no query from here
    peran = "-"
    if akun is not None and akun.is_authenticated:
        peran = "petugas" if akun.is_staff else "warga"
    return f"[{kini[0]} {peran}] "


class Baris(logging.Formatter):
    """The only formatter, for Celery's records too."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's, with all the words in it
        record.jejak = _TEMPAT  # the code may be made of many digits, and must be found by them
        return _ANGKA.sub("…", super().format(record)).replace(_TEMPAT, _jejak(), 1)

    def formatException(self, ei: Any) -> str:
        return "\n".join(_rantai(ei[1]))


def _rantai(galat: BaseException | None) -> Iterator[str]:
    """Frames and kind of an exception, after those of the one that it came from."""
    if galat is None:
        return
    asal = galat.__cause__ or (None if galat.__suppress_context__ else galat.__context__)
    yield from _rantai(asal)
    yield from ("".join(traceback.format_tb(galat.__traceback__)).rstrip(), sebut(galat))


def sebut(galat: BaseException) -> str:
    """Kind and words of an exception; of the database's only what says nothing of a row."""
    kata = str(galat)
    asal = galat.__cause__ if isinstance(galat, Error) and galat.__cause__ else galat
    diag = getattr(asal, "diag", None)  # psycopg's
    if isinstance(galat, OperationalError | InterfaceError | sqlite3.OperationalError):
        kata = kata.partition("\n")[0]
    elif diag is not None:
        kata = " ".join(filter(None, (diag.sqlstate, diag.table_name, diag.constraint_name)))
    elif isinstance(galat, Error | sqlite3.Error):
        kata = kata if _BATASAN.fullmatch(kata) else getattr(asal, "sqlite_errorname", "")
    return f"{type(galat).__name__}: {kata}"


def tak_tertangkap(jenis: type[BaseException], galat: BaseException, jejak: Any) -> None:
    """For sys.excepthook: what a command lets through is told like everything else."""
    sys.stderr.write(_ANGKA.sub("…", "\n".join(_rantai(galat))) + "\n")


class Saring(logging.Filter):
    """On the handler, where the records of all loggers come by. Strangers' records: Django's
    security loggers, and ours with `extra={"lewat": kind}`."""

    def __init__(self) -> None:
        super().__init__()
        self._kunci = Lock()
        self._terakhir: dict[str, float] = {}
        self._ditahan: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        jenis = getattr(record, "lewat", "")
        if record.name.startswith("django.security."):
            jenis = record.name.rpartition(".")[2]
        if jenis:
            return self._sekali(record, jenis)
        if record.name == "celery.beat" and record.levelno >= logging.ERROR:
            return self._sekali(record, "the broker does not take calls", "beat")
        if record.name == "django.request":
            _tanpa_alamat(record)
        _tanpa_isi(record)
        return True

    def _sekali(self, record: logging.LogRecord, jenis: str, kata: str = "refused") -> bool:
        sekarang = time.monotonic()
        with self._kunci:
            if sekarang - self._terakhir.get(jenis, -_JEDA) < _JEDA:
                self._ditahan[jenis] += 1
                return False
            self._terakhir[jenis] = sekarang
            lagi = self._ditahan.pop(jenis, 0)
        record.msg, record.args = f"{kata}: %s (%d more since the last line)", (jenis, lagi)
        record.exc_info = record.exc_text = None
        return True


def _tanpa_alamat(record: logging.LogRecord) -> None:
    request = getattr(record, "request", None)
    cocok = getattr(request, "resolver_match", None)
    rute = cocok.route if cocok else "?"
    if isinstance(record.args, tuple):
        alamat = getattr(request, "path", None)
        record.args = tuple(rute if satu == alamat else satu for satu in record.args)


def _tanpa_isi(record: logging.LogRecord) -> None:
    """Without the words of an exception, and without what a task was called with."""
    if isinstance(record.args, tuple):
        record.args = tuple(sebut(x) if isinstance(x, BaseException) else x for x in record.args)
    elif record.name == "celery.app.trace" and isinstance(record.args, dict) and record.exc_info:
        record.args = record.args | {"exc": type(record.exc_info[1]).__name__}
