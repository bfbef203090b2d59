"""Whether a letter will fill more than one sheet, guessed as a typist would: by counting lines.

To lay a letter out is half of its time, and one that is too long is laid out once more, closer. A
wrong guess costs that time, or sets a letter closer that would just have filled its sheet.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from surat.kertas import kertas

_HURUF, _BARIS = 0.162, 0.459  # mm for each point of type: how wide a letter is, how high a line
_KEPALA, _AKSARA = 48, 6.3  # mm: letterhead and title; a Balinese line
# What a block has beside and below its text, in mm; of a table with lines only the first cells.
_SISA = {
    '<p class="alinea': (2, 2.2),
    "<td": (62, 0.3),
    "<td class": (0, 5),
    "<li": (20, 0.8),
    "<caption": (0, 6),
}
_BLOK = re.compile(
    r'(<p class="alinea|<td(?=>:)|<td class|<li|<caption)[^>]*>(.*?)'
    r"(?=</(?:p|td|li|ul|caption)>|<ul)",
    re.S,
)
_CEK = re.compile(r'(?<="cek)-teks.*?</div>', re.S)
_LAJUR = re.compile(r'(?<!"kiri"><div )class="(?:lajur|tengah)"')
# What stands in a column of signatures, in mm.
_TINGGI = {"tanda-tangan": 20, '<p class="meterai"': 21, "<li>": 10.3, '"cek"': 24}


def selembar(html: str, data: Mapping[str, Any]) -> bool:
    """Whether `html`, made of `data`, will fit on one sheet when it is set as usual."""
    tata = kertas.tata(data)
    (lebar, tinggi), (m_atas, kanan, bawah, kiri) = kertas.UKURAN[tata["kertas"]], tata["margin"]
    lebar, tinggi = lebar - kanan - kiri, tinggi - m_atas - bawah
    huruf, baris = (x * float(tata["ukuran"]) for x in (_HURUF, _BARIS))
    atas, _, akhir = _CEK.sub("", html).partition('<section class="akhir')
    mm = _KEPALA + _AKSARA * atas.count('"aksara') + 3.2 * atas.count("<table")
    for blok, isi in _BLOK.findall(atas):
        samping, sela = _SISA[blok]
        teks = unescape(re.sub("<[^>]+>", "", isi)).split("\n")
        mm += sela + baris * sum(1 + int(len(x) * huruf / (lebar - samping)) for x in teks)

    def kolom(isi: str) -> float:
        return baris * isi.count("<p") + sum(n * isi.count(x) for x, n in _TINGGI.items())

    return mm + sum(3 + max(map(kolom, x.split('"kiri'))) for x in _LAJUR.split(akhir)) <= tinggi
