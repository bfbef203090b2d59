"""RT and RW in one form, however they are typed: three digits, or nothing where there is none."""

import re

_SATU = r"(?:(r[tw])\W*)?(\d{1,3})"
_PASANG = re.compile(rf"\W*{_SATU}(?:(?:\W+|(?=r[tw])){_SATU})?(?:\W*r[tw])?\W*", re.IGNORECASE)
_LAIN = {"rt": "rw", "rw": "rt"}


def rapikan(rt: str, rw: str) -> tuple[str, str, bool]:
    """RT, RW, and whether the two cells contradict each other; then each keeps its own.

    Either may hold both ("RT.002/RW.001", "2/1"). What is no number stays as it was typed.
    """
    sel = {"rt": _urai(rt, "rt"), "rw": _urai(rw, "rw")}
    hasil, bertentangan = {}, False
    for nama, lain in _LAIN.items():
        sendiri, titipan = sel[nama].get(nama, ""), sel[lain].get(nama, "")
        hasil[nama] = sendiri or titipan
        bertentangan = bertentangan or bool(sendiri and titipan and sendiri != titipan)
    return hasil["rt"], hasil["rw"], bertentangan


def _urai(teks: str, milik: str) -> dict[str, str]:
    """What a cell says of RT and RW; `milik`: what it says when it names neither."""
    teks = teks.strip()
    cocok = _PASANG.fullmatch(teks)
    if not cocok:
        return {milik: teks if any(c.isalnum() for c in teks) else ""}
    pertama = (cocok[1] or milik).lower()
    if cocok[4] is None:
        return {pertama: _angka(cocok[2])}
    kedua = (cocok[3] or _LAIN[pertama]).lower()
    if kedua == pertama:
        return {milik: teks}
    return {pertama: _angka(cocok[2]), kedua: _angka(cocok[4])}


def _angka(teks: str) -> str:
    return f"{int(teks):03}" if int(teks) else ""
