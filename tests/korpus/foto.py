"""Photos of papers as phones, scanners and apps write them; each with what must become of it."""

import io
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, PngImagePlugin

HURUF = Path("surat/kertas/fonts").resolve()
RAHASIA = b"RAHASIA-51070499"  # stands in everything that must not survive
_KATA = (
    "NIK 5107049912900001 Nama I WAYAN CONTOH Tempat/Tgl Lahir CONTOH, 31-12-1990 Alamat BR. DINAS "
    "CONTOH RT/RW 000/000 Kel/Desa BUGBUG Kecamatan KARANGASEM Agama HINDU Status KAWIN Pekerjaan "
    "PETANI/PEKEBUN Kewarganegaraan WNI Berlaku Hingga SEUMUR HIDUP"
).split()


@dataclass(frozen=True)
class Contoh:
    """One upload; `halaman`: what must be seen, `alasan`: a word of the expected refusal."""

    nama: str
    isi: bytes
    halaman: tuple[Image.Image, ...] = ()
    alasan: str = ""


def kertas(acak: random.Random, ukuran: tuple[int, int], huruf: int) -> Image.Image:
    """A paper with lines of text, lit unevenly, on a table."""
    lebar, tinggi = ukuran
    terang = acak.randint(195, 250)
    gambar = Image.new("RGB", ukuran, (terang, terang - acak.randint(0, 8), terang - 5))
    kuas = ImageDraw.Draw(gambar)
    font = ImageFont.truetype(HURUF / acak.choice(["Arimo-Regular.ttf", "Tinos-Bold.ttf"]), huruf)
    tinta = tuple(acak.randint(0, 60) for _ in range(3))
    kuas.rectangle((lebar * 0.72, tinggi * 0.2, lebar * 0.94, tinggi * 0.55), fill=(190, 60, 60))
    for y in range(huruf, tinggi - 2 * huruf, round(1.7 * huruf)):
        baris = " ".join(acak.choices(_KATA, k=6))
        kuas.text((huruf, y), baris, font=font, fill=tinta)
    cahaya = Image.linear_gradient("L").resize(ukuran).point(lambda v: 190 + v // 4)
    gelap = Image.new("RGB", ukuran, "black")
    return Image.composite(gambar, gelap, cahaya)


def terpotret(acak: random.Random, gambar: Image.Image) -> Image.Image:
    """As a hand-held camera sees it: a little askew, soft, noisy, darker or brighter."""
    gambar = gambar.rotate(acak.uniform(-4, 4), resample=2, fillcolor=(120, 90, 60))
    gambar = gambar.filter(ImageFilter.GaussianBlur(acak.uniform(0, 1.2)))
    gambar = ImageEnhance.Brightness(gambar).enhance(acak.uniform(0.55, 1.15))
    if acak.random() < 0.5:
        derau = Image.effect_noise(gambar.size, acak.uniform(2, 9)).convert("RGB")
        gambar = Image.blend(gambar, derau, 0.06)
    return gambar


# --- EXIF and other company ----------------------------------------------------------------------

_BALIK = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # undoes the orientation


def exif(arah: int) -> bytes:
    data = Image.Exif()
    data[0x0112] = arah
    data[0x010E] = RAHASIA.decode()
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "S", (8.0, 27.0, 31.0)
    return data.tobytes()


def exif_rusak(acak: random.Random) -> bytes:
    """Tags that many readers trip over: a rational that points nowhere, a count beyond the end."""
    jenis, jumlah = acak.choice([(5, 1), (3, 60000), (10, 9), (2, 2**31), (13, 4)])
    tag = struct.pack("<HHHIIHHIHH", 2, 0x011A, jenis, jumlah, 0xFFFFFF00, 0x0112, 3, 1, 1, 0)
    return b"Exif\0\0II*\0\x08\0\0\0" + tag + b"\0\0\0\0" + RAHASIA


def _segmen(jpeg: bytes, *tambahan: tuple[int, bytes]) -> bytes:
    isi = b"".join(
        b"\xff" + bytes([tanda]) + struct.pack(">H", len(data) + 2) + data
        for tanda, data in tambahan
    )
    return jpeg[:2] + isi + jpeg[2:]


def _jpeg(gambar: Image.Image, **simpan) -> bytes:
    keluar = io.BytesIO()
    gambar.save(keluar, "JPEG", **({"quality": 88} | simpan))
    return keluar.getvalue()


def _simpan(gambar: Image.Image, jenis: str, **simpan) -> bytes:
    keluar = io.BytesIO()
    gambar.save(keluar, jenis, **simpan)
    return keluar.getvalue()


# --- How it is written ---------------------------------------------------------------------------

Penulis = Callable[[random.Random, Image.Image], bytes]


def _jpeg_ponsel(acak: random.Random, gambar: Image.Image) -> bytes:
    arah = acak.randint(1, 8)
    balik = _BALIK[arah]
    putar = gambar if balik is None else gambar.transpose(balik)
    return _segmen(
        _jpeg(putar, exif=exif(arah), comment=RAHASIA, progressive=acak.random() < 0.3),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + RAHASIA + b"</x:xmpmeta>"),
        (0xED, b"Photoshop 3.0\0008BIM\x04\x04\0\0\0\0\0\x10" + RAHASIA),
    )


def _jpeg_exif_rusak(acak: random.Random, gambar: Image.Image) -> bytes:
    return _segmen(_jpeg(gambar), (0xE1, exif_rusak(acak)))


def _jpeg_ekor(acak: random.Random, gambar: Image.Image) -> bytes:
    ekor = acak.choice(
        [
            b"\0\0\0\x18ftypmp42" + acak.randbytes(300_000),
            b"\0" * 5000,
            b"<html>" + RAHASIA * 50,
            b"PK\x03\x04" + acak.randbytes(900),
        ]
    )
    return _jpeg(gambar, exif=exif(1)) + ekor + RAHASIA


def _jpeg_awalan(acak: random.Random, gambar: Image.Image) -> bytes:
    return acak.choice([b"\0\0", b"\r\n", b"HTTP/1.1 200 OK\r\n\r\n" + RAHASIA]) + _jpeg(gambar)


def _jpeg_cmyk(acak: random.Random, gambar: Image.Image) -> bytes:
    return _jpeg(gambar.convert("CMYK"))


def _jpeg_abu(acak: random.Random, gambar: Image.Image) -> bytes:
    return _jpeg(gambar.convert("L"), exif=exif(1))


def _mpo(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(
        gambar, "MPO", save_all=True, append_images=[gambar.resize((200, 150))], exif=exif(1)
    )


def _png(acak: random.Random, gambar: Image.Image) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", RAHASIA.decode())
    info.add_itxt("XML:com.adobe.xmp", RAHASIA.decode())
    mode = acak.choice(["RGB", "RGBA", "P", "L", "LA", "1"])
    return _simpan(gambar.convert(mode), "PNG", pnginfo=info, exif=exif(1)) + RAHASIA


def _png_bening(acak: random.Random, gambar: Image.Image) -> bytes:
    """Only the ink is opaque."""
    alfa = gambar.convert("L").point(lambda v: 255 if v < 130 else 0)
    gambar = gambar.convert("RGBA")
    gambar.putalpha(alfa)
    return _simpan(gambar, "PNG")


def _enam_belas(gambar: Image.Image) -> Image.Image:
    return gambar.convert("I").point(lambda v: v * 257).convert("I;16")


def _png16(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(_enam_belas(gambar.convert("L")), "PNG")


def _tiff(acak: random.Random, gambar: Image.Image) -> bytes:
    mode, padat = acak.choice(
        [("RGB", "jpeg"), ("RGB", "tiff_lzw"), ("L", "packbits"), ("1", "group4"), ("CMYK", "raw")]
    )
    return _simpan(gambar.convert(mode), "TIFF", compression=padat, description=RAHASIA.decode())


def _tiff16(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(_enam_belas(gambar.convert("L")), "TIFF", compression="tiff_deflate")


def _webp(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(
        gambar, "WEBP", lossless=acak.random() < 0.2, quality=82, exif=exif(1), xmp=RAHASIA
    )


def _heic(acak: random.Random, gambar: Image.Image) -> bytes:
    pillow_heif.register_heif_opener()
    isi = _simpan(gambar, "HEIF", quality=70, exif=exif(1))
    merek = acak.choice([b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"mif2", b"msf1"])
    return isi[:8] + merek + isi[12:]


def _avif(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(gambar, "AVIF", quality=70, speed=9, exif=exif(1))


def _gif(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(gambar, "GIF", comment=RAHASIA)


def _bmp(acak: random.Random, gambar: Image.Image) -> bytes:
    return _simpan(gambar, "BMP")


PENULIS: tuple[Penulis, ...] = (
    *(_jpeg_ponsel,) * 8,
    *(_jpeg_exif_rusak,) * 2,
    *(_jpeg_ekor, _jpeg_awalan, _png, _heic, _webp) * 2,
    *(_jpeg_cmyk, _jpeg_abu, _mpo, _png_bening, _png16, _tiff, _tiff16, _avif, _gif, _bmp),
)
_UKURAN = ((640, 480), (1000, 630), (1280, 960), (1600, 1200), (1500, 2100), (2600, 1950))


def _terbaca(acak: random.Random, ke: int) -> Contoh:
    ukuran = (4000, 3000) if ke % 25 == 0 else acak.choice(_UKURAN)
    gambar = terpotret(acak, kertas(acak, ukuran, max(16, ukuran[1] // acak.randint(22, 45))))
    penulis = PENULIS[ke % len(PENULIS)]
    return Contoh(penulis.__name__.strip("_"), penulis(acak, gambar), (gambar,))


def _layar_panjang(acak: random.Random, ke: int) -> Contoh:
    gambar = kertas(acak, (acak.choice([720, 1080]), acak.randint(5000, 24000)), 34)
    return Contoh("layar_panjang", _simpan(gambar, "PNG", compress_level=1), (gambar,))


def _tiff_berhalaman(acak: random.Random, ke: int) -> Contoh:
    semua = [kertas(acak, (1200, 1700), 30) for _ in range(acak.randint(2, 4))]
    isi = _simpan(semua[0], "TIFF", save_all=True, append_images=semua[1:], compression="tiff_lzw")
    return Contoh("tiff_berhalaman", isi, tuple(semua))


def _buruk(acak: random.Random, ke: int) -> Contoh:
    """What nobody could read, and the word by which it must be refused."""
    gambar = kertas(acak, (1600, 1200), 28)
    pilih = ke % 7
    if pilih == 0:
        return Contoh("gelap", _jpeg(ImageEnhance.Brightness(gambar).enhance(0.1)), (), "gelap")
    if pilih == 1:
        return Contoh("hitam", _jpeg(Image.new("RGB", (1600, 1200))), (), "gelap")
    if pilih == 2:
        polos = Image.new("RGB", (1600, 1200), (acak.randint(200, 255),) * 3)
        return Contoh("putih", _jpeg(polos), (), "kosong")
    if pilih == 3:
        kabur = gambar.filter(ImageFilter.GaussianBlur(14))
        return Contoh("kabur", _jpeg(kabur), (), "kabur")
    if pilih == 4:
        isi = _jpeg(gambar)
        return Contoh("terpotong", isi[: len(isi) * acak.randint(20, 85) // 100], (), "terpotong")
    if pilih == 5:
        return Contoh("mungil", _jpeg(gambar.resize((48, 36))), (), "terlalu kecil")
    satu, dua = (Image.new("RGB", (512, 512), w) for w in ("red", "blue"))
    stiker = _simpan(satu, "WEBP", save_all=True, append_images=[dua])
    return Contoh("stiker", stiker, (), "stiker")


def satu(ke: int, benih: int = 2026) -> Contoh:
    """Photo number `ke`: the same for the same seed. One in twelve is unreadable."""
    acak = random.Random(benih * 100_000 + ke)
    if ke % 12 == 11:
        return _buruk(acak, ke // 12)
    if ke % 50 == 17:
        return _layar_panjang(acak, ke)
    if ke % 50 == 33:
        return _tiff_berhalaman(acak, ke)
    return _terbaca(acak, ke)
