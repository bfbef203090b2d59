"""How long the session of this browser still lasts, for static/js/sesi.js."""

from typing import cast

from django.http import JsonResponse
from django.utils import timezone

from penduduk.akun import sesi
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman


@halaman("sesi/", nama="sesi", izin="", metode="GET POST")
@sesi.bukan_kerja
def sisa(request: AuthenticatedRequest) -> JsonResponse:
    """Seconds that are left, and when that is. A POST is work: it prolongs the session."""
    sampai = cast(sesi.SessionStore, request.session).berakhir_pada
    pada = timezone.now()
    isi = {
        "sisa": int(((sampai or pada) - pada).total_seconds()),
        "pukul": f"{timezone.localtime(sampai or pada):%H.%M}",
    }
    return JsonResponse(isi)
