"""Wording becomes blocks: running text, lists of facts, lists, tables.

The shape is read from the wording alone. Values are told apart by characters that nobody can type
(private use, refused in answers), so what a resident wrote can never turn a sentence into a list.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

Blok = dict[str, Any]  # see susunan.susun for the kinds

_BARIS, _TITIK_DUA = "\ue000", "\ue001"  # a new line and a colon inside a value
_AWAL, _TENGAH, _AKHIR = "\ue002", "\ue003", "\ue004"  # value of a field that can be a block
_NILAI = "\ue005"  # any other value begins here: its "1. " or "- " is no number of a list
_SATU_BLOK = re.compile(f"{_AWAL}(\\w+){_TENGAH}[^{_AKHIR}]*{_AKHIR}")
_TANDA_BLOK = re.compile(f"{_AWAL}\\w+{_TENGAH}([^{_AKHIR}]*){_AKHIR}")
_FAKTA = re.compile(r"([^:]{1,60}?)\s+:(?:\s+(.*))?")
_ANGKA, _STRIP = re.compile(r"\d{1,2}\.\s+(.+)"), re.compile(r"-\s+(.+)")
_DUA_TITIK = re.compile(r"(?<!\.)\.\.(?!\.)")
PRIBADI = re.compile("[\ue000-\uf8ff]")


class _Nilai(str):
    """A value that compares in {% if %} as what was answered, and is printed with marks."""

    tanda: SafeString

    def __html__(self) -> SafeString:
        return self.tanda


def siapkan(nilai: Mapping[str, str], blok: Mapping[str, Blok]) -> dict[str, str]:
    """Values marked for `uraikan`; an empty one stays empty, so that {% if %} still works."""
    return {kunci: _tandai(kunci, PRIBADI.sub("", teks), blok) for kunci, teks in nilai.items()}


def _tandai(kunci: str, teks: str, blok: Mapping[str, Blok]) -> str:
    if not teks:
        return ""
    hasil = _Nilai(teks)
    aman = escape(teks.replace("\n", _BARIS)).replace(":", _TITIK_DUA)
    depan, akhir = (f"{_AWAL}{kunci}{_TENGAH}", _AKHIR) if kunci in blok else (_NILAI, "")
    hasil.tanda = SafeString(f"{depan}{aman}{akhir}")
    return hasil


def polos(teks: str) -> str:
    """Rendered text without the marks of `siapkan`."""
    teks = _TANDA_BLOK.sub(r"\1", teks).replace(_NILAI, "")
    return teks.replace(_TITIK_DUA, ":").replace(_BARIS, "\n")


def uraikan(teks: str, blok: Mapping[str, Blok]) -> list[Blok]:
    """Blocks of a rendered body. `teks`: HTML-escaped, values marked by `siapkan`; `blok`: what
    stands for a field that is a paragraph of its own."""
    hasil = []
    for bagian in re.split(r"\n[ \t]*\n", teks.replace("\r\n", "\n")):
        baris = [b for b in (" ".join(b.split()) for b in bagian.split("\n")) if b]
        if baris and (satu := _satu(baris, blok)):
            hasil.append(satu)
    return hasil


def _satu(baris: list[str], blok: Mapping[str, Blok]) -> Blok | None:
    if len(baris) == 1 and (cocok := _SATU_BLOK.fullmatch(baris[0])):
        return blok[cocok.group(1)]
    if all(fakta := [_FAKTA.fullmatch(b) for b in baris]):
        isi = [
            [unescape(polos(f.group(1))), polos(f.group(2))]
            for f in fakta
            if f is not None and (f.group(2) or "").strip()
        ]
        return {"macam": "rincian", "baris": isi} if isi else None
    for pola, angka in ((_ANGKA, True), (_STRIP, False)):
        if all(butir := [pola.fullmatch(b) for b in baris]):
            return {
                "macam": "butir",
                "angka": angka,
                "butir": [polos(b.group(1)) for b in butir if b is not None],
            }
    # "… keperluan membuka rekening." ends the sentence once, whether or not the answer has its dot.
    return {"macam": "alinea", "html": _DUA_TITIK.sub(".", polos(" ".join(baris)))}
