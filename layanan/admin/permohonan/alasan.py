"""The ready-made reasons, for the village to put in its own words."""

from django.contrib import admin

from layanan.models import AlasanSiap
from penduduk.halaman import KantorAdmin


@admin.register(AlasanSiap)
class AlasanSiapAdmin(KantorAdmin):
    judul_daftar = "Alasan siap pakai"
    list_display = ("teks", "untuk")
    list_filter = ("untuk",)
