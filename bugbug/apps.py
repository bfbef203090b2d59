"""Django's admin with our own site, which is imported only once all models are known."""

from django.contrib.admin.apps import AdminConfig


class KelolaConfig(AdminConfig):
    default_site = "bugbug.kelola.KelolaSite"

    def ready(self) -> None:
        super().ready()
        from bugbug import pemeriksaan  # noqa: F401  its checks
