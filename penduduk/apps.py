from django.apps import AppConfig


class PendudukConfig(AppConfig):
    name = "penduduk"
    verbose_name = "Penduduk"
