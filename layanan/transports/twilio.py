"""Twilio, and the signature of what it sends to us. Nothing here touches the database: several
threads of one worker send at the same time."""

import contextlib
import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from queue import Empty, LifoQueue
from typing import Any, TypeVar

import requests
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from layanan.transports import galat
from layanan.transports.dasar import (
    GagalSaluran,
    GagalSementara,
    GagalTetap,
    Kiriman,
    Temuan,
    TidakPasti,
    TransportError,
)

T = TypeVar("T")

HOST = ("https://api.twilio.com", "https://content.twilio.com")
_DAFTAR_MAKS = 200  # messages of one number that a look-up reads


class TwilioWhatsApp:
    """Approved content templates or free words, a time-out on every call, a status callback."""

    butuh_templat = True

    def __init__(self, pengaturan: dict[str, Any]) -> None:
        self._atur = dict(pengaturan)
        self.serentak = self._atur.get("serentak", 8)
        # Clients that rest: each keeps its connection, and one thread at a time uses it.
        self._klien: LifoQueue[Any] = LifoQueue()

    @contextlib.contextmanager
    def klien(self) -> Iterator[Any]:
        """A client of the SDK that nobody else uses meanwhile."""
        # Imported here: 0.3 s and 39 MB that a village without Twilio never needs.
        from twilio.rest import Client

        try:
            satu = self._klien.get_nowait()
        except Empty:
            satu = Client(
                self._atur["account_sid"], self._atur["auth_token"], http_client=_http(self._atur)
            )
        try:
            yield satu
        finally:
            self._klien.put(satu)

    @sensitive_variables("isi", "kiriman")
    def kirim(self, kiriman: Kiriman) -> str:
        kabar = (
            f"{settings.PUBLIC_BASE_URL}/webhook/twilio/status/"
            f"?p={kiriman.percobaan}&n={kiriman.pk}"
        )
        isi = {"body": kiriman.teks}
        if kiriman.content_sid:
            isi = {
                "content_sid": kiriman.content_sid,
                "content_variables": json.dumps(kiriman.variabel),
            }

        def buat(klien: Any) -> str | None:
            return klien.messages.create(
                to=f"whatsapp:{kiriman.nomor_hp}",
                from_=self._atur["from"],
                status_callback=kabar,
                **isi,
            ).sid

        sid = self.panggil(buat)
        if not sid:
            raise TidakPasti("JAWABAN", "Jawaban penyedia tidak dapat dibaca.")
        return sid

    def cari(self, nomor_hp: str, *, sejak: datetime) -> list[Temuan]:
        def baca(klien: Any) -> list[Temuan]:
            # No filter by DateSent: Twilio leaves it empty while a message is still queued.
            return [
                _temuan(m)
                for m in klien.messages.list(to=f"whatsapp:{nomor_hp}", limit=_DAFTAR_MAKS)
                if m.date_created >= sejak
            ]

        return self.panggil(baca)

    def tanya(self, sid: str) -> Temuan | None:
        return self.panggil(lambda klien: _temuan(klien.messages(sid).fetch()))

    def periksa(self) -> bool:
        akun = self._atur["account_sid"]
        return bool(self.panggil(lambda k: k.api.accounts(akun).fetch().status == "active"))

    def panggil(self, panggilan: Callable[[Any], T]) -> T:
        """Run one API call and sort its failures into the three kinds."""
        from twilio.base.exceptions import (
            TwilioException,
            TwilioRestException,
            TwilioServiceException,
        )

        try:
            with self.klien() as klien:
                return panggilan(klien)
        except (TwilioRestException, TwilioServiceException) as sebab:
            raise _terjemahkan(str(sebab.code or sebab.status)[:10], sebab.status) from None
        except requests.ConnectionError as sebab:
            if _belum_tersambung(sebab):
                raise GagalSementara("SAMBUNGAN", "Penyedia tidak terjangkau.") from None
            raise TidakPasti("TERPUTUS", "Sambungan ke penyedia terputus.") from None
        except requests.RequestException:
            raise TidakPasti("WAKTU", "Penyedia tidak menjawab pada waktunya.") from None
        except (TwilioException, ValueError, TypeError, AttributeError) as sebab:
            if galat_akun := _penolakan_daftar(sebab):
                raise galat_akun from None
            # Not JSON, or not the JSON that the SDK expects (a proxy's page, an empty object).
            raise TidakPasti("JAWABAN", "Jawaban penyedia tidak dapat dibaca.") from None


def _terjemahkan(kode: str, status: int) -> TransportError:
    kelas = galat.kelas(kode, status=status)
    if kelas is galat.Kelas.SALURAN:
        return GagalSaluran(kode, galat.arti(kode))
    if status >= 500 and status != 503:
        return TidakPasti(kode, "Penyedia sedang bermasalah.")
    if kelas is galat.Kelas.SEMENTARA:
        return GagalSementara(kode, "Penyedia sedang sibuk; dicoba lagi nanti.")
    return GagalTetap(kode, galat.arti(kode))


def _penolakan_daftar(sebab: Exception) -> GagalSaluran | None:
    """The fault of the account in the exception of a list: that carries the answer itself."""
    jawaban = sebab.args[1] if len(sebab.args) > 1 else None
    status = int(getattr(jawaban, "status_code", 0))
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        kode = str(json.loads(jawaban.text)["code"])[:10]  # type: ignore[union-attr]
        galat_akun = _terjemahkan(kode, status)
        return galat_akun if isinstance(galat_akun, GagalSaluran) else None
    return None


def _temuan(satu: Any) -> Temuan:
    return Temuan(satu.sid, satu.body or "", satu.status or "", str(satu.error_code or ""))


def _belum_tersambung(sebab: BaseException | None) -> bool:
    """Whether it failed while connecting (refused, too slow, no TLS), so before anything was sent.
    The kind of the exception does not tell, for TLS may fail later too; the place does."""
    while sebab is not None:
        for bingkai, _ in traceback.walk_tb(sebab.__traceback__):
            if bingkai.f_code.co_name == "connect" and "urllib3" in bingkai.f_code.co_filename:
                return True
        sebab = sebab.__context__
    return False


def _http(pengaturan: dict[str, Any]) -> Any:
    """HTTP client of the SDK with a time-out, and with another host where tests say so."""
    from twilio.http.http_client import TwilioHttpClient

    class HttpClient(TwilioHttpClient):
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            if pengaturan["base_url"]:
                for host in HOST:
                    url = url.replace(host, pengaturan["base_url"], 1)
            return super().request(method, url, *args, **kwargs)

    # Retries belong to the outbox row, where an operator can see them.
    return HttpClient(timeout=pengaturan["timeout"], max_retries=0)


_kini: list[TwilioWhatsApp] = []


def twilio_kini() -> TwilioWhatsApp:
    """The transport of the settings; kept in this process, so that its connections stay open."""
    if not _kini or _kini[0]._atur != settings.TWILIO:
        _kini[:] = [TwilioWhatsApp(settings.TWILIO)]
    return _kini[0]


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
