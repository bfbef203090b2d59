"""Which letter: all that are on offer, in groups, with a search."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from penduduk.akun.pintu import AuthenticatedRequest, warga
from surat.models import JenisSurat


@warga
@require_GET
def pilih_surat(request: AuthenticatedRequest) -> HttpResponse:
    """Letters as cards in groups, with a search that works without JavaScript; below them those
    for which one has to come to the office."""
    cari = " ".join(request.GET.get("cari", "").split())[:60]
    semua = JenisSurat.objects.prefetch_related("syarat").order_by("urutan", "nama")
    kata = cari.lower().split()
    cocok = [j for j in semua if all(k in f"{j.nama} {j.tujuan}".lower() for k in kata)]
    pilihan = [j for j in cocok if j.layanan_mandiri]
    konteks = {
        "cari": cari,
        "pilihan": pilihan,
        "kelompok": _per_kelompok(pilihan),
        "di_kantor": [j for j in cocok if not j.layanan_mandiri],
    }
    return render(request, "layanan/pilih_surat.html", konteks)


def _per_kelompok(pilihan: list[JenisSurat]) -> list[tuple[str, list[JenisSurat]]]:
    """In the order in which the groups first appear; "tanah_waris" reads "Tanah waris"."""
    hasil: dict[str, list[JenisSurat]] = {}
    for jenis in pilihan:
        hasil.setdefault(jenis.kelompok.replace("_", " ").capitalize() or "Lainnya", []).append(
            jenis
        )
    return list(hasil.items())
