"""Twilio on this machine: real HTTP with the answers, faults and callbacks of its documentation.

Knows neither Django nor pytest, so that it can also stand in for Twilio outside the tests
(simulator). What it imitates, all below twilio.com/docs:

    messaging/api/message-resource      create, list, fetch, redact, delete  ruang_pesan.py
    messaging/api/media-resource        fetch by redirect, list, delete      media.py
    content/content-api-resources       templates and their approval         konten.py
    messaging/guides/webhook-request    incoming WhatsApp messages           masuk.py
    messaging/guides/track-outbound-message-status, usage/webhooks/webhooks-security
                                        signed status callbacks              kabar.py
    api/errors, whatsapp/api/error-code-mapping                 aturan.py, aturan_konten.py

`python -m simulator.twilio_palsu` runs it as a process of its own.
"""

from simulator.twilio_palsu.acak import GangguanAcak, Peluang
from simulator.twilio_palsu.akun import TwilioPalsu
from simulator.twilio_palsu.catatan import ganda, persentil
from simulator.twilio_palsu.jawaban import (
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
from simulator.twilio_palsu.konten.konten import Tinjauan
from simulator.twilio_palsu.pesan.antrean import AntarTetap
from simulator.twilio_palsu.pesan.pesan import Gagal, MediaTwilio, PesanTwilio
from simulator.twilio_palsu.server import Permintaan, antar_http

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
    "AntarTetap",
    "Gagal",
    "GangguanAcak",
    "Jawaban",
    "MediaTwilio",
    "Peluang",
    "Permintaan",
    "PesanTwilio",
    "Tinjauan",
    "TwilioPalsu",
    "antar_http",
    "galat",
    "ganda",
    "persentil",
]
