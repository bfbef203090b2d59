"""The words of every message. {{1}}, {{2}} … are the variables of an approved WhatsApp template.

The three sentences of the village's guide stand in diproses, menunggu_ttd and siap_diambil.
A message names the request by number only: no NIK, no name of a letter (it could tell of poverty
or illness), no link to a document. WhatsApp refuses a template with a variable at either end or
with two variables that only a space separates, hence `kantor` ("Perbekel Bugbug") in one piece.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Pesan:
    kode: str
    teks: str
    variabel: tuple[str, ...]  # names, in the order of {{1}}, {{2}} …


def _pesan(kode: str, teks: str, *variabel: str) -> tuple[str, Pesan]:
    return kode, Pesan(kode, teks, variabel)


PESAN: dict[str, Pesan] = dict(
    [
        _pesan(
            "diterima",
            "Permohonan surat Anda nomor {{1}} sudah kami terima. "
            "Kami kabari lagi di nomor ini. Pantau juga di {{2}} kapan saja.",
            "nomor",
            "situs",
        ),
        _pesan(
            "perlu_perbaikan",
            "Permohonan surat Anda nomor {{1}} perlu diperbaiki. "
            "Masuk ke {{2}} untuk melihat bagian mana dan memperbaikinya.",
            "nomor",
            "situs",
        ),
        _pesan(
            "diproses",
            "Kabar permohonan nomor {{1}}: surat yang Anda mohon sedang diproses "
            "oleh Kantor {{2}} sekarang.",
            "nomor",
            "kantor",
        ),
        _pesan(
            "menunggu_ttd",
            "Kabar permohonan nomor {{1}}: surat Anda sedang menunggu tanda tangan {{2}} sekarang.",
            "nomor",
            "kepala",
        ),
        _pesan(
            "siap_diambil",
            "Surat Siap Diambil. Permohonan nomor {{1}} dapat diambil di Kantor {{2}} "
            "dengan kode pengambilan {{3}}. Anda dapat mewakilkannya kepada perangkat desa "
            "terdekat.",
            "nomor",
            "kantor",
            "kode_ambil",
        ),
        _pesan(
            "diserahkan",
            "Surat untuk permohonan nomor {{1}} sudah diambil hari ini. "
            "Bila bukan Anda atau wakil Anda yang mengambil, segera hubungi Kantor {{2}} ya.",
            "nomor",
            "kantor",
        ),
        _pesan(
            "ditolak",
            "Permohonan surat Anda nomor {{1}} tidak dapat kami penuhi. "
            "Masuk ke {{2}} untuk membaca alasannya.",
            "nomor",
            "situs",
        ),
        _pesan(
            "petugas_baru",
            "Ada permohonan surat baru nomor {{1}}. Buka {{2}} untuk memprosesnya.",
            "nomor",
            "kelola",
        ),
    ]
)


def isi(kode: str, variabel: list[str]) -> str:
    """The text as the recipient reads it. KeyError for an unknown code."""
    return re.sub(r"\{\{(\d+)\}\}", lambda m: variabel[int(m.group(1)) - 1], PESAN[kode].teks)


def nilai(kode: str, konteks: dict[str, str]) -> list[str]:
    """Values of the template's variables, in order; WhatsApp refuses empty ones."""
    return [konteks[nama] or "-" for nama in PESAN[kode].variabel]
