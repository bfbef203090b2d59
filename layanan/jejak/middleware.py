"""After each page that has shown data of residents: a row that says so, or no page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from layanan.jejak.halaman import TABEL, Baca, Tabel, ditunjukkan
from layanan.models import Jejak
from layanan.percakapan import siapa
from penduduk.models import Akun

SELANG = timedelta(minutes=15)  # who looks again sooner has looked once


def tercatat(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Innermost, so that it sees what a view has answered. Raises what the database raises: what
    could not be written down is not shown."""

    def tengah(request: HttpRequest) -> HttpResponseBase:
        jawab = get_response(request)
        try:
            baca = ditunjukkan(request, jawab)
            if baca is not None and isinstance(request.user, Akun):
                tulis(baca, oleh=request.user, pada=timezone.now())
        except BaseException:
            jawab.close()
            raise
        return jawab

    return tengah


def tulis(baca: Baca, *, oleh: Akun, pada: datetime) -> None:
    """One INSERT, for those whom `oleh` has not been shown in the same way within SELANG."""
    objek, sebab, orang = _tentang(baca)
    isi = {"oleh": oleh, "apa": baca.apa, "tabel": baca.tabel, "objek": objek}
    berulang = baca.apa != Jejak.Apa.EKSPOR and (orang or baca.apa != Jejak.Apa.CARI)
    lama: set[int | None] = set()
    if berulang:
        sama = Jejak.objects.filter(**isi, pada__gt=pada - SELANG)
        lama = set(sama.values_list("warga", flat=True))
    if not (baru := (orang or {None}) - lama):
        return
    isi |= {"pada": pada, "sebab": (sebab or baca.sebab)[:200], "jumlah": baca.jumlah}
    isi["peran"] = _peran(oleh)
    semua = [Jejak(warga_id=satu, **isi) for satu in sorted(baru, key=lambda x: x or 0)]
    Jejak.objects.bulk_create(semua)


def _peran(oleh: Akun) -> str:
    """The roles of now, for whoever reads it when they are others; of a resident: none."""
    if not oleh.is_staff:
        return ""
    return ", ".join(oleh.groups.order_by("name").values_list("name", flat=True))[:60] or "Petugas"


def _tentang(baca: Baca) -> tuple[str, str, set[int | None]]:
    """Of a page of one row its key and why; and the residents of all rows."""
    tabel = TABEL.get(baca.lewat or baca.tabel, Tabel())
    satu = baca.jumlah is None
    if not baca.kunci or not (satu or baca.kunci["pk__in"]):
        return baca.objek, "", set()
    jalan = [*tabel.orang, *(tabel.rinci if satu else ())]
    if jalan == ["pk"]:
        return baca.objek, "", {int(pk) for pk in baca.kunci["pk__in"]}
    model: Any = apps.get_model(baca.lewat or baca.tabel)
    kolom = {"pk", *jalan, *filter(None, (tabel.sebab, tabel.hp))}
    baris = list(model._base_manager.filter(**baca.kunci).values(*kolom))
    orang: set[int | None] = {b[satu_jalan] for b in baris for satu_jalan in jalan} - {None}
    if tabel.hp and (nomor := {x for b in baris for x in siapa.bentuk_nomor(b[tabel.hp] or "")}):
        pemilik = Akun.objects.filter(nomor_hp__in=nomor, penduduk__isnull=False)
        orang |= set(pemilik.values_list("penduduk", flat=True))
    if satu and baris:
        return str(baris[0]["pk"]), str(baris[0][tabel.sebab]) if tabel.sebab else "", orang
    return baca.objek, "", orang
