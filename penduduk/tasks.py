"""Tasks of the register, and the wake-up call that all rooms use."""

import logging
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from penduduk.impor import antrean

log = logging.getLogger(__name__)

_BASI = 60  # seconds after which a wake-up call is worthless: beat has called many times since


def bangunkan(*tugas: Any, nanti: int = 0) -> None:
    """Wake workers for rows that were just committed; a broken broker only costs seconds.
    `nanti`: not before so many seconds."""

    def kirim() -> None:
        for satu in tugas:
            try:
                satu.apply_async(ignore_result=True, countdown=nanti or None, expires=nanti + _BASI)
            except Exception as galat:
                # The rows are safe; beat sweeps them up. Nothing to tell the person.
                log.warning("wake-up call failed: %s", type(galat).__name__)
                return

    transaction.on_commit(kirim, robust=True)


# Tens of thousands of rows take longer than the limit for letters and messages.
@shared_task(time_limit=3600)
def impor_yang_menunggu() -> None:
    """Check, apply or take back imports of the register."""
    antrean.kerjakan_yang_menunggu()


@shared_task
def bersihkan_impor() -> None:
    """Forget old files and rows of imports."""
    antrean.bersihkan(pada=timezone.now())
