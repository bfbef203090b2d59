"""What a line of a letter must not break: addresses of the web, numbers, dates, names with titles.

Only the paper knows: they are wrapped in an element that does not wrap, and whoever copies the text
gets what was written.
"""

import re

from django.utils.html import escape

from surat.bahasa.tanggal import BULAN

_MAKS, _MAKS_SEMPIT = 46, 30  # characters; what is longer has to break somewhere
# In a cell: what the column has room for.
_MAKS_KOLOM, _MAKS_SEL = 17, {"Umur": 6, "Hubungan": 11}
_SEBARIS, _SEBARIS_SEMPIT = 60, 36  # so short a text does not reach the end of its line
_GELAR = r"(?:[SMD]\.\s?[A-Z][\w.]*|A\.Md\.[\w.]*|Ph\.D\.)"
_KATA = r"[^\s,;()<>]*"
_ANGKA = rf"{_KATA}\d{_KATA}"
_UTUH = re.compile(
    "|".join(
        (
            r"<[^>]*>",
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
            rf"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{{2,}}(?:/{_KATA})?(?![\w.])",
            rf"\d{{1,2}} (?:{'|'.join(BULAN)}) \d{{4}}",
            r"pukul \d{1,2}\.\d\d(?: WITA)?|\d{1,2}\.\d\d WITA",
            rf"[^\s,;()<>]+, {_GELAR}(?:, {_GELAR})*",
            r"(?:Drs?|dr|drg|Ir|Hj?|Prof|Jro)\. [A-Z]\w*",
            r"Telp\. \(\d+\) [\d -]*\d",
            rf"(?:Kode )?[A-Z][\w.]* {_ANGKA}",  # Kode Pos 80811, Nomor 1, NIK 5107…, Gang 2
            r"\d[\d.,]* (?:kg|cm|m²|are|tahun|minggu|bulan|hari|orang|ekor|buah|GT|PK)\b",
            rf"{_KATA}(?:\d{_KATA}[/-]|[/-]{_KATA}\d){_KATA}",
            r"KTP-el",
        )
    )
)


def rangkai(html: str, *, sempit: bool = False) -> str:
    """`html` with its atoms held together; `sempit`: for the narrow column of values. Not those
    that surely end on the first line: each element costs half a millisecond."""
    maks, sebaris = (_MAKS_SEMPIT, _SEBARIS_SEMPIT) if sempit else (_MAKS, _SEBARIS)
    return html if len(html) <= sebaris else _rangkai(html, maks, sebaris)


def sel(teks: str, kolom: str) -> str:
    """A cell of a table as HTML; `kolom`: the head of its column."""
    return _rangkai(escape(teks), _MAKS_SEL.get(kolom, _MAKS_KOLOM))


def _rangkai(html: str, maks: int, sebaris: int = 0) -> str:
    def satu(cocok: re.Match[str]) -> str:
        atom = cocok[0].rstrip(".:")
        if cocok.end() <= sebaris or atom[0] == "<":
            return cocok[0]
        awal, _, atom = atom.rpartition(" ") if len(atom) > maks else ("", "", atom)
        if len(atom) > maks or not re.search(r"[\s/.@-]", atom):
            return cocok[0]
        awal, ekor = awal and f"{awal} ", cocok[0].rstrip(".:")
        return f'{awal}<span class="utuh">{atom}</span>{cocok[0][len(ekor) :]}'

    return _UTUH.sub(satu, html)
