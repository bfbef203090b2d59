"""The safety of residents' accounts: what happened to them, freezing, and opening.

Everything that matters is left behind as a KejadianAkun row; a worker turns rows into messages.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from penduduk.akun import perangkat, sesi, throttle
from penduduk.models import Akun, KejadianAkun

J = KejadianAkun.Jenis

BUKA_SELAMA = timedelta(minutes=30)  # how long an opened account passes the guard
BUKAN_SAYA_SELAMA = timedelta(days=7)  # how long after a change of PIN "bukan saya" is heard
_SEKALI_SEHARI = timedelta(hours=24)  # how often staff hear of guesses at one account
PIN_BERGANTI = (J.PIN_DITERBITKAN, J.PIN_DIGANTI)
BERGANTI = (*PIN_BERGANTI, J.NOMOR_DIGANTI)  # what "bukan saya" may be said of
# What rooms above have to say when `akun` is given the groups of these names, by whom and when.
SAAT_PERAN_DITAMBAH: list[Callable[[Akun, Collection[str], Akun, datetime], None]] = []
_TANDA = signing.Signer(salt="penduduk.bukan-saya")


def catat(
    akun: Akun | None,
    jenis: str,
    *,
    pada: datetime,
    oleh: Akun | None = None,
    **lain: Any,
) -> KejadianAkun:
    """Write down that something happened to `akun`; None only for what concerns them all.

    `lain`: rincian=, nomor_lama= (the number to be told), dikabarkan= (True: nobody is).
    """
    return KejadianAkun.objects.create(akun=akun, jenis=jenis, pada=pada, oleh=oleh, **lain)


def admin_lain(*bukan: Akun | None) -> QuerySet[Akun]:
    """Who may change accounts and can get in, but for those of `bukan`."""
    izin = Q(groups__permissions__codename="change_akun") | Q(is_superuser=True)
    semua = Akun.objects.filter(izin, is_staff=True, is_active=True, dibekukan_pada=None)
    return semua.exclude(pk__in=[satu.pk for satu in bukan if satu is not None]).distinct()


def catat_petugas(
    akun: Akun, jenis: str, *, pada: datetime, oleh: Akun | None, rincian: str = "", **lain: Any
) -> KejadianAkun:
    """The same about a member of staff. What nobody else can hear of says so on the record."""
    if oleh is not None and not admin_lain(oleh, akun).exists():
        rincian = f"{rincian[:90]}; tidak ada admin lain".lstrip("; ")
    return catat(akun, jenis, pada=pada, oleh=oleh, rincian=rincian[:120], **lain)


@transaction.atomic
def peran_diubah(
    akun: Akun, sebelum: Collection[str], *, oleh: Akun, pada: datetime, sesi_ini: str | None
) -> bool:
    """After the roles of `akun` were other ones (names): told, and he logs in again, where it is
    asked what he needs; but for the session `sesi_ini`. False: nothing has changed."""
    kini = set(akun.groups.values_list("name", flat=True))
    baru, lepas = sorted(kini - set(sebelum)), sorted(set(sebelum) - kini)
    if not baru and not lepas:
        return False
    sesi.akhiri(akun, kecuali=sesi_ini)
    rincian = ", ".join([f"+ {x}" for x in baru] + [f"− {x}" for x in lepas])
    catat_petugas(akun, J.PERAN_DIUBAH, pada=pada, oleh=oleh, rincian=rincian)
    for tanya in SAAT_PERAN_DITAMBAH if baru else ():
        tanya(akun, baru, oleh, pada)
    return True


# --- Frozen --------------------------------------------------------------------------------------


@transaction.atomic
def bekukan(akun: Akun, *, sebab: str, pada: datetime, oleh: Akun | None = None) -> bool:
    """Nobody gets in any more: sessions end, known devices are strangers. False: it was frozen.

    After "bukan saya" the PIN is worthless as well: it may be the intruder's. The office issues a
    new one once it has opened the lock.
    """
    baru = Akun.objects.filter(pk=akun.pk, dibekukan_pada__isnull=True).update(
        dibekukan_pada=pada, sebab_beku=sebab
    )
    sesi.akhiri(akun)
    perangkat.lupakan(akun)
    if not baru:
        return False
    akun.dibekukan_pada, akun.sebab_beku = pada, sebab
    if sebab == Akun.SebabBeku.BUKAN_SAYA:
        akun.set_unusable_password()
        akun.save(update_fields=["password"])
    catat(akun, J.DIBEKUKAN, pada=pada, oleh=oleh, rincian=Akun.SebabBeku(sebab).label)
    return True


@transaction.atomic
def cairkan(akun: Akun, *, pada: datetime, oleh: Akun) -> bool:
    """An operator opens the lock. False: there was none."""
    if not Akun.objects.filter(pk=akun.pk, dibekukan_pada__isnull=False).update(
        dibekukan_pada=None, sebab_beku=""
    ):
        return False
    akun.dibekukan_pada, akun.sebab_beku = None, ""
    catat(akun, J.DICAIRKAN, pada=pada, oleh=oleh)
    return True


@transaction.atomic
def keluar_semua(akun: Akun, *, pada: datetime, perangkat_ini: str = "") -> None:
    """The resident ends all sessions; only the browser `perangkat_ini` stays a known one, so that
    strangers' guesses cannot keep its owner out."""
    sesi.akhiri(akun)
    perangkat.lupakan(akun, kecuali=perangkat_ini)
    catat(akun, J.KELUAR_SEMUA, pada=pada)


# --- Opened --------------------------------------------------------------------------------------


@transaction.atomic
def buka(akun: Akun, *, pada: datetime, oleh: Akun | None = None) -> None:
    """Let a new phone try again: the resident asked by WhatsApp (`oleh` None), or an operator."""
    longgarkan(akun, sampai=pada + BUKA_SELAMA)
    catat(akun, J.DIBUKA, pada=pada, oleh=oleh)


def longgarkan(akun: Akun, *, sampai: datetime) -> None:
    """Give back some tries to unknown devices, and let them pass the guard until `sampai`."""
    if akun.penduduk is not None and akun.penduduk.nik:
        throttle.beri_lagi(throttle.sidik("nik", akun.penduduk.nik), throttle.PER_NIK)
    akun.dijaga_pada, akun.dibuka_sampai = None, sampai
    akun.save(update_fields=["dijaga_pada", "dibuka_sampai"])


def jaga(nik: str, *, pada: datetime) -> None:
    """Strangers have used up what they may try on `nik`: mark its account, if there is one.

    The same UPDATE whether or not there is; `catat_yang_dijaga` tells the resident.
    """
    Akun.objects.filter(penduduk__nik=nik, dijaga_pada__isnull=True).update(dijaga_pada=pada)


def jaga_petugas(nama: str, *, pada: datetime) -> None:
    """The same for a member of staff whose new browsers are in a pause now."""
    Akun.objects.filter(username=nama, dijaga_pada__isnull=True).update(dijaga_pada=pada)


def usai_jaga(akun: Akun) -> None:
    """New browsers of `akun` are held back no longer."""
    Akun.objects.filter(pk=akun.pk).update(dijaga_pada=None)


@transaction.atomic
def buka_petugas(
    akun: Akun, *, pada: datetime, oleh: Akun | None = None, jenis: str = J.DIBUKA
) -> None:
    """New browsers of a member of staff may try again: an admin says so (`oleh` None: on the
    server), or has just given a new password (`jenis` SANDI_DIGANTI)."""
    throttle.lupakan(throttle.sidik("petugas", (akun.username or "").lower()))
    usai_jaga(akun)
    catat_petugas(akun, jenis, pada=pada, oleh=oleh)


def batal_jaga(akun: Akun, *, pada: datetime) -> None:
    """The attempt that set the mark at `pada` was the resident's own, and right."""
    Akun.objects.filter(pk=akun.pk, dijaga_pada=pada).update(dijaga_pada=None)


def usulkan_nomor(akun: Akun, nomor_hp: str) -> bool:
    """The resident has typed a number (E.164, "" for none): it waits until it is proven to be
    theirs, and warnings go on to the former one. False: it is the account's already."""
    calon = "" if nomor_hp == akun.nomor_hp else nomor_hp
    if calon != akun.nomor_calon:
        Akun.objects.filter(pk=akun.pk).update(nomor_calon=calon)
        akun.nomor_calon = calon
    return bool(calon)


@transaction.atomic
def ganti_nomor(akun: Akun, nomor_hp: str, *, pada: datetime) -> None:
    """The account has another number (E.164), which is proven to be the resident's. The former one
    is told: whoever has got into an account must not turn the warnings away from its owner without
    a word."""
    lama = akun.nomor_hp
    if nomor_hp == lama:
        return
    akun.nomor_hp, akun.nomor_calon = nomor_hp, ""
    akun.save(update_fields=["nomor_hp", "nomor_calon"])
    if lama:
        catat(akun, J.NOMOR_DIGANTI, pada=pada, nomor_lama=lama)


# --- Told ----------------------------------------------------------------------------------------


def catat_yang_dijaga(*, pada: datetime) -> int:
    """Turn what the guards noticed into events, once each; returns how many.

    Done by a worker and not at the door, so that no attempt takes longer than another.
    """
    sudah = KejadianAkun.objects.filter(
        akun=OuterRef("pk"), jenis=J.DIJAGA, pada=OuterRef("dijaga_pada")
    )
    semua = Akun.objects.filter(dijaga_pada__isnull=False).exclude(Exists(sudah))
    jumlah = sum(_catat_dijaga(pk) for pk in semua.values_list("pk", flat=True))
    return jumlah + _catat_semprotan(pada=pada)


@transaction.atomic
def _catat_dijaga(pk: int) -> bool:
    """One event for each time that the tries were used up, whoever else looks just now."""
    akun = Akun.objects.select_for_update().filter(pk=pk, dijaga_pada__isnull=False).first()
    if akun is None or akun.dijaga_pada is None:
        return False  # opened meanwhile
    dijaga = akun.kejadian.filter(jenis=J.DIJAGA).order_by("-pada")
    if dijaga.filter(pada=akun.dijaga_pada).exists():
        return False
    sudah = dijaga.filter(pada__gt=akun.dijaga_pada - _SEKALI_SEHARI).first()
    if akun.is_staff and sudah is not None:  # whoever gets in again and again is not told each time
        Akun.objects.filter(pk=pk).update(dijaga_pada=sudah.pada)
        return False
    catat(akun, J.DIJAGA, pada=akun.dijaga_pada)
    return True


@transaction.atomic
def _catat_semprotan(*, pada: datetime) -> bool:
    """At most one event a day (of the village) while many NIKs are being tried."""
    if not throttle.disemprot(pada=pada):
        return False
    hari = throttle.sidik("semprotan-hari", f"{timezone.localdate(pada)}")
    if not throttle.sekali(hari, "kabar", pada=pada):
        return False
    catat(None, J.SEMPROTAN, pada=pada)
    return True


# --- "Bukan saya" --------------------------------------------------------------------------------


def bernomor(nomor_hp: str) -> QuerySet[Akun]:
    """Residents' accounts that remember the number `nomor_hp` (E.164)."""
    semua = Akun.objects.filter(is_staff=False, nomor_hp=nomor_hp).select_related("penduduk")
    return semua if nomor_hp else semua.none()


def baru_berganti(
    nomor_hp: Collection[str], *, pada: datetime, juga: Akun | None = None
) -> list[Akun]:
    """Accounts of these numbers (spellings of one), and `juga`, whose PIN was issued or changed
    within the last days, and those that had such a number until then: a PIN may just have been
    sent elsewhere."""
    nomor = [satu for satu in nomor_hp if satu]
    baru = KejadianAkun.objects.filter(pada__gt=pada - BUKAN_SAYA_SELAMA)
    milik = Q(nomor_hp__in=nomor) | Q(pk=juga.pk if juga else None)
    kini = milik & Q(pk__in=baru.filter(jenis__in=PIN_BERGANTI).values("akun"))
    dulu = Q(pk__in=baru.filter(nomor_lama__in=nomor).values("akun"))
    semua = Akun.objects.filter(is_staff=False).select_related("penduduk")
    return list(semua.filter(kini | dulu).order_by("pk"))


def tautan_bukan_saya(kejadian: KejadianAkun) -> str:
    """Address by which the resident says "bukan saya" about this event; no login needed."""
    token = _TANDA.sign(str(kejadian.pk))
    return settings.PUBLIC_BASE_URL + reverse("penduduk:bukan_saya", args=[token])


def kejadian_dari_token(token: str, *, pada: datetime) -> KejadianAkun | None:
    """The event that a link of `tautan_bukan_saya` speaks of; None: forged or too old."""
    try:
        pk = int(_TANDA.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return (
        KejadianAkun.objects.select_related("akun__penduduk")
        .filter(pk=pk, jenis__in=BERGANTI, pada__gt=pada - BUKAN_SAYA_SELAMA)
        .first()
    )
