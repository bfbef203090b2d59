"""The village's own facts, read on every page and therefore kept in memory for half a minute."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from penduduk.identitas import telepon
from penduduk.models import Banjar, Desa

_KUNCI = "desa"
_UMUR = 30  # seconds until every process has noticed a change


def ambil() -> Desa:
    """The village; created with what is known for certain when the database is new."""
    desa = cache.get(_KUNCI)
    if desa is None:
        desa, _ = Desa.objects.get_or_create(pk=1)
        cache.set(_KUNCI, desa, _UMUR)
    return desa


def lupakan() -> None:
    """Forget the copy in memory and the pieces of pages made from it, after a change."""
    cache.clear()


def tautan_wa() -> str:
    """Address that opens a chat with the village; empty while its number is unreadable."""
    try:
        return f"{settings.WA_ME_URL}/{telepon.rapikan(ambil().nomor_wa).removeprefix('+')}"
    except telepon.NomorTidakSah:
        return ""


def context(request: HttpRequest) -> dict:
    return {
        "desa": SimpleLazyObject(ambil),
        "tautan_wa": SimpleLazyObject(tautan_wa),
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
