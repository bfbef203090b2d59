"""Files out of private storage: only to who may see them; layanan.jejak writes down who did."""

import logging
import uuid
from collections.abc import Callable
from typing import TypeVar

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from layanan.models import Berkas
from layanan.percakapan.media import DIPUTAR
from layanan.permohonan import berkas as berkas_
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import tampilkan
from surat.bahasa import tanggal as tgl
from surat.models import Cetakan, Surat
from surat.terbit import pencetakan

log = logging.getLogger(__name__)

_View = TypeVar("_View", bound=Callable[..., HttpResponse | FileResponse])
# The office shows a PDF inside its own page.
# django-csp types a view as one that takes nothing but its request.
_dalam_halaman_sendiri: Callable[[_View], _View] = csp_replace({"frame-ancestors": "'self'"})  # type: ignore[assignment]


def _sajikan(nama: str, *, jenis: str, sebagai: str) -> FileResponse:
    try:
        isi = default_storage.open(nama)
    except OSError as galat:
        log.error("a file that a row names is not there")
        raise Http404 from galat
    return FileResponse(isi, content_type=jenis, filename=sebagai)


def _yang_boleh(request: AuthenticatedRequest, pk: uuid.UUID) -> Berkas:
    """The file, for its owner and the staff whose work it is. Everybody else: 404."""
    semua = Berkas.objects.select_related("permintaan", "masuk__percakapan")
    satu = get_object_or_404(semua, pk=pk)
    ada = satu.keadaan in (Berkas.Keadaan.SIAP, Berkas.Keadaan.DIHAPUS)
    if not berkas_.boleh_melihat(request.user, satu) or not ada:
        raise Http404
    return satu


def _sudah_dihapus(request: AuthenticatedRequest, satu: Berkas) -> HttpResponse:
    """410: it was here, and its time is over."""
    hari = tgl.panjang(tgl.di_wita(satu.dihapus_pada or satu.diunggah_pada))
    judul = "Berkas sudah dihapus"
    isi = {
        "judul": judul,
        "ulang": "",
        "pesan": f"Berkas ini sudah dihapus pada {hari} sesuai aturan penyimpanan. Catatan "
        "permohonan dan surat yang sudah terbit tetap ada.",
    }
    if request.user.is_staff:
        jawab = tampilkan(request, "admin/galat.html", judul, **isi)
        jawab.status_code = 410
        return jawab
    return render(request, "galat.html", isi, status=410)


@_dalam_halaman_sendiri
@xframe_options_sameorigin
@login_required
@require_GET
def berkas(request: AuthenticatedRequest, pk: uuid.UUID) -> HttpResponse | FileResponse:
    """One uploaded paper, as a whole."""
    satu = _yang_boleh(request, pk)
    if satu.dihapus_pada:
        return _sudah_dihapus(request, satu)
    akhiran = DIPUTAR.get(satu.jenis_isi) or ("jpg" if satu.gambar else "pdf")
    return _sajikan(satu.berkas, jenis=satu.jenis_isi, sebagai=f"{satu.dokumen}.{akhiran}")


@login_required
@require_GET
def halaman(request: AuthenticatedRequest, pk: uuid.UUID, ke: int) -> HttpResponse:
    """The picture of one page."""
    satu = _yang_boleh(request, pk)
    if satu.dihapus_pada:
        return _sudah_dihapus(request, satu)
    try:
        isi = berkas_.halaman(satu, ke)
    except (LookupError, OSError) as galat:
        raise Http404 from galat
    return HttpResponse(isi, content_type="image/jpeg")


@login_required
@require_GET
def mini(request: AuthenticatedRequest, pk: uuid.UUID) -> FileResponse:
    """The thumbnail: too small to read, so that looking at it leaves no trace."""
    satu = _yang_boleh(request, pk)
    if not satu.mini:
        raise Http404
    return _sajikan(satu.mini, jenis="image/jpeg", sebagai="kecil.jpg")


@_dalam_halaman_sendiri
@xframe_options_sameorigin
@login_required
@require_GET
def surat(request: AuthenticatedRequest, pk: int) -> FileResponse:
    """The PDF of a letter, for staff. Residents have their own address below their request."""
    satu = get_object_or_404(Surat, pk=pk)
    if not request.user.is_staff or not berkas_.boleh_melihat_milik(request.user, satu.subjek_id):
        raise Http404
    return sajikan_surat(request, satu)


def sajikan_surat(request: AuthenticatedRequest, satu: Surat) -> FileResponse:
    """The PDF of a letter, as long as it is the one that was made."""
    semua = Cetakan.objects.select_related("surat")
    cetakan = get_object_or_404(semua, surat=satu, keadaan=Cetakan.Keadaan.SELESAI)
    if not pencetakan.pastikan(cetakan, pada=timezone.now()):
        raise Http404
    return _sajikan(cetakan.berkas, jenis="application/pdf", sebagai=f"surat-{satu.pk}.pdf")
