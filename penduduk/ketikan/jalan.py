"""Where a person goes: to the login and back to the page on which the form stands; and how a form
that cannot be let through is kept on the way."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from penduduk.akun import perangkat
from penduduk.ketikan import pengisi, simpanan
from penduduk.models import Akun

KUNCI = "ketikan"  # in the session: something is kept for this account in this browser
_BERAKHIR = {"sesi": "berakhir"}  # in the address of the login page
_KANTOR = ("/kelola/", "/meja/")


def di_kantor(alamat: str) -> bool:
    return alamat.startswith(_KANTOR)


def ke_pintu(response: HttpResponseBase) -> str:
    """The login page that a response leads to; empty: none."""
    alamat = urlsplit(response.headers.get("Location", "")).path
    return alamat if response.status_code == 302 and alamat in _semua_pintu() else ""


def _semua_pintu() -> tuple[str, str]:
    return reverse("penduduk:masuk"), reverse("admin:login")


def pintu(*, kantor: bool, halaman: str) -> str:
    """Address of the login page that knows why one is there, and where one was."""
    tanya = QueryDict(mutable=True)
    tanya.update({"next": halaman, **_BERAKHIR})
    masuk = reverse("admin:login" if kantor else "penduduk:masuk")
    return f"{masuk}?{tanya.urlencode(safe='/')}"


def sesi_mati(request: HttpRequest) -> bool:
    """The browser has sent the cookie of a session that is no more."""
    ada = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return ada and not request.user.is_authenticated and request.session.session_key is None


def kata_pintu(request: HttpRequest, *, pada: datetime) -> str:
    """Why somebody is at the login page, in a sentence; empty for whoever just comes along."""
    if request.GET.get("sesi") != "berakhir":
        return ""
    satu = simpanan.menunggu(
        sidik=perangkat.jejak(request), halaman=request.GET.get("next", ""), pada=pada
    )
    if satu is None:
        return "Sesi Anda sudah berakhir. Masuk lagi."
    if not (pengisi.kata(satu.isi) or satu.berkas):
        return (
            "Sesi Anda sudah berakhir. Tombol yang Anda tekan belum dijalankan; masuk, lalu tekan "
            "lagi."
        )
    sampai = satu.pada + simpanan.LAMA
    return (
        "Sesi Anda sudah berakhir. Yang Anda ketik masih kami simpan 30 menit "
        f"(sampai pukul {timezone.localtime(sampai):%H.%M}); masuk untuk melanjutkan."
    )


def ditanya_skrip(request: HttpRequest) -> bool:
    """A script of a page asks, and nobody has pressed anything."""
    cocok = request.resolver_match
    return cocok is not None and getattr(cocok.func, "bukan_kerja", False)


# --- The page on which a form stands --------------------------------------------------------------


def _potong(alamat: str) -> SplitResult:
    """An address from outside, which may be no address at all."""
    try:
        return urlsplit(alamat)
    except ValueError:
        return urlsplit("")


def _asal(request: HttpRequest) -> tuple[str, ...]:
    return (f"{request.scheme}://{request.get_host()}", settings.PUBLIC_BASE_URL)


def dari_sini(request: HttpRequest, *, tanpa_kata: bool) -> bool:
    """A page of this site has sent it, as far as the browser says; `tanpa_kata`: what holds when
    it says nothing."""
    asal = request.headers.get("Origin") or request.headers.get("Referer") or ""
    potong = _potong(asal)
    return f"{potong.scheme}://{potong.netloc}" in _asal(request) if asal else tanpa_kata


def halaman_terbuka(request: HttpRequest) -> str:
    """The page of ours that the browser says it was on; empty: it names none."""
    potong = _potong(request.headers.get("Referer", ""))
    sah = f"{potong.scheme}://{potong.netloc}" in _asal(request) and _bernama(potong.path)
    return potong.path + (f"?{potong.query}" if potong.query else "") if sah else ""


def halaman_formulir(request: HttpRequest) -> str:
    """The page that holds the form: the one that was open, if it is in the same rooms; else the
    address that the form was sent to."""
    terbuka = halaman_terbuka(request)
    sama = terbuka and di_kantor(terbuka) == di_kantor(request.path)
    return terbuka if sama else request.get_full_path()


def _bernama(alamat: str, *, akhiran: str = "") -> bool:
    """A page with a name (that ends so): not a guess of the admin's at what an address means."""
    try:
        cocok = resolve(alamat)
    except Resolver404:
        return False
    bernama = cocok.url_name is not None and cocok.url_name.endswith(akhiran)
    return bernama and "/" not in str(cocok.kwargs.get("object_id", ""))


def halaman_terdekat(alamat: str) -> str:
    """The nearest page above an address that has none itself."""
    bagian = alamat.strip("/").split("/")
    for n in range(len(bagian) - 1, 0, -1):
        atas = "/" + "".join(f"{satu}/" for satu in bagian[:n])
        if _bernama(f"{atas}change/", akhiran="_change"):  # a row of the office
            return f"{atas}change/"
        if _bernama(atas):
            return atas
    return "/"


# --- Keeping what cannot be let through -----------------------------------------------------------


def titipkan(request: HttpRequest, *, kantor: bool, pasti: bool, pada: datetime) -> Akun | None:
    """Keep the form of this request for whoever has sent it; who that is, None if nobody we know.
    Nothing is kept for strangers, nor of what another site has sent."""
    sidik = perangkat.jejak(request)
    akun = simpanan.pemilik(sidik=sidik, petugas=kantor, pasti=pasti, pada=pada)
    if akun is None or not dari_sini(request, tanpa_kata=pasti):
        return None
    if request.user.is_authenticated and request.user.is_staff == kantor and request.user != akun:
        return None  # made for somebody else, it seems
    try:
        isi = {nama: request.POST.getlist(nama) for nama in request.POST}
        berkas = [(n, f) for n, semua in request.FILES.lists() for f in _unggahan(semua)]
    except (UnreadablePostError, OSError):
        return None  # it did not arrive whole
    if getattr(request, "sensitive_post_parameters", None) == "__ALL__":
        return None  # a form of secrets, as its view says
    kiriman = simpanan.Formulir(request.get_full_path(), halaman_formulir(request), isi, berkas)
    berakhir = not request.user.is_authenticated
    simpanan.simpan(akun, kiriman, sidik=sidik, sesi_berakhir=berakhir, pada=pada)
    return akun


def _unggahan(semua: Sequence[object]) -> list[UploadedFile]:
    return [satu for satu in semua if isinstance(satu, UploadedFile)]


def sesudah_token_basi(request: HttpRequest, *, pada: datetime) -> HttpResponse | None:
    """A form of ours whose token is out of date (a login in another tab): kept, and back to its
    page. None: it cannot be kept."""
    if request.path.startswith("/pin/") or request.path in _semua_pintu():
        return None
    if ditanya_skrip(request):
        return None
    kantor = di_kantor(request.path)
    halaman = halaman_formulir(request)
    akun = titipkan(request, kantor=kantor, pasti=False, pada=pada)
    if (
        akun is None
        or simpanan.menunggu(sidik=perangkat.jejak(request), halaman=halaman, pada=pada) is None
    ):
        return None
    if akun != request.user:
        return redirect(pintu(kantor=kantor, halaman=halaman))
    request.session[KUNCI] = True
    return redirect(halaman)


def sesudah_ditolak_masuk(
    request: HttpRequest, response: HttpResponseBase, *, pada: datetime
) -> HttpResponseBase:
    """A stranger was sent to a login page: whoever was logged in until now is told so, and what
    they sent is kept."""
    kantor, mati = ke_pintu(response) == reverse("admin:login"), sesi_mati(request)
    if request.method == "POST":
        dikenal = titipkan(request, kantor=kantor, pasti=True, pada=pada) is not None
        tujuan = pintu(kantor=kantor, halaman=halaman_formulir(request))
        return redirect(tujuan) if dikenal or mati else response
    if not mati:
        return response
    if request.path.startswith("/berkas/"):  # open to both kinds of people
        sidik = perangkat.jejak(request)
        akun = simpanan.pemilik(sidik=sidik, petugas=None, pasti=True, pada=pada)
        kantor = akun is not None and akun.is_staff
    return redirect(pintu(kantor=kantor, halaman=request.get_full_path()))
