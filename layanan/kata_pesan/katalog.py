"""The words of every message: files in layanan/kata_pesan/pesan_wa/, one per WhatsApp template.

The three sentences of the village's guide stand in diproses, menunggu_ttd and siap_diambil.
A message names the request by number only: no NIK, no name of a letter (it could tell of poverty
or illness), no link to a document. WhatsApp refuses a template with a variable at either end or
with two variables that only a space separates, hence `kantor` ("Perbekel Bugbug") in one piece.

Knows no database: a village's own wording (kata_pesan.kata) is turned into the same `Pesan`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path

_FOLDER = Path(__file__).parent / "pesan_wa"
_NAMA = re.compile(r"\{\{(\w+)\}\}")


class Cara(Enum):
    """How WhatsApp lets a message out."""

    TEMPLAT = "UTILITY"  # approved words, at any time
    OTENTIKASI = "AUTHENTICATION"  # Meta's own words around a code; the code is kept nowhere
    BEBAS = "BEBAS"  # free words, within 24 hours of the last incoming message only


@dataclass(frozen=True)
class Pesan:
    """`kata`: the text with {{nama}}. `wajib`: variables that no wording may leave out.
    `contoh`: a value of each variable, for previews and for WhatsApp's reviewers."""

    kode: str
    kata: str
    cara: Cara = Cara.TEMPLAT
    wajib: tuple[str, ...] = ()
    contoh: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def variabel(self) -> tuple[str, ...]:
        """Names, in the order of {{1}}, {{2}} …"""
        return tuple(dict.fromkeys(_NAMA.findall(self.kata)))

    @cached_property
    def teks(self) -> str:
        """The text as WhatsApp has it, with {{1}}, {{2}} …"""
        urut = {nama: str(ke) for ke, nama in enumerate(self.variabel, start=1)}
        return _NAMA.sub(lambda m: f"{{{{{urut[m[1]]}}}}}", self.kata)

    def isi(self, nilai: Mapping[str, str]) -> str:
        """The text as the recipient reads it. KeyError when a value is missing."""
        return _NAMA.sub(lambda m: nilai[m[1]], self.kata)

    def bernomor(self, nilai: Mapping[str, str]) -> dict[str, str]:
        """The values as WhatsApp wants them: {"1": …, "2": …}."""
        return {str(ke): nilai[nama] for ke, nama in enumerate(self.variabel, start=1)}


def _baca() -> dict[str, Pesan]:
    semua: dict[str, Pesan] = {}
    for berkas in sorted(_FOLDER.glob("*.json")):
        isi = json.loads(berkas.read_text(encoding="utf-8"))
        if berkas.stem == "balasan":
            semua |= {kode: Pesan(kode, kata, Cara.BEBAS) for kode, kata in isi.items()}
            continue
        semua[berkas.stem] = Pesan(
            berkas.stem,
            isi["teks"],
            Cara(isi["kategori"]),
            tuple(isi["wajib"]),
            isi["contoh"],
        )
    return semua


PESAN: dict[str, Pesan] = _baca()


def isi(kode: str, variabel: list[str]) -> str:
    """The text in our own wording; `variabel` in the order of PESAN[kode].variabel.
    KeyError for an unknown code."""
    satu = PESAN[kode]
    return satu.isi(dict(zip(satu.variabel, variabel, strict=True)))


def nilai(kode: str, konteks: Mapping[str, str]) -> list[str]:
    """Values of the template's variables, in order; WhatsApp refuses empty ones, line breaks and
    more than 255 characters."""
    return [" ".join(konteks.get(nama, "").split())[:255] or "-" for nama in PESAN[kode].variabel]
