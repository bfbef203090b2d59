"""What holds for every page: headers that others do not set, and clean text in what is sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from penduduk import teks

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
