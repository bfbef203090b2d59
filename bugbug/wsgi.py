"""WSGI entry point for granian (or gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bugbug.settings")

application = get_wsgi_application()

from django.urls import reverse

from bugbug import pemeriksaan
from layanan.kesehatan import proses

pemeriksaan.sebelum_bekerja()
proses.mulai(proses.WEB)
reverse("beranda")  # loads all views now: nobody waits for them
