"""The emblem: what may be uploaded, what is kept, and what letters do with it."""

import random
import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from layanan.contoh import gambar as gambar_contoh
from surat.kertas import lambang, pdf
from surat.models import Lambang
from surat.naskah import gaya

pytestmark = pytest.mark.django_db

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RUSAK = "Gambar ini rusak atau bukan PNG, JPG, atau WebP. Pilih gambar lambang yang lain."


def perisai(ukuran=(320, 400), mode="RGBA") -> Image.Image:
    satu = Image.new(mode, ukuran, (0, 0, 0, 0) if mode == "RGBA" else "white")
    lebar, tinggi = ukuran
    ImageDraw.Draw(satu).ellipse((0, 0, lebar - 1, tinggi - 1), fill="darkgreen")
    return satu


def berkas(satu: Image.Image, bentuk: str = "PNG", **lain) -> SimpleUploadedFile:
    keluar = BytesIO()
    satu.save(keluar, bentuk, **lain)
    return SimpleUploadedFile("lambang.png", keluar.getvalue(), "image/png")


def mentah(isi: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("lambang.png", isi, "image/png")


def terima(unggahan, oleh=None) -> Lambang:
    return lambang.terima(unggahan, oleh=oleh, pada=PADA)


def buka(satu: Lambang) -> Image.Image:
    return Image.open(BytesIO(bytes(satu.png)))


@pytest.mark.parametrize("bentuk", ["PNG", "JPEG", "WEBP"])
def test_picture_becomes_a_png_with_its_size_and_uploader(bentuk, admin_desa):
    satu = terima(berkas(perisai(mode="RGB"), bentuk), oleh=admin_desa)

    assert (satu.lebar, satu.tinggi) == buka(satu).size == (320, 400)
    assert (satu.diunggah_oleh, satu.diunggah_pada) == (admin_desa, PADA)
    assert buka(satu).format == "PNG"
    warna = buka(satu).convert("RGBA").getpixel((160, 200))
    assert warna == pytest.approx((0, 100, 0, 255), abs=12)


def test_transparency_stays_and_an_empty_rim_is_cut_off():
    lebar = Image.new("RGBA", (800, 900), (0, 0, 0, 0))
    lebar.paste(perisai(), (200, 300))

    satu = terima(berkas(lebar))

    assert (satu.lebar, satu.tinggi) == (320, 400)
    assert buka(satu).convert("RGBA").getpixel((0, 0))[3] == 0
    assert buka(satu).convert("RGBA").getpixel((160, 200))[3] == 255


def test_large_picture_is_scaled_down_in_proportion():
    satu = terima(berkas(perisai((2400, 3000))))

    assert (satu.lebar, satu.tinggi) == (320, 400)


def test_photo_is_turned_as_its_camera_says_and_loses_what_it_knows():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera rahasia"  # turned by 90 degrees
    info = PngInfo()
    info.add_text("Author", "Nama rahasia")

    foto = terima(berkas(perisai((400, 320), "RGB"), "JPEG", exif=exif))
    png = terima(berkas(perisai(), pnginfo=info))

    assert (foto.lebar, foto.tinggi) == (320, 400)
    assert b"rahasia" not in bytes(foto.png) + bytes(png.png)
    assert set(buka(png).info) <= {"transparency"}


def test_same_picture_twice_is_one_row():
    satu, dua = terima(berkas(perisai())), terima(berkas(perisai()))
    lain = terima(berkas(perisai((300, 300))))

    assert satu == dua != lain
    assert Lambang.objects.count() == 2


def test_even_noise_becomes_light():
    acak = random.Random(3)
    bising = Image.frombytes("RGB", (900, 900), acak.randbytes(900 * 900 * 3))

    satu = terima(berkas(bising))

    assert len(bytes(satu.png)) < 30_000
    assert min(satu.lebar, satu.tinggi) >= 160


@pytest.mark.parametrize(
    "isi",
    [
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"\xef\xbb\xbf  <svg onload=alert(1)><script>1</script></svg>",
        b"<!-- x --><!DOCTYPE svg><svg/>",
    ],
)
def test_svg_is_refused_with_the_way_to_a_png(isi):
    with pytest.raises(lambang.LambangDitolak, match="ekspor sebagai PNG"):
        terima(mentah(isi))

    assert Lambang.objects.count() == 0


def _png_palsu(lebar: int, tinggi: int) -> bytes:
    """A PNG whose header promises a huge picture and whose body has nearly nothing."""

    def potong(nama: bytes, isi: bytes) -> bytes:
        return struct.pack(">I", len(isi)) + nama + isi + struct.pack(">I", zlib.crc32(nama + isi))

    kepala = struct.pack(">IIBBBBB", lebar, tinggi, 8, 2, 0, 0, 0)
    badan = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + potong(b"IHDR", kepala)
        + potong(b"IDAT", badan)
        + potong(b"IEND", b"")
    )


def test_bomb_is_refused_by_its_header(monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))

    for sisi, awal in ((5000, "Gambar ini 5000 × 5000 piksel, "), (60_000, "Gambar ini ")):
        with pytest.raises(lambang.LambangDitolak) as galat:
            terima(mentah(_png_palsu(sisi, sisi)))
        assert str(galat.value).startswith(f"{awal}terlalu besar. Perkecil sampai sekitar 400")


def test_too_many_bytes_are_refused_unread():
    besar = mentah(b"x" * (lambang.BYTE_MAKS + 1))

    with pytest.raises(lambang.LambangDitolak, match="lebih dari 5 MB"):
        terima(besar)


def _potong(unggahan: SimpleUploadedFile) -> bytes:
    return unggahan.read()[:300]


@pytest.mark.parametrize(
    ("isi", "kalimat"),
    [
        (b"", "Berkas ini kosong. Pilih gambar lambang yang lain."),
        (b"%PDF-1.7", RUSAK),
        (b"GIF89a" + b"\0" * 60, RUSAK),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, RUSAK),
        (b"\xff\xd8\xff\xe0" + b"\0" * 60, RUSAK),
        (_png_palsu(400, 400), RUSAK),
    ],
)
def test_what_is_no_picture_is_refused(isi, kalimat):
    with pytest.raises(lambang.LambangDitolak) as galat:
        terima(mentah(isi))

    assert str(galat.value) == kalimat


@pytest.mark.parametrize("bentuk", ["PNG", "WEBP"])
def test_moving_picture_is_refused(bentuk):
    gerak = berkas(perisai(), bentuk, save_all=True, append_images=[perisai(mode="RGB")])

    with pytest.raises(lambang.LambangDitolak, match="Gambar bergerak"):
        terima(gerak)


@pytest.mark.parametrize(
    "satu",
    [perisai((39, 400)), Image.new("RGBA", (400, 400), (0, 0, 0, 0))],
    ids=["sempit", "kosong"],
)
def test_picture_that_shows_nothing_is_refused(satu):
    with pytest.raises(lambang.LambangDitolak, match="kosong atau terlalu kecil"):
        terima(berkas(satu))


# --- In letters --------------------------------------------------------------------------------


def _pasang(satu: Lambang | None) -> None:
    tata = gaya.tata_naskah()
    tata.lambang = satu
    tata.save()


@pytest.mark.kertas
def test_letter_keeps_the_emblem_of_its_day(terbit):
    lama, baru = terima(berkas(perisai())), terima(berkas(perisai((300, 300))))
    _pasang(lama)
    surat = terbit()
    byte, _ = pdf.buat(surat.data)
    _pasang(baru)

    lagi, _ = pdf.buat(surat.data)

    assert surat.data["kop"]["lambang"] == lama.sha256
    assert lagi == byte
    assert lambang.alamat(bytes(lama.png)) in pdf.html(surat.data)


def test_letter_without_emblem_has_none(terbit):
    _pasang(None)

    data = terbit().data

    assert data["kop"]["lambang"] == ""
    assert "Lambang pada kop surat" not in pdf.html(data)


@pytest.mark.kertas
def test_letter_is_never_printed_without_the_emblem_it_names(terbit):
    data = terbit().data
    data["kop"]["lambang"] = "0" * 64

    with pytest.raises(Lambang.DoesNotExist):
        pdf.buat(data)


def test_emblem_is_read_from_the_database_once(terbit, django_assert_num_queries):
    satu = terima(berkas(perisai((310, 310))))
    lambang.cari.cache_clear()

    with django_assert_num_queries(1):
        assert lambang.cari(satu.sha256) == lambang.cari(satu.sha256)


def test_emblem_of_the_demo_is_always_the_same():
    satu, dua = terima(gambar_contoh.lambang()), terima(gambar_contoh.lambang())

    assert satu == dua
    assert len(bytes(satu.png)) < 12_000
