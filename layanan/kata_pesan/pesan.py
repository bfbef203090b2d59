"""One message: its words, and all that the portal knows of it besides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

SISIPAN = re.compile(r"\{\{(\w+)\}\}")


class Cara(Enum):
    """How WhatsApp lets a message out."""

    TEMPLAT = "UTILITY"  # approved words, at any time
    OTENTIKASI = "AUTHENTICATION"  # Meta's own words around a code; the code is kept nowhere
    BEBAS = "BEBAS"  # free words, within 24 hours of the last incoming message only


class Kelompok(Enum):
    """Whom it is for, in the order and the words of the office's pages."""

    WARGA = "Kepada warga"
    PETUGAS = "Kepada petugas"
    AKUN = "PIN dan keamanan akun"
    BALASAN = "Balasan"


@dataclass(frozen=True)
class Pesan:
    """`label`: what the office calls it; `urut`: its place in the group. `kata`: the text with
    {{nama}}; `wajib`: variables that no wording may leave out; `contoh`: a value of each, for
    previews and for WhatsApp's reviewers; `arti`: what each stands for.

    `dulu`: the variables of a former release's wording, in its order: rows of the outbox and
    templates that WhatsApp has approved may still use them, so their values are written as well.

    `ucapan` and `tulisan`: what is said on the phone, or written by hand from a phone of the
    office, instead of the text; "": the text itself. A code is never read out, a link cannot be,
    and no machine there hears the word that a text asks for. `janji`: words that the village's
    guide promises.
    """

    kode: str
    label: str
    kelompok: Kelompok
    urut: int
    kata: str
    cara: Cara = Cara.TEMPLAT
    wajib: tuple[str, ...] = ()
    contoh: Mapping[str, str] = field(default_factory=dict)
    arti: Mapping[str, str] = field(default_factory=dict)
    ucapan: str = ""
    tulisan: str = ""
    janji: str = ""
    dulu: tuple[str, ...] = ()

    @cached_property
    def variabel(self) -> tuple[str, ...]:
        """Names, in the order of {{1}}, {{2}} …"""
        return sisipan(self.kata)

    @cached_property
    def sebutan(self) -> tuple[str, ...]:
        """The names of the values that a row holds, in their order: those of the text, and what
        former ones needed."""
        return tuple(dict.fromkeys((*self.variabel, *self.dulu)))

    @cached_property
    def teks(self) -> str:
        """The text as WhatsApp has it, with {{1}}, {{2}} …"""
        urut = {nama: str(ke) for ke, nama in enumerate(self.variabel, start=1)}
        return SISIPAN.sub(lambda m: f"{{{{{urut[m[1]]}}}}}", self.kata)

    def isi(self, nilai: Mapping[str, str]) -> str:
        """The text as the recipient reads it. KeyError when a value is missing."""
        return SISIPAN.sub(lambda m: nilai[m[1]], self.kata)

    def bernomor(self, nilai: Mapping[str, str]) -> dict[str, str]:
        """The values as WhatsApp wants them: {"1": …, "2": …}."""
        return {str(ke): nilai[nama] for ke, nama in enumerate(self.variabel, start=1)}


def sisipan(kata: str) -> tuple[str, ...]:
    """The names between {{ and }}, each once, in their order."""
    return tuple(dict.fromkeys(SISIPAN.findall(kata)))
