"""The back office: Django's admin under /kelola/, in the village's name."""

import functools
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME, login
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from layanan import bantuan, kantor, tasks
from layanan.kotak_keluar import saluran
from penduduk import desa, halaman
from penduduk.akun import backends, faktor, perangkat, pintu
from penduduk.antrean import bangunkan
from penduduk.forms import TAK_TERBUKTI, KodeKeduaForm, MasukPetugasForm
from penduduk.ketikan import jalan
from penduduk.models import Akun
from surat import pengukuhan


class PilihanView(AutocompleteJsonView):
    """Django's look-up of related rows, with the label that the row's own admin has for it."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, Any]:
        label = getattr(self.model_admin, "label_pilihan", str)
        return {**super().serialize_result(obj, to_field_name), "text": label(obj)}


_OTP = ("otp_totp", "otp_static")


def _menunggu(request: HttpRequest) -> list[Any]:
    return pengukuhan.menunggu(request.user) if isinstance(request.user, Akun) else []


class KelolaSite(admin.AdminSite):
    site_title = "Kelola"
    index_title = "Meja"
    index_template = "admin/beranda.html"
    login_form = MasukPetugasForm
    password_change_template = "admin/ganti_sandi.html"  # noqa: S105

    def register(self, model_or_iterable: Any, admin_class: Any = None, **lain: Any) -> None:
        """Every table is a KantorAdmin, also those that Django itself brings; secrets have none."""
        if getattr(model_or_iterable, "_meta", None) and model_or_iterable._meta.app_label in _OTP:
            return
        kelas: Any = admin_class or admin.ModelAdmin
        if not issubclass(kelas, halaman.KantorAdmin):
            isi = {"__module__": kelas.__module__}
            kelas = type(kelas)(kelas.__name__, (kelas, halaman.KantorAdmin), isi)
        super().register(model_or_iterable, kelas, **lain)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        kode = path("login/kode/", never_cache(self.masuk_kode), name="masuk_kode")
        return [kode, *halaman.semua_alamat(self), *super().get_urls()]

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
            "bantuan_di_sini": bantuan.untuk(getattr(request.resolver_match, "url_name", None)),
            "sedang_mulai": getattr(request, "session", {}).get("mulai", False),
            "saluran": SimpleLazyObject(lambda: kantor.keadaan_saluran(kini)),
            "pengukuhan_saya": SimpleLazyObject(lambda: _menunggu(request)),
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
        pintu.lepas_tahan(request)
        jawab = super().login(request, kata)
        if request.user.is_authenticated and jawab.status_code == 302:
            self._sesudah_masuk(request)
        elif pintu.ditahan(request, pada=timezone.now()) is not None:
            lanjut = {REDIRECT_FIELD_NAME: request.POST.get(REDIRECT_FIELD_NAME, "")}
            jawab = redirect(f"{reverse('admin:masuk_kode')}?{urlencode(lanjut)}")
        perangkat.titip(request, jawab)
        return jawab

    def _sesudah_masuk(self, request: HttpRequest) -> None:
        akun, pada = pintu.pelaku(request), timezone.now()
        perangkat.lupakan_gagal(request, f"petugas:{akun.get_username().lower()}")
        baru = perangkat.kunci(request, akun) is None
        pintu.sesudah_masuk(request, akun, pada=pada)
        for satu in pengukuhan.menunggu(akun):
            kata = '<a href="{}">{} menunggu jawaban Anda: periksa dan jawab.</a>'
            alamat = reverse("admin:pengukuhan", args=[satu.pk])
            messages.warning(request, format_html(kata, alamat, satu))
        if faktor.punya(akun):
            return
        if faktor.wajib(akun):
            request.session[faktor.WAJIB] = True
        elif settings.PRODUKSI and baru:
            tautan = '<a href="{}">Pasang kode kedua</a> supaya kata sandi saja tidak cukup.'
            messages.info(request, format_html(tautan, reverse("admin:kode_kedua")))

    def masuk_kode(self, request: HttpRequest) -> HttpResponse:
        """The second step of a login, for who has a second factor."""
        pada = timezone.now()
        akun = pintu.ditahan(request, pada=pada)
        if akun is None:
            return redirect("admin:login")
        form = KodeKeduaForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            if faktor.terbukti(akun, sandi=None, kode=form.cleaned_data["kode"], pada=pada):
                pintu.lepas_tahan(request)
                login(request, akun, backend="penduduk.akun.backends.PetugasBackend")
                self._sesudah_masuk(request)
                lanjut = request.GET.get(REDIRECT_FIELD_NAME, "")
                sini = {request.get_host()}
                aman = url_has_allowed_host_and_scheme(lanjut, sini, request.is_secure())
                jawab = redirect(lanjut if aman else "admin:index")
                perangkat.titip(request, jawab)
                return jawab
            form.add_error("kode", TAK_TERBUKTI)
        isi = {"form": form, "akun": akun}
        return halaman.tampilkan(request, "admin/masuk_kode.html", "Kode kedua", **isi)

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
