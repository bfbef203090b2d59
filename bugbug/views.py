"""Pages that belong to no room: home, guide, errors, health."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from bugbug import log
from layanan.kesehatan import keadaan
from penduduk import desa
from penduduk.forms import MasukForm
from penduduk.ketikan import jalan
from surat.models import JenisSurat

_SIAP_DIINGAT = 10  # seconds


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
    """Alive: this process can write a page of the site, with its style sheets."""
    _tulis_halaman(request)
    return JsonResponse({"hidup": True})


def _tulis_halaman(request: HttpRequest) -> None:
    """ValueError: the style sheets of this release are not there."""
    render_to_string("galat.html", {"judul": "", "pesan": "", "ulang": ""}, request)


@require_safe
def siap(request: HttpRequest) -> HttpResponse:
    """Ready: this process can serve people. 503 takes it out of a balancer, so nothing is asked
    that would be the same for all of them (manage.py keadaan says that)."""
    isi = {"basis_data": False, "skema": False, "simpanan": False, "halaman": False}
    try:
        isi["skema"] = keadaan.skema_siap()
        isi["basis_data"] = True
        isi["simpanan"] = cache.get("dapat_disimpan") or _dapat_disimpan()
        _tulis_halaman(request)
        isi["halaman"] = True
    except (Error, OSError, ValueError):
        pass  # what is not true yet says which
    return JsonResponse(isi, status=200 if all(isi.values()) else 503)


def _dapat_disimpan() -> bool:
    """Writes a file, and remembers for some seconds that it could: anybody may ask."""
    nama = default_storage.save("sehat/coba", ContentFile(b"x"))
    default_storage.delete(nama)
    cache.set("dapat_disimpan", True, _SIAP_DIINGAT)
    return True


@require_safe
def metrik(request: HttpRequest) -> HttpResponse:
    """Prometheus; whoever has no METRIK_KUNCI finds nothing here."""
    kunci = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRIK_KUNCI or not constant_time_compare(kunci, settings.METRIK_KUNCI):
        raise Http404
    isi = keadaan.metrik(keadaan.periksa(pada=timezone.now()))
    return HttpResponse(isi, content_type="text/plain; version=0.0.4")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a hole; no such page where the village has named no contact."""
    kontak = [f"mailto:{desa.ambil().email}"] if desa.ambil().email else []
    kontak += [f"tel:{satu.tel}" for satu in desa.telepon_kantor() if satu.tel]
    if not kontak:
        raise Http404
    habis = (timezone.now() + timedelta(days=180)).isoformat(timespec="seconds")
    konteks = {"kontak": kontak, "habis": habis, "situs": settings.PUBLIC_BASE_URL}
    return render(request, "security.txt", konteks, content_type="text/plain; charset=utf-8")


# --- Errors ---------------------------------------------------------------------------------------

_KATA = json.loads(Path(__file__).with_name("galat.json").read_text("utf-8"))


def galat(
    request: HttpRequest, kode: int, kata: str = "", *, ulang: str = "", besar: str = ""
) -> HttpResponse:
    """An error in words of galat.json, in the frame of the room that it happened in. `ulang`: a
    page that may be opened again; `besar`: how much may be sent."""
    judul, pesan = _KATA[kata or str(kode)]
    pesan = pesan.format(besar=besar)
    konteks: dict[str, Any] = {"judul": judul, "pesan": pesan, "ulang": ulang}
    templat = "galat.html"
    if _di_kantor(request):
        if request.path.startswith("/meja/"):
            templat = "layanan/meja_galat.html"
        else:
            templat = "admin/galat.html"
            konteks |= {**admin.site.each_context(request), "title": judul}
    return render(request, templat, konteks, status=kode)


def _di_kantor(request: HttpRequest) -> bool:
    if not hasattr(request, "user"):  # refused before anybody asked who it is
        return False
    petugas = request.user.is_authenticated and request.user.is_staff
    return jalan.di_kantor(request.path) or (petugas and request.path.startswith("/berkas/"))


def galat_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return galat(request, 400)


def galat_403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return galat(request, 403)


def galat_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return galat(request, 404, "404 kantor" if _di_kantor(request) else "404")


def galat_500(request: HttpRequest) -> HttpResponse:
    """Without request context: whatever broke the page must not break this one too."""
    templat = "galat_500_kantor.html" if jalan.di_kantor(request.path) else "galat_500.html"
    return HttpResponse(render_to_string(templat, {"kode": log.kode_pendek()}), status=500)


def csrf_gagal(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is out of date. What can be kept is, and comes back filled."""
    if kembali := jalan.sesudah_token_basi(request, pada=timezone.now()):
        return kembali
    sendiri = jalan.dari_sini(request, tanpa_kata=False)
    ulang = jalan.halaman_terbuka(request) if sendiri else ""
    return galat(request, 403, "403 basi", ulang=ulang)
