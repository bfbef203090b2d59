"""The residents, with the slips on which their first PIN is handed out.

The register is penduduk's; this adds the way to the page of the slips, because that room knows
nothing of slips.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from layanan.minta_pin import slip
from penduduk.admin.register import PendudukAdmin
from penduduk.models import Penduduk


@admin.register(Penduduk)
class PendudukWargaAdmin(PendudukAdmin):
    actions = ("cetak_slip",)
    change_form_template = "admin/layanan/penduduk/change_form.html"
    change_list_template = "admin/layanan/penduduk/change_list.html"

    def has_terbitkan_pin_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("penduduk.terbitkan_pin")

    @admin.action(description="Cetak slip PIN", permissions=["terbitkan_pin"])
    def cetak_slip(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Hand the chosen residents over to the page of the slips."""
        pk = list(queryset.order_by("pk").values_list("pk", flat=True)[: slip.MAKS + 1])
        if len(pk) > slip.MAKS:
            kalimat = f"Pilih paling banyak {slip.MAKS} penduduk, atau cetak slip satu banjar."
            messages.error(request, kalimat)
            return None
        alamat = reverse("admin:layanan_slip_pin")
        return redirect(f"{alamat}?{urlencode({'pk': pk}, doseq=True)}")
