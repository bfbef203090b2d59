"""The wake-up call for workers, whose queues are rows."""

import logging
from typing import Any

from django.db import transaction

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
