"""Sessions in the database that know whose they are (SESSION_ENGINE).

Pattern of the Django manual, "Extending database-backed session engines".
"""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DBStore
from django.db.models import QuerySet
from django.http import HttpRequest

from penduduk.akun import perangkat, throttle
from penduduk.models import Akun, Sesi

# Keys of the session's data, set at login: kind of browser in words, moment in ISO format.
PERANGKAT = "perangkat"
MASUK_PADA = "masuk_pada"


class SessionStore(DBStore):
    @classmethod
    def get_model_class(cls) -> type[Sesi]:
        return Sesi

    def create_model_instance(self, data: dict[str, Any]) -> Sesi:
        sesi = cast(Sesi, super().create_model_instance(data))
        try:
            sesi.akun_id = int(data[SESSION_KEY])
        except (KeyError, ValueError):
            sesi.akun_id = None
        sesi.perangkat = str(data.get(PERANGKAT, ""))[:60]
        pada = data.get(MASUK_PADA)
        sesi.masuk_pada = datetime.fromisoformat(pada) if pada else None
        return sesi


def tandai(request: HttpRequest, *, pada: datetime) -> None:
    """After a login: note in the session on what kind of browser and since when."""
    request.session[PERANGKAT] = perangkat.sebut(request.headers.get("User-Agent", ""))
    request.session[MASUK_PADA] = pada.isoformat()


def milik(akun: Akun, *, pada: datetime) -> QuerySet[Sesi]:
    """Browsers in which `akun` is logged in, the latest first."""
    return Sesi.objects.filter(akun=akun, expire_date__gt=pada).order_by("-masuk_pada", "pk")


def pegangan(sesi: Sesi) -> str:
    """What stands for a session on a page: its key would let whoever reads it take it over."""
    return throttle.sidik("sesi", sesi.pk)[:16]


def akhiri(akun: Akun, *, kecuali: str | None = None) -> int:
    """End the sessions of `akun`, but for the one with the key `kecuali`; returns how many."""
    return Sesi.objects.filter(akun=akun).exclude(pk=kecuali or "").delete()[0]
