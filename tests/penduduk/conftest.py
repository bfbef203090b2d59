"""A clock that tests move, and requests as they reach the backends."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from penduduk.akun import backends, perangkat, pin
from tests.waktu import Jam

IP = "203.0.113.7"


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


@pytest.fixture
def diperiksa(monkeypatch) -> list[str]:
    """PINs that were really compared with an akun: every other attempt was thrown away."""
    tercatat: list[str] = []
    asli = pin.cocok

    def cocok(akun, sandi, *, pada):
        if akun is not None:
            tercatat.append(sandi)
        return asli(akun, sandi, pada=pada)

    monkeypatch.setattr(pin, "cocok", cocok)
    return tercatat
