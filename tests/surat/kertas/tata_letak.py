"""Where the words of a PDF stand: read by poppler, which knows nothing of how the paper was made.

Only the cells of tables are asked of WeasyPrint's own boxes: a PDF has no cells.
"""

import itertools
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

MM = 72 / 25.4  # points
_TEPI = 4 * MM  # nothing may stand nearer to the edge of the sheet, page numbers included
# Characters that running titles and page numbers take at most, and the end part of a letter.
_NOMOR_HALAMAN, _TANDA_TANGAN = 250, 1500
_LONGGAR = 1.0  # points; rounding, and glyphs that lean out of their box
_HALAMAN = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
_TAG = re.compile(r"<[^>]+>")
_KATA = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
)


@dataclass(frozen=True)
class Kata:
    """One word; points from the upper left corner of its page."""

    teks: str
    kiri: float
    atas: float
    kanan: float
    bawah: float


@dataclass(frozen=True)
class Halaman:
    lebar: float
    tinggi: float
    kata: list[Kata]


def _poppler(isi: bytes, *pilihan: str) -> str:
    return subprocess.run(
        ["pdftotext", *pilihan, "-", "-"], input=isi, capture_output=True, check=True, timeout=60
    ).stdout.decode()


def tulisan(isi: bytes) -> list[str]:
    """The text of each page in the order of painting, cell by cell, without any space."""
    halaman = _poppler(isi, "-raw").split("\f")[:-1]
    return [rapat(h) for h in halaman]


def polos(html: str) -> str:
    return unescape(_TAG.sub("", html))


def rapat(teks: str) -> str:
    """Text without any space and in small letters: lines break and spaces stretch where the
    paper wants, and its style writes some lines in capitals."""
    return re.sub(r"\s+", "", teks).casefold()


def ada(teks: str, halaman: list[str]) -> bool:
    """Whether `teks` stands on one of the pages (as `tulisan` gives them), or runs over from one
    to the next."""
    cari = rapat(teks)
    return any(cari in h for h in halaman) or any(
        _menyambung(cari, ini, lanjut) for ini, lanjut in itertools.pairwise(halaman)
    )


def _menyambung(cari: str, ini: str, lanjut: str) -> bool:
    """Whether `cari` begins at the end of a page and goes on where the next begins; only page
    numbers may stand between, and the signatures, which are painted before running text."""
    pecah = next((n for n in range(len(cari) - 1, 0, -1) if cari[:n] in ini), 0)
    sesudah = len(ini) - ini.rfind(cari[:pecah]) - pecah
    sebelum = lanjut.find(cari[pecah:])
    return pecah > 0 and sesudah <= _NOMOR_HALAMAN and 0 <= sebelum <= _TANDA_TANGAN


def baca(isi: bytes) -> list[Halaman]:
    """All words of a PDF with their places, page by page."""
    hasil: list[Halaman] = []
    for baris in _poppler(isi, "-bbox").splitlines():
        if cocok := _HALAMAN.search(baris):
            hasil.append(Halaman(float(cocok[1]), float(cocok[2]), []))
        elif cocok := _KATA.search(baris):
            kotak = (float(cocok[i]) for i in (1, 2, 3, 4))
            hasil[-1].kata.append(Kata(unescape(cocok[5]), *kotak))
    return hasil


def lewat_tepi(halaman: list[Halaman], margin: list[int]) -> list[str]:
    """Words that stand in the left or right margin, or at the very edge of the sheet."""
    _, kanan, _, kiri = (x * MM for x in margin)
    return [
        f"halaman {n}: {k.teks}"
        for n, h in enumerate(halaman, start=1)
        for k in h.kata
        if k.kiri < kiri - _LONGGAR
        or k.kanan > h.lebar - kanan + _LONGGAR
        or k.atas < _TEPI
        or k.bawah > h.tinggi - _TEPI
    ]


def bertumpuk(halaman: list[Halaman]) -> list[str]:
    """Pairs of words that are printed over each other.

    Of each word only the middle half of its height counts: the boxes of close lines may touch.
    """
    hasil = []
    for n, h in enumerate(halaman, start=1):
        urut = sorted(h.kata, key=lambda k: k.atas)
        for i, satu in enumerate(urut):
            for dua in urut[i + 1 :]:
                if dua.atas >= satu.bawah:
                    break
                if _kena(satu, dua):
                    hasil.append(f"halaman {n}: {satu.teks} × {dua.teks}")
    return hasil


def _kena(satu: Kata, dua: Kata) -> bool:
    atas, bawah = (((k.atas * 3 + k.bawah) / 4, (k.atas + k.bawah * 3) / 4) for k in (satu, dua))
    mendatar = min(satu.kanan, dua.kanan) - max(satu.kiri, dua.kiri)
    tegak = min(atas[1], bawah[1]) - max(atas[0], bawah[0])
    return mendatar > _LONGGAR and tegak > 0


# --- WeasyPrint's own boxes ----------------------------------------------------------------------


@contextmanager
def tangkap() -> Iterator[list[Any]]:
    """Remember the documents that WeasyPrint lays out meanwhile; the last one was printed."""
    asli, hasil = Document.__init__, []

    def ingat(self: Document, *bahan: Any, **lain: Any) -> None:
        asli(self, *bahan, **lain)
        hasil.append(self)

    Document.__init__ = ingat  # type: ignore[method-assign]
    try:
        yield hasil
    finally:
        Document.__init__ = asli  # type: ignore[method-assign]


def keluar_sel(dokumen: Document) -> list[str]:
    """Texts that are wider than the cell of the table they stand in."""
    return [
        teks.text
        for halaman in dokumen.pages
        for sel in _semua(halaman._page_box, boxes.TableCellBox)
        for teks in _semua(sel, boxes.TextBox)
        if teks.text.strip()
        and (
            teks.position_x < sel.position_x - _LONGGAR
            or teks.position_x + teks.width > sel.position_x + sel.border_width() + _LONGGAR
        )
    ]


def baris_terbelah(dokumen: Document) -> list[str]:
    """Rows of tables whose first cell (the label, the number) is on another page than the rest."""
    hasil = []
    for halaman in dokumen.pages:
        for baris in _semua(halaman._page_box, boxes.TableRowBox):
            if "panjang" in (baris.element.get("class") or ""):
                continue  # a value as long as that may go on over the page
            sel = ["".join(t.text for t in _semua(s, boxes.TextBox)) for s in baris.children]
            if not sel[0].strip() and any(x.strip() for x in sel):
                hasil.append(" ".join(sel).strip())
    return hasil


def _semua(kotak: Any, macam: type) -> Iterator[Any]:
    for anak in getattr(kotak, "children", ()):
        if isinstance(anak, macam):
            yield anak
        yield from _semua(anak, macam)
