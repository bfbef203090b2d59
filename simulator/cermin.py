"""What the provider accepted, for the admin's "Kotak keluar WhatsApp (simulasi)"."""

import logging
from urllib.parse import parse_qs, urlsplit

from django.db import DatabaseError, connection
from django.utils import timezone

from layanan.models import Notifikasi, PesanSimulasi
from simulator.twilio_palsu import PesanTwilio, TwilioPalsu
from simulator.twilio_palsu.pesan.aturan import isi_templat

log = logging.getLogger(__name__)

TERTUTUP = "••••••"


def cerminkan(palsu: TwilioPalsu, pesan: PesanTwilio) -> None:
    """Write one row; the code of an authentication template stays here, in memory."""
    nomor = parse_qs(urlsplit(pesan.isian.get("StatusCallback", "")).query).get("n", [""])[0]
    if not nomor.isdecimal():
        return
    try:
        if Notifikasi.objects.filter(pk=nomor).exists():
            PesanSimulasi.objects.get_or_create(
                notifikasi_id=int(nomor),
                defaults={
                    "nomor_hp": pesan.ke.removeprefix("whatsapp:"),
                    "teks": _tanpa_rahasia(palsu, pesan),
                    "pada": timezone.now(),
                },
            )
    except DatabaseError as galat:  # the message itself has gone out; its words could be in there
        log.warning("message %s not mirrored (%s)", nomor, type(galat).__name__)
    finally:
        connection.close()  # every call of the API runs in a thread of its own


def _tanpa_rahasia(palsu: TwilioPalsu, pesan: PesanTwilio) -> str:
    if not pesan.rahasia:
        return pesan.body
    templat = palsu.teks_templat(pesan.isian["ContentSid"])
    return isi_templat(templat or TERTUTUP, dict.fromkeys(pesan.variabel, TERTUTUP))
