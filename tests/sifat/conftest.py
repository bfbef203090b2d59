"""The same examples each time, few of them; UJI_SIFAT=5000 looks longer and elsewhere."""

import os

from hypothesis import HealthCheck, settings

_BANYAK = int(os.environ.get("UJI_SIFAT", "0"))
settings.register_profile(
    "portal",
    max_examples=_BANYAK or 60,
    derandomize=not _BANYAK,
    database=None,
    deadline=None,
    # What our own fixtures prepare does not change from example to example.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

settings.load_profile("portal")
