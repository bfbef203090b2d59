"""The Celery app and the beat table: all clocks of the product in one place.

The rows in the database are the truth (a letter without a file, a message not yet sent, an upload
not yet checked). A Celery message only wakes a worker up; beat wakes it regularly for whatever a
lost message, a dead worker or a dead broker left behind.
"""

import logging
import os
from functools import cache

from billiard import current_process
from celery import Celery
from celery.schedules import crontab
from celery.signals import (
    beat_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_ready,
)

from bugbug.broker import jaga

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bugbug.settings")

SAPUAN = float(os.environ.get("SAPUAN_DETIK", "5"))  # seconds between two sweeps

app = Celery("bugbug")
app.config_from_object("bugbug.celery_settings")
app.autodiscover_tasks(["penduduk", "layanan"])
# A wake-up call that waited for a minute is worthless: many have followed. Not less, for the end is
# written by the clock of beat and read by that of the worker.
_SEKALI = {"expires": 60}
app.conf.beat_schedule = {
    "cetak": {"task": "layanan.tasks.cetak_surat", "schedule": SAPUAN, "options": _SEKALI},
    "kirim": {"task": "layanan.tasks.kirim_pesan", "schedule": SAPUAN, "options": _SEKALI},
    "jawab": {"task": "layanan.tasks.jawab_pesan", "schedule": SAPUAN, "options": _SEKALI},
    "berkas": {"task": "layanan.tasks.periksa_berkas", "schedule": SAPUAN, "options": _SEKALI},
    "impor": {"task": "penduduk.tasks.impor_yang_menunggu", "schedule": SAPUAN, "options": _SEKALI},
    "tanya": {"task": "layanan.tasks.tanyakan_pesan", "schedule": 60.0, "options": _SEKALI},
    "berkala": {
        "task": "layanan.tasks.kabar_berkala",
        "schedule": 60.0,
        "options": _SEKALI,
    },
    "templat": {"task": "layanan.tasks.selaraskan_templat", "schedule": 3600.0},
    "panggilan": {
        "task": "layanan.tasks.bereskan_panggilan",
        "schedule": 60.0,
        "options": _SEKALI,
    },
    "bersihkan": {"task": "layanan.tasks.bersihkan", "schedule": 3600.0},
    # When nobody prints, on the clock of the village (bugbug.celery_settings.timezone).
    "periksa_surat": {
        "task": "layanan.tasks.periksa_surat",
        "schedule": crontab(hour="2", minute="30"),
    },
    "laporan": {
        "task": "layanan.tasks.hitung_laporan",
        "schedule": crontab(hour="0", minute="20"),
    },
    "keadaan": {"task": "layanan.tasks.jaga_keadaan", "schedule": 60.0, "options": _SEKALI},
    "cadangkan": {
        "task": "layanan.tasks.cadangkan",
        "schedule": 60.0,
        "options": _SEKALI,
    },
    "bersihkan_ketikan": {
        "task": "penduduk.tasks.bersihkan_ketikan",
        "schedule": 60.0,
        "options": _SEKALI,
    },
    "bersihkan_impor": {"task": "penduduk.tasks.bersihkan_impor", "schedule": 3600.0},
}

jaga.pasang(max(4 * SAPUAN, 8.0))


@worker_init.connect
def periksa(**_: object) -> None:
    from django.db import connections

    from bugbug import pemeriksaan

    pemeriksaan.sebelum_bekerja()
    connections.close_all()  # no child inherits one


@worker_process_init.connect
def hangatkan(**_: object) -> None:
    """Import WeasyPrint and parse the stylesheet once per process, before the first letter; where
    letters are made."""
    if "surat" in app.amqp.queues.consume_from:
        from surat.kertas import pdf

        pdf.hangatkan()


@setup_logging.connect
def catatan(loglevel: int, **_: object) -> None:
    """Celery would bring handlers of its own; that somebody listens here keeps them out, and what
    the settings say holds (bugbug.log)."""
    logging.getLogger().setLevel(loglevel)


@worker_ready.connect
def pekerja_siap(**_: object) -> None:
    _berdenyut("pekerja " + ",".join(sorted(app.amqp.queues.consume_from)))


@beat_init.connect
def beat_mulai(**_: object) -> None:
    # The end of one that a worker embeds (-B) is a kill: the worker answers for it.
    sendiri = current_process().name == "MainProcess"
    _berdenyut("beat", pid=0 if sendiri else os.getppid())


@cache  # a worker is ready again whenever it has found its broker again
def _berdenyut(jenis: str, pid: int = 0) -> None:
    from layanan.kesehatan import proses

    proses.mulai(jenis, pid=pid)
