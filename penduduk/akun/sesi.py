"""Sessions in the database that know whose they are (SESSION_ENGINE), and that slide.

Pattern of the Django manual, "Extending database-backed session engines". A session lasts while
somebody works, and no longer than a working day. The cookie outlives it (SESSION_COOKIE_AGE), so
that whoever comes back can be told why there is a login page.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DBStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from penduduk.akun import perangkat, throttle
from penduduk.models import Akun, Sesi

# Keys of the session's data, set at login: kind of browser in words, moment in ISO format.
PERANGKAT = "perangkat"
ALAMAT = "alamat"
MASUK_PADA = "masuk_pada"

_dimuat: ContextVar[Any] = ContextVar("sesi", default=None)
_View = TypeVar("_View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Umur:
    diam: timedelta  # without any work
    semua: timedelta  # since the login, however busy


WARGA = Umur(diam=timedelta(hours=2), semua=timedelta(hours=12))
PETUGAS = Umur(diam=timedelta(minutes=30), semua=timedelta(hours=10))
PERINGATAN = timedelta(minutes=3)  # before the end, on the pages of the office
JEDA_TULIS = timedelta(minutes=1)  # a session is prolonged at most so often


class SessionStore(DBStore):
    akun: Akun | None = None  # whose session this request came with, and its resident
    berakhir_pada: datetime | None = None  # of the session that this request came with
    sisa_detik: int | None = None  # until then, when the page was asked for
    peringatan = int(PERINGATAN.total_seconds())

    @classmethod
    def get_model_class(cls) -> type[Sesi]:
        return Sesi

    def _get_session_from_db(self) -> Sesi | None:
        """As Django's own, but with the account: one query a page less."""
        semua = Sesi.objects.select_related("akun__penduduk")
        sesi = semua.filter(pk=self.session_key, expire_date__gt=timezone.now()).first()
        self.akun, self.berakhir_pada = (sesi.akun, sesi.expire_date) if sesi else (None, None)
        self._session_key = self._session_key if sesi else None
        return sesi

    def cycle_key(self) -> None:
        """Another key; its row is written once, at the end, with all that a login puts into it."""
        self._session_cache = self._get_session()  # type: ignore[attr-defined]  # not in stubs
        self.delete()
        self._session_key, self.modified = None, True

    def create_model_instance(self, data: dict[str, Any]) -> Sesi:
        sesi = cast(Sesi, super().create_model_instance(data))
        try:
            sesi.akun_id = int(data[SESSION_KEY])
        except (KeyError, ValueError):
            sesi.akun_id = None
        sesi.perangkat = str(data.get(PERANGKAT, ""))[:60]
        sesi.alamat = str(data.get(ALAMAT, ""))
        sesi.masuk_pada = _masuk_pada(data)
        # What Django has put there is now + the age of the cookie.
        kini = sesi.expire_date - timedelta(seconds=self.get_expiry_age())
        sesi.expire_date = self.berakhir_pada = _sampai(data, pada=kini)
        return sesi


def _masuk_pada(data: Any) -> datetime | None:
    pada = data.get(MASUK_PADA)
    return datetime.fromisoformat(pada) if pada else None


def _sampai(data: Any, *, pada: datetime) -> datetime:
    """When a session ends in which somebody does something at `pada`."""
    petugas = str(data.get(BACKEND_SESSION_KEY, "")).endswith(".PetugasBackend")
    umur = PETUGAS if petugas else WARGA
    return min(pada + umur.diam, (_masuk_pada(data) or pada) + umur.semua)


def pengguna(request: HttpRequest) -> Akun | AnonymousUser:
    """Who asks, as Django judges it; the backends may take the account from the session's row."""
    tanda = _dimuat.set(request.session)
    try:
        return get_user(request)
    finally:
        _dimuat.reset(tanda)


def akun(pk: int) -> Akun | None:
    """The account `pk` and its resident: as it came with the session that is being judged."""
    ini = getattr(_dimuat.get(), "akun", None)
    semua = Akun.objects.select_related("penduduk")
    return ini if ini is not None and ini.pk == pk else semua.filter(pk=pk).first()


def bukan_kerja(view: _View) -> _View:
    """Mark a view that scripts ask by themselves: a GET there keeps no session alive."""
    view.bukan_kerja = True  # type: ignore[attr-defined]
    return view


def perpanjang(request: HttpRequest, *, pada: datetime) -> None:
    """Somebody works in this session: it ends later, but written down at most once a minute."""
    store = cast(SessionStore, request.session)
    if store.berakhir_pada is None:
        return
    sampai = _sampai(store, pada=pada)
    if sampai - store.berakhir_pada >= JEDA_TULIS:
        Sesi.objects.filter(pk=store.session_key).update(expire_date=sampai)
        store.berakhir_pada = sampai
    store.sisa_detik = int((store.berakhir_pada - pada).total_seconds())


def tandai(request: HttpRequest, *, pada: datetime) -> None:
    """After a login: note in the session on what kind of browser and since when."""
    request.session[PERANGKAT] = perangkat.sebut(request.headers.get("User-Agent", ""))
    request.session[MASUK_PADA] = pada.isoformat()
    if isinstance(request.user, Akun) and request.user.is_staff:
        request.session[ALAMAT] = _pendek(throttle.alamat(request))


def _pendek(alamat: str) -> str:
    """Enough of a network address to tell the office from elsewhere, too little to follow anybody:
    half of an IPv4, a quarter of an IPv6."""
    tanda = ":" if ":" in alamat else "."
    awal = alamat.split(tanda)[:2]
    return f"{tanda.join(awal)}{tanda}…"[:20] if len(awal) == 2 else ""


def milik(akun: Akun, *, pada: datetime) -> QuerySet[Sesi]:
    """Browsers in which `akun` is logged in, the latest first."""
    return Sesi.objects.filter(akun=akun, expire_date__gt=pada).order_by("-masuk_pada", "pk")


def daftar(akun: Akun, kunci: str | None, *, pada: datetime) -> list[dict[str, Any]]:
    """The same as a page of their owner shows them; `kunci`: of the one in hand."""
    diam = (PETUGAS if akun.is_staff else WARGA).diam
    return [
        {
            **{nama: getattr(satu, nama) for nama in ("perangkat", "alamat", "masuk_pada")},
            "terakhir_pada": max(satu.expire_date - diam, satu.masuk_pada or pada),
            "pegangan": pegangan(satu),
            "ini": satu.pk == kunci,
        }
        for satu in milik(akun, pada=pada)
    ]


def pegangan(sesi: Sesi) -> str:
    """What stands for a session on a page: its key would let whoever reads it take it over."""
    return throttle.sidik("sesi", sesi.pk)[:16]


def akhiri(akun: Akun, *, kecuali: str | None = None) -> int:
    """End the sessions of `akun`, but for the one with the key `kecuali`; returns how many."""
    return Sesi.objects.filter(akun=akun).exclude(pk=kecuali or "").delete()[0]
