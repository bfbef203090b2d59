"""What the pages of a letter type have in common."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from surat.jenis import berkas
from surat.models import JenisSurat

_IZIN = ("surat.change_jenissurat", "surat.add_templat")


def jaga(request: HttpRequest) -> None:
    """Only who keeps the letter types in order; raises PermissionDenied."""
    if not request.user.has_perms(_IZIN):
        raise PermissionDenied


def ambil(request: HttpRequest, pk: Any) -> JenisSurat:
    """The type with all that belongs to it. Raises PermissionDenied, Http404."""
    jaga(request)
    return get_object_or_404(berkas.lengkap().select_related("diubah_oleh"), pk=pk)


def konteks(
    request: HttpRequest, judul: str, jenis: JenisSurat | None = None, **lain: Any
) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "opts": JenisSurat._meta,
        "title": judul,
        "jenis": jenis,
        **lain,
    }
