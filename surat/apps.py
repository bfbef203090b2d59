from django.apps import AppConfig
from django.db.models.signals import m2m_changed


class SuratConfig(AppConfig):
    name = "surat"
    verbose_name = "Surat"

    def ready(self) -> None:
        from penduduk.models import Akun
        from surat import pengukuhan

        m2m_changed.connect(pengukuhan.saat_peran_diberikan, sender=Akun.groups.through)
