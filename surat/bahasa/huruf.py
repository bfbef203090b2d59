"""What a line of text may hold: what people typed, tidied, and what a letter can show."""

import re

from penduduk import teks

# What the bundled fonts can print and a reader of the letter can read: Latin script with its
# accents, usual punctuation, and aksara Bali. tests/surat/kertas/test_pdf.py compares it with the
# fonts.
_TERCETAK = re.compile(
    "[\n\u0020-\u007e\u00a1-\u017f\u1b00-\u1b4c\u1b50-\u1b7c\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac]"
)
_SEBUT_MAKS = 12


def bersih(isi: str) -> str:
    """Free text without blank lines and with single spaces inside a line."""
    baris = (" ".join(satu.split()) for satu in teks.bersih(isi).split("\n"))
    return "\n".join(satu for satu in baris if satu)


def tak_tercetak(isi: str) -> str:
    """A sentence about all characters of `isi` that a letter cannot show; empty: none."""
    asing = dict.fromkeys(c for c in _TERCETAK.sub("", isi) if not teks.tak_tampak(c))
    if not asing:
        return ""
    sebut = [f"“{c}”" for c in asing][:_SEBUT_MAKS]
    lagi = f" dan {len(asing) - _SEBUT_MAKS} tanda lain" if len(asing) > _SEBUT_MAKS else ""
    return (
        f"Tanda {', '.join(sebut)}{lagi} tidak dapat dicetak di surat. Hapus, lalu pakai huruf "
        "Latin biasa."
    )
