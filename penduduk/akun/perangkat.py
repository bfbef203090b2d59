"""Device cookies: a browser that proved itself once is not locked out by strangers' guesses.

After OWASP's "device cookies" protocol. The cookie is a random token; the table holds its HMAC,
one row per account, because families share a phone.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from penduduk.akun import throttle
from penduduk.akun.throttle import sidik
from penduduk.models import Akun, Perangkat

NAMA_KUKI = "__Host-perangkat" if settings.HTTPS else "perangkat"
UMUR_KUKI = 400 * 24 * 3600  # seconds; the longest that browsers keep
_PANJANG = 43  # token_urlsafe(32)


def _token(request: HttpRequest | None) -> str:
    token = request.COOKIES.get(NAMA_KUKI, "") if request else ""
    return token if len(token) == _PANJANG else ""


def siapkan(request: HttpRequest) -> None:
    """Before an attempt: a browser without a token gets one, so that what it does wrong can be
    told from what strangers do wrong. Nothing is stored; `titip` hands it over."""
    if not _token(request):
        request.COOKIES[NAMA_KUKI] = secrets.token_urlsafe(32)


def titip(request: HttpRequest, response: HttpResponse) -> None:
    """(Re)set the cookie that the browser sent or `siapkan` made up."""
    response.set_cookie(
        NAMA_KUKI,
        _token(request),
        max_age=UMUR_KUKI,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def kunci(request: HttpRequest | None, akun: Akun | None) -> str | None:
    """Throttle key of this browser if it has logged in to `akun` before, else None.

    The same query when there is no akun: time must not tell.
    """
    token = _token(request)
    if not token:
        return None
    dikenal = Perangkat.objects.filter(
        akun_id=akun.pk if akun else 0, sidik=jejak(request)
    ).exists()
    return kunci_akun(request, akun) if akun and dikenal else None


def kunci_akun(request: HttpRequest | None, akun: Akun | None) -> str:
    """The key that this browser has, or would have, for `akun`."""
    return sidik("perangkat-akun", f"{akun.pk if akun else 0}:{_token(request)}")


def kunci_coba(request: HttpRequest | None, nik: str) -> str:
    """Key under which the failures of this very browser on `nik` are counted; empty: no token."""
    token = _token(request)
    return sidik("coba", f"{nik}:{token}") if token else ""


@dataclass(frozen=True)
class Kegagalan:
    """How often this very browser has failed, and when to come back, in words; empty: at once."""

    jumlah: int
    kembali: str = ""

    @property
    def berkali_kali(self) -> bool:
        return self.jumlah >= throttle.PER_HP.jumlah


@transaction.atomic
def catat_gagal(request: HttpRequest, siapa: str, *, pada: datetime) -> Kegagalan:
    """Count a failure of this browser on `siapa` (a NIK or user name as typed).

    A counter of its own, beside those that refuse: the same for a name that nobody has, and blind
    to what others have tried, so the answer tells this browser nothing but its own doing.
    """
    baris = throttle.ambil(_kunci_gagal(request, siapa), "hp")
    hitung = throttle.boleh(baris, throttle.PER_HP, pada=pada)
    throttle.tulis(baris, throttle.PER_HP, pada=pada, hitung=hitung)
    sampai = baris.terkunci_sampai
    return Kegagalan(baris.gagal, pukul(sampai, pada=pada) if sampai and sampai > pada else "")


def lupakan_gagal(request: HttpRequest, siapa: str) -> None:
    """It got in after all."""
    throttle.lupakan(_kunci_gagal(request, siapa))


def _kunci_gagal(request: HttpRequest, siapa: str) -> str:
    return sidik("hp", f"{siapa}:{_token(request)}")


def pukul(saat: datetime, *, pada: datetime) -> str:
    """A time within a day in words, no earlier than it is: "pukul 07.45", "besok pukul 07.45"."""
    lokal = timezone.localtime(saat + timedelta(seconds=59))
    besok = "besok " if lokal.date() != timezone.localdate(pada) else ""
    return f"{besok}pukul {lokal:%H.%M}"


def kenali(request: HttpRequest, akun: Akun, *, pada: datetime) -> None:
    """After a successful login: remember this browser for `akun`."""
    siapkan(request)
    Perangkat.objects.bulk_create(
        [Perangkat(akun=akun, sidik=jejak(request), dibuat_pada=pada, terakhir_pada=pada)],
        update_conflicts=True,
        unique_fields=["akun", "sidik"],
        update_fields=["terakhir_pada"],
    )


def jejak(request: HttpRequest | None) -> str:
    """What the table knows this browser by."""
    return sidik("perangkat", _token(request))


def dikenal(request: HttpRequest) -> bool:
    """Whether anybody has ever logged in with this browser."""
    return bool(_token(request)) and Perangkat.objects.filter(sidik=jejak(request)).exists()


def lupakan(akun: Akun, *, kecuali: str = "") -> int:
    """All browsers become strangers to `akun`, but for the one with the trace `kecuali`."""
    return Perangkat.objects.filter(akun=akun).exclude(sidik=kecuali).delete()[0]


# --- In words ------------------------------------------------------------------------------------

# First match wins: browsers name each other's marks ("Chrome … Safari … Edg").
_PERAMBAN = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("WhatsApp", "WhatsApp"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_ALAT = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "HP Android"),
    ("KAIOS", "HP KaiOS"),
    ("Windows", "komputer Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "komputer Mac"),
    ("Linux", "komputer Linux"),
)


def sebut(user_agent: str) -> str:
    """A browser in a few words for its owner: "Chrome di HP Android". Only a help to the memory;
    the header is whatever the browser likes to say."""
    peramban = next((nama for tanda, nama in _PERAMBAN if tanda in user_agent), "Peramban lain")
    alat = next((nama for tanda, nama in _ALAT if tanda in user_agent), "")
    return f"{peramban} di {alat}" if alat else peramban
