"""Filters of the register's tables; each one is SQL that both databases understand."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from penduduk import mutu
from penduduk.akun import pin
from penduduk.models import Akun, Banjar, Keluarga


class BanjarFilter(admin.SimpleListFilter):
    """Banjar in which there are families. `jalur`: from the table's rows to the banjar."""

    title = "banjar dinas"
    parameter_name = "banjar"
    jalur = "keluarga__banjar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        terpakai = Banjar.objects.filter(Exists(Keluarga.objects.filter(banjar=OuterRef("pk"))))
        pilihan = [(str(b.pk), b.nama) for b in terpakai.order_by("nama")]
        return [*pilihan, ("tanpa", "Tanpa banjar")] if pilihan else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        nilai = self.value()
        if nilai == "tanpa":
            return queryset.filter(**{f"{self.jalur}__isnull": True})
        if nilai in dict(self.lookup_choices):
            return queryset.filter(**{self.jalur: nilai})
        return queryset


class BanjarKeluargaFilter(BanjarFilter):
    jalur = "banjar"


class PINFilter(admin.SimpleListFilter):
    """Whether somebody can log in, seen from the PIN."""

    title = "PIN"
    parameter_name = "pin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("sendiri", "Punya PIN sendiri"),
            ("awal", "PIN awal belum diganti"),
            ("belum", "Belum punya PIN"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        sendiri = Q(wajib_ganti_pin=False)
        awal = Q(wajib_ganti_pin=True, pin_berlaku_sampai__gt=timezone.now())
        ber_pin = Akun.objects.filter(pin.BER_PIN, penduduk=OuterRef("pk"))
        match self.value():
            case "sendiri":
                return queryset.filter(Exists(ber_pin.filter(sendiri)))
            case "awal":
                return queryset.filter(Exists(ber_pin.filter(awal)))
            case "belum":
                return queryset.filter(~Exists(ber_pin.filter(sendiri | awal)))
        return queryset


class MutuFilter(admin.SimpleListFilter):
    """Rows that somebody should look at, by the same rules as their labels and warnings."""

    title = "mutu data"
    parameter_name = "mutu"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("tanpa", "Belum ada NIK"),
            ("sementara", "NIK sementara"),
            ("tidak_sah", "NIK tidak sah"),
            ("beda", "NIK berbeda dari tanggal lahir atau jenis kelamin"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "tanpa":
                return queryset.filter(mutu.TANPA_NIK)
            case "sementara":
                return mutu.uraikan(queryset).filter(mutu.SEMENTARA)
            case "tidak_sah":
                return mutu.uraikan(queryset).filter(mutu.TIDAK_SAH)
            case "beda":
                return mutu.uraikan(queryset).filter(mutu.BEDA)
        return queryset
