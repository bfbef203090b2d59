"""The only door to WhatsApp: Twilio, or outside production a simulation of it."""

from django.conf import settings

from layanan.transports.dasar import (
    GagalSaluran,
    GagalSementara,
    GagalTetap,
    Kiriman,
    Temuan,
    TidakPasti,
    Transport,
    TransportError,
)
from layanan.transports.galat import arti
from layanan.transports.simulasi import SIM, Simulasi
from layanan.transports.twilio import TwilioWhatsApp, tanda_tangan_sah, twilio_kini

__all__ = [
    "SIM",
    "BelumTersambung",
    "GagalSaluran",
    "GagalSementara",
    "GagalTetap",
    "Kiriman",
    "Simulasi",
    "Temuan",
    "TidakPasti",
    "Transport",
    "TransportError",
    "TwilioWhatsApp",
    "arti",
    "pilih",
    "tanda_tangan_sah",
    "tersambung",
]


class BelumTersambung(Exception):
    """The village has not connected WhatsApp: nothing can be sent."""


def tersambung() -> bool:
    """Whether there is any way out. In production only Twilio is one: what a simulation keeps has
    reached nobody."""
    return bool(settings.TWILIO["account_sid"]) or not settings.PRODUKSI


def pilih() -> Transport:
    """Twilio when it is configured, otherwise the simulation. Raises BelumTersambung."""
    if not tersambung():
        raise BelumTersambung
    return twilio_kini() if settings.TWILIO["account_sid"] else Simulasi()
