"""What holds for every request of somebody who is logged in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from penduduk.akun import faktor, sesi

_BEBAS = ("/static/", "/sehat/", "/pin/bukan-saya/")
OTOMATIS = "otomatis"  # in the address of a page that loads itself anew


def wajib_ganti_pin(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whoever has a one-time PIN or password sees nothing but the page that replaces it; and who
    needs a second factor, nothing but the page that sets it up."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        akun = request.user
        if request.path.startswith(_BEBAS) or not akun.is_authenticated:
            return get_response(request)
        ganti = "admin:password_change" if akun.is_staff else "penduduk:ganti_pin"
        keluar = "admin:logout" if akun.is_staff else "penduduk:keluar"
        dulu = ganti if akun.wajib_ganti_pin else ""
        if not dulu and akun.is_staff and request.session.get(faktor.WAJIB):
            dulu = "admin:kode_kedua"
        if dulu and request.path not in (reverse(dulu), reverse(keluar)):
            return redirect(dulu)
        return get_response(request)

    return middleware


class SesiBergeser:
    """Who works is not logged out in the midst of it: each request prolongs the session, but not
    what pages ask by themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = SimpleLazyObject(lambda: sesi.pengguna(request))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        sendiri = getattr(view, "bukan_kerja", False) or OTOMATIS in request.GET
        if sendiri and request.method == "GET":
            return
        if request.user.is_authenticated:
            sesi.perpanjang(request, pada=timezone.now())
