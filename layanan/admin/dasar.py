"""What the tables of the office have in common."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class TerbukaFilter(admin.SimpleListFilter):
    """What has to be done, unless something else is asked for.

    A subclass says the field (`parameter_name`), its `pilihan`, what is open, and how that is
    called.
    """

    pilihan: list[tuple[str, str]]
    terbuka: tuple[str, ...]
    sebutan: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("SEMUA", "Semua"), *self.pilihan]

    def choices(self, changelist: Any) -> Any:
        semua = list(super().choices(changelist))
        semua[0]["display"] = self.sebutan
        return semua

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        # Whoever searches means every row: those that are done wait for nobody here.
        if self.value() == "SEMUA" or (request.GET.get("q") and not self.value()):
            return queryset
        dicari = [self.value()] if self.value() else self.terbuka
        return queryset.filter(**{f"{self.parameter_name}__in": dicari})
