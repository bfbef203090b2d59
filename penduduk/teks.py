"""Text that comes from outside (forms, WhatsApp, files), cleaned by one rule.

What nobody can see goes: direction controls, joiners, selectors and fillers (Unicode's
Default_Ignorable_Code_Point), control characters, halves of characters. What only looks like a
letter becomes that letter (ligatures of a PDF, full-width and fancy letters), and everything is
composed (NFC). What people see stays as they typed it: emoji, ½, ™, every script.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.datastructures import MultiValueDict

_EMOJI = "[\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_SATU = f"{_EMOJI}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
_BALI = "[\u1b00-\u1b7f]"
# What is kept of the invisible has a meaning: joiners between Balinese letters and in emoji,
# which of two pictures an emoji is, the tags of a flag.
_CARI = re.compile(
    f"(?P<utuh>\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f|{_SATU}(?:\u200d{_SATU})*"
    f"|[#*0-9]\ufe0f\u20e3|{_BALI}(?:[\u200c\u200d](?={_BALI}))?)"
    "|(?P<arah>[\u202b\u202e\u2067])"
    "|(?P<rusak>[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff])"
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BARIS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPASI = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_UJUNG = re.compile("[ \t]+(?=\n)")  # the end of all is the fields' own affair
# Forms that exist only for the sake of old fonts, or are letters in costume.
_BENTUK = re.compile(
    "[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufb4f\ufb50-\ufdf9\ufe70-\ufefc\uff01-\uffee"
    "\U0001d400-\U0001d7ff]"
)
_HUBUNG = str.maketrans({"\u2010": "-", "\u2011": "-"})
# What no letter can show: all but Latin script with accents, usual punctuation, and aksara Bali.
# tests/surat/kertas/test_pdf.py compares it with the bundled fonts.
ASING = re.compile(
    "[^\t\n\u0020-\u007e\u00a1-\u017f\u1b00-\u1b4c\u1b50-\u1b7c\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac"
    "\u200c\u200d\ufe0f\U000e0000-\U000e0fff]"  # what `bersihkan` may keep although nobody sees it
)
_SEBUT_MAKS = 12

_SEBUTAN = {
    "arah": "tanda pembalik arah tulisan",
    "rusak": "tanda rusak (tampak sebagai kotak)",
}


@dataclass(frozen=True)
class Bersih:
    """A cleaned text; `dibuang` names what went although people saw it or what it did."""

    teks: str
    dibuang: tuple[str, ...] = ()


def bersihkan(teks: str) -> Bersih:
    """Lines stay lines (ended by \\n, without blanks at their end) and tabs stay tabs."""
    if teks.isascii() and teks.isprintable():
        return Bersih(teks)
    dibuang: dict[str, None] = {}

    def sisa(cocok: re.Match[str]) -> str:
        if cocok.lastgroup == "utuh":
            return cocok[0]
        if cocok.lastgroup:
            dibuang[_SEBUTAN[cocok.lastgroup]] = None
        return ""

    teks = _SPASI.sub(" ", _BARIS.sub("\n", teks)).translate(_HUBUNG)
    teks = _BENTUK.sub(lambda cocok: unicodedata.normalize("NFKC", cocok[0]), teks)
    teks = unicodedata.normalize("NFC", _CARI.sub(sisa, teks))
    return Bersih(_UJUNG.sub("", teks), tuple(dibuang))


def bersih(teks: str) -> str:
    return bersihkan(teks).teks


def sebaris(teks: str) -> str:
    """`teks` cleaned, in one line, with single spaces."""
    return " ".join(bersih(teks).split())


def dalam(nilai: Any) -> Any:
    """`nilai` of a JSON file, with every text in it cleaned in place. Raises RecursionError."""
    if isinstance(nilai, str):
        return bersih(nilai)
    if isinstance(nilai, list | dict):
        for kunci in range(len(nilai)) if isinstance(nilai, list) else nilai:
            nilai[kunci] = dalam(nilai[kunci])
    return nilai


def semua_teks(nilai: Any) -> list[str]:
    """Every text in a value of a JSON file, however deep."""
    sisa, hasil = [nilai], []
    while sisa:
        satu = sisa.pop()
        if isinstance(satu, str):
            hasil.append(satu)
        elif isinstance(satu, dict):
            sisa += satu.values()
        elif isinstance(satu, list | tuple):
            sisa += satu
    return hasil


def tampak(isi: str) -> str:
    """`isi` for a sentence, with a name for what nobody would see or what turns the words about."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in isi)


def tak_tercetak(isi: str) -> str:
    """A sentence about all characters of `isi` that a letter cannot show; empty: none."""
    asing = list(dict.fromkeys(ASING.findall(isi)))
    if not asing:
        return ""
    sebut = [f"“{c}”" if c.isprintable() else tampak(c) for c in asing[:_SEBUT_MAKS]]
    lagi = f" dan {len(asing) - _SEBUT_MAKS} tanda lain" if len(asing) > _SEBUT_MAKS else ""
    return (
        f"Tanda {', '.join(sebut)}{lagi} tidak dapat dicetak di surat. Hapus, lalu pakai huruf "
        "Latin biasa."
    )


def kalimat(dibuang: Iterable[str]) -> str:
    """What the person is told of; empty when nothing that was seen has gone."""
    apa = " dan ".join(dict.fromkeys(dibuang))
    return f"Dari tulisan Anda dibuang: {apa}. Periksa lagi tulisan itu." if apa else ""


_Data = TypeVar("_Data", bound=MultiValueDict)
# A secret is what was typed, to the letter; a PIN has a cleaning of its own.
_RAHASIA = re.compile(r"(^|[-_])(csrfmiddlewaretoken|password|(pin|sandi)($|[-_\d]))")


def isian(data: _Data) -> tuple[_Data, tuple[str, ...]]:
    """A submitted form with every text cleaned, and what was removed visibly; secrets stay."""
    dibuang: dict[str, None] = {}
    hasil: Any = data.copy()
    for nama, semua in data.lists():
        if _RAHASIA.search(nama):
            continue
        bersih_ = [bersihkan(satu) for satu in semua]
        hasil.setlist(nama, [satu.teks for satu in bersih_])
        dibuang |= {apa: None for satu in bersih_ for apa in satu.dibuang}
    return hasil, tuple(dibuang)
