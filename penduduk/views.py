"""Log in, log out, change the PIN."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from penduduk import perangkat, pin
from penduduk.forms import GantiPINForm, MasukForm

# One sentence for unknown NIK, wrong PIN, expired PIN and locked.
GAGAL_MASUK = (
    "NIK dan PIN tidak cocok, atau sedang dikunci sementara. Periksa lagi keduanya. "
    "Setelah 5 kali salah, tunggu 15 menit. PIN awal hanya berlaku 72 jam. "
    "Bila tetap gagal, hubungi kantor desa."
)


def _tujuan(request: HttpRequest) -> str:
    lanjut = request.POST.get("next") or request.GET.get("next") or ""
    aman = url_has_allowed_host_and_scheme(
        lanjut, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return lanjut if aman and lanjut.startswith("/layanan/") else "layanan:beranda"


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def masuk(request: HttpRequest) -> HttpResponse:
    """The widget Layanan Mandiri on a page of its own; the home page posts here too."""
    if request.user.is_authenticated and not request.user.is_staff:
        return redirect(_tujuan(request))
    form = MasukForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        akun = authenticate(
            request, nik=form.cleaned_data["nik"], password=form.cleaned_data["pin"]
        )
        if akun is not None:
            jawab = redirect("penduduk:ganti_pin" if akun.wajib_ganti_pin else _tujuan(request))
            with transaction.atomic():  # one commit to disk instead of four
                login(request, akun)
                perangkat.kenali(request, jawab, akun, pada=timezone.now())
            return jawab
        form.add_error(None, GAGAL_MASUK)
    return render(
        request, "penduduk/masuk.html", {"form": form, "next": request.GET.get("next", "")}
    )


@require_POST
def keluar(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "Anda sudah keluar.")
    return redirect("beranda")


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def ganti_pin(request: HttpRequest) -> HttpResponse:
    akun = request.user
    if akun.is_staff:
        return redirect("admin:password_change")
    form = GantiPINForm(request.POST or None, akun=akun)
    if request.method == "POST" and form.is_valid():
        lama = form.cleaned_data.get("pin_lama")
        # Through the backend, so that guessing here is throttled like guessing at the door.
        if lama is not None and not authenticate(request, nik=akun.penduduk.nik, password=lama):
            form.add_error("pin_lama", "PIN lama tidak cocok. Ketik lagi.")
        else:
            pin.ganti(akun, form.cleaned_data["pin_baru"])
            update_session_auth_hash(request, akun)
            messages.success(request, "PIN baru sudah tersimpan. Jangan beri tahu siapa pun.")
            return redirect("layanan:beranda")
    return render(request, "penduduk/ganti_pin.html", {"form": form})
