"""The manual of the office (layanan.bantuan): its list, and the page of one task."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse

from layanan import bantuan as bantuan_
from layanan import peran
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan


@halaman("bantuan/", nama="bantuan", izin="")
def bantuan(request: AuthenticatedRequest) -> HttpResponse:
    kelompok = groupby(bantuan_.SEMUA.values(), lambda satu: satu.kelompok)
    isi = {"kelompok": [(nama, list(isi)) for nama, isi in kelompok], "peran": list(peran.IZIN)}
    return tampilkan(request, "admin/bantuan/daftar.html", "Bantuan", **isi)


@halaman("bantuan/<slug:kode>/", nama="bantuan_satu", izin="")
def bantuan_satu(request: AuthenticatedRequest, kode: str) -> HttpResponse:
    if (satu := bantuan_.SEMUA.get(kode)) is None:
        raise Http404
    isi = {
        "satu": satu,
        "semua": list(bantuan_.SEMUA.values()),
        "isi": f"admin/bantuan/isi/{kode.replace('-', '_')}.html",
        "gambar": f"bantuan/{kode}.webp" if satu.gambar else "",
        "buka": _buka(satu) if request.user.has_perms(satu.izin.split()) else "",
    }
    return tampilkan(request, "admin/bantuan/satu.html", satu.judul, **isi)


def _buka(satu: bantuan_.Bantuan) -> str:
    """Where the task begins; "" when that is the page of one thing, or elsewhere."""
    try:
        return reverse(f"admin:{satu.tempat[0]}") if satu.tempat else ""
    except NoReverseMatch:
        return ""
