"""The only door to WhatsApp: Twilio, or a simulation that keeps what would have been sent."""

import json
import logging
from datetime import timedelta
from typing import Any, Protocol

import requests
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from layanan import pesan
from layanan.models import Notifikasi, PesanSimulasi

log = logging.getLogger(__name__)


class TransportError(Exception):
    """A message did not (certainly) go out. `pesan` is for the operator, without phone number."""

    def __init__(self, kode: str, pesan: str) -> None:
        super().__init__(kode)
        self.kode = kode
        self.pesan = pesan


class GagalTetap(TransportError):
    """Refused for good: trying again would not help."""


class GagalSementara(TransportError):
    """Refused for now; it certainly did not go out."""


class TidakPasti(TransportError):
    """No answer: it may or may not have gone out."""


class Transport(Protocol):
    def kirim(self, baris: Notifikasi) -> str:
        """Hand one message to the provider; returns its id. Raises a TransportError."""

    def cari(self, baris: Notifikasi) -> str | None:
        """The provider's id of `baris` if it ever got it, else None. Raises a TransportError."""


# Twilio's error codes (docs/api/errors, whatsapp/api/error-code-mapping): what to tell the
# operator. Codes in _ULANG are refusals for now, all others are final.
_ULANG = {"20429", "63017", "63018"}
_ARTI = {
    "20003": "Kata sandi Twilio salah. Minta pengelola sistem memeriksa pengaturannya.",
    "21211": "Nomor HP tidak sah. Telepon warga dan perbaiki nomornya.",
    "21408": "Pengiriman ke Indonesia belum diaktifkan di Twilio.",
    "21610": "Warga meminta berhenti menerima pesan. Telepon bila perlu.",
    "63003": "Nomor ini mungkin tidak memakai WhatsApp. Telepon warga.",
    "63007": "Nomor pengirim desa belum terdaftar di Twilio.",
    "63014": "Warga memblokir nomor desa. Telepon bila perlu.",
    "63016": "Templat pesan belum disetujui WhatsApp. Minta pengelola sistem memeriksanya.",
    "63021": "Isi pesan ditolak WhatsApp. Minta pengelola sistem memeriksa templat.",
    "63024": "Nomor ini tidak memakai WhatsApp. Telepon warga.",
    "63027": "Templat pesan bahasa Indonesia tidak ditemukan di Twilio.",
    "63028": "Isian templat pesan tidak cocok. Minta pengelola sistem memeriksanya.",
    "63032": "WhatsApp membatasi nomor ini. Telepon warga.",
    "63049": "WhatsApp memilih tidak mengirim pesan ini. Telepon warga.",
}


def arti(kode: str) -> str:
    """What a provider's error code means for the operator."""
    return _ARTI.get(kode, "Pesan ditolak penyedia WhatsApp. Telepon warga.")


class Simulasi:
    """Keeps the message; the admin shows it under "Kotak keluar WhatsApp (simulasi)"."""

    def kirim(self, baris: Notifikasi) -> str:
        kotak, _ = PesanSimulasi.objects.get_or_create(
            notifikasi=baris,
            defaults={
                "nomor_hp": baris.nomor_hp,
                "teks": pesan.isi(baris.pesan, baris.variabel),
                "pada": timezone.now(),
            },
        )
        return f"SIM{kotak.pk}"

    def cari(self, baris: Notifikasi) -> str | None:
        kotak = PesanSimulasi.objects.filter(notifikasi=baris).first()
        return f"SIM{kotak.pk}" if kotak else None


class TwilioWhatsApp:
    """The real thing: approved content templates, a time-out on every call, a status callback."""

    def __init__(self, pengaturan: dict[str, Any]) -> None:
        # Imported here: 0.3 s and 39 MB that a village without Twilio never needs.
        from twilio.rest import Client

        self._atur = pengaturan
        self._client = Client(
            pengaturan["account_sid"], pengaturan["auth_token"], http_client=_http(pengaturan)
        )

    def kirim(self, baris: Notifikasi) -> str:
        content_sid = self._atur["content_sids"].get(baris.pesan)
        if not content_sid:
            raise GagalTetap(
                "TEMPLAT", f"Templat “{baris.pesan}” belum punya SID di pengaturan Twilio."
            )
        return self._panggil(
            lambda: self._client.messages.create(
                to=f"whatsapp:{baris.nomor_hp}",
                from_=self._atur["from"],
                content_sid=content_sid,
                content_variables=json.dumps(
                    {str(i): nilai for i, nilai in enumerate(baris.variabel, start=1)}
                ),
                status_callback=f"{settings.PUBLIC_BASE_URL}/webhook/twilio/status/?n={baris.pk}",
            ).sid
        )

    def cari(self, baris: Notifikasi) -> str | None:
        teks = " ".join(pesan.isi(baris.pesan, baris.variabel).split())

        def tanya() -> str | None:
            terkirim = self._client.messages.list(
                to=f"whatsapp:{baris.nomor_hp}",
                date_sent_after=baris.dibuat_pada - timedelta(days=1),
                limit=200,
            )
            cocok = [m for m in terkirim if " ".join((m.body or "").split()) == teks]
            return cocok[0].sid if cocok else None

        return self._panggil(tanya)

    @staticmethod
    def _panggil(panggilan):
        """Run one API call and sort its failures into the three kinds."""
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return panggilan()
        except TwilioRestException as galat:
            kode = str(galat.code or galat.status)
            if galat.status == 429 or galat.status == 503 or kode in _ULANG:
                raise GagalSementara(kode, "Penyedia sedang sibuk; dicoba lagi nanti.") from None
            if galat.status >= 500:
                raise TidakPasti(kode, "Penyedia sedang bermasalah.") from None
            raise GagalTetap(kode, arti(kode)) from None
        except requests.ConnectTimeout:
            raise GagalSementara("SAMBUNGAN", "Penyedia tidak terjangkau.") from None
        except requests.ConnectionError as galat:
            if _belum_tersambung(galat):
                raise GagalSementara("SAMBUNGAN", "Penyedia tidak terjangkau.") from None
            raise TidakPasti("TERPUTUS", "Sambungan ke penyedia terputus.") from None
        except requests.RequestException:
            raise TidakPasti("WAKTU", "Penyedia tidak menjawab pada waktunya.") from None
        except TwilioException:
            raise TidakPasti("JAWABAN", "Jawaban penyedia tidak dapat dibaca.") from None


def _belum_tersambung(galat: requests.ConnectionError) -> bool:
    """Whether the connection was refused before anything was sent."""
    from urllib3.exceptions import NewConnectionError

    sebab = getattr(galat.args[0], "reason", None) if galat.args else None
    return isinstance(sebab, NewConnectionError)


def _http(pengaturan: dict[str, Any]):
    """HTTP client of the SDK with a time-out, and with another host where tests say so."""
    from twilio.http.http_client import TwilioHttpClient

    class HttpClient(TwilioHttpClient):
        def request(self, method, url, *args, **kwargs):
            if pengaturan["base_url"]:
                url = url.replace("https://api.twilio.com", pengaturan["base_url"], 1)
            return super().request(method, url, *args, **kwargs)

    # Retries belong to the outbox row, where an operator can see them.
    return HttpClient(timeout=pengaturan["timeout"], max_retries=0)


def pilih() -> Transport:
    """Twilio when it is configured, otherwise the simulation."""
    if settings.TWILIO["account_sid"]:
        return TwilioWhatsApp(settings.TWILIO)
    return Simulasi()


def tanda_tangan_sah(request: HttpRequest) -> bool:
    """Whether a webhook really comes from Twilio.

    The signature covers the public address as Twilio called it, so that is built from
    PUBLIC_BASE_URL and never from the Host header.
    """
    if not settings.TWILIO["auth_token"]:
        return False
    from twilio.request_validator import RequestValidator

    return RequestValidator(settings.TWILIO["auth_token"]).validate(
        settings.PUBLIC_BASE_URL + request.get_full_path(),
        request.POST,
        request.headers.get("X-Twilio-Signature", ""),
    )
