"""The QR code: a symbol of the standard, and of the eight the one that is easiest to read."""

from base64 import b64decode
from io import BytesIO
from itertools import groupby

import pytest
import segno
from PIL import Image

from surat.kertas import qr

ALAMAT = [
    "https://bugbug-karangasem.id/cek/7K3MQ9XPLA/",
    "http://127.0.0.1:8000/cek/AAAAAAAAAA/",
    "http://127.0.0.1:8000/cek/ZZ99ZZ99ZZ/",
    "x",
    "https://contoh.id/" + "panjang/" * 20,
]


def modul(teks: str, skala: int) -> list[list[int]]:
    """Modules of the picture, dark is 1; every dot of a module has the same colour."""
    alamat = qr.alamat_data(teks, skala=skala)
    gambar = Image.open(BytesIO(b64decode(alamat.removeprefix("data:image/png;base64,"))))
    assert gambar.mode == "1"
    assert gambar.width == gambar.height
    kecil = gambar.resize((gambar.width // skala,) * 2, Image.Resampling.NEAREST)
    besar = kecil.resize(gambar.size, Image.Resampling.NEAREST)
    assert besar.tobytes() == gambar.tobytes()
    sisi = kecil.width
    return [[int(not kecil.getpixel((x, y))) for x in range(sisi)] for y in range(sisi)]


def denda(modul: list[list[int]]) -> int:
    """ISO/IEC 18004, 7.8.3.1, word by word."""
    sisi = len(modul)
    jumlah = 0
    for baris in [*modul, *map(list, zip(*modul, strict=True))]:
        sederet = [len(list(g)) for _, g in groupby(baris)]
        jumlah += sum(3 + n - 5 for n in sederet if n >= 5)
        teks = "0000" + "".join(map(str, baris)) + "0000"
        for awal in range(4, len(teks) - 10):
            if teks[awal : awal + 7] == "1011101":
                terang = "0000" in (teks[awal - 4 : awal], teks[awal + 7 : awal + 11])
                jumlah += 40 * terang
    for y in range(sisi - 1):
        for x in range(sisi - 1):
            empat = modul[y][x : x + 2] + modul[y + 1][x : x + 2]
            jumlah += 3 * (len(set(empat)) == 1)
    gelap = sum(map(sum, modul)) * 100 / sisi**2
    return jumlah + 10 * int(abs(gelap - 50) / 5)


@pytest.mark.parametrize("teks", ALAMAT)
def test_symbol_is_the_easiest_to_read_of_the_eight(teks):
    semua = [
        [list(baris) for baris in segno.make(teks, error="m", micro=False, mask=topeng).matrix]
        for topeng in range(8)
    ]

    ini = modul(teks, 4)

    assert ini in semua
    assert denda(ini) == min(map(denda, semua))


def test_codes_of_one_size_and_of_others_do_not_mix():
    pertama = [qr.alamat_data(teks, skala=4) for teks in ALAMAT]

    assert [qr.alamat_data(teks, skala=4) for teks in reversed(ALAMAT)] == pertama[::-1]
    assert len(set(pertama)) == len(ALAMAT)


@pytest.mark.parametrize("skala", [1, 3, 4])
def test_scale_changes_nothing_but_the_size(skala):
    assert modul(ALAMAT[0], skala) == modul(ALAMAT[0], 4)
