"""A resident with a one-time PIN sees nothing but the page that replaces it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

_BEBAS = ("/static/", "/sehat/", "/pin/bukan-saya/")


def wajib_ganti_pin(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        boleh = (reverse("penduduk:ganti_pin"), reverse("penduduk:keluar"))
        if request.path not in boleh and not request.path.startswith(_BEBAS):
            akun = request.user
            if akun.is_authenticated and akun.wajib_ganti_pin:
                return redirect("penduduk:ganti_pin")
        return get_response(request)

    return middleware
