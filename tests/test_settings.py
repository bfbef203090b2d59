"""A setting that would endanger the village stops the start with one sentence."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import environ
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

pytestmark = pytest.mark.sekali
RAHASIA = "abcdefgh" * 8
PEPPER = "ijklmnop" * 8
BENAR = {
    "BUGBUG_MODE": "produksi",
    "SECRET_KEY": RAHASIA,
    "PIN_PEPPER": PEPPER,
    "ALLOWED_HOSTS": "bugbug-karangasem.id",
    "PUBLIC_BASE_URL": "https://bugbug-karangasem.id",
    "TRUSTED_PROXIES": "1",
}


def _mulai(tmp_path, perintah=("check", "--deploy", "--fail-level", "WARNING"), **lain):
    """`manage.py` in a fresh process, with exactly this environment and no .env file."""
    (tmp_path / "staticfiles.json").touch()  # as collectstatic leaves it in a release
    tempat = {"VAR_DIR": str(tmp_path), "STATIC_ROOT": str(tmp_path)}
    env = {"PATH": os.environ["PATH"], **tempat, **BENAR, **lain}
    kode = (
        "import environ; environ.FileAwareEnv.read_env = classmethod(lambda *a, **k: None);"
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'bugbug.settings';"
        "from django.core.management import execute_from_command_line as jalan;"
        f"jalan(['manage.py', *{list(perintah)!r}])"
    )
    return subprocess.run(
        [sys.executable, "-c", kode],
        env={k: v for k, v in env.items() if v is not None},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def baca(tmp_path, monkeypatch) -> Callable[..., dict[str, Any]]:
    """The settings that come of such an environment, without starting anything."""

    def baca(**lain: str) -> dict[str, Any]:
        env = FileAwareMapping({"VAR_DIR": str(tmp_path), **BENAR, **lain})
        monkeypatch.setattr(environ.FileAwareEnv, "ENVIRON", env)
        monkeypatch.setattr(environ.FileAwareEnv, "read_env", lambda *berkas: None)
        return runpy.run_path(str(settings.BASE_DIR / "bugbug/settings.py"))

    return baca


@pytest.mark.lambat  # a process, as all below that call _mulai
def test_documented_production_settings_are_accepted_silently(tmp_path):
    hasil = _mulai(tmp_path)

    assert hasil.returncode == 0, hasil.stderr
    assert "no issues" in hasil.stdout


def test_what_is_written_is_for_nobody_else_on_the_machine(tmp_path):
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    hasil = _mulai(var, perintah=("migrate", "penduduk", "0001", "--verbosity", "0"))

    assert hasil.returncode == 0, hasil.stderr
    assert {f"{satu.stat().st_mode & 0o077:o}" for satu in [var, *var.rglob("*")]} == {"0"}
    assert (var / "bugbug.sqlite3").exists()


@pytest.mark.parametrize(
    ("nama", "nilai", "kata"),
    [
        ("BUGBUG_MODE", "", "BUGBUG_MODE belum diisi"),
        ("BUGBUG_MODE", "production", "BUGBUG_MODE berisi “production”, yang tidak dikenal"),
        ("DATABASE_URL", "bukan-alamat", "DATABASE_URL harus berawalan postgres://"),
        ("DATABASE_URL", "mysql://root@127.0.0.1/desa", "DATABASE_URL harus berawalan postgres://"),
        ("REDIS_URL", "127.0.0.1", "REDIS_URL harus berawalan redis://"),
        ("DEBUG", "1", "DEBUG harus kosong di produksi"),
        ("SECRET_KEY", "", "SECRET_KEY harus acak"),
        ("SECRET_KEY", "django-insecure-" + "x" * 60, "SECRET_KEY harus acak"),
        ("SECRET_KEY", "pendek", "SECRET_KEY harus acak"),
        ("PIN_PEPPER", "", "PIN_PEPPER harus acak"),
        ("PIN_PEPPER", RAHASIA, "PIN_PEPPER harus berbeda"),
        ("PIN_PEPPER", "p" * 64, "PIN_PEPPER harus acak, bukan huruf yang diulang"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY harus acak, bukan huruf yang diulang"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS harus berisi"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS tidak boleh"),
        ("PUBLIC_BASE_URL", "", "PUBLIC_BASE_URL harus alamat https"),
        ("PUBLIC_BASE_URL", "http://bugbug.id", "PUBLIC_BASE_URL harus alamat https"),
        ("SEWA_DETIK", "5", "SEWA_DETIK harus lebih lama"),
        ("TWILIO_ACCOUNT_SID", "AC1", "TWILIO_AUTH_TOKEN dan TWILIO_FROM harus diisi"),
        ("TWILIO_BASE_URL", "http://127.0.0.1:8001", "TWILIO_BASE_URL harus https://"),
        ("SIMULATOR_WA_URL", "https://bugbug.id/wa/", "SIMULATOR_WA_URL harus kosong"),
        ("WA_ME_URL", "http://wa.me", "WA_ME_URL harus alamat https://"),
        ("ALARM_SUREL", "admin@desa.id", "EMAIL_URL belum"),
        ("SECRET_KEY", f"demo-{RAHASIA}", "SECRET_KEY dari `make run`"),
        ("PIN_PEPPER", f"demo-{PEPPER}", "PIN_PEPPER dari `make run`"),
    ],
)
@pytest.mark.filterwarnings("ignore:Engine not recognized")
def test_unsafe_setting_is_refused_with_a_sentence(baca, nama, nilai, kata):
    with pytest.raises(ImproperlyConfigured, match=re.escape(kata)) as galat:
        baca(**{nama: nilai})

    assert RAHASIA not in str(galat.value)
    assert PEPPER not in str(galat.value)


@pytest.mark.lambat
@pytest.mark.parametrize(
    ("nama", "kata"),
    [("TRUSTED_PROXIES", "tidak ada proksi di depan"), ("SECURE_SSL_REDIRECT", "tanpa sandi")],
)
def test_an_open_door_is_refused_before_a_village_is_served(tmp_path, nama, kata):
    hasil = _mulai(tmp_path, ("check", "--deploy"), **{nama: "0"})

    assert hasil.returncode == 1
    assert f"{nama}=0" in hasil.stderr and kata in hasil.stderr


def test_how_the_office_is_warned_by_mail_can_be_set(baca):
    ada = baca(EMAIL_URL="smtp+tls://u:p@surel.id:587", ALARM_SUREL="a@desa.id,b@desa.id")

    assert (ada["EMAIL_HOST"], ada["EMAIL_USE_TLS"]) == ("surel.id", True)
    assert ada["ALARM_SUREL"] == ["a@desa.id", "b@desa.id"]


def test_command_line_says_the_sentence_alone(tmp_path):
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **BENAR, "REDIS_URL": "desa"}

    hasil = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (hasil.returncode, hasil.stdout) == (1, "")
    assert hasil.stderr == "GAGAL: REDIS_URL harus berawalan redis://.\n"


@pytest.mark.lambat
def test_demo_village_is_refused_in_production(tmp_path):
    hasil = _mulai(tmp_path, perintah=("contoh", "--json"))

    assert hasil.returncode != 0
    assert "produksi" in hasil.stderr
    assert hasil.stdout == ""
