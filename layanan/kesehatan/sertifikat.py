"""Until when browsers accept the certificate of the site: asked of the site itself, hourly."""

import logging
import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from layanan.models import Denyut

log = logging.getLogger(__name__)


def periksa(*, pada: datetime) -> None:
    """Write down its end, unless this process has within the hour. One that is refused counts as
    ended; a site that does not answer says nothing of its certificate."""
    if not settings.HTTPS or not cache.add("sertifikat", 1, 3600):
        return
    alamat = urlsplit(settings.PUBLIC_BASE_URL)
    tuan, aman = alamat.hostname or "", ssl.create_default_context()
    try:
        with (
            socket.create_connection((tuan, alamat.port or 443), 5.0) as soket,
            aman.wrap_socket(soket, server_hostname=tuan) as tertutup,
        ):
            akhir = str((tertutup.getpeercert() or {})["notAfter"])
        habis = datetime.fromtimestamp(ssl.cert_time_to_seconds(akhir), UTC)
    except ssl.SSLCertVerificationError:
        habis = pada
    except (OSError, KeyError) as galat:
        log.warning("certificate of the site could not be read: %s", type(galat).__name__)
        return
    Denyut.objects.update_or_create(nama=Denyut.SERTIFIKAT, defaults={"pada": habis})
