"""A request that cannot wait: an operator marks it, with a reason.

It stands on top of the queue and of the signer's desk, and the signer hears of it at once: when it
is marked while it waits for him, else when it is printed (kotak_keluar.notifikasi). It moves
nothing, so it is no step of the table; the mark and its reason are the office's own, no resident
reads them.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When

from layanan.models import Permohonan, Riwayat
from layanan.permohonan import alur
from layanan.permohonan.dampak import Dampak
from penduduk.models import Akun

ALASAN_MIN, ALASAN_MAKS = 5, 300

S = Permohonan.Status
# Not signed yet, and not ended: afterwards there is nothing left to hurry.
BISA = (S.DIAJUKAN, S.DIPROSES, S.PERLU_PERBAIKAN, S.DICETAK, S.MENUNGGU_TTD)


def dulu() -> Case:
    """For order_by: what is urgent and still open first."""
    mendesak = When(Q(mendesak=True, status__in=BISA), then=Value(0))
    return Case(mendesak, default=Value(1), output_field=IntegerField())


def boleh(permohonan: Permohonan, *, oleh: Akun) -> bool:
    """Whether `oleh` may mark or unmark it now: what draws the button guards the act."""
    return _halangan(permohonan, oleh) == ""


def alasan(permohonan: Permohonan) -> str:
    """Why it is urgent now; empty when it is not, or not any more."""
    if not permohonan.mendesak or permohonan.status not in BISA:
        return ""
    tanda = permohonan.riwayat.filter(langkah=Riwayat.Langkah.MENDESAK).order_by("-pk").first()
    return tanda.catatan if tanda else ""


def _halangan(permohonan: Permohonan, oleh: Akun) -> str:
    if not (oleh.is_active and oleh.has_perm("layanan.proses_permohonan")):
        return "Anda tidak berwenang memproses permohonan."
    if permohonan.status not in BISA:
        return "Surat ini sudah ditandatangani atau permohonannya sudah selesai."
    return ""


def tandai(permohonan: Permohonan, *, alasan: str, oleh: Akun, pada: datetime) -> Riwayat:
    """Mark as urgent. Raises alur.LangkahTidakSah, also when it is marked already."""
    rapi = " ".join(alasan.split())
    if not ALASAN_MIN <= len(rapi) <= ALASAN_MAKS:
        raise alur.LangkahTidakSah(
            f"Tulis mengapa surat ini mendesak, {ALASAN_MIN} sampai {ALASAN_MAKS} huruf."
        )
    return _ubah(permohonan, True, catatan=rapi, oleh=oleh, pada=pada)


def lepas(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> Riwayat:
    """Take the mark off again. Raises alur.LangkahTidakSah, also when there is none."""
    return _ubah(permohonan, False, catatan="", oleh=oleh, pada=pada)


@transaction.atomic
def _ubah(
    permohonan: Permohonan, jadi: bool, *, catatan: str, oleh: Akun, pada: datetime
) -> Riwayat:
    # Locked, so that a step which is being taken now has ended before the mark is judged.
    kini = Permohonan.objects.select_for_update().get(pk=permohonan.pk)
    if sebab := _halangan(kini, oleh):
        raise alur.LangkahTidakSah(sebab)
    if not Permohonan.objects.filter(pk=kini.pk, mendesak=not jadi).update(mendesak=jadi):
        sudah = "sudah ditandai mendesak" if jadi else "tidak bertanda mendesak"
        raise alur.LangkahTidakSah(f"Permohonan ini {sudah}. Mungkin petugas lain lebih dulu.")
    permohonan.mendesak = kini.mendesak = jadi
    hasil = Dampak(rincian={} if jadi else {"dilepas": True})
    langkah = Riwayat.Langkah.MENDESAK
    return alur.catat_peristiwa(kini, langkah, oleh=oleh, pada=pada, catatan=catatan, hasil=hasil)
