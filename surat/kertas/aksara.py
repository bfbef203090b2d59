"""Aksara Bali of the letterhead: what may stand there, and proposals that nobody has checked."""

import re

# Spellings to start from. A Penyuluh Bahasa Bali has to check them before they are printed;
# the office says who did in TataNaskah.aksara_diperiksa.
USULAN = {
    "PEMERINTAH": "ᬧᭂᬫᭂᬭᬶᬦ᭄ᬢᬄ",
    "KABUPATEN": "ᬓᬩᬸᬧᬢᬾᬦ᭄",
    "KECAMATAN": "ᬓᭂᬘᬫᬢᬦ᭄",
    "KARANGASEM": "ᬓᬭᬂᬳᬲᭂᬫ᭄",
    "DESA": "ᬤᬾᬲ",
    "PERBEKEL": "ᬧᭂᬃᬩᭂᬓᭂᬮ᭄",
    "BUGBUG": "ᬩᬸᬕ᭄ᬩᬸᬕ᭄",
}
_ASING = re.compile("[^ \u1b00-\u1b7f\u200b-\u200d]")  # Balinese, spaces, joiners


class AksaraTidakSah(ValueError):
    """Something else than aksara Bali was typed; the message says what."""


def rapikan(teks: str) -> str:
    """`teks` with single spaces. Raises AksaraTidakSah."""
    rapi = " ".join(teks.split())
    if asing := _ASING.search(rapi):
        raise AksaraTidakSah(
            f"“{asing.group()}” bukan aksara Bali. Baris ini hanya untuk aksara Bali dan spasi; "
            "kosongkan bila belum ada."
        )
    return rapi


def usulan(latin: str) -> str:
    """Proposal for a line of the letterhead; "" when a word of it is not known."""
    kata = [USULAN.get(k) for k in latin.upper().split()]
    return " ".join(k for k in kata if k) if all(kata) else ""
