"""Failed logins, counted in the database so that no cookie, process or header can reset them.

One mechanism, three keys: a NIK as seen from unknown devices, a device that logged in to the
account before, and a network address. An attempt is *reserved before* the PIN is checked, in one
UPDATE, so parallel guesses cannot slip past the limit. The thinking is in docs/keamanan.md.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest

from penduduk.models import Percobaan


@dataclass(frozen=True)
class Batas:
    """After every `jumlah` failures a pause of `jeda`, doubled each time up to `paling_lama`.

    `lupa`: a counter without failures for so long starts anew; None: only a success resets it.
    """

    jumlah: int
    jeda: timedelta
    paling_lama: timedelta
    lupa: timedelta | None = None


# Five wrong PINs, then 15 minutes, 30, 60, … (issue of the owner; OWASP ASVS 5.0, 6.3.1).
PER_NIK = Batas(jumlah=5, jeda=timedelta(minutes=15), paling_lama=timedelta(hours=24))
PER_PERANGKAT = PER_NIK
# Carriers put thousands of phones behind one address, so the address has a wide limit, and
# beyond it each account still has one first try a day from there (see backends.NIKBackend).
PER_ALAMAT = Batas(
    jumlah=30, jeda=timedelta(minutes=15), paling_lama=timedelta(hours=4), lupa=timedelta(hours=1)
)
PERCOBAAN_PERTAMA = timedelta(hours=24)
LUPAKAN_SETELAH = timedelta(days=30)  # quiet counters are deleted (tasks.bersihkan)


def sidik(jenis: str, nilai: str) -> str:
    """Keyed digest under which `nilai` is counted; the table never holds a NIK or address."""
    pesan = f"{jenis}:{nilai}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), pesan, hashlib.sha256).hexdigest()


def alamat(request: HttpRequest) -> str:
    """Network address of the caller: IPv4, or the /64 of an IPv6, which one phone owns.

    X-Forwarded-For is read only as far as our own proxies wrote it (TRUSTED_PROXIES, counted
    from the right); what a client puts in front of that is ignored.
    """
    nilai = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        rantai = [x.strip() for x in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(rantai) >= settings.TRUSTED_PROXIES and rantai[-settings.TRUSTED_PROXIES]:
            nilai = rantai[-settings.TRUSTED_PROXIES]
    try:
        ip = ipaddress.ip_address(nilai)
    except ValueError:
        return "tidak-dikenal"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)


@transaction.atomic(savepoint=False)
def pesan_percobaan(kunci: str, batas: Batas, *, pada: datetime) -> bool:
    """Reserve one attempt under `kunci` at `pada` (aware). False: locked, do not check the PIN.

    The reservation counts as a failure; a success gives it back with `lupakan`. The row is locked
    from reading to commit (SQLite: the whole database), so parallel guesses queue up here.
    """
    baris = _baris(kunci)
    if baris.terkunci_sampai and baris.terkunci_sampai > pada:
        return False
    gagal = 1 if batas.lupa and _tenang_sejak(baris, pada - batas.lupa) else baris.gagal + 1
    Percobaan.objects.filter(pk=baris.pk).update(
        gagal=gagal, gagal_pada=pada, terkunci_sampai=_kunci_sampai(gagal, batas, pada)
    )
    return True


def _baris(kunci: str) -> Percobaan:
    """The counter of `kunci`, locked; made on the first attempt."""
    terkunci_ = Percobaan.objects.select_for_update().filter(kunci=kunci)
    baris = terkunci_.first()
    if baris is None:
        Percobaan.objects.bulk_create([Percobaan(kunci=kunci)], ignore_conflicts=True)
        baris = terkunci_.get()
    return baris


def _tenang_sejak(baris: Percobaan, sejak: datetime) -> bool:
    """No failure since `sejak`, and none was prevented by a lock: a pause is not good behaviour."""
    if baris.gagal_pada is None or baris.gagal_pada >= sejak:
        return False
    return baris.terkunci_sampai is None or baris.terkunci_sampai < sejak


def _kunci_sampai(gagal: int, batas: Batas, pada: datetime) -> datetime | None:
    """Until when the n-th failure locks: every `jumlah` failures twice as long, up to the longest;
    from there on every single failure locks that long."""
    kelipatan, sisa = divmod(gagal, batas.jumlah)
    if kelipatan and batas.jeda * 2 ** min(kelipatan - 1, 30) >= batas.paling_lama:
        return pada + batas.paling_lama
    return pada + batas.jeda * 2 ** (kelipatan - 1) if kelipatan and not sisa else None


def terkunci(kunci: str, *, pada: datetime) -> bool:
    return Percobaan.objects.filter(kunci=kunci, terkunci_sampai__gt=pada).exists()


def pernah_gagal_sejak(kunci: str, sejak: datetime) -> bool:
    return Percobaan.objects.filter(kunci=kunci, gagal_pada__gt=sejak).exists()


def lupakan(kunci: str) -> None:
    """Forget the failures under `kunci`, after a success or by an operator's unlocking."""
    Percobaan.objects.filter(kunci=kunci).update(gagal=0, gagal_pada=None, terkunci_sampai=None)


def kembalikan(kunci: str) -> None:
    """Give back one reserved attempt that turned out right, keeping the earlier failures."""
    Percobaan.objects.filter(kunci=kunci, gagal__gt=0).update(
        gagal=F("gagal") - 1, terkunci_sampai=None
    )


def bersihkan(*, pada: datetime) -> int:
    """Delete counters quiet since LUPAKAN_SETELAH; returns how many."""
    return Percobaan.objects.filter(
        Q(gagal_pada__lt=pada - LUPAKAN_SETELAH) | Q(gagal_pada__isnull=True)
    ).delete()[0]
