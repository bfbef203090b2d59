"""Quiet hours: reminders do not ring at night. Step messages do: somebody waits for them."""

from datetime import datetime, time, timedelta

from django.utils import timezone

MULAI, SELESAI = time(20), time(7)  # WITA
PESAN = ("belum_diambil", "kelian_belum_diambil")


def sekarang(pada: datetime) -> bool:
    """Whether reminders have to wait at this moment."""
    jam = timezone.localtime(pada).time()
    return jam >= MULAI or jam < SELESAI


def sesudah(pada: datetime) -> datetime:
    """The first moment from `pada` on at which a reminder may go out."""
    if not sekarang(pada):
        return pada
    lokal = timezone.localtime(pada)
    hari = lokal.date() + (timedelta(days=1) if lokal.time() >= MULAI else timedelta())
    return timezone.make_aware(datetime.combine(hari, SELESAI))
