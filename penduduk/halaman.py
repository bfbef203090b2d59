"""Pages of the office beside Django's own: a new one is a decorated function and a template.

`halaman` is for a function, which stands at an address of its own below /kelola/; `subhalaman` for
a method of a KantorAdmin, which stands below its table. Nothing else has to be registered: the
decorators note what they decorate and hand it back as it was, and the guards are put before it
when the addresses are made. A room's package `admin` must import the modules of its pages.

Not in the package `admin`: the site is made of this before the first table is registered.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.db.models import Model, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.crypto import get_random_string
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from penduduk.models.cari import jumlah, saring

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])
_Baris = TypeVar("_Baris", bound=Model)


def jaga(request: HttpRequest, izin: str) -> None:
    """Raises PermissionDenied unless this person has each of `izin`, which blanks separate."""
    if not request.user.has_perms(izin.split()):
        raise PermissionDenied


def tampilkan(request: HttpRequest, templat: str, judul: str, /, **isi: Any) -> TemplateResponse:
    """A page: what every page of the office has, its title, and its own content."""
    konteks = {**admin.site.each_context(request), "title": judul, **isi}
    return TemplateResponse(request, templat, konteks)


# --- Search ---------------------------------------------------------------------------------------

CARI = "_cari"  # in a form that searches: the name of its field
_TERAKHIR = 20  # searches that a session remembers


def simpan_cari(request: HttpRequest, teks: str) -> str:
    """The sign that stands in addresses for `teks`: nobody's NIK is kept by a browser or a log."""
    semua: dict[str, str] = request.session.get("cari", {})
    for tanda, isi in semua.items():
        if isi == teks:
            return tanda
    tanda = f"~{get_random_string(8)}"
    request.session["cari"] = dict([*semua.items(), (tanda, teks)][-_TERAKHIR:])
    return tanda


def buka_cari(request: HttpRequest, tanda: str) -> str:
    """What a sign in an address stands for, "" for one that is forgotten; other words stand for
    themselves."""
    return request.session.get("cari", {}).get(tanda, "") if tanda[:1] == "~" else tanda


def pindah_cari(request: HttpRequest) -> HttpResponse | None:
    """For a form that searches: to the same page, with the sign in its address."""
    nama = request.POST.get(CARI, "")
    if not nama or not request.user.is_authenticated:
        return None
    tanya = request.GET.copy()
    for lama in (nama, PAGE_VAR, ERROR_FLAG):
        tanya.pop(lama, None)
    if teks := " ".join(request.POST.get(nama, "").split())[:100]:
        tanya[nama] = simpan_cari(request, teks)
    return redirect(f"{request.path}?{tanya.urlencode()}")


class Daftar(ChangeList):
    """A list that is searched by a sign: its links carry the sign on, its box shows the words."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        self.query = buka_cari(request, self.query)
        return super().get_queryset(request, exclude_parameters)


# --- Addresses ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rute:
    alamat: str
    izin: str
    metode: str
    nama: str = ""

    def pola(
        self,
        situs: admin.AdminSite,
        view: Callable[..., HttpResponseBase],
        nama: str,
        periksa: Callable[[HttpRequest, str], None],
    ) -> URLPattern:
        """The address with its guards: the login (and no cache), the method, the permission."""

        @require_http_methods(self.metode.split())
        @functools.wraps(view)
        def dijaga(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            periksa(request, self.izin)
            return view(request, *args, **kwargs)

        return path(self.alamat, situs.admin_view(dijaga), name=nama)


_HALAMAN: list[tuple[_Rute, Callable[..., HttpResponseBase]]] = []
_SUBHALAMAN: dict[Callable[..., HttpResponseBase], _Rute] = {}


def halaman(alamat: str, *, nama: str, izin: str, metode: str = "GET") -> Callable[[_View], _View]:
    """A function as page of the office. `alamat` below /kelola/; `izin` and `metode`: one, or
    several with blanks between; who lacks one of `izin` gets a 403, another method a 405."""

    def catat(view: _View) -> _View:
        _HALAMAN.append((_Rute(alamat, izin, metode, nama), view))
        return view

    return catat


def subhalaman(alamat: str, *, izin: str = "", metode: str = "GET") -> Callable[[_View], _View]:
    """A method of a KantorAdmin as page below its table; its address is named like Django's own,
    room_table_method. Without `izin` it is open to whoever may see the table."""

    def catat(view: _View) -> _View:
        _SUBHALAMAN[view] = _Rute(alamat, izin, metode)
        return view

    return catat


def semua_alamat(situs: admin.AdminSite) -> list[URLPattern]:
    """The addresses of all functions that are pages, for the site to know."""
    return [rute.pola(situs, view, rute.nama, jaga) for rute, view in _HALAMAN]


_TANPA_SARINGAN = "Saringan di alamat ini tidak dapat dipakai, jadi semua baris ditampilkan."


_HITUNG_SAMPAI = 10_000  # rows of a list; further ones are found by filter or search


class KantorAdmin(admin.ModelAdmin):
    """A table of the office, which may have pages of its own (`subhalaman`)."""

    show_full_result_count = False
    cara_cari: Any = None  # of a text: the ways in which it finds rows; else `search_fields`
    judul_daftar = ""  # else the name of the table

    def get_urls(self) -> list[URLPattern]:
        awalan = f"{self.opts.app_label}_{self.opts.model_name}"
        milik = [
            _SUBHALAMAN[fungsi].pola(
                self.admin_site, getattr(self, nama), f"{awalan}_{nama}", self._periksa
            )
            for nama, fungsi in inspect.getmembers(type(self), inspect.isfunction)
            if fungsi in _SUBHALAMAN
        ]
        return [*milik, *super().get_urls()]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **lain: Any) -> Any:
        """Roles are few: boxes to tick, not two lists with arrows between."""
        if db_field.name == "groups":
            lain["widget"] = CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **lain)

    def get_object(self, request: Any, object_id: str, from_field: Any = None) -> Any:
        """Django looks for a column without a name where an address ends with `_to_field=`."""
        return super().get_object(request, object_id, from_field or None)

    def _periksa(self, request: HttpRequest, izin: str) -> None:
        if izin:
            jaga(request, izin)
        elif not self.has_view_permission(request):
            raise PermissionDenied

    def alamat(self, halaman: str, *args: Any) -> str:
        """Where a page of this table is: changelist, change, or one of its own."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{halaman}", args=args)

    def ke(self, halaman: str, *args: Any) -> HttpResponse:
        return redirect(self.alamat(halaman, *args))

    def satu(self, request: HttpRequest, pk: Any, semua: QuerySet[_Baris]) -> _Baris:
        """The row that a page is about. Raises PermissionDenied, and Http404 also for what is no
        key at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return get_object_or_404(semua, pk=pk)
        except (ValueError, ValidationError) as galat:
            raise Http404 from galat

    def get_changelist(self, request: HttpRequest, **lain: Any) -> type[ChangeList]:
        return Daftar

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list; a filter that the address has and no database can answer (the year 9999, a
        broken pattern) leads back to the list without filters. Raises IncorrectLookupParameters."""
        try:
            daftar = super().get_changelist_instance(request)
            len(daftar.result_list)  # asked now and kept, not first when the page is written
        except (ValueError, OverflowError, DatabaseError) as galat:
            if ERROR_FLAG in request.GET or not request.GET:
                raise  # it is not the filter
            messages.warning(request, _TANPA_SARINGAN)
            raise IncorrectLookupParameters from galat
        return daftar

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        if self.cara_cari and (teks := search_term.strip()):
            return saring(queryset, self.cara_cari(teks)), False
        return super().get_search_results(request, queryset, search_term)

    def get_paginator(self, request: HttpRequest, queryset: Any, *args: Any, **lain: Any) -> Any:
        """The pages of the list, as far as it is counted: to count all takes as long as there are
        rows. What was found by a search is cut off sooner."""
        semua = super().get_paginator(request, queryset, *args, **lain)
        dicari = request.GET.get(SEARCH_VAR) or request.GET.get("term")  # of a field with look-up
        semua.count = jumlah(queryset, 0 if dicari else _HITUNG_SAMPAI)
        return semua

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        judul = self.judul_daftar or capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": judul, **(extra_context or {})})
