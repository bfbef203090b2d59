"""Watches a worker that listens to Redis: one that hears nothing connects anew.

When Redis goes away while tasks end, kombu may take the broken connection out of the event loop
without an error. The worker then lives on, looks healthy and never hears of work again. Beat calls
several times within SAPUAN seconds, so silence means that. (celery/celery#8030, #8990 and others;
seen here with kombu 5.7 in every run of `make gangguan`.)
"""

import logging
import threading
import time
from typing import Any

from celery.signals import task_received, worker_ready
from celery.worker import state

log = logging.getLogger(__name__)


class Penjaga:
    """`batas`: seconds of silence, with nothing being worked on, after which it connects anew."""

    def __init__(self, batas: float) -> None:
        self.batas = batas
        self._terakhir = time.monotonic()
        self._hub: Any = None
        self._utas: threading.Thread | None = None
        self._henti = threading.Event()

    def dengar(self, **_: Any) -> None:
        """A call came in."""
        self._terakhir = time.monotonic()

    def mulai(self, sender: Any, **_: Any) -> None:
        """The worker is connected, for the first time or again. Brokers without an event loop
        (the folder) are asked at every turn and cannot fall silent."""
        self.dengar()
        self._hub = getattr(sender, "hub", None)
        if self._hub is not None and self._utas is None:
            self._utas = threading.Thread(target=self._jaga, name="jaga-broker", daemon=True)
            self._utas.start()

    def berhenti(self) -> None:
        self._henti.set()

    def _jaga(self) -> None:
        while not self._henti.wait(self.batas / 4):
            diam = time.monotonic() - self._terakhir
            if diam > self.batas and not state.active_requests:
                log.error("no call from the broker for %.0f s: connecting anew", diam)
                self.dengar()
                self._hub.call_soon(_putus)


def _putus() -> None:
    """Raised inside the event loop, where a lost connection would be."""
    raise ConnectionResetError("the broker has fallen silent")


def pasang(batas: float) -> Penjaga:
    """Watch this worker, if this process becomes one."""
    penjaga = Penjaga(batas)
    task_received.connect(penjaga.dengar, weak=False)
    worker_ready.connect(penjaga.mulai, weak=False)
    return penjaga
