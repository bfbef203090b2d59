"""The register and the accounts, in the back office."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from penduduk import desa as desa_
from penduduk import nik as nik_
from penduduk import pin, telepon
from penduduk.models import Akun, Banjar, Desa, Keluarga, Penduduk


class SatuBaris(admin.ModelAdmin):
    """Admin of a table with one row: opens it at once; nothing to add or delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        self.model.objects.get_or_create(pk=1)
        nama = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(nama, 1)


@admin.register(Desa)
class DesaAdmin(SatuBaris):
    exclude = ("contoh",)

    def save_model(self, request: HttpRequest, obj: Desa, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        desa_.lupakan()


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


class PetugasBuatForm(BaseUserCreationForm):
    class Meta:
        model = Akun
        fields = ("username", "nama")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = True  # the column is empty for residents only

    def save(self, commit: bool = True) -> Akun:
        self.instance.is_staff = True
        return super().save(commit)


class PetugasForm(forms.ModelForm):
    class Meta:
        model = Akun
        fields = ("username", "nama", "nomor_hp", "terima_pemberitahuan", "is_active", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "username" in self.fields:  # it is not, for those who may only look
            self.fields["username"].required = True

    def clean_nomor_hp(self) -> str:
        teks = self.cleaned_data["nomor_hp"]
        if not teks:
            return ""
        try:
            return telepon.rapikan(teks)
        except telepon.NomorTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat


@admin.register(Akun)
class PetugasAdmin(UserAdmin):
    """Staff accounts only; nobody becomes superuser here."""

    form = PetugasForm
    add_form = PetugasBuatForm
    list_display = ("username", "nama", "nomor_hp", "is_active")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "nama")
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "nama", "nomor_hp", "terima_pemberitahuan", "sandi")}),
        ("Wewenang", {"fields": ("is_active", "groups")}),
    )
    readonly_fields = ("sandi",)
    add_fieldsets = ((None, {"fields": ("username", "nama", "password1", "password2")}),)

    @admin.display(description="kata sandi")
    def sandi(self, akun: Akun) -> str:
        return format_html('<a href="{}">Ganti kata sandi</a>', "../password/")

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).filter(is_staff=True, is_superuser=False)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history keeps naming them; switch them off instead
