"""What the office does with a letter after its signature: withdraw it, or correct it.

The pages of the letter are surat's; this adds the request they belong to and the two acts.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from layanan import tasks
from layanan.models import Permohonan
from layanan.permohonan import ajukan, alur, berkas, koreksi, pengisian
from layanan.permohonan.langkah import PENGAJUAN, PERISTIWA, halangan_orang
from penduduk.akun.pintu import AuthenticatedRequest, pelaku
from penduduk.antrean import bangunkan
from penduduk.forms import helper
from penduduk.halaman import jaga, subhalaman, tampilkan
from surat.admin.surat import KeadaanFilter, SuratAdmin
from surat.bahasa.orang import identitas
from surat.isian import formulir
from surat.isian.bidang import TeksField
from surat.models import Surat
from surat.terbit import keadaan, penerbitan

_BELUM_TTD = (Permohonan.Status.DICETAK, Permohonan.Status.MENUNGGU_TTD)

_TANPA_PERMOHONAN = "Surat ini tidak lahir dari sebuah permohonan."


class CabutForm(forms.Form):
    helper = helper()

    alasan = TeksField(
        label="Alasan",
        min_length=penerbitan.ALASAN_MIN,
        max_length=penerbitan.ALASAN_MAKS,
        help_text=(
            "Dibaca siapa pun yang memeriksa surat ini. Jangan tulis nama, NIK, atau keadaan warga."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": penerbitan.ALASAN_MAKS}),
        error_messages={"required": "Tulis alasannya, supaya yang memeriksa surat tahu sebabnya."},
    )


class AlasanKoreksiForm(forms.Form):
    helper = helper()

    alasan = TeksField(
        label="Apa yang dikoreksi, dan mengapa",
        min_length=koreksi.ALASAN_MIN,
        max_length=koreksi.ALASAN_MAKS,
        help_text="Dibaca warga dan penanda tangan; tidak tercetak di surat.",
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": koreksi.ALASAN_MAKS}),
        error_messages={"required": "Tulis apa yang dikoreksi, dan mengapa."},
    )


class KeadaanWargaFilter(KeadaanFilter):
    """Letters not signed yet are those of the requests that wait for it: to find them among all
    letters of all years takes longer each year."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Surat]) -> QuerySet[Surat]:
        if self.value() == keadaan.Kode.BELUM_TTD:
            menunggu = Permohonan.objects.filter(status__in=_BELUM_TTD, surat__isnull=False)
            queryset = queryset.filter(pk__in=list(menunggu.values_list("surat", flat=True)))
        return super().queryset(request, queryset)


@admin.register(Surat)
class SuratWargaAdmin(SuratAdmin):
    """The letters, with the requests that led to them."""

    list_filter = (KeadaanWargaFilter, *SuratAdmin.list_filter[1:])
    templat_rincian = "admin/layanan/surat/rincian.html"

    def halaman(self, request: HttpRequest, surat: Surat, **lain: Any) -> HttpResponse:
        sekarang, asal = timezone.now(), koreksi.permohonan_asal(surat)
        siapa, oleh = PENGAJUAN["koreksi"].siapa, pelaku(request)
        boleh_koreksi = asal is not None and not halangan_orang(siapa, oleh=oleh, pada=sekarang)
        terbuka = Permohonan.objects.filter(menggantikan=surat).order_by("pk")
        tambahan = {
            "permohonan": asal,
            "koreksi": terbuka,
            "boleh_pdf": berkas.boleh_melihat_milik(oleh, surat.subjek_id),
            "form_cabut": CabutForm(prefix="cabut")
            if asal and alur.bisa_terjadi(asal, "cabut", oleh=oleh, pada=sekarang)
            else None,
            "bisa_dikoreksi": boleh_koreksi
            and not koreksi.halangan(surat, hari=timezone.localdate()),
        }
        return super().halaman(request, surat, **tambahan | lain)

    @subhalaman("<int:pk>/cabut/", metode="POST")
    def cabut(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Withdraw; what was typed survives a refusal."""
        surat, sekarang = self.ambil(request, pk), timezone.now()
        jaga(request, PERISTIWA["cabut"].siapa.izin)
        asal = koreksi.permohonan_asal(surat)
        if asal is None:
            messages.error(request, _TANPA_PERMOHONAN)
            return self.ke("change", pk)
        form = CabutForm(request.POST, prefix="cabut")
        if form.is_valid():
            alasan = form.cleaned_data["alasan"]
            try:
                alur.catat_peristiwa(
                    asal, "cabut", oleh=request.user, pada=sekarang, catatan=alasan
                )
            except alur.LangkahTidakSah as galat:
                form.add_error("alasan", str(galat))
            else:
                bangunkan(tasks.kirim_pesan)
                messages.success(request, f"Surat {surat.nomor} sudah dicabut.")
                return self.ke("change", pk)
        return self.halaman(request, self.ambil(request, pk), form_cabut=form)

    @subhalaman("<int:pk>/pengganti/", metode="GET POST")
    def pengganti(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """The letter's own form with the former answers, and why it is corrected."""
        surat = self.ambil(request, pk)
        jaga(request, PENGAJUAN["koreksi"].siapa.izin)
        asal = koreksi.permohonan_asal(surat)
        sebab = koreksi.halangan(surat, hari=timezone.localdate())
        if asal is None or (sebab and request.method == "GET"):
            messages.error(request, sebab or _TANPA_PERMOHONAN)
            return self.ke("change", pk)
        form, alasan, sah = _form_pengganti(request, asal)
        if sebab:  # it has become so while the form was filled in
            messages.error(request, sebab)
        elif sah and (baru := self._ajukan(request, asal, form, alasan)):
            return redirect("admin:layanan_permohonan_change", baru.pk)
        return tampilkan(
            request,
            "admin/layanan/surat/pengganti.html",
            f"Surat pengganti untuk {surat.nomor}",
            surat=surat,
            asal=asal,
            keadaan_lama=keadaan.lihat(surat, hari=timezone.localdate()).kode.label,
            identitas=identitas(asal.pemohon, pada=timezone.localdate()),
            form=form,
            alasan=alasan,
        )

    def _ajukan(
        self, request: AuthenticatedRequest, asal: Permohonan, form: Any, alasan: AlasanKoreksiForm
    ) -> Permohonan | None:
        """File the correction; None, with the reason on the form, when it is refused."""
        jawaban = formulir.rapikan(asal.jenis, formulir.ke_json(form.cleaned_data))
        try:
            baru = ajukan.pengganti(
                asal,
                isian=jawaban,
                alasan=alasan.cleaned_data["alasan"],
                oleh=request.user,
                pada=timezone.now(),
            )
        except alur.LangkahTidakSah as galat:
            alasan.add_error(None, str(galat))
            return None
        bangunkan(tasks.kirim_pesan)
        messages.success(
            request,
            f"{baru.nomor} dibuat. " + koreksi.tentang_surat_lama(baru, hari=timezone.localdate()),
        )
        return baru


def _form_pengganti(
    request: HttpRequest, asal: Permohonan
) -> tuple[formulir.PertanyaanForm, AlasanKoreksiForm, bool]:
    """The two forms of the page, with the former answers or with what was typed; and whether
    they are to be acted upon."""
    keluarga = pengisian.keluarga(asal.pemohon)
    kelas = formulir.buat_form(
        asal.jenis, keluarga=keluarga, hari_ini=timezone.localdate(), pemohon=asal.pemohon
    )
    if request.method != "POST":
        return kelas(initial=asal.isian), AlasanKoreksiForm(prefix="koreksi"), False
    form = kelas(request.POST, initial=asal.isian)
    alasan = AlasanKoreksiForm(request.POST, prefix="koreksi")
    if "tambah" in request.POST:  # more rows wanted: show what was typed, judge nothing yet
        awal = {"alasan": request.POST.get("koreksi-alasan", "")}
        baru = AlasanKoreksiForm(initial=awal, prefix="koreksi")
        return kelas(initial=formulir.sebagai_awal(form)), baru, False
    return form, alasan, form.is_valid() & alasan.is_valid()
