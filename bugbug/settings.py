"""Settings, all from the environment (or `.env` beside manage.py); every mistake stops the start.

BUGBUG_MODE is one of
    produksi  the real village: DEBUG, weak secrets, missing pepper or hosts are refused
    demo      `make run`: embedded defaults, fictitious village, everything simulated
    uji       the test suite (set by tests/settings.py)
"""

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from bugbug.log import tak_tertangkap

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # NAME_FILE=/run/secrets/x reads the value from that file
env.read_env(BASE_DIR / ".env")

MODE = env("BUGBUG_MODE", default="")
if MODE not in {"produksi", "demo", "uji"}:
    raise ImproperlyConfigured(
        f"BUGBUG_MODE {f'berisi “{MODE}”, yang tidak dikenal' if MODE else 'belum diisi'}. "
        "Jalankan `make run` untuk mencoba di komputer ini, atau isi BUGBUG_MODE=produksi "
        "beserta SECRET_KEY, PIN_PEPPER, ALLOWED_HOSTS dan PUBLIC_BASE_URL untuk memasang di desa."
    )
PRODUKSI = MODE == "produksi"
# The command, where people read of it: pasang.sh makes `bugbug` of manage.py.
PERINTAH = env("PERINTAH", default="bugbug" if PRODUKSI else "manage.py")

VERSI = env("VERSI", default="")  # name of the release; empty: the commit, where git knows it
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_LAMA", default=[])  # earlier ones, still accepted
# Key of the digests that stand in the database: counters of guesses, devices, sessions. It stays
# when SECRET_KEY is changed, or every stranger would have all guesses again (docs/operasi.md).
KUNCI_SIDIK = env("KUNCI_SIDIK", default=SECRET_KEY)
PIN_PEPPER = env("PIN_PEPPER", default="")  # HMAC key over every PIN; never in the database
PIN_PEPPER_LAMA = env.list("PIN_PEPPER_LAMA", default=[])  # earlier peppers, still accepted
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUKSI else ["127.0.0.1", "localhost"])
# Address that residents and Twilio use; webhooks, QR codes and links are built from it.
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", default="" if PRODUKSI else "http://127.0.0.1:8000")
PUBLIC_BASE_URL = PUBLIC_BASE_URL.rstrip("/")


def _refuse(*rules: tuple[str, bool, str]) -> None:
    """Stop the start at the first rule (setting, whether it is wrong, what is) that is broken."""
    for name, wrong, what in rules:
        if wrong:
            raise ImproperlyConfigured(f"{name} {what}. (BUGBUG_MODE={MODE})")


_refuse(
    ("DEBUG", PRODUKSI and DEBUG, "harus kosong di produksi: halaman galat membuka data warga"),
    (
        "SECRET_KEY",
        len(SECRET_KEY) < 50 or SECRET_KEY.startswith("django-insecure"),
        "harus acak dan paling sedikit 50 karakter",
    ),
    ("PIN_PEPPER", len(PIN_PEPPER) < 32, "harus acak dan paling sedikit 32 karakter"),
    ("KUNCI_SIDIK", len(KUNCI_SIDIK) < 32, "harus acak dan paling sedikit 32 karakter"),
    ("SECRET_KEY", len(set(SECRET_KEY)) < 5, "harus acak, bukan huruf yang diulang"),
    ("PIN_PEPPER", len(set(PIN_PEPPER)) < 5, "harus acak, bukan huruf yang diulang"),
    ("PIN_PEPPER", PIN_PEPPER == SECRET_KEY, "harus berbeda dari SECRET_KEY"),
    *(
        (nama, PRODUKSI and nilai.startswith("demo-"), "dari `make run`: buat yang baru untuk desa")
        for nama, nilai in (("SECRET_KEY", SECRET_KEY), ("PIN_PEPPER", PIN_PEPPER))
    ),
    ("ALLOWED_HOSTS", not ALLOWED_HOSTS, "harus berisi nama situs, misalnya bugbug-karangasem.id"),
    ("ALLOWED_HOSTS", PRODUKSI and "*" in ALLOWED_HOSTS, "tidak boleh berisi * di produksi"),
    (
        "PUBLIC_BASE_URL",
        PRODUKSI and not PUBLIC_BASE_URL.startswith("https://"),
        "harus alamat https:// yang dibuka warga",
    ),
)

# --- Rooms -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "bugbug.apps.KelolaConfig",  # django.contrib.admin with our own site at /kelola/
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "simple_history",
    "penduduk",
    "surat",
    "layanan",
]

MIDDLEWARE = [
    "bugbug.middleware.tercatat",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "bugbug.middleware.headers",
    "penduduk.desa.sekali",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # above what may answer with 400
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bugbug.kiriman.terbatas",  # before anything reads a body
    "django.contrib.messages.middleware.MessageMiddleware",
    "penduduk.akun.middleware.SesiBergeser",
    "penduduk.ketikan.middleware.KetikanKembali",
    "bugbug.middleware.TeksBersih",
    "penduduk.akun.middleware.wajib_ganti_pin",
    "bugbug.middleware.selalu_ada_jalan",
    "layanan.jejak.middleware.tercatat",
]

ROOT_URLCONF = "bugbug.urls"
WSGI_APPLICATION = "bugbug.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "penduduk.desa.context",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "penduduk.pelukis.Pelukis"

# --- Data ------------------------------------------------------------------------------------

os.umask(0o077)  # whoever starts it: what is written here is for nobody else on this machine
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
_refuse(
    ("VAR_DIR", VAR_DIR.stat().st_uid != os.geteuid(), f"({VAR_DIR}) milik pengguna lain: chown"),
)
VAR_DIR.chmod(0o700)  # closes what was written before, the database file too

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/bugbug.sqlite3")}
if not DATABASES["default"].get("ENGINE", "").endswith(("sqlite3", "postgresql")):
    raise ImproperlyConfigured("DATABASE_URL harus berawalan postgres:// atau sqlite:///.")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write queues for the lock instead of failing half-way.
    # FULL: an official letter number survives the power cut of a village office.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-20000;"
            "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;"
        ),
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # To compile a query takes longer than any of ours may take.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Identity papers and letters: never below a served path, never under their original name.
PRIVATE_DIR = Path(env("PRIVATE_DIR", default=str(VAR_DIR / "berkas")))
STORAGES = {
    "default": {
        "BACKEND": "layanan.kesehatan.simpanan.SimpananUtuh",
        "OPTIONS": {
            "location": PRIVATE_DIR,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Backups: where they go, the public key that closes them (age1…), a place outside (for rclone).
CADANGAN_DIR = Path(env("CADANGAN_DIR", default=str(VAR_DIR / "cadangan")))
CADANGAN_KUNCI = env("CADANGAN_KUNCI", default="")
CADANGAN_RCLONE = env("CADANGAN_RCLONE", default="")
# There while a restore is under way: its number books have not jumped yet.
PEMULIHAN_TERPUTUS = VAR_DIR / "pemulihan-belum-selesai"
_refuse(
    (
        "VAR_DIR",
        PEMULIHAN_TERPUTUS.exists() and "pulihkan" not in sys.argv,
        f"berisi pemulihan yang belum selesai: jalankan lagi `{PERINTAH} pulihkan` sampai selesai",
    ),
)
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "static_kumpul")))  # of the release
# The fonts of the letters too: no office PC has one for aksara Bali.
STATICFILES_DIRS = [BASE_DIR / "static", ("huruf", BASE_DIR / "surat" / "kertas" / "fonts")]
WHITENOISE_MAX_AGE = 3600

UNGGAH_MAKS = 32 * 1024 * 1024  # bytes of one uploaded file: photos of 200 megapixels too
KIRIMAN_SEJAM = env.int("KIRIMAN_SEJAM", default=1000)  # sendings an hour and network address
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "sementara"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "bugbug.kiriman.BerkasSementara",
]

# --- People ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "penduduk.Akun"
AUTHENTICATION_BACKENDS = [
    "penduduk.akun.backends.NIKBackend",
    "penduduk.akun.backends.PetugasBackend",
]
PASSWORD_HASHERS = [
    "penduduk.akun.hashers.PetugasHasher",
    "penduduk.akun.hashers.PINHasher",
]
_SANDI = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [  # of staff; in production those from before them are changed at login
    {"NAME": f"{_SANDI}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_SANDI}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_SANDI}.CommonPasswordValidator"},
    {"NAME": "penduduk.akun.sandi.SandiPetugasValidator"},
]
# In production nobody has one of these without a second factor.
WAJIB_KODE_KEDUA = ("penduduk.change_akun", "layanan.tandatangani_surat")
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # counted in penduduk.akun.faktor
LOGIN_URL = "penduduk:masuk"
LOGIN_REDIRECT_URL = "layanan:beranda"
# How many proxies of ours stand in front and append to X-Forwarded-For. 0: the header is ignored.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

HTTPS = PUBLIC_BASE_URL.startswith("https://")
SESSION_ENGINE = "penduduk.akun.sesi"  # knows whose session it is, so that the owner can end it
SESSION_COOKIE_AGE = 60 * 60 * 24  # of the cookie alone; a session ends earlier, see there
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sesi" if HTTPS else "sesi"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "bugbug.views.csrf_gagal"
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if HTTPS else []
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^sehat/"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [SELF],
        "media-src": [SELF],  # voice notes of residents, in the office
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

SIMPLE_HISTORY_REVERT_DISABLED = True  # history is to be read; a mistake is mended by hand
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = False

# --- Words and time --------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Makassar"  # WITA
USE_TZ = True

# --- Work outside the request ----------------------------------------------------------------

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "redis+socket://")):
    raise ImproperlyConfigured("REDIS_URL harus berawalan redis://.")
ANTREAN = ("pesan", "surat", "berkas")  # of wake-up calls (bugbug.celery_settings)
# How long a worker may hold a row (a letter, an upload, a message) before another takes over.
SEWA_DETIK = env.int("SEWA_DETIK", default=60)
TWILIO = {
    "account_sid": env("TWILIO_ACCOUNT_SID", default=""),
    "auth_token": env("TWILIO_AUTH_TOKEN", default=""),
    "from": env("TWILIO_FROM", default=""),  # whatsapp:+62…
    "base_url": env("TWILIO_BASE_URL", default=""),  # empty: Twilio itself; tests: our fake
    "timeout": env.float("TWILIO_TIMEOUT", default=10.0),  # seconds
    "serentak": env.int("TWILIO_SERENTAK", default=8),  # calls at once, per worker process
    # Approved content templates: {"diproses": "HX…", …}; words in layanan/kata_pesan/pesan_wa/
    "content_sids": env.json("TWILIO_CONTENT_SIDS", default={}),
}
# What the provider and WhatsApp allow: 80 a second per sender, one in six seconds to a number.
KIRIM = {
    "per_detik": env.int("KIRIM_PER_DETIK", default=80),
    "jeda_nomor": env.float("KIRIM_JEDA_NOMOR", default=6.0),  # seconds; 0: none
}
# Where a link opens the village's chat: wa.me, or the simulator of `make run`.
WA_ME_URL = env("WA_ME_URL", default="https://wa.me").rstrip("/")
# How often an open page of the office asks for what is new.
LENCANA_DETIK = env.float("LENCANA_DETIK", default=20.0)
LENCANA_SIMPAN = 3  # seconds that an answer is good for everybody
# Where a person can play the residents' phones; set by `make run` (bugbug/skrip/jalan.sh).
SIMULATOR_WA_URL = env("SIMULATOR_WA_URL", default="")
# How the office hears that WhatsApp itself is down: smtp+tls://user:password@host:587, and to whom.
_surel = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(_surel)
EMAIL_TIMEOUT = 10
# Called every minute while all is well: a dead man's switch of the village's choice.
DENYUT_URL = env("DENYUT_URL", default="")
METRIK_KUNCI = env("METRIK_KUNCI", default="")  # bearer token of /metrik/; empty: no such page
ALARM_SUREL = env.list("ALARM_SUREL", default=[])
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default=(ALARM_SUREL or ["portal@localhost"])[0])
_refuse(
    (
        "SEWA_DETIK",
        PRODUKSI and TWILIO["timeout"] >= SEWA_DETIK,
        "harus lebih lama daripada TWILIO_TIMEOUT",
    ),
    (
        "TWILIO_AUTH_TOKEN",
        PRODUKSI and bool(TWILIO["account_sid"]) and not (TWILIO["auth_token"] and TWILIO["from"]),
        "dan TWILIO_FROM harus diisi bersama TWILIO_ACCOUNT_SID",
    ),
    (
        "TWILIO_BASE_URL",
        PRODUKSI and bool(TWILIO["base_url"]) and not TWILIO["base_url"].startswith("https://"),
        "harus https:// atau kosong: kata sandi Twilio tidak boleh lewat tanpa penyandian",
    ),
    (
        "SIMULATOR_WA_URL",
        PRODUKSI and bool(SIMULATOR_WA_URL),
        "harus kosong di produksi: simulator bukan WhatsApp warga",
    ),
    (
        "WA_ME_URL",
        PRODUKSI and not WA_ME_URL.startswith("https://"),
        "harus alamat https://, biasanya https://wa.me",
    ),
    (
        "ALARM_SUREL",
        bool(ALARM_SUREL) and _surel["EMAIL_BACKEND"].endswith("dummy.EmailBackend"),
        "diisi, tetapi EMAIL_URL belum: surel tidak akan berangkat",
    ),
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "baris": {
            "()": "bugbug.log.Baris",
            "format": "%(asctime)s %(levelname)s %(name)s %(jejak)s%(message)s",
        }
    },
    "filters": {"saring": {"()": "bugbug.log.Saring"}},
    "handlers": {
        "terminal": {
            "class": "logging.StreamHandler",
            "formatter": "baris",
            "filters": ["saring"],
        }
    },
    "root": {"handlers": ["terminal"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        # 4xx of passers-by are no news; what they can still cause, bugbug.log keeps short.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        # At lower levels twilio and urllib3 print addresses, and those hold phone numbers.
        "bugbug.akses": {"level": "INFO" if PRODUKSI else "WARNING"},
        "twilio": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
    },
}
sys.excepthook = tak_tertangkap

if "test" in sys.argv[1:2]:
    raise ImproperlyConfigured("Uji dijalankan dengan `make test` (pytest).")
