"""The door: the order of a login, guards of the residents' pages, and what a request is once a
guard has let it in."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from penduduk.akun import perangkat, sesi
from penduduk.models import Akun

_P = ParamSpec("_P")
_View = TypeVar("_View", bound=Callable[..., Any])
_DITAHAN = "faktor_ditahan"  # in the session: the password was right, the code is still to come
_MASA = timedelta(minutes=5)


class AuthenticatedRequest(HttpRequest):
    """The type of a request behind a guard: `warga`, login_required or the back office's own.

    Nothing makes one; Django's request already is what this says.
    """

    user: Akun


def pelaku(request: HttpRequest) -> Akun:
    """Whose request it is, where Django fixes the signature and so leaves the guard unsaid.

    Raises PermissionDenied for a stranger.
    """
    if not isinstance(request.user, Akun):
        raise PermissionDenied
    return request.user


def masuk(request: HttpRequest, *, nik: str, pin: str, pada: datetime) -> Akun | None:
    """Try a resident's NIK and PIN; who has come in, None for every kind of no.

    Whatever the outcome, give the answer to `perangkat.titip`, so that the browser keeps the token
    under which its own mistakes are counted.
    """
    perangkat.siapkan(request)
    usai: list[Callable[[], None]] = []
    akun = authenticate(request, nik=nik, password=pin, usai=usai)
    if not isinstance(akun, Akun):
        return None
    with transaction.atomic():  # one commit to disk instead of seven
        for selesai in usai:
            selesai()
        perangkat.lupakan_gagal(request, nik)
        login(request, akun)
        sesudah_masuk(request, akun, pada=pada)
    return akun


def sesudah_masuk(request: HttpRequest, akun: Akun, *, pada: datetime) -> None:
    """What follows a login, a resident's or an officer's: the session says where and since when,
    and this browser is known, so that strangers cannot lock it out."""
    sesi.tandai(request, pada=pada)
    perangkat.kenali(request, akun, pada=pada)


def tahan(request: HttpRequest, akun: Akun, *, pada: datetime) -> None:
    """The password is right; nobody is logged in before the code is."""
    sidik = akun.get_session_auth_hash()
    request.session[_DITAHAN] = {"akun": akun.pk, "sandi": sidik, "pada": pada.isoformat()}


def lepas_tahan(request: HttpRequest) -> None:
    request.session.pop(_DITAHAN, None)


def ditahan(request: HttpRequest, *, pada: datetime) -> Akun | None:
    """Who has shown the password here, a few minutes ago at most."""
    isi = request.session.get(_DITAHAN)
    if not isi or datetime.fromisoformat(isi["pada"]) < pada - _MASA:
        return None
    akun = Akun.objects.filter(
        pk=isi["akun"], is_staff=True, is_active=True, dibekukan_pada=None
    ).first()
    return akun if akun is not None and akun.get_session_auth_hash() == isi["sandi"] else None


def menerima_berkas(maks: int, *, umum: bool = False) -> Callable[[_View], _View]:
    """The address of this view takes files, a body of at most `maks` bytes; `umum`: also from
    browsers that have never logged in. No other address takes any (bugbug.kiriman)."""

    def tandai(view: _View) -> _View:
        view.kiriman_maks, view.kiriman_umum = maks, umum  # type: ignore[attr-defined]
        return view

    return tandai


def warga(
    view: Callable[Concatenate[AuthenticatedRequest, _P], HttpResponseBase],
) -> Callable[Concatenate[AuthenticatedRequest, _P], HttpResponseBase]:
    """Only residents; staff are sent to their own rooms, strangers to the login page."""

    @login_required
    @functools.wraps(view)
    def dijaga(
        request: AuthenticatedRequest, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> HttpResponseBase:
        if request.user.penduduk_id is None:
            return redirect("admin:index")
        return view(request, *args, **kwargs)

    return dijaga
