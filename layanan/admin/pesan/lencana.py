"""What every page of the office shows: the numbers beside its links (static/js/lencana.js), and the
red line while nothing goes out by WhatsApp."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from layanan import kantor, tasks
from layanan.kotak_keluar import saluran
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.akun.sesi import bukan_kerja
from penduduk.antrean import bangunkan
from penduduk.halaman import halaman


@halaman("layanan/lencana/", nama="layanan_lencana", izin="layanan.view_permohonan")
@bukan_kerja
def angka(request: AuthenticatedRequest) -> JsonResponse:
    """Only the numbers of those pages that this person may open. Changes nothing, so that a page
    left open does not keep its session alive."""
    semua = kantor.lencana(pada=timezone.now())
    isi = {"antrean": semua.antrean, "terbaru": semua.terbaru}
    if request.user.has_perm("layanan.proses_permohonan"):
        isi["hubungi"] = semua.hubungi
    if request.user.has_perm("penduduk.terbitkan_pin"):
        isi["pin"] = semua.pin
    return JsonResponse(isi)


@halaman(
    "layanan/saluran/coba/",
    nama="layanan_saluran_coba",
    izin="layanan.view_notifikasi",
    metode="POST",
)
def coba_saluran(request: AuthenticatedRequest) -> HttpResponse:
    """Somebody has mended what stopped the channel: it is tried now."""
    if saluran.coba_sekarang(pada=timezone.now()):
        bangunkan(tasks.kirim_pesan)
        messages.info(request, "Satu pesan sedang dicoba. Muat ulang halaman ini sebentar lagi.")
    else:
        messages.success(request, "WhatsApp sudah jalan lagi.")
    return redirect("admin:index")
