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
    "nym": "nyoman",
    "kt": "ketut",
    "ktut": "ketut",
    "pt": "putu",
    "kdk": "kadek",
    "kmg": "komang",
    "gst": "gusti",
    "ngr": "ngurah",
    "ib": "ida bagus",
    "aa": "anak agung",
    "dw": "dewa",
}
_SANDANG = {"i", "ni"}


def kunci(teks: str) -> str:
    """`teks` as it is stored for searching: lower case, without accents and marks, one spelling.

    "I Wyn. Gde Contoh" and "Wayan Gede CONTOH" give the same key; it may be empty.
    """
    polos = unicodedata.normalize("NFKD", teks.lower())
    polos = "".join(c for c in polos if not unicodedata.combining(c))
    polos = re.sub(r"['’`]", "", polos)
    # "I.B." and "A.A." are abbreviations of one word each, not the article I.
    polos = re.sub(r"\b([ai])\.\s*([ab])\.?(?=\s|$)", r"\1\2 ", polos)
    kata = re.findall(r"\w+", polos)
    if len(kata) > 1 and kata[0] in _SANDANG:
        kata = kata[1:]
    return " ".join(_EJAAN.get(satu, satu) for satu in kata)


def potongan(teks: str) -> list[str]:
    """What has to occur in a key for `teks` to match it: each word, in its usual spelling."""
    return kunci(teks).split()
