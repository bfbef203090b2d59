"""The only places where a PIN or a staff password is checked.

Both backends answer None for every kind of failure: unknown, wrong, expired, locked. Each attempt
costs one hash whatever the reason, so neither words nor time tell a stranger anything.
The keyword is `password`, also for a PIN: Django masks it in the `user_login_failed` signal.
"""

from datetime import datetime

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from penduduk import perangkat, pin, throttle
from penduduk.models import Akun, Penduduk


def _boleh_mencoba(
    request: HttpRequest | None, akun: Akun | None, siapa: str, *, pada: datetime
) -> bool:
    """Reserve an attempt on `siapa` (a digest of NIK or username); False when it must not count.

    A browser known to the account has a counter of its own, so strangers cannot lock it out.
    For the rest: the counter of the account, and a wide one of the network address. Beyond the
    latter an existing account still has one first try a day, so that a village behind one
    address is never locked out by whoever shares that address.
    """
    dikenal = perangkat.kunci(request, akun)
    if dikenal:
        return throttle.pesan_percobaan(dikenal, throttle.PER_PERANGKAT, pada=pada)
    pertama = akun is not None and not throttle.pernah_gagal_sejak(
        siapa, pada - throttle.PERCOBAAN_PERTAMA
    )
    boleh = throttle.pesan_percobaan(siapa, throttle.PER_NIK, pada=pada)
    if request is not None:
        asal = throttle.sidik("alamat", throttle.alamat(request))
        lapang = throttle.pesan_percobaan(asal, throttle.PER_ALAMAT, pada=pada)
        boleh = boleh and (lapang or pertama)
    return boleh


def _berhasil(request: HttpRequest | None, akun: Akun, siapa: str) -> None:
    dikenal = perangkat.kunci(request, akun)
    if dikenal:
        throttle.lupakan(dikenal)
        return
    throttle.lupakan(siapa)
    if request is not None:
        throttle.kembalikan(throttle.sidik("alamat", throttle.alamat(request)))


class NIKBackend(BaseBackend):
    """Residents: NIK and PIN. Grants no permissions."""

    @sensitive_variables()
    def authenticate(
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
        if not _boleh_mencoba(request, akun, siapa, pada=pada):
            akun = None
        if not pin.cocok(akun, password, pada=pada) or akun is None:
            return None
        _berhasil(request, akun, siapa)
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
        if not _boleh_mencoba(request, akun, siapa, pada=timezone.now()):
            akun = None
        if akun is None:
            make_password(password)
            return None
        if not akun.check_password(password):
            return None
        _berhasil(request, akun, siapa)
        return akun

    def user_can_authenticate(self, user: Akun) -> bool:
        return super().user_can_authenticate(user) and user.is_staff
