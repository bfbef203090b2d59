"""The only door to WhatsApp: Twilio, or a simulation that keeps what would have been sent."""

from django.conf import settings

from layanan.transports.dasar import (
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
]


def pilih() -> Transport:
    """Twilio when it is configured, otherwise the simulation."""
    return twilio_kini() if settings.TWILIO["account_sid"] else Simulasi()
