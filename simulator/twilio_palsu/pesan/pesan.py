"""Message and Media resources."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

_URUTAN = "accepted scheduled queued sending sent delivered read".split()
_GAGAL = ("failed", "undelivered", "canceled")
# Codes of the recipient's side: the message left Twilio before it came to nothing.
_TAK_SAMPAI = {63003, 63013, 63014, 63024, 63032, 63049}


def sid_baru(awalan: str) -> str:
    """SM: message, MM: message with media, ME: media."""
    return f"{awalan}{secrets.token_hex(16)}"


@dataclass(frozen=True)
class Gagal:
    """How an accepted message ends: with this code, after the statuses of `setelah`."""

    kode: int
    status: str = ""  # failed or undelivered; empty: whichever belongs to the code
    setelah: tuple[str, ...] = ()

    @property
    def akhir(self) -> str:
        return self.status or ("undelivered" if self.kode in _TAK_SAMPAI else "failed")


@dataclass
class MediaTwilio:
    """One file of an incoming message, as Twilio keeps it until somebody deletes it."""

    jenis: str
    isi: bytes
    sid: str = field(default_factory=lambda: sid_baru("ME"))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))  # of its CDN address
    dibuat: datetime = field(default_factory=lambda: datetime.now(UTC))

    def sebagai_json(self, account_sid: str, pesan_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{pesan_sid}/Media/{self.sid}.json"
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "parent_sid": pesan_sid,
            "content_type": self.jenis,
            "date_created": format_datetime(self.dibuat),
            "date_updated": format_datetime(self.dibuat),
            "uri": uri,
        }


@dataclass(slots=True)
class PesanTwilio:
    """One Message resource, of either direction."""

    sid: str
    isian: dict[str, str]  # the form fields of the call that made it, or of the webhook
    body: str  # what the recipient reads
    dibuat: datetime  # when it was accepted
    status: str = "queued"
    dikirim: datetime | None = None  # empty while queued, as with Twilio
    kode_galat: int | None = None
    rahasia: bool = False  # holds a one-time code: the API does not give its words back
    arah: str = "outbound-api"  # or "inbound"
    media: list[MediaTwilio] = field(default_factory=list)
    gagal: Gagal | None = None  # what is going to become of it

    @property
    def selesai(self) -> bool:
        """Whether nothing more will happen to it, as far as Twilio knows."""
        return self.status in (*_GAGAL, "delivered", "read", "received")

    @property
    def dari(self) -> str:
        return self.isian["From"]

    @property
    def ke(self) -> str:
        return self.isian["To"]

    @property
    def variabel(self) -> dict[str, str]:
        return json.loads(self.isian.get("ContentVariables") or "{}")

    def maju(self, status: str, kode_galat: int | None) -> None:
        """Move on as Twilio would: a late callback does not take the resource back."""
        if status in _GAGAL:
            self.status, self.kode_galat = status, kode_galat
        elif {status, self.status} <= set(_URUTAN):
            self.status = max(status, self.status, key=_URUTAN.index)
        if self.status in ("sent", "delivered", "read"):
            self.dikirim = self.dikirim or datetime.now(UTC)

    def sebagai_json(self, account_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": "" if self.rahasia else self.body,
            "date_created": format_datetime(self.dibuat),
            "date_sent": self.dikirim and format_datetime(self.dikirim),
            "date_updated": format_datetime(self.dikirim or self.dibuat),
            "direction": self.arah,
            "error_code": self.kode_galat,
            "error_message": None,
            "from": self.dari,
            "messaging_service_sid": None,
            "num_media": str(len(self.media)),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.ke,
            "uri": f"{uri}.json",
        }
