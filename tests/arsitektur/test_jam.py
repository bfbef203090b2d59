"""Domain functions are told what time it is; only the edges ask."""

import ast

import pytest

from tests.arsitektur.pemeriksa import pembaca_jam
from tests.arsitektur.rumah import PRODUKSI, langgar, sebut

# Where requests, commands and the beat come in.
TEPI = {"views", "admin", "forms", "tasks", "middleware", "management"}
# Everywhere else a reason is needed.
BOLEH = {
    "bugbug/kelola.py": "the admin site: its pages are views",
    "bugbug/kiriman.py": "a middleware: it counts what comes in an hour",
    "bugbug/pemeriksaan.py": "the start of a process: nobody passes a time",
    "layanan/kotak_keluar/pengiriman.py": "the worker's loop: a provider takes its time",
    "layanan/kesehatan/proses.py": "the thread of each process that gives signs of life",
    "layanan/percakapan/masuk.py": "the worker's loop over incoming messages",
    "layanan/permohonan/berkas.py": "the worker's loop over uploads",
    "layanan/permohonan/pembersihan.py": "the worker's loop over files of an earlier cleaner",
    "layanan/transports/simulasi.py": "plays the provider, who has a clock of his own",
    "penduduk/akun/backends.py": "Django calls it and passes no time",
    "penduduk/akun/sesi.py": "Django calls it and passes no time",
    "penduduk/impor/antrean.py": "the worker's loop, and its lease while it reads a file",
    "surat/terbit/pencetakan.py": "the worker's loop over letters to be printed",
}


def di_tepi(nama: str) -> bool:
    return bool(TEPI & set(nama.removesuffix(".py").split("/")))


def test_only_edges_and_workers_read_the_clock():
    pembaca = langgar(pembaca_jam, [b for b in PRODUKSI if not di_tepi(sebut(b))])

    assert {nama: apa for nama, apa in pembaca.items() if nama not in BOLEH} == {}


def test_every_exception_is_still_needed():
    pembaca = langgar(pembaca_jam, PRODUKSI)

    assert [nama for nama in BOLEH if nama not in pembaca or di_tepi(nama)] == []


@pytest.mark.parametrize(
    ("sumber", "apa"),
    [
        ("from django.utils import timezone\nx = timezone.now()", "django.utils.timezone.now"),
        (
            "from django.utils import timezone as t\nt.localdate()",
            "django.utils.timezone.localdate",
        ),
        ("from django.utils.timezone import now\nnow()", "django.utils.timezone.now"),
        ("from django.utils import timezone\nf(awal=timezone.now)", "django.utils.timezone.now"),
        (
            "from django.utils import timezone\nf = timezone.localtime",
            "django.utils.timezone.localtime",
        ),
        ("import django.utils.timezone\ndjango.utils.timezone.now()", "django.utils.timezone.now"),
        ("from datetime import date\nx = date.today().year", "datetime.date.today"),
        ("from datetime import UTC, datetime\ndatetime.now(UTC)", "datetime.datetime.now"),
        ("import datetime as dt\ndt.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("import datetime\nx = datetime.datetime.today()", "datetime.datetime.today"),
        ("import time\ntime.time()", "time.time"),
        ("from time import time as detik\ndetik()", "time.time"),
        ("from django.db.models.functions import Now\nx = Now()", "django.db.models.functions.Now"),
    ],
)
def test_every_way_of_asking_is_refused(sumber, apa):
    assert list(pembaca_jam(ast.parse(sumber))) == [(2, apa)]


@pytest.mark.parametrize(
    "sumber",
    [
        "from django.utils import timezone\ntimezone.localdate(pada)",
        "from django.utils import timezone\ntimezone.localtime(value=pada)",
        "from datetime import date\ndate(2026, 11, 23)",
        "import time\ntime.monotonic()\ntime.sleep(1)",
        "def now(): ...\nnow()",
    ],
)
def test_turning_a_given_moment_round_is_no_question(sumber):
    assert list(pembaca_jam(ast.parse(sumber))) == []
