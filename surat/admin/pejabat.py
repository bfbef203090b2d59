"""Officials and their mandates to sign, in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import DateField
from django.http import HttpRequest

from penduduk.admin.forms import TercetakForm
from penduduk.forms import TanggalField
from surat.models import Mandat, Pejabat


class MandatInline(admin.TabularInline):
    model = Mandat
    extra = 0
    formfield_overrides = {DateField: {"form_class": TanggalField}}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **lain: Any) -> Any:
        """Names each box: the heads of a table's columns name none."""
        bidang = super().formfield_for_dbfield(db_field, request, **lain)
        if bidang:
            bidang.widget.attrs["aria-label"] = str(db_field.verbose_name)
        return bidang

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # letters refer to it; end it by its date


@admin.register(Pejabat)
class PejabatAdmin(admin.ModelAdmin):
    form = TercetakForm
    list_display = ("nama", "jabatan", "akun", "mengantar", "aktif")
    list_select_related = ("akun",)
    inlines = (MandatInline,)
    ordering = ("nama",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
