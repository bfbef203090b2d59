"""Issued letters in the back office: to find, to read, to check; never to write.

What concerns requests (withdraw, correct, who asked) is added by layanan.admin.koreksi, because
this room knows nothing of requests.
"""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from penduduk.admin.dasar import HanyaBaca
from penduduk.halaman import subhalaman, tampilkan
from surat.buku import agenda
from surat.models import BukuNomor, Cetakan, Surat
from surat.naskah import polos
from surat.terbit import keadaan, kode_cek, pemeriksaan, pencetakan


class KeadaanFilter(admin.SimpleListFilter):
    title = parameter_name = "keadaan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return keadaan.Kode.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Surat]) -> QuerySet[Surat]:
        kode = self.value()
        if not kode:
            return queryset
        return keadaan.saring(queryset, kode, hari=timezone.localdate())


class TahunFilter(admin.SimpleListFilter):
    title = parameter_name = "tahun"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tahun = BukuNomor.objects.filter(terakhir__gt=F("mulai_sesudah")).order_by("-tahun")
        return [(str(t), str(t)) for t in tahun.values_list("tahun", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Surat]) -> QuerySet[Surat]:
        tahun = self.value() or ""
        if not tahun:
            return queryset
        if not (tahun.isascii() and tahun.isdigit() and len(tahun) == 4 and int(tahun) > 0):
            return queryset.none()
        return queryset.filter(tanggal__range=(date(int(tahun), 1, 1), date(int(tahun), 12, 31)))


def lencana(satu: keadaan.Keadaan) -> str:
    return format_html(
        '<span class="lencana lencana-surat-{}">{}</span>', satu.kode.lower(), satu.kode.label
    )


class SuratAdmin(HanyaBaca):
    """The letters of the village. Registered by layanan.admin.koreksi, which adds to it."""

    judul_daftar = "Surat yang sudah bernomor"
    list_display = ("nomor", "nama_jenis", "tentang", "tanggal", "lencana_keadaan")
    list_filter = (KeadaanFilter, TahunFilter, "jenis")
    list_per_page = 50
    search_fields = ("nomor",)  # see cara_cari
    search_help_text = "Cari nomor surat, nama, NIK, nomor HP, kode cek, atau jenis surat."
    date_hierarchy = "tanggal"
    ordering = ("-tanggal", "-pk")  # by an index, whatever the year
    templat_rincian = "admin/surat/surat/rincian.html"

    @admin.display(description="jenis", ordering="jenis__nama")
    def nama_jenis(self, surat: Surat) -> str:
        return surat.jenis.nama

    @admin.display(description="yang diterangkan", ordering="nama")
    def tentang(self, surat: Surat) -> str:
        return surat.nama or surat.subjek.nama

    @admin.display(description="keadaan")
    def lencana_keadaan(self, surat: Surat) -> str:
        return lencana(keadaan.lihat(surat, hari=timezone.localdate()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Surat]:
        semua = super().get_queryset(request).select_related("jenis", "subjek")
        return keadaan.lengkapi(semua).defer("data")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        daftar = super().get_changelist_instance(request)
        if not request.GET.keys() & {"tahun", "tanggal__year"}:
            daftar.date_hierarchy = None  # to find the years, Django would read all letters
        return daftar

    def cara_cari(self, teks: str) -> list[Q]:
        return [*agenda.cara(teks), Q(kode_cek=kode_cek.rapikan(teks))]

    # --- One letter ------------------------------------------------------------------------------

    def ambil(self, request: HttpRequest, pk: Any) -> Surat:
        semua = Surat.objects.select_related(
            "jenis",
            "subjek",
            "cetakan",
            "mandat__pejabat",
            "menggantikan",
            "diterbitkan_oleh",
            "batal_oleh",
            "dicabut_oleh",
            "tanda_tangan__oleh",
        )
        return self.satu(request, pk, keadaan.lengkapi(semua))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        surat = self.ambil(request, object_id)
        if request.method == "POST":
            raise PermissionDenied  # nothing here can be written
        return self.halaman(request, surat)

    def halaman(self, request: HttpRequest, surat: Surat, **lain: Any) -> HttpResponse:
        """The page of one letter. `lain`: what other rooms add, for `templat_rincian`."""
        satu = keadaan.lihat(surat, hari=timezone.localdate())
        return tampilkan(
            request,
            self.templat_rincian,
            f"{surat.nomor} · {surat.jenis.nama}",
            surat=surat,
            cetakan=getattr(surat, "cetakan", None),
            keadaan=satu,
            lencana_surat=lencana(satu),
            keterangan=pemeriksaan.keterangan(surat, satu),
            kode_cek=kode_cek.tampil(surat.kode_cek),
            tanda_tangan=getattr(surat, "tanda_tangan", None),
            pembuka=polos.pembuka(surat.data),
            alinea=polos.alinea(surat.data),
            pengganti=surat.pengganti.all(),  # signed or not, the void ones left out
            **lain,
        )

    @subhalaman("<int:pk>/periksa-berkas/", metode="POST")
    def periksa_berkas(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compute the SHA-256 of the stored PDF anew; say whether it is still as it was made."""
        surat = self.ambil(request, pk)
        cetakan = getattr(surat, "cetakan", None)
        if cetakan is None or cetakan.keadaan != Cetakan.Keadaan.SELESAI:
            messages.warning(request, "PDF surat ini belum dibuat.")
            return self.ke("change", pk)
        lama = cetakan.berkas
        if not pencetakan.pastikan(cetakan, pada=timezone.now()):
            messages.error(
                request,
                "Berkas ini hilang atau BERUBAH sejak dibuat, dan tidak dapat dibuat lagi persis "
                "sama. Jangan dipakai; pulihkan dari cadangan.",
            )
        elif cetakan.berkas != lama:
            messages.warning(
                request,
                "Berkas ini hilang atau berubah. Surat sudah dibuat lagi, dan SHA-256-nya sama "
                "dengan dulu: berkasnya utuh kembali.",
            )
        else:
            messages.success(request, "Berkas utuh: SHA-256-nya sama dengan saat dibuat.")
        return self.ke("change", pk)
