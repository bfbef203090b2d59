"""Is this letter genuine? Anybody may ask, nobody learns more than they hold in their hand."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from penduduk import throttle
from surat import kode_cek, pemeriksaan

# Unknown codes from one address: a desk that checks a pile of letters never gets there.
BATAS = throttle.Batas(
    jumlah=20,
    jeda=timedelta(minutes=5),
    paling_lama=timedelta(hours=1),
    lupa=timedelta(hours=1),
)


@require_safe
def cek(request: HttpRequest) -> HttpResponse:
    """A field for the code that stands under the QR code."""
    kode = kode_cek.rapikan(request.GET.get("kode", ""))
    if kode and kode_cek.sah(kode):
        return redirect("surat:cek_kode", kode=kode)
    galat = ""
    if kode:
        galat = (
            "Kode ini salah ketik. Kode terdiri dari 10 huruf dan angka, tanpa 0, O, 1, I dan L. "
            "Periksa lagi di bawah kode QR."
        )
    return render(
        request, "surat/cek.html", {"galat": galat, "kode": request.GET.get("kode", "")[:20]}
    )


@require_safe
def cek_kode(request: HttpRequest, kode: str) -> HttpResponse:
    kode = kode_cek.rapikan(kode)
    asal = throttle.sidik("cek", throttle.alamat(request))
    sekarang = timezone.now()
    if throttle.terkunci(asal, pada=sekarang):
        return render(request, "surat/cek_sibuk.html", status=429)
    hasil = pemeriksaan.periksa(kode, pada=sekarang) if kode_cek.sah(kode) else None
    if hasil is None:
        throttle.pesan_percobaan(asal, BATAS, pada=sekarang)
        return render(
            request, "surat/cek_hasil.html", {"hasil": None, "kode": kode[:10]}, status=404
        )
    return render(request, "surat/cek_hasil.html", {"hasil": hasil})
