"""What the log says when somebody passes by, and when something of ours breaks."""

import io
import logging

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import resolve
from django.utils.log import log_response

from bugbug.log import Saring
from tests import factories
from tests.halaman import sebagai

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal():
    """All that the handler of the settings would write, with a fresh filter."""
    isi = io.StringIO()
    pegangan = logging.StreamHandler(isi)
    pegangan.setFormatter(logging.Formatter(settings.LOGGING["formatters"]["baris"]["format"]))
    pegangan.addFilter(Saring())
    akar = logging.getLogger()
    akar.addHandler(pegangan)
    yield isi
    akar.removeHandler(pegangan)


def baris(isi: io.StringIO) -> list[str]:
    return isi.getvalue().splitlines()


def test_the_filter_is_on_the_handler_that_the_settings_name():
    pegangan = settings.LOGGING["handlers"]["terminal"]

    assert pegangan["filters"] == ["saring"]
    assert settings.LOGGING["filters"]["saring"]["()"] == "bugbug.log.Saring"


def test_wrong_hosts_are_one_line_a_minute_without_traceback_or_path(terminal):
    for n in range(20):
        assert (
            Client().get(f"/cek/{n}RAHASIA/", headers={"host": "jahat.example"}).status_code == 400
        )

    assert len(baris(terminal)) == 1
    assert "refused: DisallowedHost (0 more since the last line)" in terminal.getvalue()
    assert "jahat" not in terminal.getvalue() and "RAHASIA" not in terminal.getvalue()


def test_unsigned_calls_are_one_line_a_minute(terminal):
    for _ in range(20):
        assert Client().post("/webhook/twilio/masuk/", {"From": "whatsapp:+62"}).status_code == 403

    assert [satu.split(" ", 3)[3] for satu in baris(terminal)] == [
        "layanan.views.webhook refused: webhook with a wrong signature (0 more since the last line)"
    ]


def test_guarded_look_ups_and_forms_that_are_too_large_are_one_line_each(terminal, settings):
    meja = sebagai(factories.buat_operator())
    for _ in range(3):
        alamat = "/kelola/penduduk/penduduk/?akun__password__startswith=argon2"
        assert meja.get(alamat).status_code == 400
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    for _ in range(3):
        assert Client().post("/pin/minta/", {"nama": "x" * 500}).status_code == 400

    assert len(baris(terminal)) == 2
    assert "argon2" not in terminal.getvalue()


def test_broken_bodies_write_nothing(terminal):
    for jenis in ("multipart/form-data; boundary=x", "multipart/form-data", "application/json"):
        Client().post("/masuk/", data=b"\x00{{--x", content_type=jenis)

    assert baris(terminal) == []


def test_next_minute_says_how_many_there_were(monkeypatch):
    waktu = [1000.0]
    monkeypatch.setattr("bugbug.log.time.monotonic", lambda: waktu[0])
    saring = Saring()

    def catat() -> str:
        satu = logging.makeLogRecord({"name": "django.security.X", "msg": "/cek/RAHASIA"})
        return satu.getMessage() if saring.filter(satu) else ""

    assert [bool(catat()) for _ in range(5)] == [True, False, False, False, False]
    waktu[0] += 61
    assert catat() == "refused: X (4 more since the last line)"


def test_fault_of_ours_keeps_its_traceback_and_loses_its_address(terminal, rf):
    request = rf.get("/cek/23456789AB/?kode=23456789AB")
    request.resolver_match = resolve("/cek/23456789AB/")
    jawab = type("Jawab", (), {"status_code": 500, "reason_phrase": "Internal Server Error"})()
    try:
        raise RuntimeError("rusak")
    except RuntimeError as galat:
        log_response(
            "%s: %s",
            jawab.reason_phrase,
            request.path,
            response=jawab,
            request=request,
            exception=galat,
        )

    assert "Internal Server Error: cek/<str:kode>/" in terminal.getvalue()
    assert "RuntimeError: rusak" in terminal.getvalue()
    assert "23456789AB" not in terminal.getvalue()


def _rusak(*_):
    raise OperationalError("could not connect")


def test_page_that_is_not_ready_names_its_route_alone(terminal, db, monkeypatch):
    monkeypatch.setattr("bugbug.views.MigrationExecutor", _rusak)
    assert Client().get("/sehat/siap/?kunci=RAHASIA").status_code == 503

    assert [satu.split(" ", 3)[3] for satu in baris(terminal)] == [
        "django.request Service Unavailable: sehat/siap/"
    ]
