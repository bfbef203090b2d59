"""A running fake and the official SDK in front of it; nothing of ours is tested here."""

import threading
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulator import twilio_palsu as tp

WARGA = "+6281234567890"
SID = "HX" + "a" * 32
KABAR = "https://desa.example/webhook/twilio/status/?n=7"


class Penampung:
    """The site's side: keeps what was delivered, answers as told."""

    def __init__(self) -> None:
        self.isi: list[tuple[str, dict[str, str], dict[str, str]]] = []  # address, headers, fields
        self.jawab = 204
        self.rusak: Exception | None = None
        self._kunci = threading.Lock()

    def __call__(self, url: str, isi: bytes, kepala: dict[str, str]) -> int:
        with self._kunci:
            self.isi.append((url, kepala, dict(parse_qsl(isi.decode(), keep_blank_values=True))))
        if self.rusak:
            raise self.rusak
        return self.jawab

    def status(self) -> list[str]:
        with self._kunci:
            return [isi["MessageStatus"] for _, _, isi in self.isi]

    def kode(self) -> list[str]:
        with self._kunci:
            return [isi.get("ErrorCode", "") for _, _, isi in self.isi]


def sdk(base_url: str, account_sid: str, auth_token: str, *, timeout: float = 5) -> Client:
    """Twilio's SDK; only its two hosts are other ones."""

    class Http(TwilioHttpClient):
        def request(self, method, url, *lain, **pilihan):
            for host in ("https://api.twilio.com", "https://content.twilio.com"):
                url = url.replace(host, base_url, 1)
            return super().request(method, url, *lain, **pilihan)

    return Client(account_sid, auth_token, http_client=Http(timeout=timeout, max_retries=0))


@pytest.fixture
def penampung() -> Penampung:
    return Penampung()


@pytest.fixture
def palsu(penampung: Penampung):
    with tp.TwilioPalsu(pengantar=penampung) as satu:
        satu.templat = {SID: "Kabar permohonan {{1}} hari ini."}
        yield satu


@pytest.fixture
def klien(palsu: tp.TwilioPalsu) -> Client:
    return sdk(palsu.base_url, palsu.account_sid, palsu.auth_token)


@pytest.fixture
def kirim(klien: Client, palsu: tp.TwilioPalsu):
    """Send one message; by default an approved template."""

    def panggil(ke: str = WARGA, nilai: str = "P-1", **isi):
        if not isi:
            isi = {"content_sid": SID, "content_variables": f'{{"1": "{nilai}"}}'}
        return klien.messages.create(
            to=f"whatsapp:{ke}", from_=palsu.pengirim, status_callback=KABAR, **isi
        )

    return panggil


def kode_dari(panggilan) -> tuple[int, int]:
    """Status and code of the refusal."""
    with pytest.raises(TwilioRestException) as tertangkap:
        panggilan()
    return tertangkap.value.status, tertangkap.value.code
