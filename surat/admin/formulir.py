"""The official forms that letters may offer: which edition, and which of them the office of
destination has accepted."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan
from surat.formulir_resmi import daftar, tawaran
from surat.formulir_resmi.isi import Formulir
from surat.formulir_resmi.sumber import Sumber
from surat.jenis import berkas
from surat.kertas import cetak_luar
from surat.models import TataNaskah
from surat.naskah.gaya import tata_naskah
from surat.peraga import surat as peraga
from surat.peraga.orang import Ukuran

_IZIN = "surat.change_tatanaskah"
_WAKTU_MAKS = 30  # seconds; a form takes about two


def pdf(request: HttpRequest, apa: str, data: dict, nama: str, kembali: str) -> HttpResponse:
    """The print of a form, made in a process of its own; back to `kembali` when it cannot be."""
    try:
        isi = cetak_luar.cetak(apa, data, detik=_WAKTU_MAKS)
    except cetak_luar.TidakTercetak:
        messages.error(request, "Formulir belum dapat dibuat. Tunggu sebentar, lalu coba lagi.")
        return redirect(kembali)
    kepala = {"Content-Disposition": f'inline; filename="{nama}.pdf"'}
    return HttpResponse(isi, content_type="application/pdf", headers=kepala)


@halaman("surat/formulir/", nama="surat_formulir", izin=_IZIN, metode="GET POST")
def semua(request: AuthenticatedRequest) -> HttpResponse:
    """GET: all forms of the edition in force. POST: tick one as accepted, or take the tick off."""
    tata = tata_naskah()
    ada = {k: x[tata.versi_formulir] for k, x in daftar.semua().items() if tata.versi_formulir in x}
    if request.method == "POST":
        if (kunci := request.POST.get("kunci", "")) not in ada:
            raise Http404
        tanda, kini = f"{kunci}-{tata.versi_formulir}", dict(tata.formulir_diperiksa)
        if kini.pop(tanda, None) is None:
            kini[tanda] = [str(request.user), timezone.now().isoformat()]
        TataNaskah.objects.filter(pk=tata.pk).update(formulir_diperiksa=kini)
        pesan = f"{ada[kunci]['kode']}: {'sudah' if tanda in kini else 'belum'} diperiksa."
        LogEntry.objects.log_actions(request.user.pk, [tata], CHANGE, pesan, single_object=True)
        messages.success(request, pesan)
        return redirect("admin:surat_formulir")
    tanda_ = {k: tata.formulir_diperiksa.get(f"{k}-{tata.versi_formulir}") for k in ada}
    baris = [
        {"kunci": k, **x, "oleh": tanda_[k] and tanda_[k][0], "pada": tanda_[k] and tanda_[k][1]}
        for k, x in ada.items()
    ]
    judul = "Formulir resmi"
    return tampilkan(request, "admin/surat/formulir/daftar.html", judul, semua=baris, tata=tata)


@halaman("surat/formulir/<slug:kunci>/contoh/", nama="surat_formulir_contoh", izin=_IZIN)
def contoh(request: AuthenticatedRequest, kunci: str) -> HttpResponse:
    """A form about a fictitious resident, as the first letter type that offers it fills it in."""
    jenis = next((x for x in berkas.lengkap() if kunci in x.formulir.split()), None)
    tata = tata_naskah()
    if tata.versi_formulir not in daftar.semua().get(kunci, {}) or jenis is None:
        raise Http404
    b = peraga.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=timezone.localdate())
    sumber = Sumber(jenis, b.pemohon, b.jawaban, b.tanggal, penduduk=b.penduduk)
    satu = Formulir(kunci, daftar.semua()[kunci][tata.versi_formulir], sumber, {})
    data = tawaran.beku(satu) | {"contoh": True}
    return pdf(request, "formulir", data, f"contoh-{kunci}", reverse("admin:surat_formulir"))
