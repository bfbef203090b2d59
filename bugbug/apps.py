"""Django's admin with our own site, which is imported only once all models are known."""

from typing import Any

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.checks import CheckMessage, Tags, Warning, register


class KelolaConfig(AdminConfig):
    default_site = "bugbug.kelola.KelolaSite"


@register(Tags.security)
def https(**_: Any) -> list[CheckMessage]:
    """Also without --deploy, because that is how the portal starts."""
    if not settings.PRODUKSI or settings.SECURE_SSL_REDIRECT:
        return []
    return [
        Warning(
            "SECURE_SSL_REDIRECT=0: warga yang membuka http:// mengirim NIK dan PIN tanpa sandi.",
            hint="Hapus SECURE_SSL_REDIRECT, atau pastikan proksi mengalihkan ke https://.",
            id="bugbug.W001",
        )
    ]
