"""Pesan warga: what residents sent to the village's number and only an operator can answer, with
the whole chat; an operator answers here, and says whose chat it is."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html

from layanan import tasks
from layanan.models import CatatanWarga
from layanan.percakapan import catatan, kabari, siapa
from penduduk.admin.dasar import HanyaBaca
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.halaman import buka_cari, subhalaman, tampilkan
from penduduk.identitas import telepon
from penduduk.models import Akun, Penduduk

CALON_MAKS = 8  # residents that a search for the owner of a chat offers


class DibacaFilter(admin.SimpleListFilter):
    title = "keadaan"
    parameter_name = "dibaca"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("belum", "Belum dibaca"), ("sudah", "Sudah dibaca")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in ("belum", "sudah"):
            return queryset.filter(dibaca_pada__isnull=self.value() == "belum")
        return queryset


def _kunci(teks: str) -> bool:
    return teks.isascii() and teks.isdecimal() and len(teks) < 19


@admin.register(CatatanWarga)
class CatatanWargaAdmin(HanyaBaca):
    judul_daftar = "Pesan warga"
    list_display = ("siapa", "isi", "sejak", "keadaan", "langkah")
    list_filter = (DibacaFilter,)
    list_per_page = 50
    list_display_links = ("siapa",)
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return catatan.daftar()

    @admin.display(description="dari")
    def siapa(self, satu: Any) -> str:
        nama = satu.nama_akun or satu.percakapan.nama_wa or "belum dikenal"
        if satu.banyak_akun > 1:
            nama = f"{nama} dan {satu.banyak_akun - 1} akun lain"
        return f"{nama} ({telepon.samarkan(satu.percakapan.nomor_hp or satu.percakapan.alamat)})"

    @admin.display(description="pesan")
    def isi(self, satu: CatatanWarga) -> str:
        lebih = f"… dan {satu.lebih} pesan lagi; buka percakapannya." if satu.lebih else ""
        teks = "\n".join(filter(None, [satu.teks, lebih]))
        return format_html('<div class="isi-pesan">{}</div>', linebreaksbr(teks))

    @admin.display(description="sejak")
    def sejak(self, satu: CatatanWarga) -> datetime:
        return satu.pertama_pada

    @admin.display(description="keadaan")
    def keadaan(self, satu: CatatanWarga) -> str:
        if satu.dibaca_pada is None:
            return format_html('<span class="lencana lencana-diajukan">{}</span>', "belum dibaca")
        return f"dibaca {satu.dibaca_oleh}" if satu.dibaca_oleh else "tidak perlu dijawab"

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
            '<div class="langkah-pesan">{}<a href="{}">Baca dan jawab</a></div>',
            tombol,
            self.alamat("change", satu.pk),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._halaman(request, self.satu(request, object_id, catatan.daftar()))

    def _halaman(self, request: HttpRequest, satu: CatatanWarga, **lain: Any) -> HttpResponse:
        orang = satu.percakapan
        cari = buka_cari(request, request.GET.get("cari", "")).strip()
        return tampilkan(
            request,
            "admin/layanan/catatanwarga/rincian.html",
            "Pesan warga",
            satu=satu,
            orang=orang,
            nomor_hp=telepon.tampil(orang.nomor_hp or orang.alamat),
            akun=siapa.akun(orang),
            balas=kabari.tautan_ke(orang.nomor_hp),
            utas=catatan.utas(orang),
            sampai=catatan.jendela(orang),
            terbuka=catatan.jendela(orang) > timezone.now(),
            panjang=catatan.JAWABAN_MAKS,
            cari=cari,
            calon=Akun.objects.filter(penduduk__in=Penduduk.objects.cari(cari)).order_by(
                "penduduk__nama", "pk"
            )[:CALON_MAKS]
            if cari
            else [],
            **{"galat": "", "jawaban": "", **lain},
        )

    @subhalaman("<int:pk>/jawab/", metode="POST")
    def jawab(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Answer in the chat; what cannot go out stays in the field."""
        satu = self.satu(request, pk, catatan.daftar())
        teks = request.POST.get("jawaban", "")
        try:
            catatan.jawab(satu.percakapan, teks, oleh=request.user, pada=timezone.now())
        except catatan.TidakDapatDijawab as galat:
            return self._halaman(request, satu, galat=str(galat), jawaban=teks)
        bangunkan(tasks.kirim_pesan)
        messages.success(request, "Jawaban Anda sedang dikirim lewat WhatsApp.")
        return self.ke("change", pk)

    @subhalaman("<int:pk>/sambung/", izin="penduduk.terbitkan_pin", metode="POST")
    def sambung(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Say whose chat this is, or take that back (without `akun`)."""
        satu = self.satu(request, pk, catatan.daftar())
        pilihan = request.POST.get("akun", "")
        if not pilihan:
            siapa.lepaskan(satu.percakapan)
            self.log_change(request, satu, "Sambungan dengan akun dilepas.")
            messages.success(request, "Sambungan dilepas.")
            return self.ke("change", pk)
        semua = Akun.objects.filter(is_staff=False).select_related("penduduk")
        akun = semua.filter(pk=pilihan).first() if _kunci(pilihan) else None
        if akun is not None:
            siapa.sambungkan(satu.percakapan, akun, oleh=request.user, pada=timezone.now())
            self.log_change(request, satu, f"Disambungkan dengan {akun}.")
            messages.success(request, f"Percakapan ini sekarang milik {akun.penduduk}.")
        else:
            messages.error(request, "Akun itu tidak ada. Cari lagi penduduknya.")
        return self.ke("change", pk)

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
