"""The village's own facts: one row."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from penduduk import desa as desa_
from penduduk.admin.forms import TercetakForm
from penduduk.halaman import KantorAdmin
from penduduk.models import Desa


class SatuBaris(KantorAdmin):
    """Admin of a table with one row: opens it at once; nothing to add or delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        self.model.objects.get_or_create(pk=1)
        return self.ke("change", 1)


@admin.register(Desa)
class DesaAdmin(SatuBaris):
    form = TercetakForm
    exclude = ("contoh",)

    def save_model(self, request: HttpRequest, obj: Desa, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        desa_.lupakan()
