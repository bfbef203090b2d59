"""Log in, log out, change the PIN, and what residents see and decide about their own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from penduduk.akun import penjagaan, perangkat, pin, pintu, sesi
from penduduk.akun.pintu import AuthenticatedRequest, warga
from penduduk.forms import GantiPINForm, MasukForm, NomorHPForm
from penduduk.identitas import nik, telepon
from penduduk.ketikan import jalan
from penduduk.models import Akun, KejadianAkun

# One sentence for unknown NIK, wrong PIN, expired PIN, and every kind of locked.
GAGAL_MASUK = "NIK dan PIN tidak cocok, atau sedang dikunci. Periksa lagi keduanya."
_KEJADIAN_TAMPIL = 10


def _tujuan(request: HttpRequest) -> str:
    """Where a resident goes after login: the page that sent them here, if it is one of theirs."""
    lanjut = request.POST.get("next") or request.GET.get("next") or ""
    aman = url_has_allowed_host_and_scheme(
        lanjut, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    rumah = resolve_url(settings.LOGIN_REDIRECT_URL)
    milik = (rumah, resolve_url("penduduk:ganti_pin"), "/berkas/")
    return lanjut if aman and lanjut.startswith(milik) else rumah


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def masuk(request: HttpRequest) -> HttpResponse:
    """The widget Layanan Mandiri on a page of its own; the home page posts here too."""
    if request.user.is_authenticated and not request.user.is_staff:
        return redirect(_tujuan(request))
    form = MasukForm(request.POST or None)
    dicoba = request.method == "POST" and form.is_valid()
    akun = gagal = None
    if dicoba:
        isi, sekarang = form.cleaned_data, timezone.now()
        akun = pintu.masuk(request, nik=isi["nik"], pin=isi["pin"], pada=sekarang)
        if akun is None:
            gagal = perangkat.catat_gagal(request, isi["nik"], pada=sekarang)
    if akun is not None:
        jawab: HttpResponse = redirect(
            "penduduk:ganti_pin" if akun.wajib_ganti_pin else _tujuan(request)
        )
    else:
        konteks = {"form": form, "gagal": gagal, "kalimat": GAGAL_MASUK}
        konteks["next"] = request.GET.get("next", "")
        konteks["sebab"] = jalan.kata_pintu(request, pada=timezone.now())
        jawab = render(request, "penduduk/masuk.html", konteks)
    if dicoba:
        perangkat.titip(request, jawab)
    return jawab


@require_POST
def keluar(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "Anda sudah keluar.")
    return redirect("beranda")


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def ganti_pin(request: AuthenticatedRequest) -> HttpResponse:
    akun = request.user
    if akun.is_staff:
        return redirect("admin:password_change")
    form = GantiPINForm(request.POST or None, akun=akun)
    if request.method == "POST" and form.is_valid():
        lama = form.cleaned_data.get("pin_lama")
        # Through the backend, so that guessing here is throttled like guessing at the door.
        if lama is not None and not authenticate(request, nik=akun.warga.nik, password=lama):
            gagal = perangkat.catat_gagal(request, f"ganti:{akun.pk}", pada=timezone.now())
            form.add_error("pin_lama", _lama_salah(gagal))
        elif galat := _simpan_pin(request, akun, form.cleaned_data["pin_baru"]):
            form.add_error(*galat)
        else:
            perangkat.lupakan_gagal(request, f"ganti:{akun.pk}")
            messages.success(request, "PIN baru sudah tersimpan. Jangan beri tahu siapa pun.")
            return redirect(settings.LOGIN_REDIRECT_URL)
    usul, _ = pin.buat(akun)
    konteks = {"form": form, "usul": f"{usul[:3]} {usul[3:]}"}
    return render(request, "penduduk/ganti_pin.html", konteks)


def _lama_salah(gagal: perangkat.Kegagalan) -> str:
    if gagal.kembali:
        return f"PIN lama tidak cocok. Sudah {gagal.jumlah} kali salah, coba lagi {gagal.kembali}."
    return "PIN lama tidak cocok. Ketik lagi."


def _simpan_pin(request: HttpRequest, akun: Akun, pin_baru: str) -> tuple[str | None, str] | None:
    """Change the PIN and end all other sessions; when it cannot be, the field and a sentence."""
    try:
        with transaction.atomic():
            pin.ganti(akun, pin_baru, pada=timezone.now())
            update_session_auth_hash(request, akun)
            request.session.save()  # under its new key
            sesi.akhiri(akun, kecuali=request.session.session_key)
    except pin.PINLemah as galat:
        return "pin_baru", str(galat)
    except pin.TidakBisaMasuk as galat:
        return None, str(galat)
    return None


# --- Data saya ----------------------------------------------------------------------------------


def _hal_data_saya(request: AuthenticatedRequest, form: NomorHPForm) -> HttpResponse:
    akun, sekarang = request.user, timezone.now()
    semua = sesi.daftar(akun, request.session.session_key, pada=sekarang)
    konteks = {
        "form": form,
        "sekarang": sekarang,
        "nomor": telepon.tampil(akun.nomor_hp) if akun.nomor_hp else "",
        "calon": telepon.tampil(akun.nomor_calon) if akun.nomor_calon else "",
        "orang": akun.warga,
        "nik_samar": nik.samarkan(akun.warga.nik or ""),
        "sesi": sorted(semua, key=lambda s: not s["ini"]),
        "kejadian": akun.kejadian.order_by("-pada", "-pk")[:_KEJADIAN_TAMPIL],
    }
    return render(request, "penduduk/data_saya.html", konteks)


@warga
@require_safe
def data_saya(request: AuthenticatedRequest) -> HttpResponse:
    """What the register says, the own number, own sessions, and what happened to the account."""
    nomor = telepon.tampil(request.user.nomor_calon or request.user.nomor_hp)
    return _hal_data_saya(request, NomorHPForm(initial={"nomor_hp": nomor}))


@warga
@require_POST
def ganti_nomor(request: AuthenticatedRequest) -> HttpResponse:
    form = NomorHPForm(request.POST)
    if not form.is_valid():
        return _hal_data_saya(request, form)
    if penjagaan.usulkan_nomor(request.user, form.cleaned_data["nomor_hp"]):
        messages.success(request, "Nomor baru tersimpan. Sekarang buktikan bahwa itu nomor Anda.")
    else:
        messages.success(request, "Nomor HP sudah tersimpan.")
    return redirect("penduduk:data_saya")


@warga
@require_POST
def batal_nomor(request: AuthenticatedRequest) -> HttpResponse:
    """The number that waits for its proof is not wanted any more; it may have been proven since."""
    if request.user.nomor_calon:
        penjagaan.usulkan_nomor(request.user, "")
        messages.success(request, "Nomor baru dibatalkan. Nomor lama tetap dipakai.")
    else:
        messages.info(request, "Tidak ada nomor yang menunggu bukti.")
    return redirect("penduduk:data_saya")


@warga
@require_POST
def keluarkan(request: AuthenticatedRequest) -> HttpResponse:
    """End one of the own sessions, named by its handle; an old handle ends nothing."""
    for satu in sesi.milik(request.user, pada=timezone.now()):
        if sesi.pegangan(satu) == request.POST.get("sesi"):
            if satu.pk == request.session.session_key:
                return keluar(request)
            satu.delete()
    messages.success(request, "HP itu sudah dikeluarkan.")
    return redirect("penduduk:data_saya")


@warga
@require_POST
def keluar_semua(request: AuthenticatedRequest) -> HttpResponse:
    """Every session ends, this one too; other phones become strangers, this one stays known."""
    penjagaan.keluar_semua(
        request.user, pada=timezone.now(), perangkat_ini=perangkat.jejak(request)
    )
    logout(request)
    messages.success(request, "Anda sudah keluar dari semua HP.")
    return redirect("beranda")


# --- "Bukan saya" -------------------------------------------------------------------------------

_BUKAN_SAYA = {
    KejadianAkun.Jenis.PIN_DITERBITKAN: "meminta PIN",
    KejadianAkun.Jenis.PIN_DIGANTI: "mengganti PIN",
    KejadianAkun.Jenis.NOMOR_DIGANTI: "mengganti nomor HP",
}


@require_http_methods(["GET", "HEAD", "POST"])
def bukan_saya(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a message about a new PIN. Whoever merely looks (WhatsApp makes a preview of
    every link) changes nothing; the button freezes the account. Tells nothing about it."""
    sekarang = timezone.now()
    kejadian = penjagaan.kejadian_dari_token(token, pada=sekarang)
    akun = kejadian.akun if kejadian else None
    if kejadian is None or akun is None:
        return render(request, "penduduk/bukan_saya_basi.html", status=404)
    if request.method == "POST":
        penjagaan.bekukan(akun, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=sekarang)
        if request.user.is_authenticated and request.user.pk == akun.pk:
            logout(request)
        return render(request, "penduduk/bukan_saya_selesai.html")
    return render(
        request,
        "penduduk/bukan_saya.html",
        {"apa": _BUKAN_SAYA[KejadianAkun.Jenis(kejadian.jenis)]},
    )
