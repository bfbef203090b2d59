"""A request that cannot wait: an operator marks it, with a reason.

It stands on top of the queue and of the signer's desk, and the signer hears of it at once: when it
is marked while it waits for him, else when it is printed (kotak_keluar.notifikasi). The mark and
its reason are the office's own, no resident reads them.
"""

from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from layanan.models import Permohonan, Riwayat
from layanan.permohonan import alur
from layanan.permohonan.langkah import PERISTIWA
from penduduk.models import Akun

ALASAN_MIN, ALASAN_MAKS = 5, 300
BISA = PERISTIWA["mendesak"].dari


def dulu() -> Case:
    """For order_by: what is urgent and still open first."""
    mendesak = When(Q(mendesak=True, status__in=BISA), then=Value(0))
    return Case(mendesak, default=Value(1), output_field=IntegerField())


def boleh(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> bool:
    """Whether `oleh` may mark it now, or unmark it when it is marked."""
    nama = "lepas_mendesak" if permohonan.mendesak else "mendesak"
    return alur.bisa_terjadi(permohonan, nama, oleh=oleh, pada=pada)


def alasan(permohonan: Permohonan) -> str:
    """Why it is urgent now; empty when it is not, or not any more."""
    if not permohonan.mendesak or permohonan.status not in BISA:
        return ""
    tanda = permohonan.riwayat.filter(langkah=Riwayat.Langkah.MENDESAK).order_by("-pk").first()
    return tanda.catatan if tanda else ""


def tandai(permohonan: Permohonan, *, alasan: str, oleh: Akun, pada: datetime) -> Riwayat:
    """Mark as urgent. Raises alur.LangkahTidakSah, also when it is marked already."""
    if not ALASAN_MIN <= len(" ".join(alasan.split())) <= ALASAN_MAKS:
        raise alur.LangkahTidakSah(
            f"Tulis mengapa surat ini mendesak, {ALASAN_MIN} sampai {ALASAN_MAKS} huruf."
        )
    return alur.catat_peristiwa(permohonan, "mendesak", oleh=oleh, pada=pada, catatan=alasan)


def lepas(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> Riwayat:
    """Take the mark off again. Raises alur.LangkahTidakSah, also when there is none."""
    return alur.catat_peristiwa(permohonan, "lepas_mendesak", oleh=oleh, pada=pada)
