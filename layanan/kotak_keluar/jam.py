"""Quiet hours: reminders do not ring at night. Step messages do: somebody waits for them."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from surat.bahasa import tanggal as tgl

MULAI, SELESAI = time(20), time(7)  # WITA
PAGI, PAGI_SAMPAI = time(8), time(12)  # WITA
# So long after its hour a digest is still written, and so long after that still sent.
JENDELA = timedelta(hours=2)
PESAN = ("belum_diambil", "kelian_belum_diambil", "berkas_dihapus")


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


def lewat(kode: str, dibuat_pada: datetime, *, pada: datetime) -> bool:
    """Whether the message `kode` of that moment is a digest whose hours are over."""
    if kode == "ttd_ringkasan":
        return pada >= dibuat_pada + JENDELA
    if kode == "petugas_ringkasan":
        dibuat = tgl.di_wita(dibuat_pada)
        return pada >= timezone.make_aware(datetime.combine(dibuat, PAGI_SAMPAI))
    return False
