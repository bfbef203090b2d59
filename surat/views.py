"""Is this letter genuine? Anybody may ask, nobody learns more than they hold in their hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from penduduk.akun import throttle
from penduduk.akun.pintu import menerima_berkas
from surat.terbit import kode_cek, pemeriksaan
from surat.terbit.sidik_unggah import UKURAN_MAKS, BerkasTersidik, SidikHandler

# Unknown codes and files from one address: a desk that checks a pile of letters never gets there.
BATAS = throttle.Batas(
    jumlah=20,
    jeda=timedelta(minutes=5),
    paling_lama=timedelta(hours=1),
    lupa=timedelta(hours=1),
)
# All that one address may ask, known letters included; wide, because carriers put thousands of
# phones behind one address. Nobody checks a pile of letters at this pace by hand.
BATAS_SEMUA = throttle.Batas(
    jumlah=300,
    jeda=timedelta(minutes=5),
    paling_lama=timedelta(hours=4),
    lupa=timedelta(minutes=30),
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
    request: HttpRequest, hasil: pemeriksaan.Hasil | None, *, status: int, **lain: object
) -> HttpResponse:
    dasar = {"hasil": hasil, "kode": "", "salah_ketik": "", "dari_berkas": False}
    return render(request, "surat/cek_hasil.html", dasar | lain, status=status)


def _sidik_alamat(request: HttpRequest) -> tuple[str, str]:
    alamat = throttle.alamat(request)
    return throttle.sidik("cek", alamat), throttle.sidik("cek-semua", alamat)


def _terlalu_sering(request: HttpRequest, pada: datetime) -> HttpResponse | None:
    """Count this question; the page that asks for patience when it is one too many."""
    asing, semua = _sidik_alamat(request)
    if throttle.terkunci(asing, pada=pada) or not throttle.sisihkan(semua, BATAS_SEMUA, pada=pada):
        return render(request, "surat/cek_sibuk.html", status=429)
    return None


def _catat_asing(request: HttpRequest, pada: datetime) -> None:
    throttle.sisihkan(_sidik_alamat(request)[0], BATAS, pada=pada)


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
    sekarang = timezone.now()
    if sibuk := _terlalu_sering(request, sekarang):
        return sibuk
    kode = kode_cek.rapikan(kode)
    hasil = pemeriksaan.periksa(kode, pada=sekarang)
    if hasil is None:
        _catat_asing(request, sekarang)
        salah = kode_cek.salahnya(kode)
        return _hasil(request, None, status=404, kode=kode[:_KODE_MAKS], salah_ketik=salah)
    return _hasil(request, hasil, status=200)


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
    if sibuk := _terlalu_sering(request, sekarang):
        return sibuk
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
    if hasil is None:
        _catat_asing(request, sekarang)
    return _hasil(request, hasil, status=200, dari_berkas=True)
