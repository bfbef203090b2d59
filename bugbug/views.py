"""Pages that belong to no room: home, guide, errors, health."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from layanan.models import Denyut
from penduduk.forms import MasukForm
from surat.models import JenisSurat

_DENYUT_BASI = timedelta(seconds=60)


def _surat_ditawarkan() -> Sequence[Mapping[str, object]]:
    """Name and purpose of every letter on offer."""
    ditawarkan = JenisSurat.objects.filter(layanan_mandiri=True).order_by("urutan", "nama")
    return list(ditawarkan.values("kode", "nama", "tujuan"))


@require_safe
def beranda(request: HttpRequest) -> HttpResponse:
    konteks = {"form": MasukForm(), "daftar_surat": _surat_ditawarkan()}
    return render(request, "beranda.html", konteks)


@require_safe
def panduan(request: HttpRequest) -> HttpResponse:
    return render(request, "panduan.html")


@require_safe
def sehat(request: HttpRequest) -> HttpResponse:
    """The web process is alive."""
    return JsonResponse({"hidup": True})


@require_safe
def siap(request: HttpRequest) -> HttpResponse:
    """Database answers and worker and beat have a fresh heartbeat; 503 otherwise."""
    keadaan = {"basis_data": False, "pekerja": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        keadaan["basis_data"] = True
        keadaan["pekerja"] = Denyut.objects.filter(pada__gt=timezone.now() - _DENYUT_BASI).exists()
    except Error:
        return JsonResponse(keadaan, status=503)
    return JsonResponse(keadaan, status=200 if all(keadaan.values()) else 503)


def _galat(request: HttpRequest, kode: int, judul: str, pesan: str) -> HttpResponse:
    konteks = {"judul": judul, "pesan": pesan}
    return render(request, "galat.html", konteks, status=kode)


def galat_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _galat(
        request, 400, "Permintaan tidak dapat dibaca", "Kembali ke beranda dan coba lagi."
    )


def galat_403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _galat(
        request,
        403,
        "Anda tidak berwenang",
        "Halaman ini bukan untuk akun Anda. Bila menurut Anda keliru, hubungi admin desa.",
    )


def galat_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _galat(
        request,
        404,
        "Halaman tidak ditemukan",
        "Alamatnya salah, atau halaman ini bukan milik Anda. Kembali ke beranda.",
    )


def galat_500(request: HttpRequest) -> HttpResponse:
    """Without request context: whatever broke the page must not break this one too."""
    return HttpResponse(render_to_string("galat_500.html"), status=500)


def csrf_gagal(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _galat(
        request,
        403,
        "Halaman sudah terlalu lama terbuka",
        "Kembali ke halaman sebelumnya, muat ulang, lalu kirim lagi. Yang sudah tersimpan "
        "tidak hilang.",
    )
