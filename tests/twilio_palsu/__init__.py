"""Twilio on this machine: real HTTP with the answers, faults and callbacks of its documentation.

Knows neither Django nor pytest, so that it can also stand in for Twilio outside the tests
(tests/simulator). What it imitates, all below twilio.com/docs:

    messaging/api/message-resource      create, list, fetch, delete          akun.py, pesan.py
    messaging/api/media-resource        fetch by redirect, list, delete      media.py
    messaging/guides/webhook-request    incoming WhatsApp messages           masuk.py
    usage/webhooks/webhooks-security    signatures of callbacks              akun.py
    api/errors, whatsapp/api/error-code-mapping                              jawaban.py, aturan.py
"""

from tests.twilio_palsu.akun import TwilioPalsu
from tests.twilio_palsu.jawaban import (
    ALIRAN,
    BUKAN_JSON,
    BUKAN_JSON_SESUDAH,
    DIAM_SEBELUM,
    DIAM_SESUDAH,
    HILANG,
    PUTUS_SEBELUM,
    PUTUS_SESUDAH,
    RUSAK_500,
    SIBUK,
    TETESAN,
    TUTUP_503,
    Jawaban,
    galat,
)
from tests.twilio_palsu.pesan import MediaTwilio, PesanTwilio
from tests.twilio_palsu.server import Permintaan, antar_http

__all__ = [
    "ALIRAN",
    "BUKAN_JSON",
    "BUKAN_JSON_SESUDAH",
    "DIAM_SEBELUM",
    "DIAM_SESUDAH",
    "HILANG",
    "PUTUS_SEBELUM",
    "PUTUS_SESUDAH",
    "RUSAK_500",
    "SIBUK",
    "TETESAN",
    "TUTUP_503",
    "Jawaban",
    "MediaTwilio",
    "Permintaan",
    "PesanTwilio",
    "TwilioPalsu",
    "antar_http",
    "galat",
]
