"""Officials and their mandates to sign, in the back office."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import DateField, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from penduduk.admin.forms import TercetakForm
from penduduk.akun.pintu import pelaku
from penduduk.forms import TanggalField
from surat import pengukuhan
from surat.models import Mandat, Pejabat


class MandatInline(admin.TabularInline):
    model = Mandat
    extra = 0
    readonly_fields = ("pemegang",)

    @admin.display(description="ditandatangani oleh")
    def pemegang(self, mandat: Mandat) -> str:
        """Who signs under it, and what waits."""
        semua = list(mandat.pengukuhan.all())
        kata = [str(satu.akun) for satu in semua if satu.berlaku] or ["belum ada"]
        kata += [f"menunggu pengukuhan: {x.akun}" for x in semua if x.dijawab_pada is None]
        return "; ".join(kata)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mandat]:
        return super().get_queryset(request).prefetch_related("pengukuhan__akun")

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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Whoever is to sign, or to sign for longer, has that confirmed by another person first."""
        super().save_related(request, form, formsets, change)
        semua = pengukuhan.usulkan(form.instance, oleh=pelaku(request), pada=timezone.now())
        for satu in semua:
            messages.warning(request, pengukuhan.kata_menunggu(satu))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
