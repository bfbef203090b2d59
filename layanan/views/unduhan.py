"""Files out of private storage: only to who may see them, and each time with a trace."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from layanan.models import Berkas
from layanan.percakapan import siapa
from layanan.percakapan.media import DIPUTAR
from layanan.permohonan import berkas as berkas_
from penduduk.akun.pintu import AuthenticatedRequest
from surat.models import Cetakan, Surat

_View = TypeVar("_View", bound=Callable[..., FileResponse])
# The office shows a PDF inside its own page.
# django-csp types a view as one that takes nothing but its request.
_dalam_halaman_sendiri: Callable[[_View], _View] = csp_replace({"frame-ancestors": "'self'"})  # type: ignore[assignment]


def _sajikan(nama: str, *, jenis: str, sebagai: str) -> FileResponse:
    return FileResponse(default_storage.open(nama), content_type=jenis, filename=sebagai)


@_dalam_halaman_sendiri
@xframe_options_sameorigin
@login_required
@require_GET
def berkas(request: AuthenticatedRequest, pk: uuid.UUID) -> FileResponse:
    """One uploaded paper: its owner, or the staff whose work it is. Everybody else: 404."""
    semua = Berkas.objects.select_related("permintaan", "masuk__percakapan")
    satu = get_object_or_404(semua, pk=pk)
    if not berkas_.boleh_melihat(request.user, satu):
        raise Http404
    if satu.keadaan != Berkas.Keadaan.SIAP:
        raise Http404
    berkas_.catat_lihat(
        apa="BERKAS",
        objek=str(satu.pk),
        pemilik_id=_pemilik(satu),
        oleh=request.user,
        pada=timezone.now(),
    )
    akhiran = DIPUTAR.get(satu.jenis_isi) or ("jpg" if satu.gambar else "pdf")
    return _sajikan(satu.berkas, jenis=satu.jenis_isi, sebagai=f"{satu.dokumen}.{akhiran}")


def _pemilik(satu: Berkas) -> int | None:
    """Whose it is, as far as that is known."""
    if satu.pemilik_id:
        return satu.pemilik_id
    if satu.permintaan:
        return satu.permintaan.penduduk_id
    akun = siapa.akun(satu.masuk.percakapan) if satu.masuk else []
    return akun[0].penduduk_id if len(akun) == 1 else None


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
    cetakan = get_object_or_404(Cetakan, surat=satu, keadaan=Cetakan.Keadaan.SELESAI)
    berkas_.catat_lihat(
        apa="SURAT",
        objek=str(satu.pk),
        pemilik_id=satu.subjek_id,
        oleh=request.user,
        pada=timezone.now(),
    )
    return _sajikan(cetakan.berkas, jenis="application/pdf", sebagai=f"surat-{satu.pk}.pdf")
