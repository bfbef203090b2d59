"""What holds for every page of a draft: its letter is on offer, and another tab may delete it."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from layanan.models import Draf
from penduduk.akun.pintu import AuthenticatedRequest, warga
from surat.jenis import berkas
from surat.models import JenisSurat

TIDAK_ADA = "Isian itu sudah tidak ada: sudah dihapus, atau sudah terkirim."  # a second press

_View = Callable[[AuthenticatedRequest, JenisSurat], HttpResponse]


def halaman_draf(view: _View) -> Callable[..., HttpResponseBase]:
    """A page of a draft, for residents; the view is given the kind of letter."""

    @warga
    @functools.wraps(view)
    def dijaga(request: AuthenticatedRequest, /, kode: str) -> HttpResponse:
        jenis = berkas.siap(kode)
        if not jenis.layanan_mandiri:
            kata = f"{jenis.nama} sekarang diurus di kantor desa. Isian Anda tetap tersimpan."
            messages.info(request, kata)
            return redirect("layanan:pilih_surat")
        try:
            return view(request, jenis)
        except (DatabaseError, ObjectDoesNotExist):
            # Between two of our statements Hapus or Kirim was pressed in another tab.
            masih = Draf.objects.filter(akun=request.user, jenis=jenis, terkirim=False).exists()
            if masih or request.method == "GET":
                raise
        messages.info(request, TIDAK_ADA)
        return redirect("layanan:beranda")

    return dijaga
