"""One-time codes with which staff get in while strangers keep new browsers out.

A code opens nothing by itself: it takes the place of the counters, and the password is still
needed. It is asked for on the login page, and then goes to the own number by WhatsApp, or an admin
makes it and tells it by phone. Only its hash is kept.
"""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from penduduk.akun import penjagaan, pin
from penduduk.models import Akun, KejadianAkun, KodeMasuk

_JENIS = KejadianAkun.Jenis.KODE_MASUK
MASA = timedelta(minutes=15)
COBA_MAKS = 5  # wrong codes beside the right password
SEHARI = 5  # codes by WhatsApp for one account and 24 hours
_JEDA = timedelta(minutes=2)  # between two of them: the first may still be on its way


def terbitkan(akun: Akun, *, pada: datetime) -> str:
    """A fresh code for `akun`; the one before is dead. Raises pin.TidakBisaMasuk."""
    if not (akun.is_staff and akun.is_active and akun.dibekukan_pada is None):
        raise pin.TidakBisaMasuk("Akun petugas ini tidak aktif atau sedang dikunci.")
    satu = f"{secrets.randbelow(10**pin.PANJANG):0{pin.PANJANG}}"
    KodeMasuk.objects.update_or_create(
        akun=akun,
        defaults={
            "sandi": make_password(_rahasia(akun.pk, satu), hasher=pin.HASHER),
            "berlaku_sampai": pada + MASA,
            "gagal": 0,
        },
    )
    return satu


@transaction.atomic
def buat(akun: Akun, *, pada: datetime, oleh: Akun) -> str:
    """The same by the hand of an admin; person and admins are told that it was made."""
    satu = terbitkan(akun, pada=pada)
    penjagaan.catat(akun, _JENIS, pada=pada, oleh=oleh)
    return satu


def sisihkan(akun: Akun | None, *, pada: datetime) -> KodeMasuk | None:
    """Reserve one try at the code of `akun`, who has shown the password (None: nobody has): else
    strangers would spoil every code. The same queries whether or not there is one."""
    hidup = KodeMasuk.objects.filter(
        akun=akun.pk if akun else 0, gagal__lt=COBA_MAKS, berlaku_sampai__gt=pada
    )
    boleh = hidup.update(gagal=F("gagal") + 1)
    baris = KodeMasuk.objects.filter(akun=akun.pk if akun else 0).first()
    return baris if boleh else None


def cocok(baris: KodeMasuk | None, satu: str) -> bool:
    """Whether `satu` is the code on which a try was reserved, which is then used up; one hash."""
    if baris is None:
        make_password(satu, hasher=pin.HASHER)
        return False
    benar = check_password(_rahasia(baris.akun_id, satu), baris.sandi, preferred=pin.HASHER)
    return benar and bool(KodeMasuk.objects.filter(pk=baris.pk, sandi=baris.sandi).delete()[0])


def _rahasia(pk: int, satu: str) -> str:
    return f"kode masuk:{pk}:{satu}"


# --- Asked for on the login page -----------------------------------------------------------------


def minta(akun: Akun | None, *, pada: datetime) -> None:
    """Note that `akun` wants a code (None: whoever asked did not prove to be anybody).

    The same UPDATE for both; a worker does the rest, so that time does not tell.
    """
    Akun.objects.filter(pk=akun.pk if akun else 0).update(minta_kode_pada=pada)


def catat_yang_diminta(*, pada: datetime) -> int:
    """Turn what was asked for into events, which become messages; returns how many."""
    return sum(_catat(akun, pada=pada) for akun in Akun.objects.filter(minta_kode_pada__lte=pada))


@transaction.atomic
def _catat(akun: Akun, *, pada: datetime) -> bool:
    """Without a second message while the first may be on its way, or beyond those of a day."""
    sama = Akun.objects.filter(pk=akun.pk, minta_kode_pada=akun.minta_kode_pada)
    if not sama.update(minta_kode_pada=None):
        return False  # another worker has it, or it was asked for again
    lewat_wa = akun.kejadian.filter(jenis=_JENIS, oleh__isnull=True)
    baru_saja = lewat_wa.filter(pada__gt=pada - _JEDA).exists()
    habis = lewat_wa.filter(pada__gt=pada - timedelta(days=1)).count() >= SEHARI
    if baru_saja or habis or not akun.nomor_hp:
        return False
    penjagaan.catat(akun, _JENIS, pada=pada)
    return True
