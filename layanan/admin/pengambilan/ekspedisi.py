"""Buku Ekspedisi in the back office: to read and to print; a hand-over is recorded by the flow."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from layanan.models import Penyerahan
from layanan.permohonan import ekspedisi
from surat.admin.halaman_buku import BukuAdmin


@admin.register(Penyerahan)
class PenyerahanAdmin(BukuAdmin):
    buku = ekspedisi.BUKU
    templat_tabel = "admin/layanan/penyerahan/_tabel.html"
    fields = ("permohonan", "penerima", "nama", "cara", "oleh", "pada")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
