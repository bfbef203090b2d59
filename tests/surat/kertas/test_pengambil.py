"""What WeasyPrint may open for a paper."""

import pytest

from surat.kertas import kertas, mesin

pytestmark = [pytest.mark.sekali, pytest.mark.kertas]


@pytest.mark.parametrize(
    "alamat",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://server/etc/passwd",
        f"{kertas.FONT.as_uri()}/../kertas.css",
        f"{kertas.FONT.as_uri()}/%2e%2e/kertas.css",
        f"{kertas.FONT.as_uri()}2/x.ttf",
        "http://127.0.0.1/x.png",
        "ftp://127.0.0.1/x",
        "x.png",
    ],
)
def test_nothing_but_our_fonts_is_opened(alamat):
    with pytest.raises(ValueError, match=r"fonts|protocol|absolute"):
        mesin.Pengambil().fetch(alamat)


def test_fonts_and_pictures_that_come_along_are_read():
    huruf = mesin.Pengambil().fetch((kertas.FONT / "Arimo-Bold.ttf").as_uri())
    gambar = mesin.Pengambil().fetch("data:text/plain;base64,QUJD")

    assert huruf.read(4) == b"\0\1\0\0"
    assert gambar.read() == b"ABC"
