"""What holds for every page: headers that others do not set, clean text in what is sent, a way on
where there is no page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from bugbug import views
from penduduk import teks
from penduduk.ketikan import jalan

_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add Permissions-Policy and CORP; keep pages of logged-in people out of shared caches.

    A file input with `capture` opens the phone's camera app, not getUserMedia, so the camera
    permission of the page itself can stay closed.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


class TeksBersih:
    """Every text that a browser sends is cleaned before any view sees it, so that no form can
    forget to; who sent it is told when something went that they could see.

    Behind the check of the CSRF token. A view without that check (a webhook) has a check of its own
    over the body as it came, and cleans it afterwards: layanan.views.webhook.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        if getattr(view, "csrf_exempt", False):
            return
        request.GET, _ = teks.isian(request.GET)
        if request.method != "POST":
            return
        request.POST, dibuang = teks.isian(request.POST)
        for berkas in (satu for _, semua in request.FILES.lists() for satu in semua):
            berkas.name = teks.sebaris(berkas.name) or berkas.name
        if kalimat := teks.kalimat(dibuang):
            messages.warning(request, kalimat)


def selalu_ada_jalan(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """No person meets a bare 405: whoever opens an address that only takes forms (by Back, by the
    way back after a login) is led to the nearest page above it. Twilio keeps its 405."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != 405 or request.path.startswith("/webhook/"):
            return response
        if request.method == "GET":
            return redirect(jalan.halaman_terdekat(request.path))
        halaman = views.galat(request, 405)
        halaman.headers["Allow"] = response.headers["Allow"]
        return halaman

    return middleware
