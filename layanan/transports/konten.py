"""The Content API of Twilio: message templates, and what WhatsApp decides about them.

https://www.twilio.com/docs/content/content-api-resources
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

from layanan.transports.dasar import GagalSementara, GagalTetap, TidakPasti, TransportError
from layanan.transports.twilio import TwilioWhatsApp, twilio_kini

T = TypeVar("T")

BAHASA = "id"
UTILITY, AUTHENTICATION = "UTILITY", "AUTHENTICATION"
_TEKS, _SANDI = "twilio/text", "whatsapp/authentication"
_SALIN = "Salin kode"
_HALAMAN = 500  # templates per call; a village has some dozens

BELUM = "unsubmitted"
MENUNGGU = ("received", "pending")
SETUJU, TOLAK = "approved", "rejected"
HENTI = ("paused", "disabled")


class SandiSalah(GagalTetap):
    """The account is not ours to use: no other call would fare better."""


class TidakAda(GagalTetap):
    """Twilio has no such template (any more)."""


@dataclass(frozen=True)
class Konten:
    """A template as Twilio has it. `status`: WhatsApp's; `teks`: "" for one-time codes, whose
    words are WhatsApp's own."""

    sid: str
    nama: str
    teks: str
    status: str
    kategori: str = ""
    alasan: str = ""


@dataclass(frozen=True)
class Persetujuan:
    status: str
    kategori: str = ""
    alasan: str = ""


class KontenTwilio:
    """Create, submit, ask, list; each raises a TransportError."""

    def __init__(self, twilio: TwilioWhatsApp) -> None:
        self._twilio = twilio

    def buat(self, nama: str, *, teks: str, contoh: Mapping[str, str], kategori: str) -> str:
        """A new template; `teks` with {{1}}, `contoh` by number. Returns its SID.

        Twilio does not mind two of the same name: whoever repeats a call looks it up first.
        """

        def panggilan(klien: Any) -> str | None:
            from twilio.rest.content.v1.content import ContentList

            permintaan = ContentList.ContentCreateRequest(
                {
                    "friendly_name": nama,
                    "language": BAHASA,
                    "variables": dict(contoh),
                    "types": _jenis(teks, kategori),
                }
            )
            return klien.content.v1.contents.create(permintaan).sid

        sid = self._panggil(panggilan)
        if not sid:
            raise TidakPasti("JAWABAN", "Jawaban Twilio tidak dapat dibaca.")
        return sid

    def ajukan(self, sid: str, *, nama: str, kategori: str) -> None:
        """Hand a template to WhatsApp for approval."""

        def panggilan(klien: Any) -> None:
            from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

            permintaan = ApprovalCreateList.ContentApprovalRequest(
                {"name": nama, "category": kategori}
            )
            klien.content.v1.contents(sid).approval_create.create(permintaan)

        self._panggil(panggilan)

    def keadaan(self, sid: str) -> Persetujuan:
        """What WhatsApp has decided so far."""

        def panggilan(klien: Any) -> Persetujuan:
            return _persetujuan(klien.content.v1.contents(sid).approval_fetch().fetch().whatsapp)

        return self._panggil(panggilan)

    def daftar(self) -> list[Konten]:
        """All templates of the account with their approval, oldest first."""

        def panggilan(klien: Any) -> list[Konten]:
            semua = klien.content.v1.content_and_approvals.list(page_size=_HALAMAN)
            return [_konten(satu) for satu in reversed(semua)]

        return self._panggil(panggilan)

    def _panggil(self, panggilan: Callable[[Any], T]) -> T:
        """Like any other call, but a refusal keeps Twilio's own words: of a template they name no
        person, and tell the village what to change."""
        from twilio.base.exceptions import TwilioException

        def dengan_kata(klien: Any) -> T:
            try:
                return panggilan(klien)
            except TwilioException as sebab:
                if galat := _sebagai_penolakan(sebab):
                    raise galat from None
                raise

        return self._twilio.panggil(dengan_kata)


def _sebagai_penolakan(sebab: Any) -> TransportError | None:
    """The refusal that an exception of the SDK means; None: trouble of another kind."""
    # Lists do not say what went wrong: they carry the answer itself.
    jawaban = sebab.args[1] if len(sebab.args) > 1 else None
    status = int(getattr(sebab, "status", 0) or getattr(jawaban, "status_code", 0))
    kode = str(getattr(sebab, "code", None) or status)
    if status in (401, 403):
        return SandiSalah(
            kode,
            "Twilio menolak kata sandinya. Minta pengelola sistem memeriksa TWILIO_ACCOUNT_SID "
            "dan TWILIO_AUTH_TOKEN.",
        )
    if status in (429, 503):
        return GagalSementara(kode, "Twilio sedang sibuk; dicoba lagi nanti.")
    if not 400 <= status < 500:
        return None
    kata = getattr(sebab, "msg", "") or getattr(sebab, "detail", "") or "tanpa sebab"
    kelas = TidakAda if status == 404 else GagalTetap
    return kelas(kode, f"Twilio menolak: {' '.join(kata.split()).rstrip('.')[:200]}.")


def konten_kini() -> KontenTwilio | None:
    """Of the settings; None while no Twilio is configured."""
    return KontenTwilio(twilio_kini()) if settings.TWILIO["account_sid"] else None


def _jenis(teks: str, kategori: str) -> dict[str, Any]:
    if kategori != AUTHENTICATION:
        return {_TEKS: {"body": teks}}
    # Without code_expiration_minutes: a PIN awal holds for 72 hours, WhatsApp knows 90 minutes at
    # most, and a sentence that is not true would send people to the office too soon.
    return {
        _SANDI: {
            "add_security_recommendation": True,
            "actions": [{"type": "COPY_CODE", "copy_code_text": _SALIN}],
        }
    }


def _persetujuan(isi: Mapping[str, Any] | None) -> Persetujuan:
    isi = isi or {}
    return Persetujuan(
        str(isi.get("status") or BELUM),
        str(isi.get("category") or ""),
        str(isi.get("rejection_reason") or ""),
    )


def _konten(satu: Any) -> Konten:
    setuju = satu.approval_requests
    if isinstance(setuju, list):  # the documentation shows both shapes
        setuju = setuju[0] if setuju else {}
    hasil = _persetujuan(setuju)
    isi = (satu.types or {}).get(_TEKS) or {}
    return Konten(
        satu.sid,
        satu.friendly_name or "",
        str(isi.get("body") or ""),
        hasil.status,
        hasil.kategori,
        hasil.alasan,
    )
