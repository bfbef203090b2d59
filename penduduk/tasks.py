"""Tasks of the register."""

from celery import shared_task
from django.utils import timezone

from penduduk.impor import antrean
from penduduk.ketikan import simpanan


# Tens of thousands of rows take longer than the limit for letters and messages.
@shared_task(time_limit=3600)
def impor_yang_menunggu() -> None:
    """Check, apply or take back imports of the register."""
    antrean.kerjakan_yang_menunggu()


@shared_task
def bersihkan_impor() -> None:
    """Forget old files and rows of imports."""
    antrean.bersihkan(pada=timezone.now())


@shared_task
def bersihkan_ketikan() -> None:
    """Forget forms that nobody came back for."""
    simpanan.bersihkan(pada=timezone.now())
