"""Messages, holidays and traces, in the back office."""

from django.contrib import admin

from layanan.models import HariLibur, JejakLihat, Notifikasi, PesanSimulasi
from penduduk.admin.dasar import HanyaBaca


@admin.register(Notifikasi)
class NotifikasiAdmin(HanyaBaca):
    list_display = ("dibuat_pada", "pesan", "keadaan", "percobaan", "galat")
    list_filter = ("keadaan", "pesan")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "pesan",
        "nomor_hp",
        "keadaan",
        "percobaan",
        "dibuat_pada",
        "dikirim_pada",
        "sid",
        "kode_galat",
        "galat",
    )


@admin.register(PesanSimulasi)
class PesanSimulasiAdmin(HanyaBaca):
    list_display = ("pada", "nomor_hp", "teks")
    search_fields = ("teks", "nomor_hp")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(HariLibur)
class HariLiburAdmin(admin.ModelAdmin):
    list_display = ("tanggal", "nama")
    ordering = ("-tanggal",)


@admin.register(JejakLihat)
class JejakLihatAdmin(HanyaBaca):
    list_display = ("pada", "oleh", "apa", "pemilik")
    list_select_related = ("oleh", "pemilik")
    list_filter = ("apa",)
    ordering = ("-pk",)
    show_full_result_count = False
