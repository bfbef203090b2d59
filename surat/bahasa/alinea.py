"""Wording becomes blocks: running text, lists of facts, lists, tables.

The shape is read from the wording alone. Values are told apart by characters that nobody can type
(private use, refused in answers), so what a resident wrote can never turn a sentence into a list.
"""

import re
from collections.abc import Mapping, Set
from html import unescape
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from surat.bahasa import kalimat

Blok = dict[str, Any]  # see susunan.susun for the kinds

_BARIS, _TITIK_DUA = "\ue000", "\ue001"  # a new line and a colon inside a value
_AWAL, _TENGAH, _AKHIR = "\ue002", "\ue003", "\ue004"  # value of a field that can be a block
_NILAI = "\ue005"  # any other value begins here: its "1. " or "- " is no number of a list
# Around an answer in somebody's own words, a long and a short one (surat.bahasa.kalimat).
_PANJANG, _PENDEK, _HABIS = "\ue006", "\ue007", "\ue008"
_BEBAS = re.compile(f"([{_PANJANG}{_PENDEK}])([^{_HABIS}]*){_HABIS}")
_SATU_BLOK = re.compile(f"{_AWAL}(\\w+){_TENGAH}[^{_AKHIR}]*{_AKHIR}")
_TANDA_BLOK = re.compile(f"{_AWAL}\\w+{_TENGAH}([^{_AKHIR}]*){_AKHIR}")
_FAKTA = re.compile(r"([^:]{1,60}?)\s+:(?:\s+(.*))?")
_ANGKA, _STRIP = re.compile(r"\d{1,2}\.\s+(.+)"), re.compile(r"-\s+(.+)")
_APIT = {
    "teks": (_PENDEK, _HABIS),
    "teks_panjang": (_PANJANG, _HABIS),
    "alamat": (_PANJANG, _HABIS),
}
_DUA_TITIK = re.compile(r"(?<!\.)\.\.(?!\.)")
PRIBADI = re.compile("[\ue000-\uf8ff]")


class _Nilai(str):
    """A value that compares in {% if %} as what was answered, and is printed with marks."""

    tanda: SafeString

    def __html__(self) -> SafeString:
        return self.tanda


def siapkan(
    nilai: Mapping[str, str], blok: Mapping[str, Blok], tipe: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Values marked for `uraikan`; an empty one stays empty, so that {% if %} still works.

    `tipe`: of the letter's own questions; who is asked for words of their own answers in prose.
    """
    apit = {kunci: _APIT[t] for kunci, t in (tipe or {}).items() if t in _APIT}
    apit |= {kunci: (f"{_AWAL}{kunci}{_TENGAH}", _AKHIR) for kunci in blok}
    return {
        kunci: _tandai(PRIBADI.sub("", teks), *apit.get(kunci, (_NILAI, "")))
        for kunci, teks in nilai.items()
    }


def _tandai(teks: str, depan: str, akhir: str) -> str:
    if not teks:
        return ""
    hasil = _Nilai(teks)
    aman = escape(teks.replace("\n", _BARIS)).replace(":", _TITIK_DUA)
    hasil.tanda = SafeString(f"{depan}{aman}{akhir}")
    return hasil


def polos(teks: str) -> str:
    """Rendered text without the marks of `siapkan`."""
    teks = _TANDA_BLOK.sub(r"\1", teks)
    for tanda in (_NILAI, _PANJANG, _PENDEK, _HABIS):
        teks = teks.replace(tanda, "")
    return teks.replace(_TITIK_DUA, ":").replace(_BARIS, "\n")


def rangkai(teks: str, nama_diri: Set[str] = frozenset()) -> str:
    """One sentence, line or paragraph without its marks: own words fitted in, and the sentence
    ended once, whether or not the answer has its dot. `nama_diri`: words that are names here."""
    hasil, sampai = "", 0
    for cocok in _BEBAS.finditer(teks):
        hasil += polos(teks[sampai : cocok.start()])
        sisipan = kalimat.sisipkan(
            unescape(polos(cocok.group(2))),
            sebelum=unescape(hasil),
            sesudah=unescape(polos(teks[cocok.end() :])),
            nama_diri=nama_diri,
            panjang=cocok.group(1) == _PANJANG,
        )
        hasil, sampai = hasil + escape(sisipan), cocok.end()
    return _DUA_TITIK.sub(".", hasil + polos(teks[sampai:]))


def uraikan(teks: str, blok: Mapping[str, Blok], nama_diri: Set[str] = frozenset()) -> list[Blok]:
    """Blocks of a rendered body. `teks`: HTML-escaped, values marked by `siapkan`; `blok`: what
    stands for a field that is a paragraph of its own; `nama_diri`: see `rangkai`."""
    hasil = []
    for bagian in re.split(r"\n[ \t]*\n", teks.replace("\r\n", "\n")):
        baris = [b for b in (" ".join(b.split()) for b in bagian.split("\n")) if b]
        if baris and (satu := _satu(baris, blok, nama_diri)):
            hasil.append(satu)
    return hasil


def _satu(baris: list[str], blok: Mapping[str, Blok], nama_diri: Set[str]) -> Blok | None:
    if len(baris) == 1 and (cocok := _SATU_BLOK.fullmatch(baris[0])):
        return blok[cocok.group(1)]
    if all(fakta := [_FAKTA.fullmatch(b) for b in baris]):
        isi = [
            [unescape(polos(f.group(1))), rangkai(f.group(2), nama_diri)]
            for f in fakta
            if f is not None and (f.group(2) or "").strip()
        ]
        return {"macam": "rincian", "baris": isi} if isi else None
    for pola, angka in ((_ANGKA, True), (_STRIP, False)):
        if all(butir := [pola.fullmatch(b) for b in baris]):
            return {
                "macam": "butir",
                "angka": angka,
                "butir": [rangkai(b.group(1), nama_diri) for b in butir if b is not None],
            }
    return {"macam": "alinea", "html": rangkai(" ".join(baris), nama_diri)}
