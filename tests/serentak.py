"""Run something at the same moment in many threads, as many browsers and workers would."""

import fcntl
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.pool import ThreadPool
from pathlib import Path
from threading import Barrier
from typing import Any

from django.db import connections


@contextmanager
def bergiliran() -> Iterator[None]:
    """One such test at a time among the processes of a run: two with 64 connections each are more
    than a server of 100 lets in."""
    with Path(tempfile.gettempdir(), "bugbug-uji-serentak.kunci").open("ab") as berkas:
        fcntl.flock(berkas, fcntl.LOCK_EX)  # until it is closed
        yield


def jalankan(fungsi: Callable[[Any], Any], bahan: Iterable[Any]) -> list[Any]:
    """Results of `fungsi` for each item, in order; one thread and database connection per item."""
    semua = list(bahan)
    mulai = Barrier(len(semua), timeout=60)

    def satu(hal: Any) -> Any:
        mulai.wait()
        try:
            return fungsi(hal)
        finally:
            connections.close_all()

    with bergiliran(), ThreadPool(len(semua)) as pool:
        return pool.map(satu, semua, chunksize=1)
