"""Several requests of the queue at once: proses, setujui, cetak, serahkan.

Each row is one step of the flow, and stands or falls alone; what is left out is said, with why.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from layanan import tasks
from layanan.forms.langkah import SetujuiForm, form_langkah, setujui_seperti_ada
from layanan.kerja import pegangan
from layanan.models import Permohonan
from layanan.permohonan import alur, pengisian
from penduduk.admin.dasar import HanyaBaca
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.halaman import tampilkan
from penduduk.models import Akun
from surat.jenis import berkas as berkas_jenis
from surat.kertas.gabung import gabung
from surat.models import Cetakan

S = Permohonan.Status


class Borongan(HanyaBaca):
    actions = ("proses", "setujui", "cetak", "serahkan")

    def has_proses_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("layanan.proses_permohonan")

    @admin.action(description="Proses", permissions=["proses"])
    def proses(self, request: AuthenticatedRequest, queryset: QuerySet[Permohonan]) -> None:
        def kerjakan(satu: Permohonan) -> None:
            alur.jalankan(satu, "proses", oleh=request.user, pada=timezone.now())

        _satu_satu(request, queryset, "diproses", kerjakan)

    @admin.action(description="Setujui", permissions=["proses"])
    def setujui(
        self, request: AuthenticatedRequest, queryset: QuerySet[Permohonan]
    ) -> HttpResponse | None:
        """First which of them, with the sentences as they will be printed; then all of those."""
        if "yakin" in request.POST:
            _satu_satu(request, queryset, "disetujui", lambda satu: _setujui(satu, request.user))
            return None
        bersih, sisa = [], []
        for satu in _lengkap(queryset):
            try:
                form = _tanpa_ganjalan(satu, request.user)
            except alur.LangkahTidakSah as galat:
                sisa.append((satu, str(galat)))
            else:
                bersih.append((satu, [teks for _, teks in form.kalimat]))
        isi = {"bersih": bersih, "sisa": sisa, "aksi": "setujui", "form": None}
        return self._periksa_dulu(request, "Setujui bersama-sama", isi)

    def _periksa_dulu(self, request: HttpRequest, judul: str, isi: dict[str, Any]) -> HttpResponse:
        entri = [satu for satu, _ in (*isi["bersih"], *isi["sisa"])]  # whom it shows
        templat = "admin/layanan/permohonan/borongan.html"
        return tampilkan(request, templat, judul, entri=entri, **isi)

    @admin.action(description="Cetak jadi satu PDF", permissions=["proses"])
    def cetak(
        self, request: AuthenticatedRequest, queryset: QuerySet[Permohonan]
    ) -> HttpResponse | None:
        """All their letters as one PDF, in the order of the list."""
        isi: dict[Permohonan, bytes] = {}
        for satu in queryset.select_related("surat__cetakan"):
            try:
                isi[satu] = cetak_kertas(satu, oleh=request.user)
            except alur.LangkahTidakSah as galat:
                messages.warning(request, f"{satu.nomor} tidak ikut dicetak. {galat}")
        if not isi:
            return None
        jawab: Any = pdf(list(isi.values()), "surat-surat")
        jawab.entri = list(isi)  # whom it shows, for layanan.jejak
        return jawab

    @admin.action(description="Serahkan", permissions=["proses"])
    def serahkan(
        self, request: AuthenticatedRequest, queryset: QuerySet[Permohonan]
    ) -> HttpResponse | None:
        """Several letters that one person takes along; who it is, is asked once."""
        semua = list(queryset.select_related("pemohon", "jenis"))
        yakin = "yakin" in request.POST
        form = form_langkah(
            "serahkan",
            semua[0],
            data=request.POST if yakin else None,
            pada=timezone.localdate(),
        )
        if yakin and form.is_valid():
            sendiri = form.cleaned_data["penerima"] == "PEMOHON"
            if sendiri and len({x.pemohon_id for x in semua}) > 1:
                form.add_error("penerima", "Surat-surat ini milik orang yang berbeda.")
            else:

                def kerjakan(satu: Permohonan) -> None:
                    bahan, kini = form.bahan(), timezone.now()
                    alur.jalankan(satu, "serahkan", bahan, oleh=request.user, pada=kini)

                _satu_satu(request, queryset, "diserahkan", kerjakan)
                return None
        siap = [(x, [x.pengambil]) for x in semua if x.status == S.SIAP_DIAMBIL]
        sisa = [(x, "Belum siap diambil.") for x in semua if x.status != S.SIAP_DIAMBIL]
        isi = {"bersih": siap, "sisa": sisa, "aksi": "serahkan", "form": form}
        return self._periksa_dulu(request, "Serahkan bersama-sama", isi)


def _lengkap(semua: QuerySet[Permohonan]) -> Iterable[Permohonan]:
    """With all that an approval looks at."""
    for satu in semua.select_related("jenis", "pemohon__keluarga__banjar", "menggantikan"):
        satu.jenis = berkas_jenis.siap(satu.jenis.kode)
        yield satu


def _tanpa_ganjalan(satu: Permohonan, oleh: Akun) -> SetujuiForm:
    """Its approval as it stands. Raises LangkahTidakSah: there is something to type, to decide, or
    to look at."""
    kini, hari = timezone.now(), timezone.localdate()
    if satu.status not in Permohonan.PERLU_DIKERJAKAN:
        raise alur.LangkahTidakSah(f"Keadaannya {satu.get_status_display().lower()}.")
    if lain := pegangan.lain(satu, oleh=oleh, pada=kini):
        raise alur.LangkahTidakSah(f"Sedang dikerjakan {lain.oleh}.")
    form = setujui_seperti_ada(satu, pada=hari)
    if not form.is_valid():
        kurang = [str(form.fields[nama].label) for nama in form.errors if nama in form.fields]
        raise alur.LangkahTidakSah(f"Perlu diisi: {', '.join(kurang)}.")
    semua, _ = pengisian.temuan(
        satu.jenis, satu.isian, pemohon=satu.pemohon, hari=hari, pengantar=form.bahan().pengantar
    )
    if semua:
        raise alur.LangkahTidakSah(str(semua[0]))
    return form


def _setujui(satu: Permohonan, oleh: Akun) -> None:
    satu.jenis = berkas_jenis.siap(satu.jenis.kode)
    bahan = _tanpa_ganjalan(satu, oleh).bahan()
    alur.jalankan(satu, "setujui", bahan, oleh=oleh, pada=timezone.now())


def _satu_satu(
    request: AuthenticatedRequest,
    semua: QuerySet[Permohonan],
    kata: str,
    kerjakan: Callable[[Permohonan], None],
) -> None:
    """`kerjakan` with each; says how many were done, and of the rest why not."""
    if ACTION_CHECKBOX_NAME in request.POST:  # in the order of the page
        semua = semua.select_related("jenis", "pemohon__keluarga__banjar", "menggantikan")
    jadi = 0
    for satu in semua:
        try:
            kerjakan(satu)
        except alur.LangkahTidakSah as galat:
            messages.warning(request, f"{satu.nomor} tidak {kata}. {galat}")
        else:
            pegangan.lepas(satu)
            jadi += 1
    bangunkan(tasks.kirim_pesan, tasks.cetak_surat)
    messages.success(request, f"{jadi} permohonan {kata}.")


# --- Paper ----------------------------------------------------------------------------------------


def cetak_kertas(satu: Permohonan, *, oleh: Akun) -> bytes:
    """The PDF of its letter, recorded as put on paper. Raises LangkahTidakSah."""
    cetakan = satu.surat.cetakan if satu.surat else None
    if cetakan is None or cetakan.keadaan != Cetakan.Keadaan.SELESAI:
        raise alur.LangkahTidakSah("PDF-nya belum siap.")
    try:
        with default_storage.open(cetakan.berkas) as isi:
            pdf_ = isi.read()
    except OSError as galat:
        raise alur.LangkahTidakSah("Berkas PDF-nya tidak ada. Hubungi pengelola.") from galat
    alur.catat_peristiwa(satu, "cetak_kertas", oleh=oleh, pada=timezone.now())
    return pdf_


def pdf(semua: list[bytes], nama: str) -> HttpResponse:
    isi = semua[0] if len(semua) == 1 else gabung(semua)
    kepala = {"Content-Disposition": f'inline; filename="{nama}.pdf"'}
    return HttpResponse(isi, content_type="application/pdf", headers=kepala)
