"""The words of our messages: the list, and the page on which the village proposes its own."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from layanan import tasks
from layanan.kabar import uji
from layanan.kata_pesan import kata, katalog, usulan
from layanan.kotak_keluar import notifikasi
from layanan.models import Notifikasi, TemplatWA
from penduduk.antrean import bangunkan
from surat.jenis import beda as beda_jenis

KELOMPOK = {
    "Kepada warga": (
        *("diterima", "perlu_perbaikan", "diproses", "menunggu_ttd", "siap_diambil"),
        *("belum_diambil", "diserahkan", "ditolak", "surat_dicabut"),
    ),
    "Kepada petugas": (
        *("petugas_baru", "petugas_baru_lagi", "petugas_dikembalikan", "petugas_ringkasan"),
        *("petugas_biaya", "ttd_ringkasan", "ttd_mendesak", "perangkat_ambil"),
        "kelian_belum_diambil",
    ),
    "PIN dan keamanan akun": (
        *("pin", "pin_pengantar", "pin_foto_ulang", "pin_ditolak", "pin_terbit", "pin_ganti"),
        *("nomor_ganti", "akun_dijaga", "akun_dibekukan"),
        *("petugas_pin", "petugas_beku", "petugas_tebakan"),
    ),
}
ARTI = {
    "alasan": "catatan operator",
    "desa": "nama desa",
    "jumlah": "banyaknya surat",
    "kantor": "nama kantor, setelah kata “Kantor”",
    "kelola": "alamat halaman petugas",
    "kepala": "sebutan kepala desa",
    "kode_ambil": "kode pengambilan surat",
    "lewat": "banyaknya permohonan yang lewat janji",
    "meja": "alamat meja tanda tangan",
    "menunggu": "banyaknya permohonan yang menunggu",
    "nomor": "nomor permohonan",
    "persen": "biaya yang sudah terpakai",
    "pin": "kode enam angka",
    "situs": "alamat portal",
    "tanggal": "tanggal surat siap diambil",
    "tautan": "tautan untuk mengunci akun",
    "telepon": "banyaknya warga yang perlu ditelepon",
    "ttd": "banyaknya surat yang belum ditandatangani",
}
_HURUF_MAKS = 4000  # far more than any message; what is too long is said in words


class KataForm(forms.Form):
    dasar = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Muat ulang halaman ini.",
            "invalid": "Muat ulang halaman ini.",
        },
    )
    kata = forms.CharField(
        label="Kata-kata",
        required=False,
        strip=False,
        max_length=_HURUF_MAKS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _boleh(request: HttpRequest, *izin: str) -> None:
    if not request.user.has_perms([f"layanan.{satu}" for satu in ("change_templatwa", *izin)]):
        raise PermissionDenied


def _konteks(request: HttpRequest, judul: str, **lain: Any) -> dict[str, Any]:
    tersambung = bool(settings.TWILIO["account_sid"])
    return {
        **admin.site.each_context(request),
        "title": judul,
        "tersambung": tersambung,
        **lain,
    }


# --- The list -------------------------------------------------------------------------------------


@require_http_methods(["GET"])
def daftar(request: HttpRequest) -> HttpResponse:
    """All messages, by whom they are for, with the words in use."""
    _boleh(request)
    kelompok = [
        {"judul": judul, "pesan": [_ringkas(kode) for kode in semua]}
        for judul, semua in KELOMPOK.items()
    ]
    konteks = _konteks(request, "Kata-kata pesan", kelompok=kelompok)
    return TemplateResponse(request, "admin/layanan/kata/daftar.html", konteks)


def _ringkas(kode: str) -> dict[str, Any]:
    pilihan, terbaru = kata.pilih(kode), usulan.terbaru(kode)
    if terbaru == pilihan.versi or (terbaru and terbaru.sid and terbaru.sid == pilihan.sid):
        terbaru = None
    return {
        "kode": kode,
        "label": Notifikasi.Pesan(kode).label,
        "kata": pilihan.pesan.kata,
        "milik_desa": pilihan.versi is not None and not pilihan.versi.bawaan,
        "siap": bool(pilihan.sid),
        "terbaru": terbaru,
    }


# --- One message ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def ubah(request: HttpRequest, kode: str) -> HttpResponse:
    """GET: the words in use, to be changed. POST: look at other words (`aksi` lihat), try them on
    one's own phone (uji), propose them (ajukan), or go back to ours (bawaan)."""
    _boleh(request)
    if kode not in [satu for semua in KELOMPOK.values() for satu in semua]:
        raise Http404
    if katalog.PESAN[kode].cara is not katalog.Cara.TEMPLAT:
        if request.method == "POST":
            raise PermissionDenied
        return _halaman(request, kode, None)
    if request.method != "POST":
        return _halaman(request, kode, _form_awal(kode))
    data = request.POST.copy()
    data["kata"] = kata.rapikan(data.get("kata", ""))
    form = KataForm(data)
    if not form.is_valid():
        return _halaman(request, kode, form)
    match data.get("aksi"):
        case "ajukan" | "bawaan":
            return _ajukan(request, kode, form, bawaan=data["aksi"] == "bawaan")
        case "uji":
            return _uji(request, kode, form)
    return _halaman(
        request, kode, form, keberatan=kata.keberatan(kode, form.cleaned_data["kata"]), lihat=True
    )


def _form_awal(kode: str) -> KataForm:
    """The words that the village wants, whatever is in use."""
    terbaru = usulan.terbaru(kode)
    dasar = terbaru.versi if terbaru else 0
    return KataForm(initial={"kata": _dikehendaki(kode), "dasar": dasar})


def _dikehendaki(kode: str) -> str:
    kini = usulan.dikehendaki(list(TemplatWA.objects.filter(pesan=kode)))
    return kini.kata if kini else katalog.PESAN[kode].kata


def _ajukan(request: HttpRequest, kode: str, form: KataForm, *, bawaan: bool) -> HttpResponse:
    _boleh(request, "add_templatwa")
    umum = {"dasar": form.cleaned_data["dasar"], "oleh": request.user, "pada": timezone.now()}
    teks = form.cleaned_data["kata"]
    try:
        baru = usulan.bawaan_lagi(kode, **umum) if bawaan else usulan.usulkan(kode, teks, **umum)
    except usulan.KataTidakSah as galat:
        return _halaman(request, kode, form, keberatan=galat.keberatan)
    except usulan.TidakBerubah as galat:
        return _halaman(request, kode, form, keberatan=[str(galat)])
    except usulan.Keduluan as galat:
        lain = usulan.terbaru(kode)
        form.data["dasar"] = str(lain.versi if lain else 0)
        beda = beda_jenis.potong(lain.kata, teks) if lain else []
        return _halaman(request, kode, form, keberatan=[str(galat)], beda=beda)
    bangunkan(tasks.selaraskan_templat)
    if baru.keadaan == TemplatWA.Keadaan.DISETUJUI:
        messages.success(request, "Kata-kata ini dipakai mulai sekarang.")
    else:
        messages.success(
            request,
            f"Versi {baru.versi} disimpan dan segera diajukan. Kata-kata sebelumnya tetap dipakai "
            "sampai WhatsApp menyetujuinya.",
        )
    return redirect("admin:layanan_kata_ubah", kode)


def _uji(request: HttpRequest, kode: str, form: KataForm) -> HttpResponse:
    teks = form.cleaned_data["kata"]
    if salah := kata.keberatan(kode, teks):
        return _halaman(request, kode, form, keberatan=salah)
    try:
        uji.kirim(kode, teks, oleh=request.user, pada=timezone.now())
    except uji.TidakDapatDiuji as galat:
        return _halaman(request, kode, form, sebab_uji=str(galat))
    bangunkan(tasks.kirim_pesan)
    messages.success(request, "Contoh sedang dikirim ke nomor Anda.")
    return _halaman(request, kode, form)


def _halaman(request: HttpRequest, kode: str, form: KataForm | None, **lain: Any) -> HttpResponse:
    pilihan, asli = kata.pilih(kode), katalog.PESAN[kode]
    teks = str(form["kata"].value() or "") if form else pilihan.pesan.kata
    nilai = {**asli.contoh, **notifikasi.konteks_umum()}
    konteks = _konteks(
        request,
        f"Kata-kata pesan: {Notifikasi.Pesan(kode).label}",
        kode=kode,
        label=Notifikasi.Pesan(kode).label,
        form=form,
        pilihan=pilihan,
        menunggu=usulan.yang_menunggu(kode),
        contoh=kata.contoh(kode, teks, notifikasi.konteks_umum()),
        sisipan=[
            {
                "tulisan": f"{{{{{nama}}}}}",
                "arti": ARTI[nama],
                "contoh": nilai.get(nama, ""),
                "wajib": nama in asli.wajib,
            }
            for nama in asli.variabel
        ],
        bawaan=asli.kata if {pilihan.pesan.kata, _dikehendaki(kode)} != {asli.kata} else "",
        janji=usulan.JANJI_PANDUAN.get(kode, ""),
        riwayat=_riwayat(kode, pilihan.sid),
        uji=uji.terakhir(kode, oleh=request.user),
        **{"keberatan": [], "beda": [], "sebab_uji": "", "lihat": False, **lain},
    )
    return TemplateResponse(request, "admin/layanan/kata/ubah.html", konteks)


def _riwayat(kode: str, sid: str) -> list[dict[str, Any]]:
    """All versions, the newest first, each with what changed from the one before. `sid`: of the
    template in use."""
    lama, hasil = katalog.PESAN[kode].kata, []
    semua = TemplatWA.objects.select_related("dibuat_oleh").filter(pesan=kode).order_by("versi")
    for ke, satu in enumerate(semua):
        berubah = (ke or satu.versi) and lama != satu.kata
        beda = beda_jenis.potong(lama, satu.kata) if berubah else []
        hasil.append({"versi": satu, "beda": beda, "dipakai": False})
        lama = satu.kata
    hasil.reverse()
    if dipakai := next((r for r in hasil if sid and r["versi"].sid == sid), None):
        dipakai["dipakai"] = True
    return hasil
