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

from penduduk.akun import penjagaan, perangkat, pin, throttle
from penduduk.models import Akun, Penduduk


@dataclass(frozen=True)
class _Jatah:
    """A reserved attempt, and what a success does to the counters."""

    boleh: bool
    lupa: tuple[str, ...] = ()  # forgotten
    asal: str = ""  # one attempt given back; empty: none was reserved
    siapa: str = ""  # this browser's own failures given back, those of others kept
    coba: str = ""  # … and here is counted how many they are
    sebelum: datetime | None = None  # when the last failure on `siapa` was
    penuh: bool = False  # the last attempt that `siapa` had left


def _sisihkan_perangkat(
    request: HttpRequest | None, akun: Akun | None, *, pada: datetime
) -> _Jatah | None:
    """Reserve on the counter of a browser that the account knows, so that strangers cannot lock
    it out. None: it is not known, or has itself failed so often that it is a stranger's."""
    dikenal = perangkat.kunci(request, akun)
    if dikenal is None:
        return None
    batas = throttle.PER_PERANGKAT
    baris = throttle.ambil(dikenal, "perangkat")
    if batas.habis is not None and baris.gagal >= batas.habis:
        return None
    boleh = throttle.boleh(baris, batas, pada=pada)
    throttle.tulis(baris, batas, pada=pada, hitung=boleh)
    return _Jatah(boleh, lupa=(dikenal,))


def _sisihkan_alamat(request: HttpRequest | None, *, pada: datetime) -> tuple[bool, str]:
    """Reserve on the wide counter of the network address: whether it had room, and its key."""
    if request is None:
        return True, ""
    asal = throttle.sidik("alamat", throttle.alamat(request))
    lapang = throttle.sisihkan(asal, throttle.PER_ALAMAT, pada=pada, jenis="alamat")
    return lapang, asal if lapang else ""


@transaction.atomic
def _sisihkan_warga(
    request: HttpRequest | None, akun: Akun | None, nik: str, *, pada: datetime
) -> _Jatah:
    """Reserve an attempt on `nik` for an unknown device: on the NIK, which has a cap, on the
    address, and while many NIKs are being tried, on what all unknown devices share.

    The queries are the same whatever the state of the NIK and whether or not it has an account.
    """
    if dikenal := _sisihkan_perangkat(request, akun, pada=pada):
        return dikenal
    siapa, batas = throttle.sidik("nik", nik), throttle.PER_NIK
    baris = throttle.ambil(siapa, "nik")
    sebelum, disemprot = baris.gagal_pada, throttle.disemprot(pada=pada)
    lapang, asal = _sisihkan_alamat(request, pada=pada)
    # A village behind one address is never locked out by whoever shares it: beyond the limit an
    # existing account still has one first try a day.
    pertama = sebelum is None or sebelum <= pada - throttle.PERCOBAAN_PERTAMA
    boleh = throttle.boleh(baris, batas, pada=pada) and (lapang or (akun is not None and pertama))
    if disemprot:
        bersama = throttle.ambil(throttle.kunci_semprotan(pada=pada), "semprotan")
        dibuka = akun is not None and akun.dibuka_sampai is not None and pada < akun.dibuka_sampai
        ada = throttle.boleh(bersama, throttle.PER_SEMPROTAN, pada=pada)
        hitung = boleh and ada and not dibuka
        throttle.tulis(bersama, throttle.PER_SEMPROTAN, pada=pada, hitung=hitung)
        boleh = boleh and (ada or dibuka)
    throttle.tulis(baris, batas, pada=pada, hitung=boleh)
    coba = perangkat.kunci_coba(request, nik)
    if coba:
        throttle.hitung_sendiri(coba, pada=pada, hitung=boleh)
    penuh = boleh and baris.gagal == batas.habis
    if penuh:
        penjagaan.jaga(nik, pada=pada)
    lupa = perangkat.kunci_akun(request, akun)
    return _Jatah(boleh, (lupa,), asal, siapa, coba, sebelum, penuh)


@transaction.atomic
def _sisihkan_petugas(
    request: HttpRequest | None, akun: Akun | None, nama: str, *, pada: datetime
) -> _Jatah:
    """Reserve an attempt on a staff account: pauses as for residents, but never an end."""
    if dikenal := _sisihkan_perangkat(request, akun, pada=pada):
        return dikenal
    siapa = throttle.sidik("petugas", nama.lower())
    pertama = not throttle.pernah_gagal_sejak(siapa, pada - throttle.PERCOBAAN_PERTAMA)
    pertama = pertama and akun is not None
    boleh = throttle.sisihkan(siapa, throttle.PER_PETUGAS, pada=pada, jenis="petugas")
    lapang, asal = _sisihkan_alamat(request, pada=pada)
    return _Jatah(boleh and (lapang or pertama), (siapa,), asal)


@transaction.atomic
def _berhasil(jatah: _Jatah, akun: Akun, *, pada: datetime) -> None:
    """Give back what was reserved. Failures of others stay: else each login of a resident would
    give strangers their tries back, and whoever owns one account could open a locked address."""
    if jatah.asal:
        throttle.kembalikan(jatah.asal)
    if jatah.siapa:
        sendiri = throttle.jumlah_sendiri(jatah.coba) if jatah.coba else 1
        throttle.kembalikan(jatah.siapa, jumlah=sendiri, gagal_pada=jatah.sebelum)
    throttle.lupakan(*jatah.lupa, jatah.coba)
    if jatah.penuh:
        penjagaan.batal_jaga(akun, pada=pada)


def _bekerja(akun: Akun) -> bool:
    """Neither switched off nor frozen, and of a living person."""
    if not akun.is_active or akun.dibekukan_pada is not None:
        return False
    return akun.penduduk is None or akun.penduduk.status_dasar == Penduduk.HIDUP


# What is needed to judge an attempt, and nothing of the person.
_KOLOM_AKUN = (
    *("id", "password", "penduduk_id", "is_staff", "is_active", "dibekukan_pada"),
    *("dibuka_sampai", "wajib_ganti_pin", "pin_berlaku_sampai"),
)
_KOLOM_PENDUDUK = ("id", "status_dasar")


def _cari(nik: str) -> Akun | None:
    """The account of `nik`. Where there is none, two rows are made up as the database would give
    them: that takes some 20 µs, and who measures ten thousand refusals can see less than that."""
    akun = (
        Akun.objects.select_related("penduduk")
        .only(*_KOLOM_AKUN, *(f"penduduk__{kolom}" for kolom in _KOLOM_PENDUDUK))
        .filter(penduduk__nik=nik)
        .first()
    )
    if akun is None:
        tiruan = Akun.from_db(None, _KOLOM_AKUN, (None,) * len(_KOLOM_AKUN))
        orang = Penduduk.from_db(None, _KOLOM_PENDUDUK, (None,) * len(_KOLOM_PENDUDUK))
        tiruan._state.fields_cache["penduduk"] = orang
    return akun


class NIKBackend(BaseBackend):
    """Residents: NIK and PIN. Grants no permissions."""

    @sensitive_variables()
    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, *, nik: str | None = None, password: str | None = None
    ) -> Akun | None:
        if nik is None or password is None:
            return None
        pada = timezone.now()
        akun = _cari(nik)
        jatah = _sisihkan_warga(request, akun, nik, pada=pada)
        if akun is not None and not (jatah.boleh and _bekerja(akun)):
            akun = None
        if not pin.cocok(akun, password, pada=pada) or akun is None:
            return None
        with transaction.atomic():
            _berhasil(jatah, akun, pada=pada)
            pin.catat_dipakai(akun, pada=pada)
        return akun

    def get_user(self, user_id: int) -> Akun | None:
        akun = Akun.objects.select_related("penduduk").filter(pk=user_id, is_staff=False).first()
        return akun if akun and akun.is_active and akun.dibekukan_pada is None else None


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
        akun = Akun.objects.filter(username=username, is_staff=True).first()
        pada = timezone.now()
        jatah = _sisihkan_petugas(request, akun, username, pada=pada)
        if akun is not None and not (jatah.boleh and _bekerja(akun)):
            akun = None
        if akun is None:
            make_password(password)
            return None
        if not akun.check_password(password):
            return None
        _berhasil(jatah, akun, pada=pada)
        return akun

    def user_can_authenticate(self, user: Akun | AnonymousUser | None) -> bool:
        if not isinstance(user, Akun) or not user.is_staff or user.dibekukan_pada is not None:
            return False
        return super().user_can_authenticate(user)
