"""The register: hamlets, families, residents."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from penduduk import nik as nik_
from penduduk import pin
from penduduk.models import Banjar, Keluarga, Penduduk


@admin.register(Banjar)
class BanjarAdmin(admin.ModelAdmin):
    list_display = ("nama", "kelian", "nomor_hp_kelian")
    search_fields = ("nama",)
    ordering = ("nama",)


class PendudukForm(forms.ModelForm):
    def clean_nik(self) -> str | None:
        """Spaces and dots go; an impossible NIK is refused here, an odd one only warned about."""
        teks = self.cleaned_data["nik"]
        if not teks:
            return None
        if teks == self.initial.get("nik"):
            return teks  # dirty data from before stays as it is
        try:
            return nik_.periksa(teks)
        except nik_.NIKTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat


class AnggotaInline(admin.TabularInline):
    model = Penduduk
    fields = ("nama", "nik", "shdk", "tanggal_lahir", "status_dasar")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Keluarga)
class KeluargaAdmin(admin.ModelAdmin):
    list_display = ("no_kk", "alamat", "banjar")
    list_select_related = ("banjar",)
    list_filter = ("banjar",)
    search_fields = ("no_kk", "anggota__nama")
    inlines = (AnggotaInline,)
    ordering = ("no_kk",)


@admin.register(Penduduk)
class PendudukAdmin(admin.ModelAdmin):
    form = PendudukForm
    list_display = ("nama", "nik", "banjar", "tanggal_lahir", "status_dasar")
    list_select_related = ("keluarga__banjar",)
    list_filter = ("status_dasar", "jenis_kelamin", "keluarga__banjar")
    search_fields = ("nama", "nik")
    autocomplete_fields = ("keluarga",)
    ordering = ("nama", "pk")
    show_full_result_count = False
    change_form_template = "admin/penduduk/penduduk/change_form.html"

    @admin.display(description="banjar dinas")
    def banjar(self, orang: Penduduk) -> str:
        return str(orang.keluarga.banjar or "—") if orang.keluarga else "—"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people die or move away (status dasar); the register keeps them

    def save_model(self, request: HttpRequest, obj: Penduduk, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.nik and nik_.sah(obj.nik):
            for pesan in nik_.peringatan(
                obj.nik, tanggal_lahir=obj.tanggal_lahir, jenis_kelamin=obj.jenis_kelamin
            ):
                messages.warning(request, f"{pesan} Data tetap disimpan; periksa KTP-el.")

    def get_urls(self) -> list:
        terbitkan = path(
            "<int:pk>/terbitkan-pin/",
            self.admin_site.admin_view(require_POST(self.terbitkan_pin)),
            name="penduduk_penduduk_terbitkan_pin",
        )
        return [terbitkan, *super().get_urls()]

    def terbitkan_pin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Issue a one-time PIN at the counter; it is shown this once and kept nowhere."""
        if not request.user.has_perm("penduduk.terbitkan_pin"):
            raise PermissionDenied
        orang = get_object_or_404(Penduduk, pk=pk)
        try:
            baru = pin.terbitkan(orang, pada=timezone.now())
        except pin.TidakBisaMasuk as galat:
            messages.error(request, str(galat))
            return redirect(reverse("admin:penduduk_penduduk_change", args=[pk]))
        self.log_change(request, orang, "Menerbitkan PIN awal.")
        konteks = {
            **self.admin_site.each_context(request),
            "title": f"PIN awal untuk {orang.nama}",
            "orang": orang,
            "pin": baru,
            "masa": int(pin.MASA_PIN_AWAL.total_seconds() // 3600),
        }
        return TemplateResponse(request, "admin/penduduk/pin.html", konteks)
