"""The floor: a page as Django's own `startproject` would serve it.

Server command, database and sessions of the site, and Django's default middleware; nothing else of
ours. `/` asks for neither session nor user, `/sesi/` reads the session; both read ten rows by one
query and fill a small template.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

settings.ROOT_URLCONF = "tests.bench.telanjang"
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
application = get_wsgi_application()

from surat.models import JenisSurat  # only now: models need the application

_TEMPLAT = engines["django"].from_string(
    "<!doctype html><html lang=id><head><meta charset=utf-8><title>{{ judul }}</title></head><body>"
    "<h1>{{ judul }}</h1><p>{% if kenal %}Selamat datang kembali.{% else %}Halo.{% endif %}</p>"
    "<ul>{% for kode, nama in daftar %}<li>{{ kode }}: {{ nama }}</li>{% endfor %}</ul>"
    "</body></html>"
)


def halaman(request: HttpRequest) -> HttpResponse:
    return _jawab(kenal=False)


def halaman_sesi(request: HttpRequest) -> HttpResponse:
    return _jawab(kenal=request.session.get("_auth_user_id"))


def _jawab(*, kenal: object) -> HttpResponse:
    daftar = JenisSurat.objects.order_by("pk").values_list("kode", "nama")[:10]
    konteks = {"judul": "Halaman telanjang", "kenal": kenal, "daftar": daftar}
    return HttpResponse(_TEMPLAT.render(konteks))


urlpatterns = [path("", halaman), path("sesi/", halaman_sesi)]
