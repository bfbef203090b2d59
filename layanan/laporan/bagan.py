"""Charts as numbers: where each bar, line and word of an SVG stands. The template draws them
(bagian/bagan.html), a table beside says the same. Colours are the classes w1–w4 of the style sheet.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

LEBAR = 440
_TINGGI, _DASAR, _PUNCAK = 150, 134.5, 12  # of a chart with columns or a line
_BARIS, _NAMA, _NILAI = 23, 150, 54  # of lying bars: height, room for the name and for the value
_NAMA_MAKS = 19  # characters of a name
_KATA_MAKS = 13  # words below the columns
# What most letters have in common does not tell them apart.
_JENIS = re.compile(r"^Surat (\w+/)?(Keterangan|Pengantar|Pernyataan)(/\w+)? ")


@dataclass
class Bagan:
    """`judul`: what is seen, for those who do not see it; all numbers are texts, written the same
    in every language."""

    judul: str
    tinggi: int
    kotak: list[tuple[str, ...]] = field(default_factory=list)  # class, x, y, width, height
    titik: list[tuple[str, ...]] = field(default_factory=list)  # class, x, y
    teks: list[tuple[str, ...]] = field(default_factory=list)  # class, x, y, anchor, words
    jalur: list[tuple[str, str]] = field(default_factory=list)  # class, path
    keterangan: list[tuple[str, str]] = field(default_factory=list)  # class, words

    lebar = LEBAR


def _n(angka: float) -> str:
    return f"{angka:.1f}"


def _kerangka(judul: str, kata: Sequence[str]) -> tuple[Bagan, float]:
    """An empty chart with the words below its axis; and the room of each of them."""
    bagan, ruang = Bagan(judul, _TINGGI), LEBAR / max(1, len(kata))
    bagan.jalur.append(("sumbu", f"M0 {_DASAR}H{LEBAR}"))
    tiap = -(-len(kata) // _KATA_MAKS)
    for ke, satu in enumerate(kata):
        if ke % tiap == 0:
            bagan.teks.append(("", _n((ke + 0.5) * ruang), "147", "middle", satu))
    return bagan, ruang


def tegak(
    judul: str, kata: Sequence[str], *deret: tuple[str, str, Sequence[float]]
) -> Bagan | None:
    """Columns side by side: class, name and values of each row of them. None: there is nothing."""
    puncak = max((x for _, _, nilai in deret for x in nilai), default=0)
    if not puncak:
        return None
    bagan, ruang = _kerangka(judul, kata)
    lebar = min(24, ruang * 0.68 / len(deret))
    for nomor, (kelas, nama, nilai) in enumerate(deret):
        bagan.keterangan += [(kelas, nama)] if nama else []
        for ke, satu in enumerate(nilai):
            tinggi = satu / puncak * (_DASAR - _PUNCAK)
            x = (ke + 0.5) * ruang + (nomor - len(deret) / 2) * lebar
            bagan.kotak.append((kelas, _n(x), _n(_DASAR - tinggi), _n(lebar - 1), _n(tinggi)))
    return bagan


def garis(judul: str, kata: Sequence[str], persen: Sequence[float | None]) -> Bagan | None:
    """A line of percentages, broken where there is none. None: there is nothing."""
    if not any(x is not None for x in persen):
        return None
    bagan, ruang = _kerangka(judul, kata)
    jalur, angkat = "", True
    for ke, satu in enumerate(persen):
        if satu is None:
            angkat = True
            continue
        x, y = _n((ke + 0.5) * ruang), _n(_DASAR - satu / 100 * (_DASAR - _PUNCAK))
        jalur, angkat = f"{jalur}{'M' if angkat else 'L'}{x} {y}", False
        bagan.titik.append(("w1", x, y))
    _, x, y = bagan.titik[-1]
    akhir = next(satu for satu in reversed(persen) if satu is not None)
    bagan.teks.append(
        ("nilai", _n(min(float(x), LEBAR - 18)), _n(float(y) - 7), "middle", f"{akhir:.0f}%")
    )
    bagan.jalur.append(("g1", jalur))
    return bagan


def baring(judul: str, semua: Sequence[tuple[str, float, str]], *kelas: str) -> Bagan | None:
    """Lying bars: name, value, and the value in words. `kelas`: of each bar, or of all. None: there
    is nothing."""
    puncak = max((nilai for _, nilai, _ in semua), default=0)
    if not puncak:
        return None
    bagan = Bagan(judul, _BARIS * len(semua) + 2)
    for ke, (nama, nilai, kata) in enumerate(semua):
        y, lebar = ke * _BARIS + 4, nilai / puncak * (LEBAR - _NAMA - _NILAI)
        pendek = _JENIS.sub("", nama)
        pendek = pendek if len(pendek) <= _NAMA_MAKS else f"{pendek[: _NAMA_MAKS - 1]}…"
        bagan.teks.append(("", _n(_NAMA - 8), _n(y + 11), "end", pendek))
        bagan.kotak.append((kelas[ke % len(kelas)], _n(_NAMA), _n(y), _n(lebar), "15"))
        bagan.teks.append(("nilai", _n(_NAMA + lebar + 6), _n(y + 11), "start", kata))
    return bagan
