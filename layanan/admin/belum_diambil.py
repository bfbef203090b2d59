"""Belum diambil: letters that have waited for more than 14 days, to be read out to the kelian or
printed for them, one sheet per banjar dinas."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from layanan.kabar import pengingat
from penduduk import telepon
from penduduk.akun.pintu import AuthenticatedRequest


@require_GET
def halaman(request: AuthenticatedRequest) -> HttpResponse:
    if not request.user.has_perm("layanan.proses_permohonan"):
        raise PermissionDenied
    sekarang = timezone.now()
    kelompok = pengingat.daftar(pada=sekarang)
    konteks = {
        **admin.site.each_context(request),
        "title": "Belum diambil",
        "kelompok": [
            (satu, telepon.tampil(satu.banjar.nomor_hp_kelian) if satu.banjar else "")
            for satu in kelompok
        ],
        "jumlah": sum(len(satu.baris) for satu in kelompok),
        "per_tanggal": sekarang,
    }
    return TemplateResponse(request, "admin/layanan/belum_diambil.html", konteks)
