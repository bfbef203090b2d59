"""Mending a request that was sent back: only what the operator marked can be changed here.

What is typed is kept on the server at each press. A mend whose papers are still being checked goes
out from the waiting page, when the verdict is good or takes too long to wait for.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from layanan import tasks
from layanan.models import Permohonan, Riwayat
from layanan.permohonan import alur, berkas, dampak, pengisian, perbaikan
from layanan.views import unggahan
from layanan.views.permohonan import halaman, milik
from penduduk.akun.pintu import AuthenticatedRequest, menerima_berkas, warga
from penduduk.antrean import bangunkan
from surat.isian import formulir

_SUDAH = "Perbaikan ini sudah terkirim. Tidak perlu dikirim lagi."  # a second press
_BERKAS_TAK_IKUT = "Berkas yang baru Anda pilih tidak tersimpan; unggah lagi bila masih diminta."


@warga
@menerima_berkas(unggahan.SEKALI_KIRIM)
@require_http_methods(["GET", "POST"])
def perbaiki(request: AuthenticatedRequest, nomor: str) -> HttpResponse:
    permohonan = milik(request, nomor)
    diminta = perbaikan.terakhir(permohonan)
    kini = permohonan.status == Permohonan.Status.PERLU_PERBAIKAN
    if diminta is None or (not kini and request.method == "GET"):
        return redirect("layanan:rincian", nomor=nomor)
    if request.method == "POST":
        dilihat = _dilihat(request, permohonan, diminta)
        if not kini or dilihat != diminta:
            return _terlambat(request, permohonan, dilihat)
        return _terima(request, permohonan, diminta)
    kirim = permohonan.perbaikan.get("kirim", False)
    berlaku = permohonan.lampiran.filter(diganti_pada__isnull=True)
    if menunggu := unggahan.tunggu(request, berlaku, kirim=kirim):
        return menunggu
    form = _form(request, permohonan, diminta)
    galat = {d.syarat: d.keluhan for d in perbaikan.dokumen(permohonan) if d.ditolak}
    # Nobody can make somebody send by a link: they have pressed the button, the row says so.
    if kirim and "tunggu" in request.GET and not galat:
        return _kirim(request, permohonan, diminta)
    return _halaman(request, permohonan, diminta, form, galat)


def _dilihat(request: AuthenticatedRequest, permohonan: Permohonan, diminta: Riwayat) -> Riwayat:
    """What the page asked for on which this form was filled: it may be an earlier demand."""
    semua = permohonan.riwayat.filter(langkah=diminta.langkah)
    return next((r for r in semua if str(r.pk) == request.GET.get("langkah")), diminta)


def _terima(
    request: AuthenticatedRequest, permohonan: Permohonan, diminta: Riwayat
) -> HttpResponse:
    """Keep what came; then wait for the verdict, send, or show what is wrong."""
    aksi = request.POST.get("aksi")
    form = _form(request, permohonan, diminta, request.POST)
    jumlah, galat = _simpan_dokumen(request, permohonan)
    dilihat = request.POST.getlist("sudah-dilihat")
    perbaikan.lepas_yang_ditolak(permohonan, dilihat, pada=timezone.now())
    dokumen = perbaikan.dokumen(permohonan)
    if aksi == "kirim":
        galat = {d.syarat: d.kurang for d in dokumen if d.kurang} | galat
    kirim = aksi == "kirim" and form.is_valid() and not galat
    isian = formulir.ke_json(form.cleaned_data) if kirim else formulir.sebagai_awal(form)
    if not perbaikan.simpan(permohonan, isian, kirim=kirim):
        return _terlambat(request, milik(request, permohonan.nomor), diminta, jumlah)
    diperiksa = any(d.diperiksa for d in dokumen)
    if kirim and not diperiksa:
        return _kirim(request, permohonan, diminta)
    if not kirim:
        unggahan.tersimpan(request, jumlah)
    if kirim or (aksi == "simpan" and not galat):
        return unggahan.ke_hasil("layanan:perbaiki", diperiksa, nomor=permohonan.nomor)
    if aksi != "kirim":  # more rows wanted, or kept for later: judge nothing yet
        form = _form(request, permohonan, diminta)
    return _halaman(request, permohonan, diminta, form, galat)


def _form(
    request: AuthenticatedRequest, permohonan: Permohonan, diminta: Riwayat, kiriman: Any = None
) -> formulir.PertanyaanForm:
    """The form of the letter, reduced to the answers that were marked."""
    orang = request.user.warga
    keluarga, hari_ini = pengisian.keluarga(orang), timezone.localdate()
    kelas = formulir.buat_form(
        permohonan.jenis, keluarga=keluarga, hari_ini=hari_ini, pemohon=orang
    )
    form = kelas(kiriman, initial=perbaikan.isian(permohonan))
    alasan = {p["kunci"]: p["alasan"] for p in diminta.putusan if p["apa"] == "isian"}
    # An answer may bring another question with it, which has never been asked before.
    ikut = {b.kunci for b in form.baris if b.bila_kunci in alasan}
    for kunci in list(form.fields):
        if kunci in alasan:
            form.fields[kunci].help_text = format_html("Yang diminta petugas: {}", alasan[kunci])
        elif kunci not in ikut:
            del form.fields[kunci]
    return form


def _simpan_dokumen(
    request: AuthenticatedRequest, permohonan: Permohonan
) -> tuple[int, dict[str, str]]:
    """Store new files for the marked papers; returns how many, and what is wrong per paper."""
    galat: dict[str, str] = {}
    jumlah = 0
    for satu in perbaikan.dokumen(permohonan):
        baru, kalimat = berkas.terima_beberapa(
            request.FILES.getlist(f"berkas-{satu.syarat}"),
            pemilik=request.user.warga,
            dokumen=satu.syarat,
            label=satu.label,
            ke=permohonan,
            pada=timezone.now(),
            diminta_pada=satu.pada,
        )
        jumlah += baru
        if kalimat:
            galat[satu.syarat] = " ".join(kalimat)
    if jumlah:
        bangunkan(tasks.periksa_berkas)
    return jumlah, galat


def _halaman(
    request: AuthenticatedRequest,
    permohonan: Permohonan,
    diminta: Riwayat,
    form: formulir.PertanyaanForm,
    galat: dict[str, str],
) -> HttpResponse:
    semua = perbaikan.dokumen(permohonan)
    konteks = {
        "permohonan": permohonan,
        "diminta": diminta,
        "galat": galat,
        "dokumen": [{"minta": d, "galat": galat.get(d.syarat, "")} for d in semua],
        "diperiksa": any(d.diperiksa for d in semua),
        "belum_terkirim": permohonan.perbaikan.get("kirim", False) and not galat,
        "isian": [p for p in diminta.putusan if p["apa"] == "isian"],
        "form": form,
    }
    return render(request, "layanan/perbaiki.html", konteks)


def _kirim(request: AuthenticatedRequest, permohonan: Permohonan, diminta: Riwayat) -> HttpResponse:
    """Send what is kept."""
    nomor = permohonan.nomor
    bahan = dampak.AjukanUlang(formulir.rapikan(permohonan.jenis, perbaikan.isian(permohonan)))
    try:
        alur.jalankan(permohonan, "ajukan_ulang", bahan, oleh=request.user, pada=timezone.now())
    except alur.Keduluan:
        return _terlambat(request, milik(request, nomor), diminta)
    except alur.LangkahTidakSah as galat:
        messages.error(request, str(galat))
        return redirect("layanan:perbaiki", nomor=nomor)
    bangunkan(tasks.kirim_pesan)
    messages.success(request, "Perbaikan Anda sudah terkirim.")
    return redirect("layanan:rincian", nomor=nomor)


def _terlambat(
    request: AuthenticatedRequest, permohonan: Permohonan, dilihat: Riwayat, jumlah: int = 0
) -> HttpResponse:
    """It was sent meanwhile, from another phone or by the press before this one; what was typed
    here and is not what was sent is shown. `jumlah`: files that were in time."""
    form = _form(request, permohonan, dilihat, request.POST)
    form.full_clean()
    for kunci, jawab in formulir.ke_json(form.cleaned_data).items():
        if (jawab or None) == (permohonan.isian.get(kunci) or None):
            del form.fields[kunci]
    berkas_baru = _BERKAS_TAK_IKUT if request.FILES and not jumlah else ""
    lain = request.method == "POST" and (form.fields or berkas_baru)
    if not lain and permohonan.status == Permohonan.Status.DIAJUKAN:
        messages.info(request, _SUDAH)
        return redirect("layanan:rincian", nomor=permohonan.nomor)
    messages.error(request, f"{alur.sudah_berubah(permohonan)} {berkas_baru}".strip())
    return halaman(request, permohonan, terlambat=form)
