"""The words of our messages: the list, and the page on which the village proposes its own."""

from collections import defaultdict
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from layanan import tasks
from layanan.kabar import uji
from layanan.kata_pesan import kata, katalog, templat, usulan
from layanan.kotak_keluar import notifikasi
from layanan.models import TemplatWA
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.halaman import halaman, jaga, tampilkan
from surat.jenis import beda as beda_jenis

_IZIN = "layanan.change_templatwa"
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


def _tersambung() -> bool:
    return bool(settings.TWILIO["account_sid"])


# --- The list -------------------------------------------------------------------------------------


@halaman("layanan/kata-pesan/", nama="layanan_kata", izin=_IZIN)
def daftar(request: AuthenticatedRequest) -> HttpResponse:
    """All messages, by whom they are for, with the words in use; one query for their versions."""
    versi: dict[str, list[TemplatWA]] = defaultdict(list)
    for satu_versi in TemplatWA.objects.select_related("dibuat_oleh").order_by("-versi"):
        versi[satu_versi.pesan].append(satu_versi)
    kelompok = [
        {"judul": satu.value, "pesan": [_ringkas(asli, versi[asli.kode]) for asli in semua]}
        for satu, semua in groupby(templat.berkata(), key=lambda asli: asli.kelompok)
    ]
    return tampilkan(
        request,
        "admin/layanan/kata/daftar.html",
        "Kata-kata pesan",
        kelompok=kelompok,
        tersambung=_tersambung(),
    )


def _ringkas(asli: katalog.Pesan, versi: list[TemplatWA]) -> dict[str, Any]:
    """`versi`: all of this message, the highest first."""
    disetujui = [v for v in versi if v.keadaan == TemplatWA.Keadaan.DISETUJUI]
    pilihan = kata.dari_antara(asli.kode, disetujui)
    terbaru = versi[0] if versi else None
    if terbaru == pilihan.versi or (terbaru and terbaru.sid and terbaru.sid == pilihan.sid):
        terbaru = None
    return {
        "kode": asli.kode,
        "label": asli.label,
        "kata": pilihan.pesan.kata,
        "milik_desa": pilihan.versi is not None and not pilihan.versi.bawaan,
        "siap": bool(pilihan.sid),
        "terbaru": terbaru,
    }


# --- One message ----------------------------------------------------------------------------------


@halaman("layanan/kata-pesan/<slug:kode>/", nama="layanan_kata_ubah", izin=_IZIN, metode="GET POST")
def ubah(request: AuthenticatedRequest, kode: str) -> HttpResponse:
    """GET: the words in use, to be changed. POST: look at other words (`aksi` lihat), try them on
    one's own phone (uji), propose them (ajukan), or go back to ours (bawaan)."""
    asli = katalog.PESAN.get(kode)
    if asli is None or asli.cara is katalog.Cara.BEBAS:
        raise Http404
    if asli.cara is not katalog.Cara.TEMPLAT:
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


def _ajukan(
    request: AuthenticatedRequest, kode: str, form: KataForm, *, bawaan: bool
) -> HttpResponse:
    jaga(request, "layanan.add_templatwa")
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
        form.data = dict(form.data.items(), dasar=str(lain.versi if lain else 0))
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


def _uji(request: AuthenticatedRequest, kode: str, form: KataForm) -> HttpResponse:
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


def _halaman(
    request: AuthenticatedRequest, kode: str, form: KataForm | None, **lain: Any
) -> HttpResponse:
    pilihan, asli = kata.pilih(kode), katalog.PESAN[kode]
    teks = str(form["kata"].value() or "") if form else pilihan.pesan.kata
    nilai = {**asli.contoh, **notifikasi.konteks_umum()}
    return tampilkan(
        request,
        "admin/layanan/kata/ubah.html",
        f"Kata-kata pesan: {asli.label}",
        perintah=settings.PERINTAH,
        tersambung=_tersambung(),
        kode=kode,
        label=asli.label,
        form=form,
        pilihan=pilihan,
        menunggu=usulan.yang_menunggu(kode),
        contoh=kata.contoh(kode, teks, notifikasi.konteks_umum()),
        sisipan=[
            {
                "tulisan": f"{{{{{nama}}}}}",
                "arti": asli.arti[nama],
                "contoh": nilai.get(nama, ""),
                "wajib": nama in asli.wajib,
            }
            for nama in asli.sebutan
        ],
        bawaan=asli.kata if {pilihan.pesan.kata, _dikehendaki(kode)} != {asli.kata} else "",
        janji=asli.janji,
        riwayat=_riwayat(kode, pilihan.sid),
        uji=uji.terakhir(kode, oleh=request.user),
        **{"keberatan": [], "beda": [], "sebab_uji": "", "lihat": False, **lain},
    )


def _riwayat(kode: str, sid: str) -> list[dict[str, Any]]:
    """All versions, the newest first, each with what changed from the one before. `sid`: of the
    template in use."""
    lama = katalog.PESAN[kode].kata
    hasil: list[tuple[TemplatWA, list[beda_jenis.Potongan]]] = []
    semua = TemplatWA.objects.select_related("dibuat_oleh").filter(pesan=kode).order_by("versi")
    for ke, satu in enumerate(semua):
        berubah = (ke or satu.versi) and lama != satu.kata
        beda = beda_jenis.potong(lama, satu.kata) if berubah else []
        hasil.append((satu, beda))
        lama = satu.kata
    hasil.reverse()
    dipakai = next((satu for satu, _ in hasil if sid and satu.sid == sid), None)
    return [{"versi": satu, "beda": b, "dipakai": satu is dipakai} for satu, b in hasil]
