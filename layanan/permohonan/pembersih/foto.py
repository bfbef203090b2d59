"""Photos and scans become pages: upright, in RGB, on white, of a size that can be read."""

import io
import math
import warnings
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageFile, TiffImagePlugin

from layanan.permohonan.pembersih.halaman import LUAS, bagian_dari, kecilkan, potong
from layanan.permohonan.pembersih.jenis import (
    AVIF,
    BMP,
    GIF,
    HEIF,
    JPEG,
    PNG,
    STIKER,
    TERPOTONG,
    TIFF,
    WEBP,
    Ditolak,
    periksa_jumlah,
)

PIKSEL_MAKS = 120_000_000
PIKSEL_JPEG = 260_000_000  # decoded at a fraction of the size
SISI_TERKECIL, SISI_TERPANJANG_MIN = 50, 60  # px; below, nothing can be read
_FORMAT = {
    JPEG: ["JPEG", "MPO"],
    PNG: ["PNG"],
    WEBP: ["WEBP"],
    HEIF: ["HEIF", "AVIF"],
    AVIF: ["AVIF", "HEIF"],
    TIFF: ["TIFF"],
    GIF: ["GIF"],
    BMP: ["BMP"],
}
_PUTAR = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # EXIF orientation: Image.Transpose


def halaman_foto(isi: bytes, jenis: str) -> Iterator[Image.Image]:
    """The pages of a photo or scan: upright, in RGB, on white, of at most LUAS each."""
    if jenis in (HEIF, AVIF):
        import pillow_heif

        pillow_heif.register_heif_opener()
        if jenis == HEIF:
            isi = isi[:8] + b"mif1" + isi[12:]  # brands that the reader has never heard of
    # It would turn the picture by an EXIF that may be broken; we turn it ourselves.
    TiffImagePlugin.TiffImageFile.load_end = lambda self: None  # type: ignore[method-assign]
    Image.MAX_IMAGE_PIXELS = PIKSEL_JPEG // 2  # the error is raised at twice as much
    warnings.simplefilter("ignore")
    with Image.open(io.BytesIO(isi), formats=_FORMAT[jenis]) as foto:
        _periksa_ukuran(foto)
        if jenis == WEBP and (getattr(foto, "n_frames", 1) > 1 or _stiker(foto)):
            raise Ditolak(STIKER)
        jumlah = getattr(foto, "n_frames", 1) if jenis == TIFF else 1
        periksa_jumlah(jumlah)
        for ke in range(jumlah):
            if jumlah > 1:
                foto.seek(ke)
                _periksa_ukuran(foto)
            if foto.format in ("JPEG", "MPO"):
                foto.draft("RGB", _muat(*foto.size, LUAS))
            tegak = _tegak(_rgb(_muat_semua(foto)), foto)
            for bagian in potong(tegak):
                yield kecilkan(bagian)


def _periksa_ukuran(foto: Image.Image) -> None:
    lebar, tinggi = foto.size
    if min(lebar, tinggi) < SISI_TERKECIL or max(lebar, tinggi) < SISI_TERPANJANG_MIN:
        raise Ditolak(
            f"Gambar ini terlalu kecil untuk dibaca ({lebar}×{tinggi} titik). Kirim foto aslinya."
        )
    maks = PIKSEL_JPEG if foto.format in ("JPEG", "MPO") else PIKSEL_MAKS
    if lebar * tinggi > maks:
        raise Ditolak("Foto ini terlalu besar. Ambil foto dengan ukuran lebih kecil.")


def _stiker(foto: Image.Image) -> bool:
    """Stickers of WhatsApp: 512 × 512 with nothing around the figure."""
    return foto.size == (512, 512) and foto.mode == "RGBA" and _alfa_kosong(foto)


def _alfa_kosong(foto: Image.Image) -> bool:
    return foto.getchannel("A").histogram()[0] > foto.width * foto.height // 20


def _muat_semua(foto: Image.Image) -> Image.Image:
    """Decode; what is cut off may miss a sliver at the end, no more."""
    try:
        foto.load()
    except OSError as galat:
        if "truncated" not in str(galat) and "unexpected end" not in str(galat).lower():
            raise
        if foto.info.get("progressive"):  # all of it would be there, but nowhere sharp
            raise Ditolak(TERPOTONG) from None
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        foto.load()
        if _ekor_kosong(foto) > 0.02:
            raise Ditolak(TERPOTONG) from None
    return foto


def _ekor_kosong(foto: Image.Image) -> float:
    """How much of the height, from below, is one and the same colour."""
    kecil = foto.convert("RGB").resize((64, 256), 0)
    baris = 256
    akhir = kecil.crop((0, 255, 64, 256)).getextrema()
    while baris and kecil.crop((0, baris - 1, 64, baris)).getextrema() == akhir:
        baris -= 1
    datar = all(rendah == tinggi for rendah, tinggi in akhir)  # type: ignore[misc]
    return (256 - baris) / 256 if datar else 0.0


def _rgb(foto: Image.Image) -> Image.Image:
    """Any mode as RGB: deep grey is scaled, not clipped; what shows through shows white."""
    if foto.mode.startswith(("I", "F")):
        angka = foto.convert("F")
        terang = float(angka.getextrema()[1])  # type: ignore[arg-type]
        penuh = 2 ** max(8, math.ceil(math.log2(terang + 1))) - 1 if terang > 1 else 1
        return angka.point(lambda nilai: nilai * (255 / penuh)).convert("L").convert("RGB")
    if foto.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(foto, lab, srgb, outputMode="RGB") or foto
    if foto.has_transparency_data:
        bening = foto.convert("RGBA")
        latar = Image.new("RGBA", bening.size, "white")
        return Image.alpha_composite(latar, bening).convert("RGB")
    return foto.convert("RGB")


def _tegak(rgb: Image.Image, foto: Image.Image) -> Image.Image:
    """Turned as its EXIF says, if that can be read at all."""
    try:
        arah = foto.getexif().get(0x0112, 1)
    except Exception:  # a picture on its side is better than none
        arah = 1
    if foto.format == "TIFF":
        arah = getattr(foto, "tag_v2", {}).get(0x0112, 1)
    cara = _PUTAR.get(arah) if isinstance(arah, int) else None
    return rgb if cara is None else rgb.transpose(cara)  # type: ignore[arg-type]


def _muat(lebar: int, tinggi: int, luas: float) -> tuple[int, int]:
    """The size scaled down to `luas`; of long strips the area of a page for each part."""
    luas *= bagian_dari(lebar, tinggi)
    skala = min(1.0, math.sqrt(luas / (lebar * tinggi)))
    return max(1, round(lebar * skala)), max(1, round(tinggi * skala))
