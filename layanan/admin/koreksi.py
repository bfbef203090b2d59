"""What the office does with a letter after its signature: withdraw it, or correct it.

The pages of the letter are surat's; this adds the request they belong to and the two acts.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from layanan import tasks
from layanan.models import Permohonan
from layanan.permohonan import alur, berkas, koreksi, pengisian
from penduduk.antrean import bangunkan
from penduduk.forms import helper
from surat.admin.surat import SuratAdmin
from surat.bahasa.orang import identitas
from surat.isian import formulir
from surat.isian.bidang import TeksField
from surat.models import Surat
from surat.terbit import penerbitan


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


@admin.register(Surat)
class SuratWargaAdmin(SuratAdmin):
    """The letters, with the requests that led to them."""

    templat_rincian = "admin/layanan/surat/rincian.html"

    def get_urls(self) -> list:
        def alamat(kata: str, view: Any) -> Any:
            nama = f"surat_surat_{kata}"
            return path(f"<int:pk>/{kata}/", self.admin_site.admin_view(view), name=nama)

        cabut = alamat("cabut", require_POST(self.cabut_view))
        return [cabut, alamat("pengganti", self.pengganti_view), *super().get_urls()]

    def halaman(self, request: HttpRequest, surat: Surat, **lain: Any) -> HttpResponse:
        hari, asal = timezone.localdate(), koreksi.permohonan_asal(surat)
        boleh_cabut = request.user.has_perm("surat.cabut_surat")
        boleh_koreksi = asal is not None and request.user.has_perm("surat.koreksi_surat")
        terbuka = Permohonan.objects.filter(menggantikan=surat).order_by("pk")
        tambahan = {
            "permohonan": asal,
            "koreksi": terbuka,
            "boleh_pdf": berkas.boleh_melihat_milik(request.user, surat.subjek_id),
            "form_cabut": CabutForm(prefix="cabut")
            if boleh_cabut and not penerbitan.halangan_cabut(surat, hari=hari)
            else None,
            "bisa_dikoreksi": boleh_koreksi and not koreksi.halangan(surat, hari=hari),
        }
        return super().halaman(request, surat, **tambahan | lain)

    def cabut_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw; what was typed survives a refusal."""
        surat = self.ambil(request, pk)
        if not request.user.has_perm("surat.cabut_surat"):
            raise PermissionDenied
        form = CabutForm(request.POST, prefix="cabut")
        if form.is_valid():
            try:
                alasan = form.cleaned_data["alasan"]
                alur.cabut_surat(surat, alasan=alasan, oleh=request.user, pada=timezone.now())
            except (alur.LangkahTidakSah, penerbitan.TidakDapatDicabut) as galat:
                form.add_error("alasan", str(galat))
            else:
                bangunkan(tasks.kirim_pesan)
                messages.success(request, f"Surat {surat.nomor} sudah dicabut.")
                return redirect("admin:surat_surat_change", pk)
        return self.halaman(request, self.ambil(request, pk), form_cabut=form)

    def pengganti_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter's own form with the former answers, and why it is corrected."""
        surat = self.ambil(request, pk)
        if not request.user.has_perm("surat.koreksi_surat"):
            raise PermissionDenied
        asal = koreksi.permohonan_asal(surat)
        sebab = koreksi.halangan(surat, hari=timezone.localdate())
        if asal is None or sebab:
            messages.error(request, sebab or "Surat ini tidak lahir dari sebuah permohonan.")
            return redirect("admin:surat_surat_change", pk)
        form, alasan, sah = _form_pengganti(request, asal)
        if sah and (baru := self._ajukan(request, asal, form, alasan)):
            return redirect("admin:layanan_permohonan_change", baru.pk)
        form.helper = helper()
        konteks = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Surat pengganti untuk {surat.nomor}",
            "surat": surat,
            "asal": asal,
            "identitas": identitas(asal.pemohon),
            "form": form,
            "alasan": alasan,
        }
        return TemplateResponse(request, "admin/layanan/surat/pengganti.html", konteks)

    def _ajukan(
        self, request: HttpRequest, asal: Permohonan, form: Any, alasan: AlasanKoreksiForm
    ) -> Permohonan | None:
        """File the correction; None, with the reason on the form, when it is refused."""
        jawaban = formulir.rapikan(asal.jenis, formulir.ke_json(form.cleaned_data))
        try:
            baru = alur.ajukan_pengganti(
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
            f"{baru.nomor} dibuat. Surat lama tetap berlaku sampai yang baru ditandatangani.",
        )
        return baru


def _form_pengganti(
    request: HttpRequest, asal: Permohonan
) -> tuple[formulir.PertanyaanForm, AlasanKoreksiForm, bool]:
    """The two forms of the page, with the former answers or with what was typed; and whether
    they are to be acted upon."""
    kelas = formulir.buat_form(asal.jenis, keluarga=pengisian.keluarga(asal.pemohon))
    if request.method != "POST":
        return kelas(initial=asal.isian), AlasanKoreksiForm(prefix="koreksi"), False
    form = kelas(request.POST, initial=asal.isian)
    alasan = AlasanKoreksiForm(request.POST, prefix="koreksi")
    if "tambah" in request.POST:  # more rows wanted: show what was typed, judge nothing yet
        awal = {"alasan": request.POST.get("koreksi-alasan", "")}
        baru = AlasanKoreksiForm(initial=awal, prefix="koreksi")
        return kelas(initial=formulir.sebagai_awal(form)), baru, False
    return form, alasan, form.is_valid() & alasan.is_valid()
