"""What a line of a letter must not break: addresses of the web, numbers, dates, names with titles.

Only the paper knows: they are wrapped in an element that does not wrap, and whoever copies the text
gets what was written.
"""

import re

from surat.bahasa.tanggal import BULAN

_MAKS, _MAKS_SEMPIT = 46, 30  # characters; what is longer has to break somewhere
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
    if len(html) <= sebaris:
        return html

    def satu(cocok: re.Match[str]) -> str:
        atom = cocok[0].rstrip(".:")
        pasti = cocok.end() <= sebaris or len(atom) > maks or atom[0] == "<"
        if pasti or not re.search(r"[\s/.@-]", atom):
            return cocok[0]
        return f'<span class="utuh">{atom}</span>{cocok[0][len(atom) :]}'

    return _UTUH.sub(satu, html)
