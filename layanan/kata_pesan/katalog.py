"""The words of every message: files in layanan/kata_pesan/pesan_wa/, one per WhatsApp template.

The three sentences of the village's guide stand in diproses, menunggu_ttd and siap_diambil.
A message names the request by number only: no NIK, no name of a letter (it could tell of poverty
or illness), no link to a document. WhatsApp refuses a template with a variable at either end or
with two variables that only a space separates, hence `kantor` ("Perbekel Bugbug") in one piece.

Knows no database: a village's own wording (kata_pesan.kata) is turned into the same `Pesan`.
"""

from collections.abc import Mapping
from pathlib import Path

from layanan.kata_pesan import berkas
from layanan.kata_pesan.pesan import Cara, Kelompok, Pesan

__all__ = ["PESAN", "Cara", "Kelompok", "Pesan", "isi", "label", "nilai"]

# The whole list of messages: only what stands here is written into the outbox.
PESAN: dict[str, Pesan] = berkas.baca(Path(__file__).parent / "pesan_wa")


def isi(kode: str, variabel: list[str]) -> str:
    """The text in our own wording; `variabel` in the order of PESAN[kode].variabel.
    KeyError for an unknown code."""
    satu = PESAN[kode]
    return satu.isi(dict(zip(satu.variabel, variabel, strict=True)))


def nilai(kode: str, konteks: Mapping[str, str]) -> list[str]:
    """Values of the template's variables, in order; WhatsApp refuses empty ones, line breaks and
    what is longer than berkas.NILAI_MAKS."""
    return [
        " ".join(konteks.get(nama, "").split())[: berkas.NILAI_MAKS] or "-"
        for nama in PESAN[kode].variabel
    ]


def dapat_disusun(kode: str, variabel: list[str]) -> bool:
    """Whether a row of the outbox still fits the catalogue: a former release may have written it
    under a code, or with variables, that this one no longer has."""
    satu = PESAN.get(kode)
    if satu is None:
        return False
    return satu.cara is Cara.OTENTIKASI or len(variabel) == len(satu.variabel)


def label(kode: str) -> str:
    """What the office calls it; the code itself, where a former release wrote a message that this
    one no longer has."""
    return PESAN[kode].label if kode in PESAN else kode
