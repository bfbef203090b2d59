"""Letter types in the back office: their list, and the page on which one is shaped."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from penduduk.akun.pintu import AuthenticatedRequest, pelaku
from penduduk.halaman import KantorAdmin, jaga, tampilkan
from surat.admin import dasar
from surat.admin.jenis import berkas
from surat.admin.jenis import borang as jenis_borang
from surat.admin.jenis.borang import Borang
from surat.isian.macam import KATA as KATA_ATURAN
from surat.jenis import bawaan, penyuntingan, sebutan
from surat.jenis import beda as beda_jenis
from surat.jenis import berkas as berkas_jenis
from surat.jenis.bentuk import JenisTidakSah
from surat.models import JenisSurat

_TAMBAH = {f"tambah_{nama}": nama for nama in ("isian", "syarat", "aturan", "penanda")}


@admin.register(JenisSurat)
class JenisSuratAdmin(KantorAdmin):
    judul_daftar = "Jenis surat"
    list_display = (*"nama kode kode_klasifikasi ditawarkan isian versi asal urutan".split(),)
    list_filter = ("layanan_mandiri", "naskah")
    search_fields = ("nama", "tujuan", "kode")
    search_help_text = "Cari nama, kegunaan, atau kode."
    ordering = ("urutan", "nama")
    list_per_page = 100
    actions = ("tawarkan", "jangan_tawarkan", "pastikan_kode", "unduh")
    change_list_template = "admin/surat/jenissurat/daftar.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- The list -------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[JenisSurat]:
        return berkas_jenis.lengkap()

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        daftar = super().get_changelist_instance(request)
        baru = bawaan.lebih_baru(daftar.result_list)
        for jenis in daftar.result_list:
            jenis.ada_bawaan = jenis.kode in baru
        return daftar

    @admin.display(description="ditawarkan", boolean=True, ordering="layanan_mandiri")
    def ditawarkan(self, jenis: JenisSurat) -> bool:
        return jenis.layanan_mandiri

    @admin.display(description="klasifikasi", ordering="klasifikasi")
    def kode_klasifikasi(self, jenis: JenisSurat) -> str:
        tanda = '{} <span class="lencana lencana-diajukan">belum dipastikan</span>'
        ragu = bawaan.klasifikasi_ragu(jenis)
        return format_html(tanda, jenis.klasifikasi) if ragu else jenis.klasifikasi

    @admin.display(description="isian")
    def isian(self, jenis: JenisSurat) -> int:
        return len(jenis.pertanyaan.all())

    @admin.display(description="versi")
    def versi(self, jenis: JenisSurat) -> int:
        return max((t.versi for t in jenis.templat.all()), default=0)

    @admin.display(description="asal")
    def asal(self, jenis: JenisSurat) -> SafeString:
        """Whose it is: as shipped, changed by the village, or the village's own."""
        if not jenis.sidik_bawaan:
            kata_ = "buatan desa"
        else:
            kata_ = "diubah desa" if bawaan.diubah_desa(jenis) else "bawaan"
        lencana = format_html('<span class="lencana">{}</span>', kata_)
        if not jenis.ada_bawaan:
            return lencana
        alamat = f"{jenis.pk}/bawaan/"
        return format_html(
            '{} <a class="lencana lencana-diajukan" href="{}">Ada bawaan baru</a>', lencana, alamat
        )

    @admin.action(description="Tawarkan kepada warga", permissions=["change"])
    def tawarkan(self, request: AuthenticatedRequest, queryset: QuerySet[JenisSurat]) -> None:
        self._tawarkan(request, queryset, ya=True)

    @admin.action(description="Jangan tawarkan kepada warga", permissions=["change"])
    def jangan_tawarkan(
        self, request: AuthenticatedRequest, queryset: QuerySet[JenisSurat]
    ) -> None:
        self._tawarkan(request, queryset, ya=False)

    def _tawarkan(
        self, request: AuthenticatedRequest, queryset: QuerySet[JenisSurat], *, ya: bool
    ) -> None:
        diubah = penyuntingan.tawarkan(queryset, ya=ya, oleh=request.user, pada=timezone.now())
        for jenis in diubah:
            pesan = "Ditawarkan kepada warga." if ya else "Tidak lagi ditawarkan kepada warga."
            self.log_change(request, jenis, pesan)
        apa = "ditawarkan" if ya else "tidak ditawarkan"
        self.message_user(request, f"{len(diubah)} jenis surat sekarang {apa} kepada warga.")

    @admin.action(description="Kode klasifikasi sudah dipastikan", permissions=["change"])
    def pastikan_kode(self, request: HttpRequest, queryset: QuerySet[JenisSurat]) -> None:
        for jenis in queryset:
            self.log_change(request, jenis, f"Memastikan kode klasifikasi {jenis.klasifikasi}.")
        jumlah = queryset.update(klasifikasi_pasti=True)
        self.message_user(request, f"Kode klasifikasi {jumlah} jenis surat sudah dipastikan.")

    @admin.action(description="Unduh sebagai berkas", permissions=["change"])
    def unduh(self, request: HttpRequest, queryset: QuerySet[JenisSurat]) -> HttpResponse:
        jaga(request, dasar.IZIN)
        return berkas.unduhan([berkas_jenis.ekspor(j) for j in queryset], "jenis-surat.json")

    # --- One type -------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._halaman(request, None, jenis_borang.kosong())
        if apa := _TAMBAH.get(request.POST.get("aksi", "")):
            borang = jenis_borang.dengan_baris_baru(None, request.POST, apa)
            return self._halaman(request, None, borang)
        borang = jenis_borang.dari_kiriman(None, request.POST)
        if borang.sah():
            data = penyuntingan.dengan_kerangka(borang.dokumen())
            try:
                jenis = penyuntingan.buat(data, oleh=pelaku(request), pada=timezone.now())
            except JenisTidakSah as galat:
                borang.tolak(galat)
            else:
                self.log_addition(request, jenis, "Membuat jenis surat.")
                messages.success(request, f"“{jenis.nama}” sudah dibuat. Tulis kata-katanya.")
                return redirect("admin:surat_jenissurat_kata", jenis.pk)
        return self._halaman(request, None, borang)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        jaga(request, dasar.IZIN)
        jenis = dasar.ambil(_angka(object_id))
        if request.method != "POST":
            return self._halaman(request, jenis, jenis_borang.dari_jenis(jenis))
        if apa := _TAMBAH.get(request.POST.get("aksi", "")):
            borang = jenis_borang.dengan_baris_baru(jenis, request.POST, apa)
            return self._halaman(request, jenis, borang)
        # The form writes what was typed into its own copy, so that `jenis` stays what is stored.
        borang = jenis_borang.dari_kiriman(dasar.ambil(jenis.pk), request.POST)
        beda: list[beda_jenis.Bagian] = []
        if borang.sah():
            try:
                return self._simpan(request, jenis, borang)
            except JenisTidakSah as galat:
                borang.tolak(galat)
            except penyuntingan.Keduluan as galat:
                borang.galat.append(str(galat))
                lama = berkas_jenis.ekspor(jenis)
                beda = beda_jenis.bandingkan(lama, lama | borang.dokumen())
                borang.form.data = dict(borang.form.data.items(), revisi=str(jenis.revisi))
        return self._halaman(request, jenis, borang, beda=beda)

    def _simpan(self, request: HttpRequest, jenis: JenisSurat, borang: Borang) -> HttpResponse:
        lama = berkas_jenis.ekspor(jenis)
        hasil = penyuntingan.simpan(
            jenis,
            borang.dokumen(),
            revisi=borang.form.cleaned_data["revisi"] or 0,
            oleh=pelaku(request),
            pada=timezone.now(),
        )
        beda = beda_jenis.bandingkan(lama, berkas_jenis.ekspor(hasil))
        if beda:
            self.log_change(request, hasil, _ringkas(beda))
            messages.success(request, f"“{hasil.nama}” sudah disimpan.")
        else:
            messages.info(request, "Tidak ada yang berubah.")
        return self.ke("change", hasil.pk)

    def _halaman(
        self, request: HttpRequest, jenis: JenisSurat | None, borang: Borang, **lain: Any
    ) -> HttpResponse:
        form = borang.form
        return tampilkan(
            request,
            "admin/surat/jenissurat/ubah.html",
            jenis.nama if jenis else "Jenis surat baru",
            jenis=jenis,
            borang=borang,
            cara_aturan=[(v["label"], v["nilai"]) for v in KATA_ATURAN["macam"].values()],
            bagian=[
                {"judul": judul, "isi": [form[nama] for nama in nama_ if nama in form.fields]}
                for judul, nama_ in sebutan.BAGIAN.items()
            ],
            kode_ragu=jenis is not None and bawaan.klasifikasi_ragu(jenis),
            ada_bawaan=bool(jenis and bawaan.lebih_baru([jenis])),
            waktu=penyuntingan.sebut_waktu(jenis.diubah_oleh, jenis.diubah_pada)
            if jenis and jenis.diubah_pada
            else "",
            **{"beda": [], **lain},
        )


def _angka(teks: str) -> int:
    """A primary key as it stands in an address; 0, which no row has, for anything else."""
    return int(teks) if teks.isascii() and teks.isdigit() and len(teks) < 19 else 0


def _ringkas(beda: list[beda_jenis.Bagian]) -> str:
    """What changed, for the history."""
    return "Mengubah " + "; ".join(
        f"{b.judul.lower()} ({', '.join(x.nama for x in b.beda)})" for b in beda
    )
