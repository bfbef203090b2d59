"""The archive of past years in the back office: load from Excel, look at what was understood, keep;
then search."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from penduduk.admin.dasar import HanyaBaca
from penduduk.akun.pintu import menerima_berkas, pelaku
from penduduk.halaman import jaga, subhalaman, tampilkan
from penduduk.impor.berkas import BerkasTidakTerbaca
from surat.admin.halaman_buku import RakBuku
from surat.buku import arsip
from surat.models import ArsipSurat

IZIN = "surat.add_arsipsurat"
MB = 1024 * 1024
UKURAN_MAKS = 10 * MB
_CONTOH = 20
_TEMPLAT = "admin/surat/arsipsurat"


class MuatForm(forms.Form):
    berkas = forms.FileField(
        label="Buku register lama (.xlsx)",
        error_messages={"required": "Pilih berkasnya dulu.", "empty": "Berkas ini kosong."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm"}),
    )


@admin.register(ArsipSurat)
class ArsipSuratAdmin(RakBuku, HanyaBaca):
    """What former registers say; only whole files come in or go."""

    judul_daftar = "Arsip surat lama"
    list_display = ("nomor", "tertulis", "perihal", "nama", "keterangan")
    search_fields = tuple(f"{kolom}__memuat" for kolom in ArsipSurat._meta.indexes[0].fields)
    search_help_text = "Nomor, tanggal seperti tertulis, perihal, nama, atau keterangan."
    date_hierarchy = "tanggal"
    ordering = (F("tanggal").desc(nulls_last=True), "-pk")
    list_per_page = 50
    fields = (*list_display, "bersama", "baris", "dimuat_pada", "dimuat_oleh")
    readonly_fields = ("bersama",)
    change_list_template = f"{_TEMPLAT}/daftar.html"

    def judul_tab(self) -> str:
        return "Surat lama"  # after the books

    @admin.display(description="tanggal", ordering="tanggal")
    def tertulis(self, satu: ArsipSurat) -> str:
        return satu.tanggal_tertulis or "—"

    @admin.display(description="dimuat bersama")
    def bersama(self, satu: ArsipSurat) -> str:
        return format_html('<a href="{}">Seluruh muatan</a>', self.alamat("muatan", satu.muatan))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArsipSurat]:
        return super().get_queryset(request).filter(sah=True)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        lain = {"tab": self.tab(request), "boleh_muat": request.user.has_perm(IZIN)}
        return super().changelist_view(request, {**lain, **(extra_context or {})})

    @menerima_berkas(UKURAN_MAKS + MB // 16)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        jaga(request, IZIN)
        form = MuatForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            isi = form.cleaned_data["berkas"].file
            try:
                terbaca = arsip.baca(isi, oleh=pelaku(request), pada=timezone.now())
            except BerkasTidakTerbaca as galat:
                form.add_error("berkas", str(galat))
            else:
                return self._uji(request, terbaca.muatan, terbaca)
        return tampilkan(request, f"{_TEMPLAT}/muat.html", "Muat arsip surat lama", form=form)

    @subhalaman("muatan/<uuid:muatan>/", izin=IZIN, metode="GET POST")
    def muatan(self, request: HttpRequest, muatan: uuid.UUID) -> HttpResponse:
        semua = ArsipSurat.objects.filter(muatan=muatan)
        satu = semua.first()
        if satu is None:
            raise Http404
        aksi = request.POST.get("aksi")
        if aksi not in ("simpan", "buang"):
            return self._uji(request, muatan)
        if aksi == "simpan":
            kata = f"{arsip.sahkan(muatan)} baris masuk arsip."
        elif request.POST.get("yakin") != "ya":
            return tampilkan(request, f"{_TEMPLAT}/buang.html", "Buang?", satu=satu, n=semua.count)
        else:
            kata = f"{semua.delete()[0]} baris dibuang."
        LogEntry.objects.log_actions(pelaku(request).pk, [satu], CHANGE, kata)
        messages.success(request, kata)
        return self.ke("changelist")

    def _uji(
        self, request: HttpRequest, muatan: uuid.UUID, terbaca: arsip.Terbaca | None = None
    ) -> HttpResponse:
        """What was understood; `terbaca`: what only the file itself could say."""
        semua = ArsipSurat.objects.filter(muatan=muatan).order_by("pk")
        return tampilkan(
            request,
            f"{_TEMPLAT}/uji.html",
            "Periksa arsip yang dimuat",
            alamat=self.alamat("muatan", muatan),
            terbaca=terbaca,
            jumlah=semua.count(),
            sah=semua.filter(sah=True).exists(),
            tahun=semua.order_by("tanggal__year")
            .values_list("tanggal__year")
            .annotate(Count("pk")),
            aneh=semua.filter(tanggal__isnull=True)[:_CONTOH],
            contoh=semua[:_CONTOH],
        )
