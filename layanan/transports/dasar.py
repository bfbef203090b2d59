"""What every way to WhatsApp has in common: one message ready for the line, and its failures."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


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


class GagalSaluran(GagalSementara):
    """Refused, and so would be any other message: the account or the sender is at fault."""


class TidakPasti(TransportError):
    """No answer: it may or may not have gone out."""


@dataclass(frozen=True)
class Kiriman:
    """One message, ready for the line: all that a thread without a database needs.

    `teks`: as the recipient reads it; `content_sid`: the approved template, "" for free words;
    `variabel`: {"1": …} of the template; they may be a secret and stand in no row.
    `percobaan`: which attempt this is; callbacks name it. `rahasia`: it carries a code that no
    table may keep.
    """

    pk: int
    percobaan: int
    nomor_hp: str
    teks: str = field(repr=False)
    content_sid: str = ""
    variabel: dict[str, str] = field(default_factory=dict, repr=False)
    rahasia: bool = False


@dataclass(frozen=True)
class Temuan:
    """A message that the provider has. `teks` is empty where it does not repeat the words."""

    sid: str
    teks: str = field(repr=False)
    status: str = ""
    kode_galat: str = ""


class Transport(Protocol):
    serentak: int  # calls at the same time within one process; 1: in the caller's own thread
    butuh_templat: bool  # outside WhatsApp's window only approved templates go out

    def kirim(self, kiriman: Kiriman) -> str:
        """Hand one message to the provider; returns its id. Raises a TransportError."""

    def cari(self, nomor_hp: str, *, sejak: datetime) -> list[Temuan]:
        """What the provider has got for this number since then, newest first. Raises a
        TransportError."""

    def tanya(self, sid: str) -> Temuan | None:
        """How a message stands, None when the provider never tells. Raises a TransportError."""

    def periksa(self) -> bool:
        """Whether the account may send, as far as the provider tells without a message. Raises a
        TransportError."""
