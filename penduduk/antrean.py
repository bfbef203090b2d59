"""Rows as queues: how a worker takes a row, holds it, and is woken up for it.

A row that waits is due at `ambil_lagi_pada`. Taking it, showing a sign of life and putting it back
are one and the same move: that moment is pushed on, by compare-and-set on it and on the state. So
no two workers hold a row, and the row of a worker that died is due again by itself.
"""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from queue import Full, Queue
from threading import Thread
from typing import Any, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least

log = logging.getLogger(__name__)

Baris = TypeVar("Baris", bound=models.Model)

SEWA = timedelta(seconds=settings.SEWA_DETIK)  # how long a worker holds a row
JEDA_TERLAMA = timedelta(minutes=10)
_MUSTAHIL = 2 * max(JEDA_TERLAMA, SEWA)
_HITUNG_MAKS = 9999  # attempts; a row may be tried for years, and the column is small
_PANGGILAN_MAKS = 20  # that wait for the broker
_BASI = 60  # seconds after which a wake-up call is worthless: beat has called many times since


def ambil(
    antre: QuerySet[Baris],
    *,
    pada: datetime,
    sewa: Callable[[Baris], timedelta] = lambda _: SEWA,
    mustahil: timedelta = _MUSTAHIL,
) -> Baris | None:
    """Claim the row of `antre` that has been due the longest; None when there is none.

    What is due later than `mustahil` from now was written by a clock that was wrong, and is due.
    """
    tempo = antre.filter(Q(ambil_lagi_pada__lte=pada) | Q(ambil_lagi_pada__gt=pada + mustahil))
    tempo = tempo.order_by("ambil_lagi_pada", "pk")
    while baris := tempo.first():
        if pegang(baris, sampai=pada + sewa(baris)):
            return baris
    return None


def pegang(baris: Any, *, sampai: datetime) -> bool:
    """Claim this row and count the attempt; False: somebody was faster, or it has moved on."""
    if not geser(baris, sampai, percobaan=Least(F("percobaan") + 1, _HITUNG_MAKS)):
        return False
    baris.percobaan += 1
    return True


def lepas(baris: Any, *, pada: datetime, jeda: timedelta, **isi: object) -> bool:
    """Put a row back: due again after `jeda`, doubled with each attempt. False: no longer ours."""
    return geser(baris, pada + min(jeda * 2 ** min(baris.percobaan, 10), JEDA_TERLAMA), **isi)


def geser(baris: Any, sampai: datetime, **isi: object) -> bool:
    """Make a row that is ours due at `sampai`, and write `isi` with it. False: no longer ours."""
    if not milik(baris).update(ambil_lagi_pada=sampai, **isi):
        return False
    baris.ambil_lagi_pada = sampai
    return True


def milik(baris: Any, sewa: str = "ambil_lagi_pada") -> QuerySet[Any]:
    """The row while our claim holds: a worker that overslept must not undo what the next one does.
    `sewa`: the column that is moved with each claim."""
    return type(baris)._default_manager.filter(
        pk=baris.pk, keadaan=baris.keadaan, **{sewa: getattr(baris, sewa)}
    )


def bangunkan(*tugas: Any, nanti: int = 0) -> None:
    """Wake workers for rows that were just committed. Nobody waits for it: a thread of its own
    calls, because a broken broker answers only after six to ten seconds, and without an answer the
    rows are safe all the same: beat sweeps them up. `nanti`: not before so many seconds."""

    def titip() -> None:
        for satu in tugas:
            with suppress(Full):  # the broker is away, and these calls are old
                _pemanggil().put_nowait((satu, nanti))

    transaction.on_commit(titip, robust=True)


@cache
def _antre_panggilan(proses: int) -> Queue[tuple[Any, int]]:
    """The calls of this process, and the thread that makes them. A fork has neither."""
    antre: Queue[tuple[Any, int]] = Queue(_PANGGILAN_MAKS)
    Thread(target=_panggil, args=[antre], name="bangunkan", daemon=True).start()
    return antre


def _pemanggil() -> Queue[tuple[Any, int]]:
    return _antre_panggilan(os.getpid())


def _panggil(antre: Queue[tuple[Any, int]]) -> None:
    while True:
        tugas, nanti = antre.get()
        try:
            tugas.apply_async(ignore_result=True, countdown=nanti or None, expires=nanti + _BASI)
        except Exception as galat:
            log.warning("wake-up call failed: %s", type(galat).__name__)
        antre.task_done()
