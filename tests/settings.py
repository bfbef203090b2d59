"""Settings of the test suite: the real ones, with secrets for tests and cheap hashes."""

import os
import tempfile

os.environ["BUGBUG_MODE"] = "uji"
os.environ.setdefault("SECRET_KEY", "uji-" + "x" * 60)
os.environ.setdefault("PIN_PEPPER", "pepper-uji-" + "y" * 40)
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="bugbug-uji-"))
os.environ.setdefault("REDIS_URL", "")
# Each process of pytest-xdist has its own folders and its own queue (pytest-django gives it a
# database). The programs that it starts inherit both, so that they do not count down again.
if _proses := os.environ.pop("PYTEST_XDIST_WORKER", ""):
    os.environ["VAR_DIR"] += f"/{_proses}"
    _alamat, _, _nomor = os.environ["REDIS_URL"].rpartition("/")
    if _alamat:
        os.environ["REDIS_URL"] = f"{_alamat}/{int(_nomor) - int(_proses.removeprefix('gw'))}"
for _nama in ("DEBUG", "ALLOWED_HOSTS", "PUBLIC_BASE_URL"):
    os.environ.pop(_nama, None)
if "UJI_PEKERJA" not in os.environ:  # only our own fake, and only where a test says so
    os.environ.pop("TWILIO_ACCOUNT_SID", None)

# What a developer keeps in .env must not reach the tests; only the real environment counts.
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['VAR_DIR']}/bugbug.sqlite3")

# Nor may what tests collect lie where `make run` of this checkout serves from.
os.environ.setdefault("STATIC_ROOT", f"{os.environ['VAR_DIR']}/static")

from bugbug.settings import *

LENCANA_SIMPAN = 0  # a test looks at once at what it has done
KIRIM = KIRIM | {"jeda_nomor": 0}  # the tests' people share a few numbers
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "tests.hashers.PINHasherCepat",
]
# Tests kill processes, but none pulls the plug of the machine: commits need not wait for the disk.
if "postgresql" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    # A file, as in real life: threads and worker processes must see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "uji.sqlite3")}
