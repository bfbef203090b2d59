"""The only door to WhatsApp: Twilio, or a simulation that keeps what would have been sent."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import requests
from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from layanan import pesan
from layanan.models import Notifikasi, PesanSimulasi

log = logging.getLogger(__name__)
T = TypeVar("T")

_MUNDUR = timedelta(days=1)  # look-ups reach back this far: clocks differ, some a lot


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
    def kirim(self, baris: Notifikasi, variabel: list[str]) -> str:
        """Hand one message to the provider; returns its id. Raises a TransportError.

        `variabel`: the values of {{1}}, {{2}} …; they may be secret and stand in no row.
        """

    def cari(self, baris: Notifikasi) -> str | None:
        """The provider's id of `baris` if it ever got it, else None. Raises a TransportError."""


# Twilio's error codes (docs/api/errors, whatsapp/api/error-code-mapping): what to tell the
# operator. Codes in _ULANG are refusals for now, all others are final.
_ULANG = {"20429", "63017", "63018"}
_SIBUK = "Penyedia WhatsApp terlalu sibuk. Telepon warga bila mendesak."
_ARTI = {
    "11200": "Alamat webhook desa tidak terjangkau. Minta pengelola sistem memeriksanya.",
    "20003": "Kata sandi Twilio salah. Minta pengelola sistem memeriksa pengaturannya.",
    "20429": _SIBUK,
    "21211": "Nomor HP tidak sah. Telepon warga dan perbaiki nomornya.",
    "21408": "Pengiriman ke Indonesia belum diaktifkan di Twilio.",
    "21610": "Warga meminta berhenti menerima pesan. Telepon bila perlu.",
    "57012": "Tanda tangan Twilio tidak cocok. Minta pengelola sistem memeriksa pengaturannya.",
    "63003": "Nomor ini mungkin tidak memakai WhatsApp. Telepon warga.",
    "63007": "Nomor pengirim desa belum terdaftar di Twilio.",
    "63013": "Ditolak kebijakan WhatsApp. Minta pengelola sistem meninjau akun desa.",
    "63014": "Warga memblokir nomor desa. Telepon bila perlu.",
    "63015": "Nomor ini belum ikut uji coba Twilio (kirim “join” lebih dulu).",
    "63016": "Templat pesan belum disetujui WhatsApp. Minta pengelola sistem memeriksanya.",
    "63017": _SIBUK,
    "63018": _SIBUK,
    "63020": "Akun WhatsApp desa belum ditautkan. Minta pengelola sistem menyelesaikannya.",
    "63021": "Isi pesan ditolak WhatsApp. Minta pengelola sistem memeriksa templat.",
    "63024": "Nomor ini tidak memakai WhatsApp. Telepon warga.",
    "63027": "Templat pesan bahasa Indonesia tidak ditemukan di Twilio.",
    "63028": "Isian templat pesan tidak cocok. Minta pengelola sistem memeriksanya.",
    "63030": "Pengaturan pesan tidak didukung WhatsApp. Minta pengelola sistem memeriksanya.",
    "63032": "WhatsApp membatasi nomor ini. Telepon warga.",
    "63049": "WhatsApp memilih tidak mengirim pesan ini. Telepon warga.",
}


def arti(kode: str) -> str:
    """What a provider's error code means for the operator."""
    return _ARTI.get(kode, "Pesan ditolak penyedia WhatsApp. Telepon warga.")


class Simulasi:
    """Keeps the message; the admin shows it under "Kotak keluar WhatsApp (simulasi)"."""

    def kirim(self, baris: Notifikasi, variabel: list[str]) -> str:
        if pesan.PESAN[baris.pesan].cara is pesan.Cara.OTENTIKASI:
            # Kept in a table it would no longer be a secret.
            raise GagalTetap(
                "TANPA_WA", "WhatsApp desa belum dihubungkan. Cetak slip PIN dan serahkan langsung."
            )
        kotak, _ = PesanSimulasi.objects.get_or_create(
            notifikasi=baris,
            defaults={
                "nomor_hp": baris.nomor_hp,
                "teks": pesan.isi(baris.pesan, variabel),
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

    @sensitive_variables("variabel", "isi")
    def kirim(self, baris: Notifikasi, variabel: list[str]) -> str:
        isi = self._isi(baris, variabel)
        kabar = f"{settings.PUBLIC_BASE_URL}/webhook/twilio/status/?n={baris.pk}"

        def buat() -> str | None:
            return self._client.messages.create(
                to=f"whatsapp:{baris.nomor_hp}",
                from_=self._atur["from"],
                status_callback=kabar,
                **isi,
            ).sid

        sid = self._panggil(buat)
        if not sid:
            raise TidakPasti("JAWABAN", "Jawaban penyedia tidak dapat dibaca.")
        return sid

    def _isi(self, baris: Notifikasi, variabel: list[str]) -> dict[str, str]:
        """Free words, or an approved template with its variables."""
        if pesan.PESAN[baris.pesan].cara is pesan.Cara.BEBAS:
            return {"body": pesan.isi(baris.pesan, variabel)}
        content_sid = self._atur["content_sids"].get(baris.pesan)
        if not content_sid:
            raise GagalTetap(
                "TEMPLAT", f"Templat “{baris.pesan}” belum punya SID di pengaturan Twilio."
            )
        nilai = {str(i): satu for i, satu in enumerate(variabel, start=1)}
        return {"content_sid": content_sid, "content_variables": json.dumps(nilai)}

    def cari(self, baris: Notifikasi) -> str | None:
        sejak = baris.dibuat_pada - _MUNDUR

        def tanya() -> list[str]:
            # No filter by DateSent: Twilio leaves it empty while a message is still queued.
            return [
                m.sid
                for m in self._client.messages.list(to=f"whatsapp:{baris.nomor_hp}", limit=200)
                if m.date_created >= sejak and _mungkin(baris, m.body or "")
            ]

        cocok = self._panggil(tanya)
        # The same step taken twice has the same words; the other row's message is not ours.
        lain = Notifikasi.objects.filter(sid__in=cocok).exclude(pk=baris.pk)
        milik_lain = set(lain.values_list("sid", flat=True))
        return next((sid for sid in cocok if sid not in milik_lain), None)

    @staticmethod
    def _panggil(panggilan: Callable[[], T]) -> T:
        """Run one API call and sort its failures into the three kinds."""
        from twilio.base.exceptions import (
            TwilioException,
            TwilioRestException,
            TwilioServiceException,
        )

        try:
            return panggilan()
        except (TwilioRestException, TwilioServiceException) as galat:
            kode = str(galat.code or galat.status)[:10]
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
        except (TwilioException, ValueError, TypeError, AttributeError):
            # Not JSON, or not the JSON that the SDK expects (a proxy's page, an empty object).
            raise TidakPasti("JAWABAN", "Jawaban penyedia tidak dapat dibaca.") from None


def _mungkin(baris: Notifikasi, teks: str) -> bool:
    """Whether a message with this text may be `baris`. Of a code only its template is known here,
    and a provider may hide even that."""
    satu = pesan.PESAN[baris.pesan]
    polos = " ".join(teks.split())
    if satu.cara is pesan.Cara.OTENTIKASI:
        pola = re.escape(satu.teks).replace(re.escape("{{1}}"), r"\w{1,15}")
        return not polos or re.fullmatch(pola, polos) is not None
    return polos == " ".join(pesan.isi(baris.pesan, baris.variabel).split())


def _belum_tersambung(galat: requests.ConnectionError) -> bool:
    """Whether the connection was refused before anything was sent."""
    from urllib3.exceptions import NewConnectionError

    sebab = getattr(galat.args[0], "reason", None) if galat.args else None
    return isinstance(sebab, NewConnectionError)


def _http(pengaturan: dict[str, Any]) -> Any:
    """HTTP client of the SDK with a time-out, and with another host where tests say so."""
    from twilio.http.http_client import TwilioHttpClient

    class HttpClient(TwilioHttpClient):
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
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


def tanda_tangan_sah(*, alamat: str, isi: Mapping[str, str], tanda_tangan: str) -> bool:
    """Whether a webhook really comes from Twilio. `alamat`: path and query of the call.

    The signature covers the public address as Twilio called it, so that is built from
    PUBLIC_BASE_URL and never from the Host header.
    """
    if not settings.TWILIO["auth_token"]:
        return False
    from twilio.request_validator import RequestValidator

    return RequestValidator(settings.TWILIO["auth_token"]).validate(
        settings.PUBLIC_BASE_URL + alamat, isi, tanda_tangan
    )
