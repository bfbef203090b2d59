"""Sessions in the database that know whose they are (SESSION_ENGINE).

Pattern of the Django manual, "Extending database-backed session engines".
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DBStore

from penduduk.models import Sesi

# Keys of the session's data, set at login: kind of browser in words, moment in ISO format.
PERANGKAT = "perangkat"
MASUK_PADA = "masuk_pada"


class SessionStore(DBStore):
    @classmethod
    def get_model_class(cls) -> type[Sesi]:
        return Sesi

    def create_model_instance(self, data: dict[str, Any]) -> Sesi:
        sesi = super().create_model_instance(data)
        try:
            sesi.akun_id = int(data[SESSION_KEY])
        except (KeyError, ValueError):
            sesi.akun_id = None
        sesi.perangkat = str(data.get(PERANGKAT, ""))[:60]
        pada = data.get(MASUK_PADA)
        sesi.masuk_pada = datetime.fromisoformat(pada) if pada else None
        return sesi
