"""What the queue can be narrowed down to; each costs the same however many rows there are."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from layanan.admin.dasar import TerbukaFilter
from layanan.kerja import antrean, pegangan
from layanan.models import Permohonan
from layanan.permohonan import mendesak
from penduduk.akun.pintu import pelaku
from penduduk.models import Akun, Banjar
from surat.models import JenisSurat

S = Permohonan.Status
CETAK = "CETAK"  # ready, and not on paper yet


class TahapFilter(TerbukaFilter):
    title = parameter_name = "status"
    pilihan = [(CETAK, "Siap dicetak"), *S.choices]
    terbuka = Permohonan.PERLU_DIKERJAKAN
    sebutan = "Perlu dikerjakan"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == CETAK:
            return queryset.filter(status=S.MENUNGGU_TTD, dicetak_pada__isnull=True)
        return super().queryset(request, queryset)


class Pilihan(admin.SimpleListFilter):
    """One box of the bar above the list."""

    template = "admin/layanan/permohonan/_saring.html"


class SuratFilter(Pilihan):
    """By the name of the letter, or a part of it, as it is typed with the list below it."""

    title = parameter_name = "surat"
    template = "admin/layanan/permohonan/_saring_surat.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            (nama, nama)
            for nama in JenisSurat.objects.order_by("nama").values_list("nama", flat=True)
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not (kata := " ".join((self.value() or "").split())):
            return queryset
        jenis = JenisSurat.objects.filter(nama__icontains=kata).values_list("pk", flat=True)
        return queryset.filter(jenis__in=list(jenis))


class BanjarFilter(Pilihan):
    title = parameter_name = "banjar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(Banjar.objects.order_by("nama").values_list("pk", "nama"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        pilihan = self.value() or ""
        if not pilihan.isdecimal():
            return queryset
        return queryset.filter(pemohon__keluarga__banjar=pilihan)


class MasukFilter(Pilihan):
    title, parameter_name = "masuk", "masuk"
    _HARI = {"hari": 0, "minggu": 6, "bulan": 30, "tahun": 365}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        kata = "Hari ini|7 hari terakhir|Sebulan terakhir|Setahun terakhir".split("|")
        return list(zip(self._HARI, kata, strict=True))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if (hari := self._HARI.get(self.value() or "")) is None:
            return queryset
        awal = datetime.combine(timezone.localdate() - timedelta(days=hari), time.min)
        return queryset.filter(diajukan_pada__gte=timezone.make_aware(awal))


class PetugasFilter(Pilihan):
    title = parameter_name = "petugas"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        saya = pelaku(request)
        petugas = Akun.objects.filter(is_staff=True, is_active=True).exclude(pk=saya.pk)
        semua = petugas.order_by("nama").values_list("pk", "nama")
        return [("saya", "Saya"), ("belum", "Belum dipegang"), *semua]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not (pilihan := self.value()):
            return queryset
        dipegang = pegangan.sah(pada=timezone.now())
        if pilihan == "belum":
            return queryset.exclude(pk__in=dipegang.values("permohonan"))
        siapa = str(pelaku(request).pk) if pilihan == "saya" else pilihan
        if not siapa.isdecimal():
            return queryset
        return queryset.filter(pk__in=dipegang.filter(oleh=int(siapa)).values("permohonan"))


class TandaFilter(Pilihan):
    title = parameter_name = "tanda"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("terlambat", "Terlambat"), ("mendesak", "Mendesak"), *antrean.KEMBALI.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        pilihan = self.value() or ""
        if pilihan == "terlambat":
            buka = (*Permohonan.PERLU_DIKERJAKAN, S.DICETAK, S.MENUNGGU_TTD)
            return queryset.filter(status__in=buka, janji_pada__lt=timezone.now())
        if pilihan == "mendesak":
            return queryset.filter(status__in=mendesak.BISA, mendesak=True)
        return antrean.yang_kembali(queryset, pilihan) if pilihan in antrean.KEMBALI else queryset
