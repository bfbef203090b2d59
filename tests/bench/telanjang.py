"""The floor: one Django view that reads its session and ten rows and fills a small template.

Same settings, middleware, database and server command as the site; only the addresses are its own.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

application = get_wsgi_application()
settings.ROOT_URLCONF = "tests.bench.telanjang"

from penduduk.models import Penduduk  # only now: models need the application

_TEMPLAT = engines["django"].from_string(
    "<!doctype html><html lang=id><head><meta charset=utf-8><title>{{ judul }}</title></head><body>"
    "<h1>{{ judul }}</h1><p>{% if kenal %}Selamat datang kembali.{% else %}Halo.{% endif %}</p>"
    "<table>{% for orang in daftar %}<tr><td>{{ orang.pk }}</td><td>{{ orang.nama }}</td>"
    "<td>{{ orang.tempat_lahir }}</td><td>{{ orang.tanggal_lahir }}</td></tr>{% endfor %}</table>"
    "</body></html>"
)


def halaman(request: HttpRequest) -> HttpResponse:
    konteks = {
        "judul": "Halaman telanjang",
        "kenal": request.session.get("_auth_user_id"),
        "daftar": Penduduk.objects.order_by("pk")[:10],
    }
    return HttpResponse(_TEMPLAT.render(konteks, request))


# The middleware asks for addresses of the site: its home is the bare view, the rest is as it is.
urlpatterns = [path("", halaman), path("", include("bugbug.urls"))]
