"""Uploads on a resident's pages: what is said about them, and waiting for the verdict."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from layanan.models import Berkas, Lampiran

SEKALI_KIRIM = 10 * 12 * 1024 * 1024  # bytes of one form: ten photos as phones make them
_KALI = 6  # looks that the waiting page takes by itself
_JEDA = 2  # seconds between them


def tersimpan(request: HttpRequest, jumlah: int) -> None:
    if jumlah:
        messages.success(request, f"{jumlah} berkas tersimpan.")


def ke_hasil(alamat: str, menunggu: bool, **lain: str) -> HttpResponse:
    """To the page with the papers; by way of the waiting page when there is a verdict to come."""
    return redirect(f"{reverse(alamat, kwargs=lain)}{'?tunggu=1' if menunggu else ''}")


def tunggu(
    request: HttpRequest, lampiran: QuerySet[Lampiran], *, kirim: bool = False
) -> HttpResponse | None:
    """A page that renews itself without a script while files are being checked; nothing can be
    typed on it. None: the verdict is there, or it takes too long to wait for. `kirim`: what they
    belong to is sent then."""
    ke = request.GET.get("tunggu", "")
    if ke not in map(str, range(1, _KALI + 1)):
        return None
    if not lampiran.filter(berkas__keadaan=Berkas.Keadaan.DIPERIKSA).exists():
        return None
    lagi = f"{request.path}?tunggu={int(ke) + 1}"
    jawab = render(request, "layanan/tunggu_berkas.html", {"lagi": lagi, "kirim": kirim})
    jawab["Refresh"] = f"{_JEDA}; url={lagi}"
    return jawab
