"""The back office: Django's admin under /kelola/, in the village's name."""

import functools
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from layanan import kantor, tasks
from layanan.kotak_keluar import saluran
from penduduk import desa, halaman
from penduduk.akun import backends, perangkat, pintu
from penduduk.antrean import bangunkan
from penduduk.forms import MasukPetugasForm
from penduduk.ketikan import jalan
from penduduk.models import Akun


class PilihanView(AutocompleteJsonView):
    """Django's look-up of related rows, with the label that the row's own admin has for it."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, Any]:
        label = getattr(self.model_admin, "label_pilihan", str)
        return {**super().serialize_result(obj, to_field_name), "text": label(obj)}


class KelolaSite(admin.AdminSite):
    site_title = "Kelola"
    index_title = "Meja"
    index_template = "admin/beranda.html"
    login_form = MasukPetugasForm

    def register(self, model_or_iterable: Any, admin_class: Any = None, **lain: Any) -> None:
        """Every table is a KantorAdmin, also those that Django itself brings."""
        kelas: Any = admin_class or admin.ModelAdmin
        if not issubclass(kelas, halaman.KantorAdmin):
            isi = {"__module__": kelas.__module__}
            kelas = type(kelas)(kelas.__name__, (kelas, halaman.KantorAdmin), isi)
        super().register(model_or_iterable, kelas, **lain)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [*halaman.semua_alamat(self), *super().get_urls()]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        # django-stubs: as_view() promises no more than HttpResponseBase; this view answers JSON.
        return PilihanView.as_view(admin_site=self)(request)  # type: ignore[return-value]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever changes something sees the new numbers at once, whichever process answers."""
        dalam = super().admin_view(view, cacheable)

        @functools.wraps(dalam)
        def luar(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "berubah" in request.COOKIES:
                cache.delete("lencana")
            jawab = halaman.pindah_cari(request) or dalam(request, *args, **kwargs)
            if request.method == "POST":
                sifat: Any = {"secure": settings.HTTPS, "httponly": True, "samesite": "Lax"}
                jawab.set_cookie("berubah", "1", settings.LENCANA_SIMPAN, **sifat)
            return jawab

        return luar

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        kini: Any = SimpleLazyObject(saluran.kini)  # read once for both
        return {
            **super().each_context(request),
            "site_header": f"Kantor {desa.ambil()}",
            "lencana": SimpleLazyObject(lambda: kantor.lencana(pada=timezone.now(), kini=kini)),
            "saluran": SimpleLazyObject(lambda: kantor.keadaan_saluran(kini)),
            "lencana_jeda": int(settings.LENCANA_DETIK * 1000),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        akun = request.user
        isi = kantor.ringkasan(akun, pada=timezone.now()) if isinstance(akun, Akun) else {}
        return super().index(request, {**(extra_context or {}), **isi})

    def app_index(  # type: ignore[override]  # django-stubs: a page; here it leads to another
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django lists the tables of a room; the office lists its tasks."""
        return redirect("admin:pengaturan")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As ever, but it says why one is here and who one is; and the browser is remembered, so
        that strangers cannot lock it out. Whoever is locked out all the same can ask for a code."""
        warga = request.user.penduduk if isinstance(request.user, Akun) else None
        kata: dict[str, Any] = {
            "sebab": jalan.kata_pintu(request, pada=timezone.now()),
            "warga": warga,
            "kode_diminta": request.method == "GET" and bool(request.GET.get("kode")),
            **(extra_context or {}),
        }
        if warga is not None:
            kata["user"] = AnonymousUser()  # to whom Django has nothing to say
        if request.method != "POST":
            return super().login(request, kata)
        perangkat.siapkan(request)
        if request.POST.get("aksi") == "kode":
            return self._minta_kode(request)
        jawab = super().login(request, kata)
        if request.user.is_authenticated and jawab.status_code == 302:
            siapa = f"petugas:{request.user.get_username().lower()}"
            perangkat.lupakan_gagal(request, siapa)
            pintu.sesudah_masuk(request, request.user, pada=timezone.now())
        perangkat.titip(request, jawab)
        return jawab

    def _minta_kode(self, request: HttpRequest) -> HttpResponse:
        """The same answer whoever asks, and whatever for."""
        nama, sandi = request.POST.get("username", ""), request.POST.get("password", "")
        if nama and sandi:
            backends.minta_kode(request, nama=nama, sandi=sandi, pada=timezone.now())
            bangunkan(tasks.kirim_pesan)
        lanjut = {"kode": "1", REDIRECT_FIELD_NAME: request.POST.get(REDIRECT_FIELD_NAME, "")}
        jawab = redirect(f"{reverse('admin:login')}?{urlencode(lanjut)}")
        perangkat.titip(request, jawab)
        return jawab
