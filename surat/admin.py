"""Officials, letter types and issued letters, in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from penduduk import referensi
from penduduk.admin.desa import SatuBaris
from surat import admin_agenda, admin_buku, isian, nomor, templat  # noqa: F401
from surat.models import (
    Isian,
    JenisSurat,
    Mandat,
    Pejabat,
    Surat,
    Syarat,
    TataNaskah,
    Templat,
)


class TataNaskahForm(forms.ModelForm):
    def clean_format_nomor(self) -> str:
        pola = self.cleaned_data["format_nomor"]
        try:
            nomor.periksa_format(pola)
        except nomor.FormatNomorTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat
        return pola


@admin.register(TataNaskah)
class TataNaskahAdmin(SatuBaris):
    form = TataNaskahForm


class MandatInline(admin.TabularInline):
    model = Mandat
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # letters refer to it; end it by its date


@admin.register(Pejabat)
class PejabatAdmin(admin.ModelAdmin):
    list_display = ("nama", "jabatan", "akun", "mengantar", "aktif")
    list_select_related = ("akun",)
    inlines = (MandatInline,)
    ordering = ("nama",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class IsianForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tipe = [*isian.nama_tipe(), *(f"ref:{t}" for t in referensi.nama_tabel())]
        self.fields["tipe"] = forms.ChoiceField(choices=[(t, t) for t in tipe])

    def clean_kunci(self) -> str:
        kunci = self.cleaned_data["kunci"]
        try:
            isian.periksa_kunci(kunci)
        except isian.KunciTidakSah as galat:
            raise forms.ValidationError(str(galat)) from galat
        return kunci


class IsianInline(admin.TabularInline):
    model = Isian
    form = IsianForm
    extra = 0


class SyaratInline(admin.TabularInline):
    model = Syarat
    extra = 0


@admin.register(JenisSurat)
class JenisSuratAdmin(admin.ModelAdmin):
    list_display = ("nama", "klasifikasi", "layanan_mandiri", "janji_hari", "urutan")
    list_editable = ("layanan_mandiri", "urutan")
    search_fields = ("nama", "tujuan")
    inlines = (IsianInline, SyaratInline)
    ordering = ("urutan", "nama")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TemplatForm(forms.ModelForm):
    """A new version; wrong placeholders are refused here, not at printing."""

    class Meta:
        model = Templat
        fields = ("jenis", "pembuka", "isi", "penutup")

    def clean(self) -> dict:
        data = super().clean()
        if data.get("jenis"):
            kunci = list(data["jenis"].bidang.values_list("kunci", flat=True))
            for bagian in ("pembuka", "isi", "penutup"):
                try:
                    templat.periksa(data.get(bagian, ""), kunci)
                except templat.TemplatTidakSah as galat:
                    self.add_error(bagian, str(galat))
        return data


@admin.register(Templat)
class TemplatAdmin(admin.ModelAdmin):
    form = TemplatForm
    list_display = ("jenis", "versi", "dibuat_pada", "dibuat_oleh")
    list_select_related = ("jenis", "dibuat_oleh")
    list_filter = ("jenis",)
    ordering = ("jenis__urutan", "-versi")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Templat, form: Any, change: bool) -> None:
        terakhir = Templat.objects.filter(jenis=obj.jenis).order_by("-versi").first()
        obj.versi = terakhir.versi + 1 if terakhir else 1
        obj.dibuat_oleh = request.user
        super().save_model(request, obj, form, change)


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
