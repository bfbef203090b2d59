"""Is this letter genuine? Anybody may ask, nobody learns more than they hold in their hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from penduduk.akun import throttle
from penduduk.akun.pintu import menerima_berkas
from surat.terbit import kode_cek, pemeriksaan
from surat.terbit.sidik_unggah import UKURAN_MAKS, BerkasTersidik, SidikHandler

# Unknown codes from one address, and unknown files. What is no code at all is not counted, and a
# known one is always answered: a bank keeps its counter although somebody beside it guesses. He
# learns nothing by that: at the 20 questions a second that nginx lets through, one of 10,000
# letters is found in four years.
BATAS = throttle.Batas(
    jumlah=20,
    jeda=timedelta(minutes=5),
    paling_lama=timedelta(hours=1),
    lupa=timedelta(hours=1),
)
_KODE_MAKS = 40  # characters of what was typed that are shown again
_BUKAN_PDF = (
    "Berkas ini bukan PDF. Foto atau pindaian surat tidak dapat dicocokkan: ketik kodenya saja."
)


def _tanpa_indeks(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers about single letters are for who asked, not for search engines."""

    @wraps(view)
    def bungkus(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        jawaban = view(request, *args, **kwargs)
        jawaban.headers["X-Robots-Tag"] = "noindex, nofollow"
        return jawaban

    return bungkus


def _formulir(request: HttpRequest, **galat: str) -> HttpResponse:
    konteks = {
        "galat": galat.get("kode", ""),
        "galat_berkas": galat.get("berkas", ""),
        "kode": request.GET.get("kode", "")[:_KODE_MAKS],
        "maks_mb": UKURAN_MAKS // 1048576,
    }
    return render(request, "surat/cek.html", konteks)


def _hasil(
    request: HttpRequest, hasil: pemeriksaan.Hasil | None, pada: datetime, **lain: object
) -> HttpResponse:
    """The answer, dated, so that it can be printed and filed."""
    if hasil and request.method != "HEAD":
        pemeriksaan.catat(hasil, pada=pada)
    dari_berkas = not lain  # of which nothing is said but what was found
    dasar = {
        "hasil": hasil,
        "kode": "",
        "salah_ketik": "",
        "dari_berkas": dari_berkas,
        "pada": pada,
    }
    dasar["alamat"] = request.build_absolute_uri(reverse("surat:cek"))
    status = 200 if hasil or dari_berkas else 404
    return render(request, "surat/cek_hasil.html", dasar | lain, status=status)


def _asing(request: HttpRequest, apa: str, pada: datetime) -> HttpResponse | None:
    """Count a question about what nobody knows; the page that asks for patience when it is one too
    many. `apa`: of codes and of files each its own count."""
    kunci = throttle.sidik(apa, throttle.alamat(request))
    sampai = throttle.ditahan_sampai(kunci, pada=pada)
    if sampai is None:
        throttle.sisihkan(kunci, BATAS, pada=pada)
        return None
    jawab = render(request, "surat/cek_sibuk.html", {"sampai": sampai}, status=429)
    jawab.headers["Retry-After"] = str(int((sampai - pada).total_seconds()) + 1)
    return jawab


@require_safe
def cek(request: HttpRequest) -> HttpResponse:
    """A field for the code that stands under the QR code, and one for the PDF."""
    if "kode" not in request.GET:
        return _formulir(request)
    kode = kode_cek.rapikan(request.GET["kode"])
    if galat := kode_cek.salahnya(kode):
        return _formulir(request, kode=galat)
    return redirect("surat:cek_kode", kode=kode)


@_tanpa_indeks
@require_safe
def cek_kode(request: HttpRequest, kode: str) -> HttpResponse:
    """The answer to a code; the address in the QR code."""
    sekarang, kode = timezone.now(), kode_cek.rapikan(kode)
    hasil, salah = pemeriksaan.periksa(kode, pada=sekarang), kode_cek.salahnya(kode)
    if not hasil and not salah and (sibuk := _asing(request, "cek", sekarang)):
        return sibuk
    return _hasil(request, hasil, sekarang, kode=kode[:_KODE_MAKS], salah_ketik=salah)


@menerima_berkas(4 * UKURAN_MAKS, umum=True)  # the view itself says what is too large
@csrf_exempt
@_tanpa_indeks
@require_POST
def cek_berkas(request: HttpRequest) -> HttpResponse:
    """The answer to an uploaded PDF. A question that changes nothing and needs nobody to be
    logged in: no token against forgery, and so no cookie for whoever only reads."""
    penyidik = SidikHandler(request)
    request.upload_handlers = [penyidik]
    sekarang = timezone.now()
    berkas = request.FILES.get("berkas")
    if penyidik.terlalu_besar:
        maks = UKURAN_MAKS // 1048576
        return _formulir(
            request, berkas=f"Berkas ini lebih dari {maks} MB. Surat desa jauh lebih kecil."
        )
    if not isinstance(berkas, BerkasTersidik):
        return _formulir(request, berkas="Pilih dulu berkas PDF suratnya.")
    if not berkas.size:
        return _formulir(request, berkas="Berkas ini kosong. Pilih berkas PDF suratnya.")
    if not berkas.pdf:
        return _formulir(request, berkas=_BUKAN_PDF)
    hasil = pemeriksaan.periksa_sidik(berkas.sha256, pada=sekarang)
    if not hasil and (sibuk := _asing(request, "cek-berkas", sekarang)):
        return sibuk
    return _hasil(request, hasil, sekarang)
