"""What the tables of all rooms have in common."""

from typing import Any

from django.http import HttpRequest

from penduduk.halaman import KantorAdmin


class HanyaBaca(KantorAdmin):
    """Rows that the system writes: to look at, not to touch."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
