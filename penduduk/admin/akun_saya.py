"""Everybody's own account: what it may do, where it is open, what happened to it, second factor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from penduduk.akun import faktor, sesi
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.forms import TAK_TERBUKTI, BuktiForm, KodeKeduaForm
from penduduk.halaman import halaman, tampilkan
from penduduk.models import Sesi

_KEJADIAN_TAMPIL = 20


def _isi(request: AuthenticatedRequest, bukti: BuktiForm) -> HttpResponse:
    akun, pada = request.user, timezone.now()
    kejadian = akun.kejadian.select_related("oleh").order_by("-pada", "-pk")
    isi = {
        "peran": [grup.name for grup in akun.groups.order_by("pk")],
        "punya": faktor.punya(akun),
        "wajib": faktor.wajib(akun),
        "sisa_kertas": faktor.sisa_kertas(akun),
        "sesi": sesi.daftar(akun, request.session.session_key, pada=pada),
        "kejadian": kejadian[:_KEJADIAN_TAMPIL],
        "bukti": bukti,
    }
    return tampilkan(request, "admin/akun_saya.html", "Akun saya", **isi)


@halaman("akun-saya/", nama="akun_saya", izin="")
def akun_saya(request: AuthenticatedRequest) -> HttpResponse:
    return _isi(request, BuktiForm(akun=request.user))


@halaman("akun-saya/keluarkan/", nama="akun_saya_keluarkan", izin="", metode="POST")
def keluarkan(request: AuthenticatedRequest) -> HttpResponse:
    """End one of the own sessions, named by its handle, or ("lain") all but this one."""
    mana, ini = request.POST.get("sesi", ""), request.session.session_key
    lain = Sesi.objects.filter(akun=request.user).exclude(pk=ini)
    habis = [satu.pk for satu in lain if mana in ("lain", sesi.pegangan(satu))]
    Sesi.objects.filter(pk__in=habis).delete()
    messages.success(request, f"{len(habis)} peramban lain dikeluarkan.")
    return redirect("admin:akun_saya")


@halaman("akun-saya/kode-kedua/", nama="kode_kedua", izin="", metode="GET POST")
def kode_kedua(request: AuthenticatedRequest) -> HttpResponse:
    """Set up the second factor; the codes for the paper are shown on the answer, once."""
    akun = request.user
    if faktor.punya(akun):
        return redirect("admin:akun_saya")
    form = KodeKeduaForm(request.POST or None)
    kertas: list[str] = []
    if request.method == "POST" and form.is_valid():
        kertas = faktor.pasang(akun, form.cleaned_data["kode"], pada=timezone.now())
        if kertas:
            request.session.pop(faktor.WAJIB, None)
        else:
            form.add_error("kode", TAK_TERBUKTI)
    alat = None if kertas else faktor.calon(akun)
    isi = {"form": form, "kertas": kertas, "wajib": faktor.wajib(akun)}
    isi |= {"gambar": faktor.gambar(alat), "kunci": faktor.ketik(alat)} if alat else {}
    return tampilkan(request, "admin/kode_kedua.html", "Kode kedua", **isi)


@halaman("akun-saya/kode-kedua/lepas/", nama="kode_kedua_lepas", izin="", metode="POST")
@sensitive_post_parameters()
def lepas(request: AuthenticatedRequest) -> HttpResponse:
    """Without a second factor again, after a fresh proof; who needs one sets up another."""
    bukti = BuktiForm(request.POST, akun=request.user)
    if not bukti.is_valid():
        return _isi(request, bukti)
    faktor.lepas(request.user, oleh=request.user, pada=timezone.now())
    if faktor.wajib(request.user):
        request.session[faktor.WAJIB] = True
    messages.success(request, "Kode kedua dilepas.")
    return redirect("admin:akun_saya")
