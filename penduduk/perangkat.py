"""Device cookies: a browser that proved itself once is not locked out by strangers' guesses.

After OWASP's "device cookies" protocol. The cookie is a random token; the table holds its HMAC,
one row per account, because families share a phone.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from penduduk.models import Akun, Perangkat
from penduduk.throttle import sidik

NAMA_KUKI = "__Host-perangkat" if settings.HTTPS else "perangkat"
UMUR_KUKI = 400 * 24 * 3600  # seconds; the longest that browsers keep
_PANJANG = 43  # token_urlsafe(32)


def _token(request: HttpRequest | None) -> str:
    token = request.COOKIES.get(NAMA_KUKI, "") if request else ""
    return token if len(token) == _PANJANG else ""


def kunci(request: HttpRequest | None, akun: Akun | None) -> str | None:
    """Throttle key of this browser if it has logged in to `akun` before, else None."""
    token = _token(request)
    if not token:
        return None
    jejak = sidik("perangkat", token)
    if akun is None or not Perangkat.objects.filter(akun=akun, sidik=jejak).exists():
        return None
    return sidik("perangkat-akun", f"{akun.pk}:{token}")


def kenali(request: HttpRequest, response: HttpResponse, akun: Akun, *, pada: datetime) -> None:
    """After a successful login: remember this browser for `akun` and (re)set its cookie."""
    token = _token(request) or secrets.token_urlsafe(32)
    Perangkat.objects.update_or_create(
        akun=akun,
        sidik=sidik("perangkat", token),
        defaults={"terakhir_pada": pada},
        create_defaults={"terakhir_pada": pada, "dibuat_pada": pada},
    )
    response.set_cookie(
        NAMA_KUKI,
        token,
        max_age=UMUR_KUKI,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
