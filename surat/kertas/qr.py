"""QR code as a one-bit PNG, with the best of the eight masks found quickly.

segno weighs each mask module by module, 4.4 of the 60 ms that a letter takes. Two codes of the same
size with different masks differ in the same modules whatever they say, so those differences are
kept, and the symbol is one whole number on which a penalty is a few shifts and one bit count.
"""

import functools
import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass

import segno

_BANYAK_TOPENG = 8
_TERANG = 4  # light columns beside each row: what stands at the edge has light beyond it
_BIT = bytes.maketrans(b"\0\1", b"01")


def _kode(teks: str, topeng: int) -> segno.QRCode:
    return segno.make(teks, error="m", micro=False, mask=topeng)


def _angka(kode: segno.QRCode) -> int:
    """All modules, row by row, dark is 1; `_TERANG` light ones after each row."""
    return int(b"".join(bytes(baris).translate(_BIT) + b"0" * _TERANG for baris in kode.matrix), 2)


@dataclass(frozen=True)
class _Ukuran:
    """What all codes of one size have in common. `beda`: mask 0 against each of the masks."""

    sisi: int
    beda: tuple[int, ...]

    @property
    def lebar(self) -> int:
        return self.sisi + _TERANG

    @functools.cached_property
    def berpasangan(self) -> int:
        """Modules with a neighbour to the left in their row."""
        return int(("0" + "1" * (self.sisi - 1) + "0" * _TERANG) * self.sisi, 2)

    def putar(self, angka: int) -> int:
        """Columns as rows."""
        bit = format(angka, f"0{self.lebar * self.sisi}b")
        return int("".join(bit[k :: self.lebar] + "0" * _TERANG for k in range(self.sisi)), 2)

    def denda(self, angka: int) -> int:
        """ISO/IEC 18004, 7.8.3.1: the lower, the easier to read."""
        gelap = angka.bit_count() * 100 / self.sisi**2
        searah = [(x, ~(x ^ x >> 1) & self.berpasangan) for x in (angka, self.putar(angka))]
        jumlah = 10 * int(abs(gelap - 50) / 5)
        for x, sama in searah:
            lima = sama & sama >> 1 & sama >> 2 & sama >> 3
            jumlah += lima.bit_count() + 2 * (lima & ~(lima >> 1)).bit_count()
            pola = x & ~(x >> 1) & x >> 2 & x >> 3 & x >> 4 & ~(x >> 5) & x >> 6
            kosong = ~(x | x >> 1 | x >> 2 | x >> 3)
            jumlah += 40 * (pola & (kosong >> 7 | kosong << 4)).bit_count()
        x, sama = searah[0]
        kotak = sama & sama >> self.lebar & ~(x ^ x >> self.lebar)
        return jumlah + 3 * kotak.bit_count()


_kenal: dict[tuple[int | str, str | None], _Ukuran] = {}  # 40 sizes times 4 levels at most


def _ukuran(kode: segno.QRCode, teks: str) -> _Ukuran:
    kunci = (kode.version, kode.error)
    if kunci not in _kenal:
        semua = [_angka(_kode(teks, topeng)) for topeng in range(_BANYAK_TOPENG)]
        beda = tuple(satu ^ semua[0] for satu in semua)
        _kenal[kunci] = _Ukuran(len(kode.matrix), beda)
    return _kenal[kunci]


def _potong(nama: bytes, isi: bytes) -> bytes:
    return struct.pack(">I", len(isi)) + nama + isi + struct.pack(">I", zlib.crc32(nama + isi))


def _png(ukuran: _Ukuran, angka: int, skala: int) -> bytes:
    sisi = ukuran.sisi * skala
    bit = format(angka, f"0{ukuran.lebar * ukuran.sisi}b")
    # In a picture of one bit black is 0.
    lebar = bit.replace("0", "x").replace("1", "0" * skala).replace("x", "1" * skala)
    baris = []
    for awal in range(0, len(lebar), ukuran.lebar * skala):
        isi = lebar[awal : awal + sisi].ljust(-sisi % 8 + sisi, "0")
        baris.append((b"\0" + int(isi, 2).to_bytes(len(isi) // 8)) * skala)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _potong(b"IHDR", struct.pack(">IIBBBBB", sisi, sisi, 1, 0, 0, 0, 0))
        + _potong(b"IDAT", zlib.compress(b"".join(baris)))
        + _potong(b"IEND", b"")
    )


def alamat_data(teks: str, *, skala: int) -> str:
    """Data address of the code's picture, without a margin; `skala` dots to a module."""
    dasar = _kode(teks, 0)
    ukuran = _ukuran(dasar, teks)
    angka = _angka(dasar)
    terbaik = min((angka ^ beda for beda in ukuran.beda), key=ukuran.denda)
    return "data:image/png;base64," + b64encode(_png(ukuran, terbaik, skala)).decode()
