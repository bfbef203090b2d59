"""Numbers that people copy from a card or a slip: what they type between the digits goes.

The one cleaning of NIK, KK number, PIN and codes, wherever they are typed.
"""

import re

from penduduk.teks import bersih

# Spaces of every kind, and marks with which people part groups of digits.
_ANTARA = re.compile(r"[\s.,'`’·\-‐-―−]")


def rapikan(teks: str) -> str:
    """`teks` cleaned (a PIN comes as it was typed, in full-width digits too) and without what parts
    its groups: "616 554", "5107.04…" and "5107-04…" are one run. Letters stay, for whoever reads it
    to refuse."""
    return _ANTARA.sub("", bersih(teks or ""))


def semua_angka(teks: str, panjang: int) -> bool:
    """Whether `teks` is nothing but `panjang` digits 0 to 9."""
    return len(teks) == panjang and teks.isascii() and teks.isdigit()
