"""Signs of life: each process (web, workers, beat) writes a row of its own every few seconds.

A thread of the process writes it, never a queue, so that a long task or a broker that is away does
not look like death. The row says which release runs there, and how far the clock of that machine
is from the one of the database. Whoever ends properly takes its row along.
"""

import logging
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from multiprocessing.util import Finalize
from threading import Event, Thread

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from layanan.models import Denyut

log = logging.getLogger(__name__)

WEB, PEKERJA, BEAT = "web", "pekerja", "beat"
MATI = timedelta(seconds=60)  # without a sign of life
_LUPAKAN = timedelta(days=1)
_JEDA = 10.0  # seconds between two signs


@cache
def versi() -> str:
    """What is installed: VERSI of the settings, else the commit; "" when nobody knows."""
    git = shutil.which("git")
    if settings.VERSI or not git:
        return str(settings.VERSI)[:40]
    perintah = [git, "-C", str(settings.BASE_DIR), "rev-parse", "--short=10", "HEAD"]
    jalan = subprocess.run(perintah, capture_output=True, check=False, text=True)  # noqa: S603
    return jalan.stdout.strip()


def nama(jenis: str, pid: int) -> str:
    return f"{jenis}@{socket.gethostname()[:60]}:{pid}"


def mulai(jenis: str, *, pid: int = 0) -> None:
    """From now on this process gives signs of life as `jenis` ("web", "pekerja surat,berkas",
    "beat"). `pid`: of the process that answers for it, if it is another."""
    henti = Event()
    utas = Thread(target=_ulangi, args=[nama(jenis, pid or os.getpid()), henti], daemon=True)
    utas.start()
    # Not atexit: the web server ends its processes without. A fork does not inherit it.
    Finalize(None, akhiri, [henti, utas], exitpriority=1)


def _ulangi(satu: str, henti: Event) -> None:
    while not henti.is_set():
        try:
            catat(satu)
        except Error as galat:
            log.warning("sign of life could not be written: %s", type(galat).__name__)
        finally:
            connection.close()  # a fork of this process must find none
        henti.wait(_JEDA)


def catat(satu: str) -> None:
    """One sign of life, on the clock of the database. Whoever was of its kind on this machine and
    is dead, it replaces."""
    kini = timezone.now()
    selisih = selisih_jam(kini)
    pada = kini - selisih
    isi = {"pada": pada, "versi": versi(), "selisih": selisih.total_seconds()}
    Denyut.objects.update_or_create(nama=satu, defaults=isi)
    hidup = (pada - MATI, pada + MATI)  # one from the future had a wrong clock
    mati = Denyut.objects.filter(nama__contains="@").exclude(pada__range=hidup)
    mati.filter(nama__startswith=satu.rpartition(":")[0] + ":").delete()
    mati.filter(pada__lt=pada - _LUPAKAN).delete()


def selisih_jam(pada: datetime) -> timedelta:
    """How far `pada`, which is now, is ahead of the clock of the database."""
    if connection.vendor != "postgresql":
        return timedelta(0)  # SQLite asks the clock of this machine
    with connection.cursor() as kursor:
        kursor.execute("SELECT clock_timestamp()")
        return pada - kursor.fetchone()[0]


def akhiri(henti: Event, utas: Thread) -> None:
    """This process ends properly: nobody needs to miss it, nor what it has answered for."""
    henti.set()
    utas.join(5)
    with suppress(Error):
        Denyut.objects.filter(nama__endswith=nama("", os.getpid())).delete()
        connection.close()


def semua() -> Iterator[tuple[str, Denyut]]:
    """Each known process: its kind ("pekerja surat,berkas"), and its last sign of life."""
    for satu in Denyut.objects.filter(nama__contains="@").order_by("nama"):
        yield satu.nama.partition("@")[0], satu
