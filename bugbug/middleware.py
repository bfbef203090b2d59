"""Response headers that Django and django-csp do not set; a way on where there is no page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from bugbug import views
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
        halaman = views.galat_405(request)
        halaman.headers["Allow"] = response.headers["Allow"]
        return halaman

    return middleware
