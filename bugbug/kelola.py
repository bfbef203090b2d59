"""The back office: Django's admin under /kelola/, in the village's name."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class KelolaSite(admin.AdminSite):
    site_title = "Kelola"
    site_header = "Kantor Desa"
    index_title = "Perlu dikerjakan"
    index_template = "admin/beranda.html"

    def index(self, request: HttpRequest, extra_context=None):
        from layanan import kantor

        return super().index(request, {**(extra_context or {}), **kantor.ringkasan()})


class KelolaConfig(AdminConfig):
    default_site = "bugbug.kelola.KelolaSite"
