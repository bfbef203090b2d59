"""The back office: Django's admin under /kelola/, in the village's name."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from layanan import kantor
from penduduk import desa, perangkat


class KelolaSite(admin.AdminSite):
    site_title = "Kelola"
    index_title = "Perlu dikerjakan"
    index_template = "admin/beranda.html"
    enable_nav_sidebar = False  # an old PC at 1280 px needs the room for the queue

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "site_header": f"Kantor {desa.ambil()}"}

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        angka = kantor.ringkasan() if self.has_permission(request) else {}
        return super().index(request, {**(extra_context or {}), **angka})

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """As ever, and the browser is remembered, so that strangers cannot lock it out."""
        jawab = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            perangkat.kenali(request, jawab, request.user, pada=timezone.now())
        return jawab
