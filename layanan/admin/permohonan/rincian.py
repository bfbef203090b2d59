"""The page of one request: papers and facts, and the buttons of the flow."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from layanan import tasks
from layanan.admin.permohonan import fakta
from layanan.admin.permohonan.borongan import cetak_kertas, pdf
from layanan.forms.langkah import (
    CatatanKantorForm,
    LangkahForm,
    MendesakForm,
    SetujuiForm,
    form_langkah,
    setujui_seperti_ada,
)
from layanan.janji import janji
from layanan.kerja import pegangan
from layanan.models import CatatanKantor, Permohonan
from layanan.permohonan import alur, dampak, mendesak
from layanan.permohonan.langkah import LANGKAH, PERISTIWA, URUSAN_KANTOR, Langkah, Siapa
from penduduk.admin.dasar import HanyaBaca
from penduduk.akun.pintu import AuthenticatedRequest, pelaku
from penduduk.antrean import bangunkan
from penduduk.forms import ketikan
from penduduk.halaman import jaga, subhalaman, tampilkan
from surat.jenis import berkas as berkas_jenis
from surat.kertas import cetak_luar
from surat.peraga import pratinjau
from surat.terbit import keadaan

_PROSES = "layanan.proses_permohonan"
_PENTING = ("setujui", "serahkan", "tandatangani")  # the button that one means
# A key of its own for what can be undone, or opens a form; see static/js/kantor.js.
_KUNCI = {
    "proses": "p",
    "setujui": "s",
    "serahkan": "s",
    "minta_perbaikan": "m",
    "tolak": "t",
    "tarik_kembali": "b",
}


class Rincian(HanyaBaca):
    def _ambil(self, request: HttpRequest, pk: Any) -> Permohonan:
        semua = Permohonan.objects.select_related(
            "jenis",
            "pemohon__keluarga__banjar",
            "pemohon__akun",
            "surat__cetakan",
            "surat__tanda_tangan",
            "menggantikan",
            "wakil_pejabat",
            "penyerahan",
        ).prefetch_related(keadaan.relasi("surat__"))
        permohonan = self.satu(request, pk, semua)
        permohonan.jenis = berkas_jenis.siap(permohonan.jenis.kode)
        return permohonan

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        permohonan = self._ambil(request, object_id)
        if request.user.has_perm(_PROSES):  # whoever opens it has it in hand
            pegangan.ambil(permohonan, oleh=pelaku(request), pada=timezone.now())
        return self._halaman(request, permohonan)

    def _halaman(
        self,
        request: HttpRequest,
        permohonan: Permohonan,
        form_salah: LangkahForm | None = None,
        form_mendesak: MendesakForm | None = None,
        form_catatan: CatatanKantorForm | None = None,
    ) -> HttpResponse:
        """The page; with a form that was not accepted, filled as it was, also where somebody else
        was faster and the form itself is not offered any more."""
        sekarang, akun = timezone.now(), pelaku(request)
        isi = fakta.halaman(permohonan)
        pindah = [r.pk for r in isi["riwayat"] if r.langkah not in URUSAN_KANTOR]
        boleh = akun.has_perm(_PROSES)
        pemegang = (boleh and pegangan.lain(permohonan, oleh=akun, pada=sekarang)) or None
        bisa = [] if pemegang else alur.langkah_tersedia(permohonan, oleh=akun, pada=sekarang)
        bisa.sort(key=lambda x: x.nama in _PENTING)  # which stands last
        terakhir = max(pindah, default=0)
        langkah = [_tombol(permohonan, x, form_salah, terakhir=terakhir) for x in bisa]
        for form in (x["form"] for x in langkah if isinstance(x["form"], SetujuiForm)):
            form.terangkan(isi["temuan"])
            cetak_luar.hangatkan()  # so that its draft comes at once
        boleh_mendesak = mendesak.boleh(permohonan, oleh=akun, pada=sekarang)
        sisa: list[BaseForm] = []
        if form_salah and not any(x["terbuka"] for x in langkah):
            sisa.append(form_salah)
            for kata in form_salah.non_field_errors():
                messages.error(request, str(kata))
        if form_mendesak and (permohonan.mendesak or not boleh_mendesak):
            sisa.append(form_mendesak)
        return tampilkan(
            request,
            "admin/layanan/permohonan/rincian.html",
            f"{permohonan.nomor} · {permohonan.jenis.nama}",
            permohonan=permohonan,
            janji=janji.kalimat(permohonan, pada=sekarang),
            langkah=langkah,
            pemegang=pemegang,
            bisa_draf=any(isinstance(x["form"], SetujuiForm) for x in langkah),
            bisa_cetak=alur.bisa_terjadi(permohonan, "cetak_kertas", oleh=akun, pada=sekarang),
            catatan_kantor=self._catatan(request, permohonan),
            form_catatan=form_catatan or CatatanKantorForm(prefix="kantor"),
            boleh_mendesak=boleh_mendesak,
            form_mendesak=form_mendesak or MendesakForm(prefix="mendesak"),
            ketikan=[satu for form in sisa for satu in ketikan(form)],
            **isi,
        )

    @subhalaman("<int:pk>/langkah/<slug:nama>/", metode="POST")
    def langkah(self, request: AuthenticatedRequest, pk: int, nama: str) -> HttpResponse:
        """One step, pressed by an operator or a signer; what was typed survives a refusal."""
        permohonan = self._ambil(request, pk)
        if nama not in LANGKAH:
            raise Http404
        form = form_langkah(nama, permohonan, data=request.POST, pada=timezone.localdate())
        draf = isinstance(form, SetujuiForm) and "draf" in request.POST
        if isinstance(form, SetujuiForm) and draf:
            jaga(request, _PROSES)
            form.tanpa_pengantar()
        if sebab := self._didahului(request, permohonan, nama):
            # Decided on a page that shows an older state: look again before acting.
            messages.error(request, sebab)
            return self._ditahan(request, pk, form)
        if not form.is_valid():
            return self._halaman(request, permohonan, form)
        if isinstance(form, SetujuiForm) and draf:
            return self._draf(request, permohonan, form)
        try:
            alur.jalankan(
                permohonan,
                nama,
                form.bahan(),
                oleh=request.user,
                pada=timezone.now(),
                catatan=form.cleaned_data.get("catatan", ""),
            )
        except alur.Keduluan as galat:
            messages.error(request, str(galat))
            return self._ditahan(request, pk, form)
        except alur.LangkahTidakSah as galat:
            form.add_error(None, str(galat))  # where it was typed
            return self._halaman(request, self._ambil(request, pk), form)
        pegangan.lepas(permohonan)
        bangunkan(tasks.kirim_pesan, tasks.cetak_surat)
        label = LANGKAH[nama].label.lower()
        messages.success(request, f"{permohonan.nomor}: “{label}” sudah dicatat.")
        return self.ke("change", pk)

    def _didahului(self, request: HttpRequest, permohonan: Permohonan, nama: str) -> str:
        """Why somebody else came first: the request has moved on, or is in another's hands."""
        if sebab := alur.sudah_lain(permohonan, nama, dilihat=request.POST.get("dari", "")):
            return sebab
        kini, oleh = timezone.now(), pelaku(request)
        # Whoever may not take the step at all could not take it over: told that instead.
        if LANGKAH[nama].siapa is not Siapa.OPERATOR or not oleh.has_perm(_PROSES):
            return ""
        if not (lain := pegangan.lain(permohonan, oleh=oleh, pada=kini)):
            return ""
        return (
            f"{lain.oleh} sedang mengerjakan permohonan ini sejak "
            f"{timezone.localtime(lain.sejak_pada):%H.%M}. Belum ada yang berubah. Ambil alih bila "
            "Anda yang melanjutkan."
        )

    def _draf(self, request: HttpRequest, satu: Permohonan, form: SetujuiForm) -> HttpResponse:
        """The very letter before it has a number, as PDF. Takes and keeps nothing."""
        if satu.status not in LANGKAH["batalkan"].dari:  # it has its number
            messages.error(request, alur.sudah_berubah(satu))
            return self._ditahan(request, satu.pk, form)
        try:
            isi = pratinjau.cetak(form.bahan().draf(satu, pada=timezone.now()))
        except (dampak.BahanTidakSah, pratinjau.PratinjauGagal) as galat:
            form.add_error(None, str(galat))
            return self._halaman(request, satu, form)
        return pdf([isi], f"draf-{satu.nomor}")

    @subhalaman("<int:pk>/draf/", izin=_PROSES)
    def draf(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same as a picture, made of what is known so far."""
        satu = self._ambil(request, pk)
        if satu.status not in Permohonan.PERLU_DIKERJAKAN:
            raise Http404
        form = setujui_seperti_ada(satu, pada=timezone.localdate(), draf=True)
        belum = HttpResponse(status=204)  # nothing to be drawn: the page shows its words instead
        try:
            if not form.is_valid():
                return belum
            data = form.bahan().draf(satu, pada=timezone.now())
            isi = pratinjau.cetak(data, gambar=True)
        except (dampak.BahanTidakSah, pratinjau.PratinjauGagal):
            return belum
        return HttpResponse(isi, content_type="image/png")

    @subhalaman("<int:pk>/siap/")
    def siap(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whether the PDF is there, for the page that waits for it."""
        jadi = Permohonan.objects.filter(pk=pk).exclude(status=Permohonan.Status.DICETAK)
        return JsonResponse({"siap": jadi.exists()})

    @subhalaman("<int:pk>/ambil/", izin=_PROSES, metode="POST")
    def ambil(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Take it over out of another's hands."""
        permohonan = self._ambil(request, pk)
        pegangan.ambil(permohonan, oleh=request.user, pada=timezone.now(), alih=True)
        messages.success(request, f"{permohonan.nomor} sekarang Anda yang mengerjakan.")
        return self.ke("change", pk)

    @subhalaman("<int:pk>/cetak/", izin=_PROSES, metode="POST")
    def cetak_satu(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """The letter for the printer, recorded as printed."""
        permohonan = self._ambil(request, pk)
        try:
            isi = cetak_kertas(permohonan, oleh=request.user)
        except alur.LangkahTidakSah as galat:
            messages.error(request, str(galat))
            return self.ke("change", pk)
        return pdf([isi], f"surat-{permohonan.surat_id}")

    def _catatan(self, request: HttpRequest, permohonan: Permohonan) -> list[CatatanKantor] | None:
        """None for those who are not of the operators."""
        if not request.user.has_perm(_PROSES):
            return None
        return list(permohonan.catatan_kantor.select_related("oleh"))

    @subhalaman("<int:pk>/catatan/", izin=_PROSES, metode="POST")
    def catatan(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """A note of the office; no resident reads it."""
        permohonan = self._ambil(request, pk)
        form = CatatanKantorForm(request.POST, prefix="kantor")
        if not form.is_valid():
            return self._halaman(request, permohonan, form_catatan=form)
        isi = {"oleh": request.user, "teks": form.cleaned_data["teks"]}
        CatatanKantor.objects.create(permohonan=permohonan, pada=timezone.now(), **isi)
        messages.success(request, "Catatan disimpan.")
        return self.ke("change", pk)

    def _ditahan(self, request: HttpRequest, pk: int, form: LangkahForm) -> HttpResponse:
        """As the request stands now, with the form as it was filled in; a mere button held
        nothing that could be lost."""
        if not form.fields:
            return self.ke("change", pk)
        return self._halaman(request, self._ambil(request, pk), form)

    @subhalaman("<int:pk>/mendesak/", metode="POST")
    def mendesak(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Mark as urgent with a reason, or take the mark off; what was typed survives a refusal."""
        permohonan, sekarang = self._ambil(request, pk), timezone.now()
        jaga(request, PERISTIWA["mendesak"].siapa.izin)
        form = MendesakForm(request.POST, prefix="mendesak")
        try:
            if request.POST.get("aksi") == "lepas":
                mendesak.lepas(permohonan, oleh=request.user, pada=sekarang)
                kata = "tanda mendesak sudah dilepas"
            elif form.is_valid():
                alasan = form.cleaned_data["alasan"]
                mendesak.tandai(permohonan, alasan=alasan, oleh=request.user, pada=sekarang)
                kata = "sudah ditandai mendesak"
            else:
                return self._halaman(request, permohonan, form_mendesak=form)
        except alur.LangkahTidakSah as galat:
            messages.error(request, str(galat))
            return self._halaman(request, self._ambil(request, pk), form_mendesak=form)
        bangunkan(tasks.kirim_pesan)
        messages.success(request, f"{permohonan.nomor}: {kata}.")
        return self.ke("change", pk)


def _tombol(
    permohonan: Permohonan, langkah: Langkah, form_salah: LangkahForm | None, *, terakhir: int
) -> dict[str, Any]:
    """A step for the bar: its form, filled as it was where it was not accepted, and its key."""
    salah = form_salah if form_salah and form_salah.prefix == langkah.nama else None
    return {
        "langkah": langkah,
        "tanda": alur.tanda(permohonan, langkah.nama, terakhir=terakhir),
        "form": salah or form_langkah(langkah.nama, permohonan, pada=timezone.localdate()),
        "kunci": _KUNCI.get(langkah.nama, ""),
        "utama": langkah.nama in _PENTING,
        "terbuka": salah is not None and bool(salah.fields),  # a mere button holds no sentence
    }
