"""The code by which anybody checks a letter: nine random characters and one check character.

The alphabet has 31 characters (no 0 O 1 I L). 31 is prime and the weights 1..10 differ modulo 31,
so every single wrong character and every swap of two characters is noticed. 31^9 = 2.6 * 10^13
codes cannot be tried out.
"""

import secrets

ALFABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PANJANG = 10
# What people type for characters that are not in the alphabet is not guessed: it is wrong.
_MIRIP = "Angka 0 dan 1 serta huruf O, I dan L tidak pernah ada: mungkin itu Q, D, J, T atau 7."


def _periksa(sembilan: str) -> str:
    jumlah = sum(i * ALFABET.index(huruf) for i, huruf in enumerate(sembilan, start=1))
    # weight 10 for the check character: jumlah + 10 * c ≡ 0 (mod 31)
    return ALFABET[-jumlah * pow(10, -1, len(ALFABET)) % len(ALFABET)]


def buat() -> str:
    """A fresh random code; uniqueness is held by the database."""
    sembilan = "".join(secrets.choice(ALFABET) for _ in range(PANJANG - 1))
    return sembilan + _periksa(sembilan)


def rapikan(teks: str) -> str:
    """What was typed, without spaces and dashes, in capitals."""
    return "".join(teks.split()).replace("-", "").upper()


def sah(kode: str) -> bool:
    """Whether `kode` (already tidied) has the form and the check character of a code."""
    return (
        len(kode) == PANJANG
        and all(huruf in ALFABET for huruf in kode)
        and _periksa(kode[:-1]) == kode[-1]
    )


def tampil(kode: str) -> str:
    """ABCDE-FGHJK, as printed under the QR code."""
    return f"{kode[:5]}-{kode[5:]}"


def salahnya(kode: str) -> str:
    """What is wrong with the form of `kode` (already tidied), for who typed it; empty: nothing.

    Only the form is judged: the sentence is the same whether such a letter exists or not.
    """
    if not kode:
        return "Ketik dulu kodenya, 10 huruf dan angka di samping kode QR."
    for ke, huruf in enumerate(kode, start=1):
        if huruf not in ALFABET:
            return f"Tanda ke-{ke} (“{huruf}”) tidak dipakai dalam kode. {_MIRIP}"
    beda = len(kode) - PANJANG
    if beda:
        kata = f"kelebihan {beda}" if beda > 0 else f"kurang {-beda}"
        return f"Kode ini {kata} huruf. Kode terdiri dari {PANJANG} huruf dan angka."
    if not sah(kode):
        return (
            "Ada huruf yang salah atau tertukar tempat. Cocokkan satu per satu dengan yang "
            "tercetak di samping kode QR."
        )
    return ""
