"""Staff accounts, in the back office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from penduduk.identitas import telepon
from penduduk.models import Akun


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Akun]:
        return super().get_queryset(request).filter(is_staff=True, is_superuser=False)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history keeps naming them; switch them off instead
