"""The only places where a PIN or a staff password is checked.

Both backends answer None for every kind of failure: unknown, wrong, expired, locked. Each attempt
costs one hash whatever the reason, so neither words nor time tell a stranger anything.
The keyword is `password`, also for a PIN: Django masks it in the `user_login_failed` signal.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from penduduk.akun import kode_masuk, penjagaan, perangkat, pin, sesi, throttle
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


def _asal(request: HttpRequest, *, berkode: bool = False) -> str:
    """Key of the network address; one of its own for codes, which a flood must not close, too."""
    return throttle.sidik("alamat-kode" if berkode else "alamat", throttle.alamat(request))


def _sisihkan_alamat(
    request: HttpRequest | None, *, pada: datetime, berkode: bool = False
) -> tuple[bool, str]:
    """Reserve on the wide counter of the network address: whether it had room, and its key."""
    if request is None:
        return True, ""
    asal = _asal(request, berkode=berkode)
    lapang = throttle.sisihkan(asal, throttle.PER_ALAMAT, pada=pada, jenis="alamat")
    return lapang, asal if lapang else ""


def alamat_ditahan(
    request: HttpRequest | None, *, pada: datetime, berkode: bool = False
) -> datetime | None:
    """Until when the address has no room, without reserving or writing: refusing must be cheap."""
    if request is None:
        return None
    return throttle.ditahan_sampai(_asal(request, berkode=berkode), pada=pada)


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
    lapang, asal = _sisihkan_alamat(request, pada=pada)
    siapa, batas = _kunci_petugas(nama), throttle.PER_PETUGAS
    if not lapang:
        return _Jatah(False, (siapa,))
    baris = throttle.ambil(siapa, "petugas")
    boleh = throttle.boleh(baris, batas, pada=pada)
    throttle.tulis(baris, batas, pada=pada, hitung=boleh)
    if boleh and baris.terkunci_sampai is not None and baris.terkunci_sampai > pada:
        penjagaan.jaga_petugas(nama, pada=pada)
    return _Jatah(boleh, (siapa,), asal)


def _kunci_petugas(nama: str) -> str:
    return throttle.sidik("petugas", nama.lower())


@transaction.atomic(savepoint=False)
def _berhasil(jatah: _Jatah, akun: Akun, *, pada: datetime) -> None:
    """Give back what was reserved. Failures of others stay: else each login of a resident would
    give strangers their tries back, and whoever owns one account could open a locked address."""
    # First the account's row, then the address, as they were reserved: two never wait crosswise.
    if jatah.siapa:
        sendiri = throttle.jumlah_sendiri(jatah.coba) if jatah.coba else 1
        throttle.kembalikan(jatah.siapa, jumlah=sendiri, gagal_pada=jatah.sebelum)
    if jatah.asal:
        throttle.kembalikan(jatah.asal)
    throttle.lupakan(*jatah.lupa, jatah.coba)
    if akun.is_staff and _kunci_petugas(akun.username or "") in jatah.lupa:
        penjagaan.usai_jaga(akun)
    if jatah.penuh:
        penjagaan.batal_jaga(akun, pada=pada)
    pin.catat_dipakai(akun, pada=pada)


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
        self,
        request: HttpRequest | None,
        *,
        nik: str | None = None,
        password: str | None = None,
        usai: list[Callable[[], None]] | None = None,
    ) -> Akun | None:
        """`usai`: takes what a success does to the counters, for the transaction of the login."""
        if nik is None or password is None:
            return None
        pada = timezone.now()
        akun = _cari(nik)
        jatah = _sisihkan_warga(request, akun, nik, pada=pada)
        if akun is not None and not (jatah.boleh and _bekerja(akun)):
            akun = None
        if not pin.cocok(akun, password, pada=pada) or akun is None:
            return None
        if usai is None:
            _berhasil(jatah, akun, pada=pada)
        else:
            usai.append(functools.partial(_berhasil, jatah, akun, pada=pada))
        return akun

    def get_user(self, user_id: int) -> Akun | None:
        akun = sesi.akun(user_id)
        boleh = akun and not akun.is_staff and akun.is_active and akun.dibekukan_pada is None
        return akun if boleh else None


def _sandi_cocok(akun: Akun | None, sandi: str) -> bool:
    """Whether `sandi` is the password of the member of staff `akun`.

    Older hashes cost more than those of today. So each attempt costs one hash of every kind that is
    in use, whoever is asked for: none stands out, be it unknown or not yet hashed anew.
    """
    semua = Akun.objects.filter(is_staff=True).values_list("password", flat=True)
    contoh = {_cara(satu): satu for satu in semua if is_password_usable(satu)}
    contoh.pop(_cara(akun.password) if akun else "", None)
    for lain in contoh.values():
        check_password(sandi, lain)
    if akun is not None:
        return akun.check_password(sandi)
    if not contoh:
        make_password(sandi)
    return False


def _cari_petugas(nama: str) -> Akun | None:
    """The account of `nama`, if it may be used at all."""
    akun = Akun.objects.filter(username=nama, is_staff=True).first()
    return akun if akun is not None and _bekerja(akun) else None


def _cara(sandi: str) -> str:
    """Algorithm and cost of a stored hash, without salt and digest."""
    return sandi.rsplit("$", 2)[0]


class PetugasBackend(ModelBackend):
    """Staff: username and password, throttled by the same counters as the PINs."""

    @sensitive_variables()
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        token: str = "",
        **lain: object,
    ) -> Akun | None:
        """`token`: a code of akun.kode_masuk, where the counters refuse; Django masks the name."""
        if username is None or password is None:
            return None
        pada = timezone.now()
        akun = _cari_petugas(username)
        # Refused for the address: that says nothing about the name, and need not cost a hash.
        if token:
            if alamat_ditahan(request, pada=pada, berkode=True):
                return None
            return _dengan_kode(request, akun, password, token, pada=pada)
        if perangkat.kunci(request, akun) is None and alamat_ditahan(request, pada=pada):
            return None
        jatah = _sisihkan_petugas(request, akun, username, pada=pada)
        if not jatah.boleh:
            akun = None
        if not _sandi_cocok(akun, password) or akun is None:
            return None
        _berhasil(jatah, akun, pada=pada)
        return akun

    def get_user(self, user_id: int) -> Akun | None:
        akun = sesi.akun(user_id)
        return akun if self.user_can_authenticate(akun) else None

    def user_can_authenticate(self, user: Akun | AnonymousUser | None) -> bool:
        if not isinstance(user, Akun) or not user.is_staff or user.dibekukan_pada is not None:
            return False
        return super().user_can_authenticate(user)


def _dengan_kode(
    request: HttpRequest | None, akun: Akun | None, sandi: str, token: str, *, pada: datetime
) -> Akun | None:
    """Password and code instead of the counters. Both are computed, whatever the first one says."""
    benar = _sandi_cocok(akun, sandi)
    with transaction.atomic():
        lapang, asal = _sisihkan_alamat(request, pada=pada, berkode=True)
        baris = kode_masuk.sisihkan(akun if benar and lapang else None, pada=pada)
    if not kode_masuk.cocok(baris, token) or akun is None:
        return None
    _berhasil(_Jatah(True, (_kunci_petugas(akun.username or ""),), asal), akun, pada=pada)
    return akun


@sensitive_variables()
def minta_kode(request: HttpRequest, *, nama: str, sandi: str, pada: datetime) -> None:
    """A member of staff asks for a code by WhatsApp. Only who knows the password gets one, so that
    strangers can neither send messages nor use up those of a day; the answer is the same."""
    if alamat_ditahan(request, pada=pada, berkode=True):
        return
    akun = _cari_petugas(nama)
    benar = _sandi_cocok(akun, sandi)
    with transaction.atomic():
        _sisihkan_alamat(request, pada=pada, berkode=True)
        kode_masuk.minta(akun if benar else None, pada=pada)
