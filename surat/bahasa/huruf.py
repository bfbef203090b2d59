"""What a line of text may hold: what people typed, tidied, and what a letter can show."""

import re

# What the bundled fonts can print and a reader of the letter can read: Latin script with its
# accents, usual punctuation, and aksara Bali. tests/surat/kertas/test_pdf.py compares it with the
# fonts.
_TERCETAK = re.compile(
    "[\n\u0020-\u007e\u00a1-\u017f\u1b00-\u1b4c\u1b50-\u1b7c\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac]"
)


def bersih(teks: str) -> str:
    """Free text without control characters and with single spaces inside a line."""
    # Tabs and hard spaces (pasted from elsewhere) are not printable, yet they part words.
    baris = ("".join(c for c in b if c.isprintable() or c.isspace()) for b in teks.splitlines())
    return "\n".join(b for b in (" ".join(b.split()) for b in baris) if b)


def tak_tercetak(teks: str) -> str:
    """A sentence about the first character of `teks` that a letter cannot show; empty: none."""
    asing = _TERCETAK.sub("", teks)
    if not asing:
        return ""
    return f"Tanda “{asing[0]}” tidak dapat dicetak di surat. Hapus, lalu pakai huruf Latin biasa."
