"""What the log says when somebody passes by, and when something of ours breaks."""

import io
import logging
import os
import re
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django.utils.log import log_response

from bugbug.celery import app
from bugbug.log import Baris, Saring
from layanan.models import Notifikasi
from tests import factories
from tests.arsitektur.rumah import AKAR
from tests.halaman import sebagai
from tests.perjalanan.pekerja import url_basis_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal():
    """All that the handler of the settings would write, with a fresh filter."""
    isi = io.StringIO()
    pegangan = logging.StreamHandler(isi)
    pegangan.setFormatter(Baris(settings.LOGGING["formatters"]["baris"]["format"]))
    pegangan.addFilter(Saring())
    akar = logging.getLogger()
    akar.addHandler(pegangan)
    yield isi
    akar.removeHandler(pegangan)


def baris(isi: io.StringIO) -> list[str]:
    return isi.getvalue().splitlines()


def tanpa_kode(satu: str) -> str:
    return re.sub(r"\[[0-9a-f]{8} (-|warga|petugas)\] ", "", satu.split(" ", 3)[3])


def test_the_filter_is_on_the_handler_that_the_settings_name():
    pegangan = settings.LOGGING["handlers"]["terminal"]

    assert pegangan["filters"] == ["saring"]
    assert settings.LOGGING["filters"]["saring"]["()"] == "bugbug.log.Saring"
    assert pegangan["formatter"] == "baris"
    assert settings.LOGGING["formatters"]["baris"]["()"] == "bugbug.log.Baris"


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

    assert [tanpa_kode(satu) for satu in baris(terminal)] == [
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
    monkeypatch.setattr("layanan.kesehatan.keadaan.MigrationExecutor", _rusak)
    assert Client().get("/sehat/siap/?kunci=RAHASIA").status_code == 503

    assert [tanpa_kode(satu) for satu in baris(terminal)] == [
        "django.request Service Unavailable: sehat/siap/"
    ]


# --- What a database says of a row ----------------------------------------------------------------


def _langgar(**kolom) -> None:
    """Breaks a constraint of the outbox with a row that names a person."""
    with transaction.atomic():
        Notifikasi.objects.create(
            nomor_hp="+6281234567890",
            pesan="rahasia",
            dibuat_pada=timezone.now(),
            berubah_pada=timezone.now(),
            ambil_lagi_pada=timezone.now(),
            **kolom,
        )


def test_broken_constraint_is_named_and_its_row_is_not(terminal, permohonan):
    ini = Notifikasi.objects.first()
    with pytest.raises(IntegrityError) as tertangkap:
        _langgar(pk=ini.pk, riwayat_id=ini.riwayat_id)
    logging.getLogger("coba").error("it broke: %s", tertangkap.value, exc_info=tertangkap.value)

    isi = terminal.getvalue()
    assert "layanan_notifikasi" in isi and "IntegrityError" in isi
    assert "in _langgar" in isi, "where it happened"
    for rahasia in ("81234567890", "rahasia", "DETAIL", "Key (", "Failing row"):
        assert rahasia not in isi


def test_value_that_a_column_does_not_take_is_not_repeated(terminal, permohonan):
    if connection.vendor == "sqlite":
        pytest.skip("DILEWATI: SQLite menerima semua nilai")
    nama = " ".join(("I", "Wayan"))
    with pytest.raises(DataError) as tertangkap, transaction.atomic():
        Notifikasi.objects.extra(where=["id = CAST(%s AS integer)"], params=[nama]).exists()
    logging.getLogger("coba").error("it broke", exc_info=tertangkap.value)

    assert "DataError: 22P02" in terminal.getvalue()
    assert nama not in terminal.getvalue()


def test_words_of_other_exceptions_stay_but_long_numbers_go(terminal):
    try:
        raise ValueError("5171012345678901 is odd") from sqlite3.IntegrityError("x (+6281234567)")
    except ValueError:
        logging.getLogger("coba").exception("for 081234567890")

    isi = terminal.getvalue()
    assert "ValueError: … is odd" in isi and "for …" in isi
    assert "6281234567" not in isi


def test_failed_task_is_one_traceback_without_what_it_was_called_with(terminal):
    @app.task(name="uji.gagal")
    def gagal(nomor: str) -> None:
        raise IntegrityError(f"DETAIL: Failing row contains ({nomor})")

    gagal.apply(args=["I Ketut"], throw=False)

    assert terminal.getvalue().count("in gagal") == 1
    assert "uji.gagal" in terminal.getvalue()
    assert "I Ketut" not in terminal.getvalue()


def test_beat_without_a_broker_is_one_line_a_minute(terminal):
    for _ in range(20):
        try:
            raise ConnectionError("redis")
        except ConnectionError as galat:
            logging.getLogger("celery.beat").error("Message Error: %s", galat, exc_info=True)

    assert len(baris(terminal)) == 1
    assert "the broker does not take calls (0 more" in terminal.getvalue()


# --- One request ----------------------------------------------------------------------------------


@pytest.fixture
def pecah(monkeypatch):
    def rusak(*_):
        raise RuntimeError("rusak")

    monkeypatch.setattr("bugbug.views.MasukForm", rusak)
    return Client(raise_request_exception=False)


def test_broken_page_has_a_code_that_is_in_the_log(terminal, pecah):
    jawab = pecah.get("/")

    kode = jawab.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{8}", kode)
    assert f"sebutkan kode <b>{kode}</b>" in jawab.content.decode()
    assert f"[{kode} -] Internal Server Error" in terminal.getvalue()


def test_code_of_the_proxy_is_taken_from_a_proxy_alone(settings):
    dari = {"x-request-id": "f3b1c2d4-0000-4444"}
    assert Client().get("/sehat/", headers=dari).headers["X-Request-ID"] != dari["x-request-id"]
    settings.TRUSTED_PROXIES = 1
    assert Client().get("/sehat/", headers=dari).headers["X-Request-ID"] == dari["x-request-id"]
    for aneh in ("a b", "x" * 65, "pendek", 'a"><script>'):
        jawab = Client().get("/sehat/", headers={"x-request-id": aneh})
        assert re.fullmatch("[0-9a-f]{8}", jawab.headers["X-Request-ID"])


def test_code_of_many_digits_is_found_in_the_log(terminal, caplog, settings):
    caplog.set_level(logging.INFO, "bugbug.akses")
    settings.TRUSTED_PROXIES = 1
    Client().get("/sehat/", headers={"x-request-id": "1234567890123456"})
    assert "[1234567890123456 -] GET /sehat/" in terminal.getvalue()


def test_each_request_is_one_line_with_route_and_role_and_nobody_in_it(terminal, caplog, warga):
    caplog.set_level(logging.INFO, "bugbug.akses")
    kode = sebagai(warga).get("/layanan/").headers["X-Request-ID"]
    Client().get("/cek/23456789AB/")
    sebagai(factories.buat_operator()).get("/kelola/")

    akses = [tanpa_kode(satu) for satu in baris(terminal) if "bugbug.akses" in satu]
    pola = ["GET /layanan/ 200", "GET /cek/<str:kode>/ 404", "GET /kelola/ 200"]
    for satu, awal in zip(akses, pola, strict=True):
        assert re.fullmatch(rf"bugbug.akses {re.escape(awal)} \d+ ms", satu)
    assert f"[{kode} warga]" in terminal.getvalue() and " petugas] " in terminal.getvalue()


def test_outside_of_a_request_no_line_has_a_code(terminal):
    logging.getLogger("coba").warning("sendiri")

    assert terminal.getvalue().endswith("coba sendiri\n")


@pytest.mark.lambat  # a process with Django
@pytest.mark.django_db(transaction=True)
def test_command_that_breaks_tells_no_row(warga):
    """PostgreSQL names the key that is there twice, and who it belongs to."""
    kode = (
        "import django; django.setup()\n"
        "from penduduk.models import Penduduk\n"
        f"satu = Penduduk.objects.get(pk={warga.penduduk_id}); satu.pk = None; satu.save()\n"
    )
    lain = {"DATABASE_URL": url_basis_data(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    hasil = subprocess.run(
        [sys.executable, "-c", kode],
        env=os.environ | lain,
        cwd=AKAR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert hasil.returncode == 1
    assert "IntegrityError: " in hasil.stderr and "penduduk" in hasil.stderr
    assert warga.penduduk.nik not in hasil.stderr and "Key (" not in hasil.stderr
    assert "Error: " in hasil.stderr.splitlines()[-1]
