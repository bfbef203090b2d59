"""The history page of a row of the register: who changed what, when and why. Only to be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, JSONField, Model
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import capfirst

from penduduk.halaman import tampilkan
from penduduk.identitas import nik
from penduduk.models import Keluarga

_JENIS = {"+": "Dicatat", "~": "Diubah", "-": "Dihapus"}
_KOSONG = "—"


@dataclass(frozen=True)
class Perubahan:
    label: str
    dari: str
    ke: str


@dataclass(frozen=True)
class Baris:
    """One line of the page. `oleh` is empty when the system did it."""

    pada: datetime
    oleh: str
    kejadian: str
    alasan: str = ""
    perubahan: tuple[Perubahan, ...] = ()


class RiwayatMixin(admin.ModelAdmin):
    """A ModelAdmin of a model with `riwayat`: saves name the user, the history page reads ours."""

    riwayat_per_halaman = 50

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and not form.has_changed():
            return  # pressing Simpan without a change is no event
        obj._history_user = request.user  # where simple_history looks for it
        super().save_model(request, obj, form, change)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        satu = self.get_object(request, unquote(object_id))
        if satu is None:
            # As Django's own page does; django-stubs leaves the method out.
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
                request, self.opts, object_id
            )
        halaman = Paginator(_semua(satu), self.riwayat_per_halaman)
        isi = halaman.get_page(request.GET.get(PAGE_VAR))
        return tampilkan(
            request,
            "admin/penduduk/riwayat.html",
            f"Riwayat {satu}",
            opts=self.opts,
            object=satu,
            halaman=isi,
            nomor_halaman=halaman.get_elided_page_range(isi.number),
            page_var=PAGE_VAR,
            **(extra_context or {}),
        )


def _semua(satu: Model) -> list[Baris]:
    """Changes of the data and other acts of the office, newest first."""
    return sorted([*_perubahan(satu), *_tindakan(satu)], key=lambda b: b.pada, reverse=True)


def _tindakan(satu: Model) -> Iterator[Baris]:
    """What was done without changing the data, such as issuing a PIN.

    The admin's own entries about saved forms are JSON lists; the history knows those better.
    """
    catatan = (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(satu), object_id=str(satu.pk)
        )
        .exclude(change_message="")
        .exclude(change_message__startswith="[")
    )
    for c in catatan.select_related("user"):
        yield Baris(c.action_time, str(c.user), c.change_message.removesuffix("."))


def _perubahan(satu: Any) -> Iterator[Baris]:
    baris = list(satu.riwayat.select_related("history_user").order_by("-history_date", "-pk"))
    kolom = [k for k in type(satu).riwayat.model.tracked_fields if not k.primary_key]
    rujukan = {k.attname: _nama_rujukan(k, baris) for k in kolom if isinstance(k, ForeignKey)}
    for baru, lama in pairwise([*baris, None]):
        beda = () if lama is None else tuple(_beda(kolom, lama, baru, rujukan))
        yield Baris(
            baru.history_date,
            str(baru.history_user or ""),
            _JENIS[baru.history_type],
            baru.history_change_reason or "",
            beda,
        )


def _nama_rujukan(kolom: ForeignKey, baris: Iterable[Any]) -> dict[Any, str]:
    """What the keys in one column stand for; one query for all of them."""
    pk = {getattr(b, kolom.attname) for b in baris} - {None}
    return {k: _sebut(v) for k, v in kolom.related_model._default_manager.in_bulk(pk).items()}


def _sebut(satu: Model) -> str:
    """Two family cards may end in the same digits, so here the whole number is said."""
    if isinstance(satu, Keluarga) and satu.no_kk:
        return f"KK {nik.kelompok(satu.no_kk)}"
    return str(satu)


def _beda(kolom: Iterable[Field], lama: Any, baru: Any, rujukan: dict) -> Iterator[Perubahan]:
    for k in kolom:
        dari, ke = getattr(lama, k.attname), getattr(baru, k.attname)
        if dari == ke:
            continue
        if isinstance(k, JSONField):
            yield from _beda_dict(dari or {}, ke or {})
        elif k.attname in rujukan:
            nama = rujukan[k.attname]
            yield Perubahan(_label(k), nama.get(dari, dari or _KOSONG), nama.get(ke, ke or _KOSONG))
        else:
            yield Perubahan(_label(k), _kata(k, dari), _kata(k, ke))


def _beda_dict(lama: dict, baru: dict) -> Iterator[Perubahan]:
    for kunci in sorted({*lama, *baru}):
        dari, ke = lama.get(kunci), baru.get(kunci)
        if dari != ke:
            yield Perubahan(nama_kolom_lain(kunci), str(dari or _KOSONG), str(ke or _KOSONG))


def nama_kolom_lain(kunci: str) -> str:
    """Heading of a column that the register only carries along."""
    return capfirst(kunci.replace("_", " "))


def _label(kolom: Field) -> str:
    return capfirst(str(kolom.verbose_name))


def _kata(kolom: Field, nilai: Any) -> str:
    """A stored value in the words of the family card, not in its codes."""
    if nilai in (None, ""):
        return _KOSONG
    if isinstance(nilai, date):
        return date_format(nilai, "j F Y")
    return str(dict(kolom.flatchoices).get(nilai, nilai))
