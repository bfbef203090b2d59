"""The only places where a PIN or a staff password is checked.

Both backends answer None for every kind of failure: unknown, wrong, expired, locked. Each attempt
costs one hash whatever the reason, so neither words nor time tell a stranger anything.
The keyword is `password`, also for a PIN: Django masks it in the `user_login_failed` signal.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from penduduk import perangkat, pin, throttle
from penduduk.models import Akun, Penduduk


@dataclass(frozen=True)
class _Pesanan:
    """A reserved attempt, and what a success does to the counters."""

    boleh: bool
    kunci: str  # forgotten
    asal: str = ""  # one attempt given back; empty: none was reserved


@transaction.atomic
def _pesan(
    request: HttpRequest | None, akun: Akun | None, siapa: str, *, pada: datetime
) -> _Pesanan:
    """Reserve an attempt on `siapa` (a digest of NIK or username).

    A browser known to the account has a counter of its own, so strangers cannot lock it out.
    For the rest: the counter of the account, and a wide one of the network address. Beyond the
    latter an existing account still has one first try a day, so that a village behind one
    address is never locked out by whoever shares that address.
    """
    dikenal = perangkat.kunci(request, akun)
    if dikenal:
        boleh = throttle.pesan_percobaan(dikenal, throttle.PER_PERANGKAT, pada=pada)
        return _Pesanan(boleh, dikenal)
    pertama = akun is not None and not throttle.pernah_gagal_sejak(
        siapa, pada - throttle.PERCOBAAN_PERTAMA
    )
    boleh = throttle.pesan_percobaan(siapa, throttle.PER_NIK, pada=pada)
    if request is None:
        return _Pesanan(boleh, siapa)
    asal = throttle.sidik("alamat", throttle.alamat(request))
    lapang = throttle.pesan_percobaan(asal, throttle.PER_ALAMAT, pada=pada)
    return _Pesanan(boleh and (lapang or pertama), siapa, asal if lapang else "")


def _berhasil(pesanan: _Pesanan) -> None:
    throttle.lupakan(pesanan.kunci)
    if pesanan.asal:  # else whoever owns one account could open a locked address at will
        throttle.kembalikan(pesanan.asal)


class NIKBackend(BaseBackend):
    """Residents: NIK and PIN. Grants no permissions."""

    @sensitive_variables()
    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, *, nik: str | None = None, password: str | None = None
    ) -> Akun | None:
        if nik is None or password is None:
            return None
        pada = timezone.now()
        akun = (
            Akun.objects.select_related("penduduk")
            .filter(penduduk__nik=nik, penduduk__status_dasar=Penduduk.HIDUP, is_active=True)
            .first()
        )
        siapa = throttle.sidik("nik", nik)
        pesanan = _pesan(request, akun, siapa, pada=pada)
        if not pesanan.boleh:
            akun = None
        if not pin.cocok(akun, password, pada=pada) or akun is None:
            return None
        with transaction.atomic():
            _berhasil(pesanan)
            pin.catat_dipakai(akun, pada=pada)
        return akun

    def get_user(self, user_id: int) -> Akun | None:
        akun = Akun.objects.select_related("penduduk").filter(pk=user_id, is_active=True).first()
        return akun if akun and not akun.is_staff else None


class PetugasBackend(ModelBackend):
    """Staff: username and password, throttled by the same counters as the PINs."""

    @sensitive_variables()
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **lain: object,
    ) -> Akun | None:
        if username is None or password is None:
            return None
        akun = Akun.objects.filter(username=username, is_staff=True, is_active=True).first()
        siapa = throttle.sidik("petugas", username.lower())
        pesanan = _pesan(request, akun, siapa, pada=timezone.now())
        if not pesanan.boleh:
            akun = None
        if akun is None:
            make_password(password)
            return None
        if not akun.check_password(password):
            return None
        with transaction.atomic():
            _berhasil(pesanan)
        return akun

    def user_can_authenticate(self, user: Akun | AnonymousUser | None) -> bool:
        return super().user_can_authenticate(user) and bool(user and user.is_staff)
