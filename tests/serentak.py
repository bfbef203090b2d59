"""Run something at the same moment in many threads, as many browsers and workers would."""

from collections.abc import Callable, Iterable
from multiprocessing.pool import ThreadPool
from threading import Barrier
from typing import Any

from django.db import connections


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

    with ThreadPool(len(semua)) as pool:
        return pool.map(satu, semua, chunksize=1)
