"""A clock that tests move, and requests as they reach the backends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from penduduk import backends, perangkat

IP = "203.0.113.7"


class Jam:
    """Stands where `timezone` stood in penduduk.backends; time moves only when told to."""

    def __init__(self) -> None:
        self.pada = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.pada

    def maju(self, **lama: float) -> datetime:
        self.pada += timedelta(**lama)
        return self.pada


@pytest.fixture
def jam(monkeypatch) -> Jam:
    jam = Jam()
    monkeypatch.setattr(backends, "timezone", jam)
    return jam


def permintaan(ip: str = IP, *, kuki: str = "", **meta: str) -> HttpRequest:
    """A login request from `ip`; `kuki`: the device cookie that the browser sends."""
    request = RequestFactory().post("/masuk/", REMOTE_ADDR=ip, **meta)
    if kuki:
        request.COOKIES[perangkat.NAMA_KUKI] = kuki
    return request
