"""What the pages of a letter type have in common."""

from django.shortcuts import get_object_or_404

from surat.jenis import berkas
from surat.models import JenisSurat

IZIN = "surat.change_jenissurat surat.add_templat"  # of who keeps the letter types in order


def ambil(pk: int) -> JenisSurat:
    """The type with all that belongs to it. Raises Http404."""
    return get_object_or_404(berkas.lengkap().select_related("diubah_oleh"), pk=pk)
