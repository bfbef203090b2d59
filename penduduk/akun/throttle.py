"""Failed logins, counted in the database so that no cookie, process or header can reset them.

One mechanism, many keys: a NIK as seen from unknown devices, a device that logged in to the
account before, a network address, all unknown devices together. An attempt is *reserved before*
the PIN is checked, under a lock on its row, so parallel guesses cannot slip past the limit. Each
attempt costs the same queries whether it is refused or not. The thinking is in docs/keamanan.md.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Greatest
from django.http import HttpRequest

from penduduk.models import Percobaan


@dataclass(frozen=True)
class Batas:
    """After every `jumlah` failures a pause of `jeda`, doubled each time up to `paling_lama`.

    `lupa`: a counter without failures for so long starts anew; None: only a success resets it.
    `habis`: after so many failures no attempt at all, until some are given back.
    """

    jumlah: int
    jeda: timedelta
    paling_lama: timedelta
    lupa: timedelta | None = None
    habis: int | None = None


# Five wrong PINs, then 15 minutes, 30, 60, … (issue of the owner; OWASP ASVS 5.0, 6.3.1).
# Staff have no cap: strangers must not close the office.
PER_PETUGAS = Batas(jumlah=5, jeda=timedelta(minutes=15), paling_lama=timedelta(hours=24))
# A PIN has a million values, and strangers have all year: what they may try is counted for good.
# 6 and once more 3 in a year stay below one chance in 100,000 (computed in docs/keamanan.md).
PER_NIK = replace(PER_PETUGAS, habis=6)
DIBERI_LAGI = 3  # tries that an opening gives back, never all
# Whoever holds a phone that was used before may try longer; then it is a stranger's, too.
PER_PERANGKAT = replace(PER_PETUGAS, habis=20)
# Carriers put thousands of phones behind one address, so the address has a wide limit, and
# beyond it each account still has one first try a day from there (see backends.NIKBackend).
PER_ALAMAT = Batas(
    jumlah=30, jeda=timedelta(minutes=15), paling_lama=timedelta(hours=4), lupa=timedelta(hours=1)
)
PERCOBAAN_PERTAMA = timedelta(hours=24)
# What one browser has failed with itself; it refuses nothing, the browser is only told of it.
PER_HP = replace(PER_PETUGAS, lupa=timedelta(hours=24))
# A resident's own typos on a new phone, forgiven when the same browser gets in. A day: longer
# than the pause that five of them cost. From then on the browser is a known device anyway.
SALAH_SENDIRI = timedelta(hours=24)
# Few tries on each of many NIKs: so many NIKs with a failure from unknown devices within …
SEMPROTAN_SEJAM, SEMPROTAN_SEHARI = 40, 120
# … and then all unknown devices together have this many attempts an hour.
PER_SEMPROTAN = Batas(jumlah=10, jeda=timedelta(hours=1), paling_lama=timedelta(hours=1))
# Quiet counters are deleted (tasks.bersihkan); those of a NIK only after a year, or the cap
# would be one of each month.
LUPAKAN_SETELAH = timedelta(days=30)
LUPAKAN_NIK_SETELAH = timedelta(days=365)


def sidik(jenis: str, nilai: str) -> str:
    """Keyed digest under which `nilai` is counted; the table never holds a NIK or address."""
    pesan = f"{jenis}:{nilai}".encode()
    return hmac.new(settings.KUNCI_SIDIK.encode(), pesan, hashlib.sha256).hexdigest()


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
        ip = ipaddress.ip_address(_tanpa_port(nilai))
    except ValueError:
        return "tidak-dikenal"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)


def _tanpa_port(nilai: str) -> str:
    """Some proxies write 1.2.3.4:5678, [2001:db8::1]:5678 or, quoted, either of them."""
    nilai = nilai.strip('" ')
    if nilai.startswith("["):
        return nilai[1:].partition("]")[0]
    return nilai.partition(":")[0] if nilai.count(":") == 1 else nilai


@transaction.atomic(savepoint=False)
def sisihkan(kunci: str, batas: Batas, *, pada: datetime, jenis: str = "") -> bool:
    """Reserve one attempt under `kunci` at `pada` (aware). False: locked, do not check the PIN.

    The reservation counts as a failure; a success gives it back with `lupakan`. The row is locked
    from reading to commit (SQLite: the whole database), so parallel guesses queue up here.
    """
    baris = ambil(kunci, jenis)
    ya = boleh(baris, batas, pada=pada)
    tulis(baris, batas, pada=pada, hitung=ya)
    return ya


def ambil(kunci: str, jenis: str = "") -> Percobaan:
    """The counter of `kunci`, locked to the end of the caller's transaction.

    Always the same two queries, so that time does not tell whether the counter was there.
    """
    while True:
        Percobaan.objects.bulk_create([Percobaan(kunci=kunci, jenis=jenis)], ignore_conflicts=True)
        baris = Percobaan.objects.select_for_update().filter(kunci=kunci).first()
        if baris is not None:  # else `bersihkan` was quicker
            return baris


def boleh(baris: Percobaan, batas: Batas, *, pada: datetime) -> bool:
    """Whether one more attempt may be made: not in a pause, and not used up."""
    if batas.habis is not None and baris.gagal >= batas.habis:
        return False
    return baris.terkunci_sampai is None or baris.terkunci_sampai <= pada


def tulis(baris: Percobaan, batas: Batas, *, pada: datetime, hitung: bool) -> None:
    """Count an attempt on the locked row, or (`hitung` false) write it as it was: same cost."""
    if hitung:
        lupa = batas.lupa is not None and _tenang_sejak(baris, pada - batas.lupa)
        baris.gagal = 1 if lupa else baris.gagal + 1
        baris.gagal_pada = pada
        baris.terkunci_sampai = _kunci_sampai(baris.gagal, batas, pada)
    Percobaan.objects.filter(pk=baris.pk).update(
        gagal=baris.gagal, gagal_pada=baris.gagal_pada, terkunci_sampai=baris.terkunci_sampai
    )


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


def ditahan_sampai(kunci: str, *, pada: datetime) -> datetime | None:
    """The end of the pause under `kunci`; None: there is none."""
    baris = Percobaan.objects.filter(kunci=kunci, terkunci_sampai__gt=pada).first()
    return baris.terkunci_sampai if baris else None


def lupakan(*kunci: str) -> None:
    """Forget the failures under `kunci`, after a success."""
    Percobaan.objects.filter(kunci__in=kunci).update(gagal=0, gagal_pada=None, terkunci_sampai=None)


def kembalikan(kunci: str, *, jumlah: int = 1, gagal_pada: datetime | None = None) -> None:
    """Give back `jumlah` reserved attempts that turned out right, keeping the other failures.

    `gagal_pada`: when the last of those others was, as far as it is known.
    """
    lain = F("gagal_pada") if gagal_pada is None else Value(gagal_pada)
    Percobaan.objects.filter(kunci=kunci).update(
        gagal=Greatest(F("gagal") - jumlah, 0),
        gagal_pada=Case(When(gagal__lte=jumlah, then=None), default=lain),
        terkunci_sampai=None,
    )


def beri_lagi(kunci: str, batas: Batas) -> None:
    """Open a counter: no pause, and at least DIBERI_LAGI tries before it is used up again."""
    Percobaan.objects.filter(kunci=kunci).update(terkunci_sampai=None)
    if batas.habis is not None:
        sisa = batas.habis - DIBERI_LAGI
        Percobaan.objects.filter(kunci=kunci, gagal__gt=sisa).update(gagal=sisa)


# --- One browser on one NIK ----------------------------------------------------------------------


def hitung_sendiri(kunci: str, *, pada: datetime, hitung: bool) -> None:
    """Remember under `kunci` (a NIK and a browser) that a reserved attempt was this browser's.

    Refused attempts (`hitung` false) cost the same two queries and leave an empty row behind,
    which `bersihkan` removes.
    """
    Percobaan.objects.bulk_create([Percobaan(kunci=kunci, jenis="coba")], ignore_conflicts=True)
    lama = When(gagal_pada__lte=pada - SALAH_SENDIRI, then=Value(1))
    Percobaan.objects.filter(kunci=kunci if hitung else "").update(
        gagal=Case(lama, default=F("gagal") + 1), gagal_pada=pada
    )


def jumlah_sendiri(kunci: str) -> int:
    """How many of the reserved attempts were this browser's, the present one included."""
    baris = Percobaan.objects.filter(kunci=kunci).first()
    return max(1, baris.gagal if baris else 1)


# --- Guesses sprayed over many NIKs --------------------------------------------------------------


def disemprot(*, pada: datetime) -> bool:
    """Whether unusually many NIKs had failures from unknown devices lately."""
    sehari = Percobaan.objects.filter(jenis="nik", gagal_pada__gt=pada - timedelta(days=1))
    sejam = Count("pk", filter=Q(gagal_pada__gt=pada - timedelta(hours=1)))
    angka = sehari.aggregate(sehari=Count("pk"), sejam=sejam)
    return angka["sejam"] >= SEMPROTAN_SEJAM or angka["sehari"] >= SEMPROTAN_SEHARI


def kunci_semprotan(*, pada: datetime) -> str:
    """Counter of all unknown devices together during the hour of `pada`."""
    return sidik("semprotan", f"{pada.astimezone(UTC):%Y-%m-%d %H}")


def sekali(kunci: str, jenis: str, *, pada: datetime) -> bool:
    """True for the first caller with this key, however many call at the same moment."""
    Percobaan.objects.bulk_create([Percobaan(kunci=kunci, jenis=jenis)], ignore_conflicts=True)
    return bool(Percobaan.objects.filter(kunci=kunci, gagal=0).update(gagal=1, gagal_pada=pada))


# --- Housekeeping --------------------------------------------------------------------------------


def bersihkan(*, pada: datetime) -> int:
    """Delete counters that are empty or quiet for long enough; returns how many."""
    nik = Q(jenis="nik")
    lama = nik & Q(gagal_pada__lt=pada - LUPAKAN_NIK_SETELAH)
    lama |= ~nik & Q(gagal_pada__lt=pada - LUPAKAN_SETELAH)
    lama |= Q(jenis="kiriman", gagal_pada__lt=pada - timedelta(days=1))  # of one hour
    return Percobaan.objects.filter(lama | Q(gagal_pada__isnull=True)).delete()[0]
