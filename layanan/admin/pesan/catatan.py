"""Pesan warga: what residents wrote to the village's number that no command answers."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html

from layanan.models import CatatanWarga
from layanan.percakapan import catatan, kabari
from penduduk.admin.dasar import HanyaBaca
from penduduk.akun import penjagaan
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import subhalaman, tampilkan
from penduduk.identitas import telepon


class DibacaFilter(admin.SimpleListFilter):
    title = "keadaan"
    parameter_name = "dibaca"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("belum", "Belum dibaca"), ("sudah", "Sudah dibaca")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in ("belum", "sudah"):
            return queryset.filter(dibaca_pada__isnull=self.value() == "belum")
        return queryset


@admin.register(CatatanWarga)
class CatatanWargaAdmin(HanyaBaca):
    judul_daftar = "Pesan warga"
    list_display = ("siapa", "isi", "sejak", "keadaan", "langkah")
    list_filter = (DibacaFilter,)
    list_per_page = 50
    list_display_links = ("siapa",)
    sortable_by = ()
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return catatan.daftar()

    @admin.display(description="dari")
    def siapa(self, satu: Any) -> str:
        nama = satu.nama_akun or satu.percakapan.nama_wa or "belum dikenal"
        if satu.banyak_akun > 1:
            nama = f"{nama} dan {satu.banyak_akun - 1} akun lain"
        return f"{nama} ({telepon.samarkan(satu.percakapan.nomor_hp)})"

    @admin.display(description="pesan")
    def isi(self, satu: CatatanWarga) -> str:
        return format_html('<div class="isi-pesan">{}</div>', linebreaksbr(satu.teks))

    @admin.display(description="sejak")
    def sejak(self, satu: CatatanWarga) -> datetime:
        return satu.pertama_pada

    @admin.display(description="keadaan")
    def keadaan(self, satu: CatatanWarga) -> str:
        if satu.dibaca_pada is None:
            return format_html('<span class="lencana lencana-diajukan">{}</span>', "belum dibaca")
        return f"dibaca {satu.dibaca_oleh}"

    @admin.display(description="langkah")
    def langkah(self, satu: CatatanWarga) -> str:
        # The buttons of the list send its own form, which brings the token along.
        tombol = ""
        if satu.dibaca_pada is None:
            tombol = format_html(
                '<button type="submit" class="button" formaction="{}" name="sampai" value="{}">'
                "Sudah dibaca</button> ",
                reverse("admin:layanan_catatanwarga_dibaca", args=[satu.pk]),
                satu.terakhir_pada.isoformat(),
            )
        return format_html(
            '<div class="langkah-pesan">{}<a href="{}" target="_blank" rel="noopener noreferrer">'
            "Balas di WhatsApp</a></div>",
            tombol,
            kabari.tautan_ke(satu.percakapan.nomor_hp),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        satu = self.satu(request, object_id, catatan.daftar())
        nomor = satu.percakapan.nomor_hp
        return tampilkan(
            request,
            "admin/layanan/catatanwarga/rincian.html",
            "Pesan warga",
            satu=satu,
            nomor_hp=telepon.tampil(nomor),
            akun=penjagaan.bernomor(nomor),
            balas=kabari.tautan_ke(nomor),
        )

    @subhalaman("<int:pk>/dibaca/", metode="POST")
    def dibaca(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        satu = self.satu(request, pk, catatan.daftar())
        try:
            sampai = parse_datetime(request.POST.get("sampai", ""))
        except ValueError:
            sampai = None
        sekarang = timezone.now()
        if sampai and catatan.baca(satu, sampai=sampai, oleh=request.user, pada=sekarang):
            messages.success(request, "Ditandai sudah dibaca.")
        else:
            messages.warning(request, "Warga baru saja menulis lagi. Baca dulu tambahannya.")
        return self.ke("changelist")
