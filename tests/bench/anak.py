"""`python -m tests.bench.anak <tugas> <JSON>`: work that needs Django, one JSON line as answer.

The benchmark itself never loads Django: each stage has an environment of its own.
"""

import json
import signal
import sys
import time
from typing import Any

import django


def akun() -> dict[str, Any]:
    """Logins of the demo village."""
    from layanan import contoh

    return contoh.login().sebagai_dict()


def kueri(halaman: list[tuple[str, dict[str, str]]]) -> dict[str, list[list[str]]]:
    """SQL of each page: [with an empty cache, right after]."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.laporan import Rusak

    hasil: dict[str, list[list[str]]] = {}
    for jalur, kuki in halaman:
        klien = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        klien.cookies.load(kuki)
        cache.clear()
        hasil[jalur] = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as tercatat:
                status = klien.get(jalur).status_code
            if status != 200:
                raise Rusak(f"{jalur}: status {status}")
            hasil[jalur].append([satu["sql"] for satu in tercatat.captured_queries])
    return hasil


def hash(mulai: float, detik: float) -> tuple[float, float]:
    """Checks of a PIN per second from the moment `mulai` on, and processor ms of each."""
    from penduduk.hashers import PINHasher

    hasher = PINHasher()
    tersimpan = hasher.encode("1:482915", hasher.salt())
    time.sleep(max(0.0, mulai - time.time()))
    jumlah, awal, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - awal < detik:
        if not hasher.verify("1:482915", tersimpan):
            sys.exit("hash tidak cocok")
        jumlah += 1
    lama = time.perf_counter() - awal
    return jumlah / lama, (time.process_time() - cpu) / jumlah * 1000


def dingin() -> dict[str, float]:
    from tests.bench import cetak

    return cetak.dingin()


def hangat(detik: float) -> dict[str, Any]:
    from tests.bench import cetak

    return cetak.hangat(detik)


def antrean(jumlah: int, batas: float) -> dict[str, Any]:
    from tests.bench import antrean

    return antrean.jalankan(jumlah, batas)


TUGAS = {satu.__name__: satu for satu in (akun, kueri, hash, dingin, hangat, antrean)}


def _berhenti(*_: object) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _berhenti)  # so that a worker started here is stopped, too
    django.setup()
    print(json.dumps(TUGAS[sys.argv[1]](**json.loads(sys.argv[2]))))
