"""The words of every message: files in layanan/kata_pesan/pesan_wa/, one per WhatsApp template.

The three sentences of the village's guide stand in diproses, menunggu_ttd and siap_diambil.
A message names the request by its number and the kind of letter, unless that could tell of poverty
or illness (`data_sensitif`): no NIK, and no link but to the request's page, behind the login.
WhatsApp refuses a template with a variable at either end or with two variables that only a space
separates, hence `kantor` ("Perbekel Bugbug") in one piece.

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
    """The text in our own wording; `variabel`: as `nilai` made them. KeyError for an unknown code,
    or for values that a former release has written."""
    return PESAN[kode].isi(terbaca(kode, variabel) or {})


def nilai(kode: str, konteks: Mapping[str, str]) -> list[str]:
    """What a row keeps, in the order of PESAN[kode].sebutan. Of a template WhatsApp refuses empty
    values, line breaks and what is longer than berkas.NILAI_MAKS; free words stay as they are."""
    satu = PESAN[kode]
    if satu.cara is Cara.BEBAS:
        return [konteks.get(nama, "").strip() or "-" for nama in satu.sebutan]
    return [
        " ".join(konteks.get(nama, "").split())[: berkas.NILAI_MAKS] or "-" for nama in satu.sebutan
    ]


def terbaca(kode: str, variabel: list[str]) -> dict[str, str] | None:
    """The values of a row by name; None where a former release has written it under a code, or with
    variables, that this one no longer knows. A code stands in no row."""
    satu = PESAN.get(kode)
    if satu is None:
        return None
    if satu.cara is Cara.OTENTIKASI and not variabel:
        return {}
    nama = next((n for n in (satu.sebutan, satu.dulu) if len(n) == len(variabel)), None)
    return None if nama is None else dict(zip(nama, variabel, strict=True))


def dapat_disusun(kode: str, variabel: list[str]) -> bool:
    """Whether a row of the outbox still fits the catalogue."""
    satu, ada = PESAN.get(kode), terbaca(kode, variabel)
    if satu is None or ada is None:
        return False
    return satu.cara is Cara.OTENTIKASI or set(satu.variabel) <= set(ada)


def label(kode: str) -> str:
    """What the office calls it; the code itself, where a former release wrote a message that this
    one no longer has."""
    return PESAN[kode].label if kode in PESAN else kode
