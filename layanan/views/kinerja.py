"""Kinerja: for everybody, how the office has served in the last twelve months."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from layanan.laporan import publik

_DIINGAT = 900  # seconds; anybody may ask


@require_safe
def kinerja(request: HttpRequest) -> HttpResponse:
    isi = cache.get_or_set("kinerja", lambda: publik.susun(pada=timezone.now()), _DIINGAT)
    return render(request, "layanan/kinerja.html", {"isi": isi, "sedikit": publik.SEDIKIT})
