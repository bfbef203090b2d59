"""Search over everything, from the head of every page; and the page of the settings.

The words come by POST: a NIK or a telephone number stands in no address, history or log.
"""

from django.contrib import admin
from django.http import HttpResponse

from layanan.models import Permohonan
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, simpan_cari, tampilkan
from penduduk.models import Penduduk
from surat.models import ArsipSurat, Surat

_PALING_BANYAK = 10  # of each table; its own list has the rest
_TABEL = (Permohonan, Penduduk, Surat, ArsipSurat)


@halaman("cari/", nama="cari", izin="", metode="POST")
def cari(request: AuthenticatedRequest) -> HttpResponse:
    """What the lists that this person may see find, each in its own way."""
    teks = " ".join(request.POST.get("q", "").split())[:100]
    temuan = []
    for tabel in _TABEL if teks else ():
        milik = admin.site.get_model_admin(tabel)
        if not milik.has_view_permission(request) or not milik.search_fields:
            continue
        semua = milik.get_queryset(request).order_by("-pk")
        if isinstance(milik.list_select_related, tuple):
            semua = semua.select_related(*milik.list_select_related)
        ketemu, _ = milik.get_search_results(request, semua, teks)
        if baris := list(ketemu[: _PALING_BANYAK + 1]):
            temuan.append(
                {
                    "tabel": tabel._meta.model_name,
                    "nama": tabel._meta.verbose_name_plural,
                    "baris": baris[:_PALING_BANYAK],
                    "lagi": simpan_cari(request, teks) if len(baris) > _PALING_BANYAK else "",
                    "alamat": f"admin:{tabel._meta.label_lower.replace('.', '_')}",
                }
            )
    return tampilkan(request, "admin/cari.html", "Hasil pencarian", teks=teks, temuan=temuan)


@halaman("pengaturan/", nama="pengaturan", izin="")
def pengaturan(request: AuthenticatedRequest) -> HttpResponse:
    """What is set once and looked at seldom, in the words of the office."""
    return tampilkan(request, "admin/pengaturan.html", "Pengaturan")
