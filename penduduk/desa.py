"""The village's own facts: one row, read afresh once per web request.

Not kept any longer: each process would have a copy of its own, and whoever has just saved the
village would be shown the former facts by the next one.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from penduduk.identitas import telepon
from penduduk.models import Banjar, Desa

# What this request has read already; None outside of one, where each call reads the row.
_dibaca: ContextVar[list[Desa] | None] = ContextVar("desa", default=None)


def sekali(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: within one request the village is read once at most."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        tanda = _dibaca.set([])
        try:
            return get_response(request)
        finally:
            _dibaca.reset(tanda)

    return middleware


def ambil() -> Desa:
    """The village; created with what is known for certain when the database is new."""
    dibaca = _dibaca.get()
    if dibaca:
        return dibaca[0]
    desa, _ = Desa.objects.get_or_create(pk=1)
    if dibaca is not None:
        dibaca.append(desa)
    return desa


def lupakan() -> None:
    """Read the village again, later in the request that has changed it."""
    if dibaca := _dibaca.get():
        dibaca.clear()


@dataclass(frozen=True)
class NomorKantor:
    """One telephone number of the office as the village writes it; `tel`: "" when no telephone can
    dial it."""

    teks: str
    tel: str


def telepon_kantor() -> list[NomorKantor]:
    """The office may have several: "0363 21234 / 0812 3456 7890"."""
    semua = [satu.strip() for satu in re.split(r"[/,;]|\batau\b", ambil().telepon)]
    return [NomorKantor(satu, telepon.untuk_tel(satu)) for satu in semua if satu]


def tautan_wa() -> str:
    """Address that opens a chat with the village; empty while its number is unreadable, and when
    the made-up number of the demo village would be looked for at the real WhatsApp."""
    if ambil().contoh and not settings.SIMULATOR_WA_URL:
        return ""
    try:
        return f"{settings.WA_ME_URL}/{telepon.rapikan(ambil().nomor_wa).removeprefix('+')}"
    except telepon.NomorTidakSah:
        return ""


def context(request: HttpRequest) -> dict:
    return {
        "desa": SimpleLazyObject(ambil),
        "tautan_wa": SimpleLazyObject(tautan_wa),
        "telepon_kantor": SimpleLazyObject(telepon_kantor),
        "simulator_wa": settings.SIMULATOR_WA_URL,
    }


def belum_lengkap(desa: Desa) -> list[str]:
    """What the village has not filled in yet, as sentences for the admin's first page."""
    kosong = [
        f"Desa: {kolom.verbose_name} belum diisi."
        for kolom in Desa._meta.fields
        if kolom.name in ("alamat_kantor", "telepon", "nomor_wa", "jam_layanan")
        and not getattr(desa, kolom.name)
    ]
    if not Banjar.objects.exists():
        kosong.append("Banjar dinas belum diisi.")
    return kosong
