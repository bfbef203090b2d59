"""What may stand in the log: nothing of people, and little of whoever passes by.

Anybody can send a wrong host, an unsigned call or a request that is too large, as often as they
like: one short line for each kind and minute says that it happens. A fault of ours keeps its
traceback, with the route instead of the address, which may hold a code.
"""

import logging
import time
from collections import Counter
from threading import Lock

_JEDA = 60.0  # seconds


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
        if record.name == "django.request":
            _tanpa_alamat(record)
        return True

    def _sekali(self, record: logging.LogRecord, jenis: str) -> bool:
        sekarang = time.monotonic()
        with self._kunci:
            if sekarang - self._terakhir.get(jenis, -_JEDA) < _JEDA:
                self._ditahan[jenis] += 1
                return False
            self._terakhir[jenis] = sekarang
            lagi = self._ditahan.pop(jenis, 0)
        record.msg, record.args = "refused: %s (%d more since the last line)", (jenis, lagi)
        record.exc_info = record.exc_text = None
        return True


def _tanpa_alamat(record: logging.LogRecord) -> None:
    request = getattr(record, "request", None)
    cocok = getattr(request, "resolver_match", None)
    rute = cocok.route if cocok else "?"
    if isinstance(record.args, tuple):
        alamat = getattr(request, "path", None)
        record.args = tuple(rute if satu == alamat else satu for satu in record.args)
