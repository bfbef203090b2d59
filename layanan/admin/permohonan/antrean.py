"""The queue: what waits, how old, promised for when, in whose hands."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince

from layanan.admin.permohonan import saringan
from layanan.admin.permohonan.borongan import Borongan
from layanan.admin.permohonan.rincian import Rincian
from layanan.kerja import antrean, pegangan
from layanan.models import Permohonan
from layanan.permohonan import mendesak
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman
from penduduk.identitas import telepon
from penduduk.models import Penduduk
from surat.buku import agenda
from surat.models import Surat
from surat.terbit import kode_cek

S = Permohonan.Status
# The lists that one works through, in the order of the day: their query and what they are called.
TAHAP = (
    ("", "Perlu dikerjakan"),
    ("petugas=saya", "Punya saya"),
    (f"status={saringan.CETAK}", "Siap dicetak"),
    (f"status={S.MENUNGGU_TTD}", "Menunggu tanda tangan"),
    (f"status={S.SIAP_DIAMBIL}", "Siap diambil"),
    (f"status={S.PERLU_PERBAIKAN}", "Di warga"),
    ("status=SEMUA", "Semua"),
)


@admin.register(Permohonan)
class PermohonanAdmin(Rincian, Borongan):
    judul_daftar = "Antrean permohonan"
    list_display = ("nama_jenis", "banjar", "keadaan", "umur", "janji", "petugas")
    list_display_links = ("nama_jenis",)
    list_filter = (
        saringan.TahapFilter,
        saringan.SuratFilter,
        saringan.BanjarFilter,
        saringan.MasukFilter,
        saringan.PetugasFilter,
        saringan.TandaFilter,
    )
    list_select_related = ("jenis", "pemohon__keluarga__banjar", "pegangan__oleh")
    list_per_page = 50
    search_fields = ("nomor",)  # see cara_cari
    media = forms.Media()  # the bar below the list needs none of Django's scripts
    search_help_text = "Cari nomor permohonan atau surat, nama, NIK, nomor HP, atau kode."

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Open: the urgent, then what was promised first. Done, so that nothing is urgent, or
        looked for: the newest."""
        if request.GET.get("q") or request.GET.get("status") in ("SEMUA", *Permohonan.AKHIR):
            return ["-diajukan_pada", "-pk"]
        return antrean.urut()

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        daftar = super().get_changelist_instance(request)
        kembali = antrean.kembali(daftar.result_list)
        for satu in daftar.result_list:
            satu.kembali = kembali.get(satu.pk)
            satu.saya = request.user
        return daftar

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        kini = request.GET.urlencode()
        tab = [(tanya, kata, tanya == kini) for tanya, kata in TAHAP]
        return super().changelist_view(request, {"tahap": tab, **(extra_context or {})})

    @admin.display(description="surat dan pemohon", ordering="jenis__nama")
    def nama_jenis(self, satu: Any) -> str:
        kata = satu.kembali.catatan if satu.kembali else ""
        sebab = format_html(' · <b class="kata-buruk">{}</b>', kata[:80]) if kata else ""
        baris = "{}<small>{} · {}{}</small>"
        return format_html(baris, satu.jenis.nama, satu.pemohon.nama, satu.nomor, sebab)

    @admin.display(description="banjar")
    def banjar(self, satu: Permohonan) -> str:
        keluarga = satu.pemohon.keluarga
        return str(keluarga.banjar) if keluarga and keluarga.banjar else "—"

    @admin.display(description="keadaan", ordering="status")
    def keadaan(self, satu: Any) -> str:
        tanda = [(satu.status.lower(), satu.get_status_display())]
        if satu.kembali:
            tanda.insert(0, (satu.kembali.langkah, antrean.KEMBALI[satu.kembali.langkah]))
        if satu.mendesak and satu.status in mendesak.BISA:
            tanda.append(("mendesak", "Mendesak"))
        if satu.status in (S.MENUNGGU_TTD, S.SIAP_DIAMBIL) and satu.dicetak_pada:
            tanda.append(("dicetak-kertas", "Sudah dicetak"))
        return format_html_join(" ", '<span class="lencana lencana-{}">{}</span>', tanda)

    @admin.display(description="umur", ordering="diajukan_pada")
    def umur(self, satu: Permohonan) -> str:
        return timesince(satu.diajukan_pada, depth=1)

    @admin.display(description="janji", ordering="janji_pada")
    def janji(self, satu: Permohonan) -> str:
        if satu.status == S.PERLU_PERBAIKAN:
            return "berhenti: menunggu warga"
        terbuka = satu.status in Permohonan.DIJANJIKAN
        sisa = satu.janji_pada - timezone.now()
        hari, kelas, kata = date_format(timezone.localtime(satu.janji_pada), "D j M"), "", ""
        if terbuka and sisa < timedelta(0):
            kelas, kata = "terlambat", f"terlambat {timesince(satu.janji_pada, depth=1)}"
        elif terbuka and sisa < timedelta(days=1):
            kelas = "mendesak"
        return format_html('<span class="{}">{} <small>{}</small></span>', kelas, hari, kata)

    @admin.display(description="petugas")
    def petugas(self, satu: Any) -> str:
        ada = getattr(satu, "pegangan", None)
        buka = satu.status in Permohonan.PERLU_DIKERJAKAN
        if not buka or ada is None or ada.terakhir_pada <= timezone.now() - pegangan.DIAM:
            return "—" if buka else ""
        sejak = timezone.localtime(ada.sejak_pada)
        nama = "Saya" if ada.oleh_id == satu.saya.pk else ada.oleh
        return format_html('<span class="pemilik">{}, sejak {}</span>', nama, f"{sejak:%H.%M}")

    def cara_cari(self, teks: str) -> list[Q]:
        kode, surat = kode_cek.rapikan(teks), agenda.cara_nomor(teks)
        cara = [Q(nomor__memuat=teks)] if surat else []
        if agenda.mungkin_orang(teks):
            cara.append(Q(pemohon__in=Penduduk.objects.cari(teks)))
        if kode_cek.sah(kode):
            cara, surat = [*cara, Q(kode_resi=kode)], [*surat, Q(kode_cek=kode)]
        if angka := telepon.potongan(teks):
            cara.append(Q(nomor_hp__memuat=angka))
        if kode.isdecimal() and len(kode) == 6:
            cara.append(Q(kode_ambil__memuat=kode))
        return [*cara, *(Q(surat__in=Surat.objects.filter(satu)) for satu in surat)]


@halaman("layanan/berikutnya/", nama="layanan_berikutnya", izin="layanan.proses_permohonan")
def berikutnya(request: AuthenticatedRequest) -> HttpResponse:
    """On to the next request that nobody else has in hand."""
    pk = antrean.berikutnya(oleh=request.user, pada=timezone.now())
    if pk is None:
        messages.success(request, "Tidak ada lagi yang menunggu Anda.")
        return redirect("admin:layanan_permohonan_changelist")
    return redirect("admin:layanan_permohonan_change", pk)
