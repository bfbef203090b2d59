"""Issued letters, in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from surat.models import Surat


@admin.register(Surat)
class SuratAdmin(admin.ModelAdmin):
    """The register of letters: to read, never to write."""

    list_display = ("nomor", "jenis", "subjek", "tanggal", "batal_pada")
    list_select_related = ("jenis", "subjek")
    list_filter = ("jenis",)
    search_fields = ("nomor", "subjek__nama", "kode_cek")
    date_hierarchy = "tanggal"
    ordering = ("-pk",)
    fields = (
        "nomor",
        "jenis",
        "subjek",
        "tanggal",
        "kode_cek",
        "mandat",
        "berlaku_sampai",
        "diterbitkan_pada",
        "diterbitkan_oleh",
        "batal_pada",
        "batal_oleh",
        "batal_alasan",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
