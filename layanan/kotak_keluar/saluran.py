"""The state of the channel: one row that says whether messages can go out at all.

A fault of the account or of the sender (no balance, wrong password, WhatsApp account disabled) is
no fault of any message. It stops the channel; what waits keeps its place, and from time to time
one message is tried. When one goes out, all follow. Neither is it one when the provider does not
answer again and again: then it is asked once a minute, before a message is risked.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F, Q, Value
from django.db.models.functions import Least

from layanan import transports
from layanan.models import KeadaanSaluran
from layanan.transports import arti

log = logging.getLogger(__name__)

B = KeadaanSaluran.Keadaan.BERHENTI
J = KeadaanSaluran.Keadaan.JALAN

JEDA_AWAL = timedelta(seconds=30)  # to the first try, then doubled
JEDA_TERLAMA = timedelta(minutes=15)
# Calls in a row without an answer after which the line is no longer held by waiting for more.
DIAM_MAKS = 5
TAK_DIJAWAB = frozenset({"WAKTU", "TERPUTUS", "SAMBUNGAN"})
_DIAM = "DIAM"
_JEDA_DIAM = timedelta(minutes=1)
# So often one message is tried again and again; then it is the turn of others, for it may be at
# fault itself.
COBA_SATU = 5
# A message that fails so often while others go out is at fault itself.
COBA_MAKS = 8
_HITUNG_MAKS = 9999


def kini() -> KeadaanSaluran:
    """The state as it is; one query."""
    return KeadaanSaluran.objects.filter(pk=1).first() or KeadaanSaluran(pk=1)


def hentikan(kode_galat: str, *, dicoba_pada: datetime, lewat_kabar: bool, pada: datetime) -> bool:
    """The attempt begun at `dicoba_pada` shows that nothing can go out; True when this is news.

    `lewat_kabar`: told only after the provider had accepted it. What was begun before the last
    recovery is no news.
    """
    satu, _ = KeadaanSaluran.objects.get_or_create(pk=1)
    isi = {"kode_galat": kode_galat, "lewat_kabar": lewat_kabar}
    baru = KeadaanSaluran.objects.filter(pk=1, keadaan=J)
    if satu.sejak is not None:
        baru = baru.filter(sejak__lte=dicoba_pada)
    coba = {"coba_pada": pada + JEDA_AWAL, "percobaan": 0}
    if baru.update(keadaan=B, sejak=pada, **coba, **isi):
        log.error("channel stopped (%s)", kode_galat)
        return True
    if not lewat_kabar:
        del isi["lewat_kabar"]  # once it took a callback to know, it takes one to be sure
    KeadaanSaluran.objects.filter(pk=1, keadaan=B, sejak__lte=dicoba_pada).update(**isi)
    return False


def pulih(*, dicoba_pada: datetime, terbukti: bool, pada: datetime) -> bool:
    """The attempt begun at `dicoba_pada` has gone out: the channel runs again. `terbukti`: WhatsApp
    has it; else the provider has merely accepted it, which proves nothing where failures come
    later. False: it ran already, or the attempt is older than the fault."""
    henti = KeadaanSaluran.objects.filter(pk=1, keadaan=B, sejak__lte=dicoba_pada)
    if not terbukti:
        henti = henti.filter(lewat_kabar=False)
    if not henti.exists():
        return False
    isi = {"kode_galat": "", "coba_pada": None, "percobaan": 0, "lewat_kabar": False, "diam": 0}
    if not henti.update(keadaan=J, sejak=pada, **isi):
        return False
    log.warning("channel runs again")
    return True


def catat_diam(*, dicoba_pada: datetime, pada: datetime) -> None:
    """A call was not answered, or not even connected."""
    KeadaanSaluran.objects.get_or_create(pk=1)
    KeadaanSaluran.objects.filter(pk=1).update(diam=Least(F("diam") + 1, _HITUNG_MAKS))
    if kini().diam >= DIAM_MAKS:
        hentikan(_DIAM, dicoba_pada=dicoba_pada, lewat_kabar=False, pada=pada)


def catat_dijawab() -> None:
    """The provider has answered, whatever it said."""
    KeadaanSaluran.objects.filter(pk=1, diam__gt=0).update(diam=0)


def luruskan(*, pada: datetime) -> None:
    """What a clock that was ahead has written counts from now: the line would rest until then."""
    depan = Q(sejak__gt=pada + JEDA_TERLAMA) | Q(coba_pada__gt=pada + 2 * JEDA_TERLAMA)
    KeadaanSaluran.objects.filter(depan).update(
        sejak=Least("sejak", Value(pada)), coba_pada=Least("coba_pada", Value(pada))
    )


def boleh_mencoba(*, pada: datetime) -> bool:
    """Whether a message may be tried. Of a provider that did not answer something is asked first
    that does no harm, for a message without an answer is one that somebody must look after."""
    satu = kini()
    if not satu.berhenti or satu.kode_galat != _DIAM:
        return True
    if satu.coba_pada is None or satu.coba_pada > pada:
        return False
    try:
        transports.pilih().periksa()
    except transports.TransportError as galat:
        if galat.kode in TAK_DIJAWAB:
            catat_coba(pada=pada)
            return False
    return True


def catat_coba(*, pada: datetime) -> None:
    """One message is tried now: the next one after a pause that grows."""
    satu = kini()
    jeda = min(JEDA_AWAL * 2 ** min(satu.percobaan + 1, 10), JEDA_TERLAMA)
    if satu.kode_galat == _DIAM:
        jeda = _JEDA_DIAM
    KeadaanSaluran.objects.filter(pk=1, keadaan=B).update(
        percobaan=F("percobaan") + 1, coba_pada=pada + jeda
    )


def coba_sekarang(*, pada: datetime) -> bool:
    """Somebody who has mended the fault does not want to wait. False: it is not stopped."""
    return bool(KeadaanSaluran.objects.filter(pk=1, keadaan=B).update(coba_pada=pada))


def coba_tanpa_pesan(*, pada: datetime) -> None:
    """Nothing waits that could be tried: ask the provider whether the account may send."""
    if not KeadaanSaluran.objects.filter(pk=1, keadaan=B, coba_pada__lte=pada).exists():
        return
    catat_coba(pada=pada)
    try:
        boleh = transports.pilih().periksa()
    except transports.TransportError as galat:
        log.warning("account not usable yet (%s)", galat.kode)
        return
    if boleh:
        # A fault of the sender may be left; the next message will tell.
        pulih(dicoba_pada=pada, terbukti=True, pada=pada)


def kalimat(satu: KeadaanSaluran) -> str:
    """Why nothing goes out, and what to do, for the office; "" while it runs."""
    if not transports.tersambung():
        return "WhatsApp belum disambungkan: warga harus ditelepon."
    return arti(satu.kode_galat) if satu.berhenti else ""


def tunggu_sejak(satu: KeadaanSaluran, dibuat_pada: datetime) -> datetime:
    """From when on a message could have gone out: a standstill is not held against it."""
    return max(dibuat_pada, satu.sejak or dibuat_pada)
