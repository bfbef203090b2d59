"""Who looked at whose data, for whoever asks on behalf of a resident."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from layanan.models import Jejak
from layanan.models.jejak import DISIMPAN
from penduduk.admin.dasar import HanyaBaca
from penduduk.models import Akun, Penduduk


class MasaFilter(admin.SimpleListFilter):
    """The last days, unless more is asked for: rarely does anybody look further back."""

    title = "masa"
    parameter_name = "hari"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Sehari"), ("30", "30 hari"), (str(DISIMPAN), "Setahun")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        bawaan, *lain = map(dict, super().choices(changelist))
        yield bawaan | {"display": "Seminggu"}
        yield from lain

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        nilai = self.value() or "7"
        hari = int(nilai) if nilai in dict(self.lookup_choices) else 7
        return queryset.filter(pada__gte=timezone.now() - timedelta(days=hari))


@admin.register(Jejak)
class JejakAdmin(HanyaBaca):
    judul_daftar = "Jejak: siapa melihat data siapa"
    list_display = ("pada", "oleh", "peran", "kata", "warga", "sebab")
    list_display_links = None
    list_select_related = ("oleh", "warga")
    list_filter = (MasaFilter,)
    list_per_page = 50
    search_fields = ("pk",)  # see cara_cari
    search_help_text = "Nama atau NIK warga, atau nama pengguna petugas. Pilih masanya di saringan."
    ordering = ("-pada", "-pk")
    fields = (*list_display, "objek", "jumlah")

    @admin.display(description="apa")
    def kata(self, satu: Jejak) -> str:
        return satu.kata

    def cara_cari(self, teks: str) -> list[Q]:
        petugas = Akun.objects.filter(is_staff=True, username__icontains=teks)
        orang = Penduduk.objects.cari(teks)
        return [
            Q(oleh__in=list(petugas.values_list("pk", flat=True)[:20])),
            Q(warga__in=list(orang.values_list("pk", flat=True)[:200])),
        ]
