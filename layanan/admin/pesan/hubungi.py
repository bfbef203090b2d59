"""The page from which operators call whom no message has reached (layanan.kabar.panggilan)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from layanan import tasks
from layanan.kabar import panggilan
from layanan.kata_pesan import kata
from layanan.models import Notifikasi, Permohonan
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.antrean import bangunkan
from penduduk.halaman import halaman, tampilkan
from penduduk.identitas import telepon
from penduduk.models import Penduduk
from surat.isian.bidang import TeksField

_IZIN = "layanan.proses_permohonan"
_SEHALAMAN = 50
_TAK_JELAS = "Pesan tidak sampai. Telepon warga."


class CatatanForm(forms.Form):
    catatan = TeksField(required=False, max_length=panggilan.CATATAN_MAKS)


@dataclass(frozen=True)
class Baris:
    """One person to call. `perihal`: what it is about; `alamat`: where that is shown.
    `nomor`: E.164, "" when there is none; then `lewat` says through whom."""

    pesan: Notifikasi
    nama: str
    perihal: str
    alamat: str
    nomor: str
    lewat: str
    ucapan: str
    wa: str
    bisa_lagi: bool
    permohonan: Permohonan | None

    @property
    def nomor_tampil(self) -> str:
        return telepon.tampil(self.nomor)

    @property
    def sebab(self) -> str:
        return self.pesan.galat or _TAK_JELAS


def _lengkap(semua: QuerySet[Notifikasi]) -> QuerySet[Notifikasi]:
    """With all that stands in a row of the page."""
    permohonan = "permohonan__pemohon__keluarga__banjar", "permohonan__pemohon__akun"
    lewat = [f"{asal}__{satu}" for asal in ("riwayat", "berkala") for satu in permohonan]
    jenis = "riwayat__permohonan__jenis", "berkala__permohonan__jenis"
    return semua.select_related(
        *lewat,
        *jenis,
        "permintaan__penduduk",
        "kejadian__akun__penduduk__keluarga__banjar",
        "jawaban__percakapan",
    )


@halaman("layanan/hubungi/", nama="layanan_hubungi", izin=_IZIN)
def daftar(request: AuthenticatedRequest) -> HttpResponse:
    return _halaman(request, [])


def _halaman(request: AuthenticatedRequest, ketikan: list[tuple[str, str]]) -> HttpResponse:
    """Whom to call now, the longest waiting first; a constant number of queries."""
    semua = _lengkap(panggilan.daftar(pada=timezone.now()))
    hal = Paginator(semua, _SEHALAMAN).get_page(request.GET.get("hal"))
    return tampilkan(
        request,
        "admin/layanan/hubungi/daftar.html",
        "Hubungi lewat telepon",
        hal=hal,
        daftar=_baris(request, list(hal.object_list)),
        catatan_maks=panggilan.CATATAN_MAKS,
        ketikan=ketikan,
    )


def _baris(request: AuthenticatedRequest, semua: list[Notifikasi]) -> list[Baris]:
    terpakai = kata.terpakai()
    halangan = panggilan.halangan_kirim_lagi(semua)
    return [
        _satu(baris, terpakai, bisa_lagi=not halangan[baris.pk] and _boleh_lagi(request, baris))
        for baris in semua
    ]


def _satu(baris: Notifikasi, terpakai: Mapping[str, Any], *, bisa_lagi: bool) -> Baris:
    tentang = panggilan.permohonan(baris)
    orang = _penduduk(baris, tentang)
    perihal, alamat = _perihal(baris, tentang, orang)
    wa = ""
    if panggilan.boleh_ditulisi(baris):
        teks = quote(panggilan.tulisan(baris, terpakai))
        wa = f"{settings.WA_ME_URL}/{baris.nomor_hp.removeprefix('+')}?text={teks}"
    return Baris(
        pesan=baris,
        nama=_nama(baris, orang),
        perihal=perihal,
        alamat=alamat,
        nomor=_nomor(baris, tentang),
        lewat=_lewat(orang),
        ucapan=panggilan.ucapan(baris, terpakai),
        wa=wa,
        bisa_lagi=bisa_lagi,
        permohonan=tentang,
    )


def _penduduk(baris: Notifikasi, tentang: Permohonan | None) -> Penduduk | None:
    if tentang is not None:
        return tentang.pemohon
    if baris.permintaan:
        return baris.permintaan.penduduk
    return baris.kejadian.akun.penduduk if baris.kejadian and baris.kejadian.akun else None


def _nama(baris: Notifikasi, orang: Penduduk | None) -> str:
    """Whoever is known; the name in WhatsApp is written by the owner of the number."""
    if orang is not None:
        return orang.nama
    if baris.jawaban:
        return baris.jawaban.percakapan.nama_wa or "Nama belum diketahui"
    satu = baris.permintaan
    return (satu and (satu.nama or satu.nama_wa)) or "Nama belum diketahui"


def _nomor(baris: Notifikasi, tentang: Permohonan | None) -> str:
    """Where the message was to go; of a request without a number, the one of the account."""
    if telepon.bernomor(baris.nomor_hp):
        return baris.nomor_hp
    if tentang is None:
        return ""  # nobody, or a chat without a number
    akun = getattr(tentang.pemohon, "akun", None)
    return tentang.nomor_hp or (akun.nomor_hp if akun else "")


def _lewat(orang: Penduduk | None) -> str:
    """Through whom somebody without a telephone can be told."""
    banjar = orang.keluarga.banjar if orang and orang.keluarga else None
    if banjar is None:
        return "keluarganya"
    nomor = f", {telepon.tampil(banjar.nomor_hp_kelian)}" if banjar.nomor_hp_kelian else ""
    siapa = f" ({banjar.kelian}{nomor})" if banjar.kelian else ""
    return f"keluarganya atau kelian Banjar Dinas {banjar}{siapa}"


def _perihal(
    baris: Notifikasi, tentang: Permohonan | None, orang: Penduduk | None
) -> tuple[str, str]:
    if tentang is not None:
        alamat = reverse("admin:layanan_permohonan_change", args=[tentang.pk])
        return f"Permohonan {tentang.nomor}, {tentang.jenis.nama}", alamat
    if baris.permintaan:
        alamat = reverse("admin:layanan_permintaanpin_change", args=[baris.permintaan_id])
        return f"Permintaan PIN lewat {baris.permintaan.get_asal_display()}", alamat
    if baris.jawaban:
        return "Jawaban atas pesan warga", reverse("admin:layanan_catatanwarga_changelist")
    alamat = reverse("admin:penduduk_penduduk_change", args=[orang.pk]) if orang else ""
    return "Keamanan akun", alamat


# --- What is done about it ------------------------------------------------------------------------


def _boleh_lagi(request: AuthenticatedRequest, baris: Notifikasi) -> bool:
    """A PIN message makes a new PIN: only for those who may issue one."""
    return not baris.permintaan_id or request.user.has_perm("penduduk.terbitkan_pin")


@halaman(
    "layanan/hubungi/<int:pk>/<slug:nama>/", nama="layanan_hubungi_aksi", izin=_IZIN, metode="POST"
)
def aksi(request: AuthenticatedRequest, pk: int, nama: str) -> HttpResponse:
    """One button of a row; then the list again, on the same page of it."""
    if nama not in _AKSI:
        raise Http404
    semua = _lengkap(Notifikasi.objects.untuk_warga().tanpa_balasan())
    baris = get_object_or_404(semua, pk=pk)
    if not _AKSI[nama](request, baris, timezone.now()):
        kata = "Tidak perlu lagi: pesannya sampai, atau petugas lain sudah menanganinya."
        messages.info(request, kata)
        if catatan := request.POST.get("catatan", "").strip()[: panggilan.CATATAN_MAKS]:
            return _halaman(request, [(f"Catatan tentang {_siapa(baris)}", catatan)])
    hal = request.POST.get("hal", "")
    ekor = f"?hal={hal}" if hal.isascii() and hal.isdigit() and hal != "1" else ""
    return redirect(reverse("admin:layanan_hubungi") + ekor)


def _selesai(request: AuthenticatedRequest, baris: Notifikasi, pada: datetime) -> bool:
    form = CatatanForm(request.POST)
    catatan = form.cleaned_data["catatan"] if form.is_valid() else request.POST["catatan"]
    if not panggilan.sudah_dihubungi(baris, oleh=request.user, pada=pada, catatan=catatan):
        return False
    messages.success(request, f"Tercatat: {_siapa(baris)} sudah dihubungi.")
    return True


def _tidak_diangkat(request: AuthenticatedRequest, baris: Notifikasi, pada: datetime) -> bool:
    if not panggilan.tidak_diangkat(baris, pada=pada):
        return False
    lagi = timezone.localtime(pada + panggilan.HUBUNGI_LAGI)
    messages.success(
        request,
        f"Tercatat: {_siapa(baris)} tidak mengangkat. Muncul lagi pukul {lagi:%H.%M} WITA.",
    )
    return True


def _kirim_lagi(request: AuthenticatedRequest, baris: Notifikasi, pada: datetime) -> bool:
    if not _boleh_lagi(request, baris):
        raise PermissionDenied
    if not panggilan.kirim_lagi(baris, pada=pada):
        return False
    LogEntry.objects.log_actions(
        request.user.pk, [baris], CHANGE, "Mengirim lagi.", single_object=True
    )
    bangunkan(tasks.kirim_pesan)
    messages.success(
        request,
        f"Pesan untuk {_siapa(baris)} sedang dikirim lagi. Bila gagal lagi, ia kembali ke sini.",
    )
    return True


def _siapa(baris: Notifikasi) -> str:
    return _nama(baris, _penduduk(baris, panggilan.permohonan(baris)))


_AKSI: dict[str, Callable[[AuthenticatedRequest, Notifikasi, datetime], bool]] = {
    "selesai": _selesai,
    "tidak-diangkat": _tidak_diangkat,
    "kirim-lagi": _kirim_lagi,
}
