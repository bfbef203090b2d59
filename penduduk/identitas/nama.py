"""Balinese names as they are searched: one spelling for what people write in many ways.

The leading I / Ni and the abbreviations (Wyn, Md, Nym, Kt, Gd …) carry no information in a
search; Permendagri 73/2022 keeps older single-word names valid, so nothing is demanded of a name.
"""

import re
import unicodedata

_EJAAN = {
    "gde": "gede",
    "gd": "gede",
    "wyn": "wayan",
    "wy": "wayan",
    "md": "made",
    "mde": "made",
    "nym": "nyoman",
    "nyo": "nyoman",
    "njoman": "nyoman",
    "kt": "ketut",
    "ktut": "ketut",
    "pt": "putu",
    "kdk": "kadek",
    "kd": "kadek",
    "kmg": "komang",
    "km": "komang",
    "ngh": "nengah",
    "lh": "luh",
    "gst": "gusti",
    "ngr": "ngurah",
    "ngrh": "ngurah",
    "bgs": "bagus",
    "dw": "dewa",
    "dsk": "desak",
    "cok": "cokorda",
    "tjok": "cokorda",
    "tjokorda": "cokorda",
    "ib": "ida bagus",
    "aa": "anak agung",
    "iga": "gusti ayu",
    "ign": "gusti ngurah",
}
# Letters in a row at the beginning ("I.B.", "A. A. A.") are titles; the longest one counts.
_INISIAL = {
    "ib": "ida bagus",
    "ia": "ida ayu",
    "aa": "anak agung",
    "aaa": "anak agung ayu",
    "aan": "anak agung ngurah",
    "ig": "gusti",
    "iga": "gusti ayu",
    "ign": "gusti ngurah",
}
_SANDANG = {"i", "ni"}
_KATA = re.compile(r"[^\W_]+")
_TANDA_DALAM_KATA = re.compile("['’‘`´ʼʻ]")


def _kata(teks: str) -> list[str]:
    """The words of `teks`, lower case, without accents and marks."""
    # Apostrophes first: some of them would fall apart into a space and an accent.
    polos = unicodedata.normalize("NFKD", _TANDA_DALAM_KATA.sub("", teks).casefold())
    return _KATA.findall("".join(c for c in polos if not unicodedata.combining(c)))


def _gelar(kata: list[str]) -> list[str]:
    """`kata` with a title that is written in single letters at the beginning spelt out."""
    for banyak in (3, 2):
        huruf = kata[:banyak]
        gelar = _INISIAL.get("".join(huruf))
        if gelar and [len(h) for h in huruf] == [1] * banyak:
            return [*gelar.split(), *kata[banyak:]]
    return kata


def _tanpa_sandang(kata: list[str]) -> list[str]:
    return kata[1:] if len(kata) > 1 and kata[0] in _SANDANG else kata


def kunci(teks: str) -> str:
    """`teks` as it is stored for searching: lower case, without accents and marks, one spelling.

    "I Wyn. Gde Contoh" and "Wayan Gede CONTOH" give the same key; it may be empty.
    """
    kata = _tanpa_sandang(_gelar(_kata(teks)))
    return " ".join(_EJAAN.get(satu, satu) for satu in kata)


def potongan(teks: str) -> list[str]:
    """What has to occur in a key (or, digits, in a NIK) for `teks` to match it.

    Empty for an empty text and for a mere I or Ni, which every second name begins with. Digits
    typed in groups ("5107 04", "5107.04") are one run. A text of nothing but marks, or with the
    wildcards of SQL, is left as it is: no key holds a mark, so it matches nobody, not everybody.
    """
    kata = _kata(teks)
    if not kata or "%" in teks or "_" in teks:
        return teks.split()
    if len(kata) == 1 and kata[0] in _SANDANG:
        return []
    hasil: list[str] = []
    for satu in _tanpa_sandang(_gelar(kata)):
        baku = _EJAAN.get(satu, satu)
        if satu.isdigit() and hasil and hasil[-1].isdigit():
            hasil[-1] += satu
        elif satu in baku:  # "cok" finds Cokorda, and also the name that is only half typed
            hasil.append(satu)
        else:
            hasil += baku.split()
    return hasil
