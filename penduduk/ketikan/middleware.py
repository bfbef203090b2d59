"""Keeps a form that came too late, and fills it in after the login."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from penduduk.akun import perangkat
from penduduk.ketikan import jalan, pengisi, simpanan
from penduduk.models import Akun, Ketikan

_TAMPIL = "ketikan_tampil"  # in the session: the row whose page could not be opened
_BEBAS = ("/static/", "/sehat/", "/webhook/")


class KetikanKembali:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(_BEBAS):
            return self.get_response(request)
        mulai, semula = timezone.now(), request.user.pk
        response = self.get_response(request)
        akun = request.user
        if isinstance(akun, Akun):
            if akun.pk != semula and _milik(request, akun).exists():
                request.session[jalan.KUNCI] = True
            elif request.session.get(jalan.KUNCI):
                return _sesudah(request, response, akun, mulai)
        elif semula is not None or _menekan_keluar(request):
            baris = Ketikan.objects.filter(sidik=perangkat.jejak(request))
            simpanan.hapus(baris.filter(akun_id=semula) if semula else baris)
        elif jalan.ke_pintu(response):
            if jalan.ditanya_skrip(request):
                # The cookie stays until a page can say that its session is over.
                request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
                return response
            return jalan.sesudah_ditolak_masuk(request, response, pada=timezone.now())
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """A form that was filled takes its files along, where no other was chosen instead."""
        akun = request.user
        if request.method != "POST" or not isinstance(akun, Akun):
            return
        if not request.session.get(jalan.KUNCI) or simpanan.ACUAN not in request.POST:
            return
        pk = simpanan.dari_acuan(request.POST[simpanan.ACUAN])
        satu = _milik(request, akun).filter(pk=pk).first()
        if satu is None or not _dikirim_ke(satu, request):
            return
        for bidang, berkas in simpanan.buka(satu, kecuali=request.FILES):
            request.FILES.appendlist(bidang, berkas)


def _menekan_keluar(request: HttpRequest) -> bool:
    """Also where the session was over already."""
    keluar = (reverse("penduduk:keluar"), reverse("admin:logout"))
    return request.method == "POST" and request.path in keluar


def _milik(request: HttpRequest, akun: Akun) -> Any:
    return simpanan.milik(akun, sidik=perangkat.jejak(request), pada=timezone.now())


def _dikirim_ke(satu: Ketikan, request: HttpRequest) -> bool:
    return urlsplit(satu.alamat).path == request.path


def _sesudah(
    request: HttpRequest, response: HttpResponseBase, akun: Akun, mulai: datetime
) -> HttpResponseBase:
    semua = list(_milik(request, akun))
    if not semua:
        request.session.pop(jalan.KUNCI, None)
        request.session.pop(_TAMPIL, None)
    elif request.method == "POST":
        for satu in semua:
            # One that was kept by this very request has not been sent.
            if satu.pada < mulai and _dikirim_ke(satu, request):
                _dikirim(satu, response)
    elif request.method == "GET":
        _tampilkan(request, response, semua)
    return response


def _dikirim(satu: Ketikan, response: HttpResponseBase) -> None:
    """The form has been sent again: done with it, also when it was refused with words, for that
    page holds what was typed last."""
    if response.status_code in (200, 302, 303) and not jalan.ke_pintu(response):
        simpanan.hapus(Ketikan.objects.filter(pk=satu.pk))


def _tampilkan(request: HttpRequest, response: HttpResponseBase, semua: list[Ketikan]) -> None:
    di_sini = [s for s in semua if urlsplit(s.halaman).path == request.path]
    html = response.headers.get("Content-Type", "").startswith("text/html")
    if not isinstance(response, HttpResponse) or not html or response.status_code != 200:
        if di_sini:  # its page is no more: the next one shows what was typed
            request.session[_TAMPIL] = di_sini[0].pk
        return
    teks = semula = response.content.decode()
    tampil = request.session.pop(_TAMPIL, None) if _TAMPIL in request.session else None
    for satu in semua:
        teks = _isikan(request, teks, satu, daftar=satu in di_sini or satu.pk == tampil)
    if teks != semula:
        response.content = teks.encode()
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))


def _isikan(request: HttpRequest, teks: str, satu: Ketikan, *, daftar: bool) -> str:
    """The page with this form filled; `daftar`: what was typed is shown even without a form."""
    utuh = simpanan.utuh(satu)
    hasil = pengisi.isikan(
        teks,
        di=request.path,
        alamat=satu.alamat,
        isi=satu.isi,
        berkas=utuh,
        sisip=format_html(
            '<span id="formulir-{}"></span><input type="hidden" name="{}" value="{}">',
            satu.pk,
            simpanan.ACUAN,
            simpanan.acuan(satu),
        ),
    )
    if hasil.html is None and not daftar:
        return teks
    konteks = {
        "satu": satu,
        "ada": hasil.html is not None,
        "ditekan": hasil.ditekan and not satu.berkas,
        "sisa": hasil.sisa,
        "ikut": hasil.ikut,
        "berkas": [(ket["nama"], _nasib(ket, utuh, hasil)) for ket in satu.berkas],
        "kantor": jalan.di_kantor(request.path),
    }
    return pengisi.sisipkan(hasil.html or teks, render_to_string("bagian/ketikan.html", konteks))


def _nasib(ket: dict, utuh: list[dict], hasil: pengisi.Hasil) -> str:
    """What the page says of one file."""
    if not ket["ukuran"]:
        return "kosong"
    if ket["ukuran"] > simpanan.BERKAS_MAKS:
        return "besar"
    return hasil.berkas.get(ket["bidang"], "lepas") if ket in utuh else "hilang"
