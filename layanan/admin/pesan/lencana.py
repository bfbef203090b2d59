"""The numbers beside the links of the office, for static/js/lencana.js."""

from django.http import JsonResponse
from django.utils import timezone

from layanan import kantor
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.akun.sesi import bukan_kerja
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
