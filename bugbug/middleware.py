"""What holds for every page: a code in the log, headers that others do not set, clean text in what
is sent, a way on where there is no page."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from bugbug import log as log_
from bugbug import views
from penduduk import teks
from penduduk.ketikan import jalan

log = logging.getLogger("bugbug.akses")

_TERLEWAT = (
    "Fotonya belum tersimpan: server sedang terganggu. Isian Anda yang lain tetap diterima; "
    "unggah fotonya lagi sebentar lagi."
)
_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def tercatat(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The first of all: each request has a code, which is answered, stands in each line of the log
    and on the page that says that something broke. One line tells of its end, by its route: an
    address may hold a code that opens something."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        mulai = time.monotonic()
        dari_proksi = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        with log_.permintaan(request, dari_proksi) as kode:
            response = get_response(request)
            response.headers["X-Request-ID"] = kode
            cocok, metode = request.resolver_match, request.method
            lama = round((time.monotonic() - mulai) * 1000)
            rute = cocok.route if cocok else "?"
            log.info("%s /%s %d %d ms", metode, rute, response.status_code, lama)
        return response

    return middleware


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
        if getattr(request, "berkas_terlewat", False):
            messages.error(request, _TERLEWAT)
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
