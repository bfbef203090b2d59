"""One page: cut to size, looked at, marked, and written."""

import io
import math
from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from layanan.permohonan.pembersih.jenis import FOTO_LAGI, HALAMAN_MAKS, PDF, Ditolak

LUAS = 3_200_000  # px of a page: A4 at 180 dpi
BITA_HALAMAN = 400_000  # wanted at most; quality is lowered down to the last of MUTU
MUTU = (80, 70, 60, 50)
MINI = 128  # px: to tell papers apart, too small to read

GELAP, KOSONG, SAMAR, KABUR = "gelap", "kosong", "samar", "kabur"
_SARAN = {
    GELAP: f"{{}} terlalu gelap, tidak ada yang terbaca. {FOTO_LAGI}",
    KOSONG: "{} kosong, tidak ada tulisan yang terlihat. Periksa kertasnya, lalu foto lagi.",
    SAMAR: "{} kosong atau sangat kabur, tidak ada yang terbaca. Pegang HP diam, lalu foto lagi.",
    KABUR: "{} kabur, tulisannya tidak terbaca. Pegang HP diam sampai jelas, lalu foto lagi.",
}


def bagian_dari(lebar: float, tinggi: float) -> int:
    """Into how many pages a tall screenshot is cut."""
    return min(HALAMAN_MAKS, math.ceil(tinggi / (1.5 * lebar))) if tinggi > 3 * lebar else 1


def potong(foto: Image.Image) -> Iterator[Image.Image]:
    """A tall picture in parts, cut between two lines where there is such a place."""
    jumlah = bagian_dari(*foto.size)
    if jumlah == 1:
        yield foto
        return
    abu = foto.convert("L")
    ramai = ImageChops.difference(abu, ImageChops.offset(abu, 1, 0)).resize((1, foto.height))
    ramai_baris = list(ramai.getdata())
    atas, tinggi = 0, foto.height / jumlah
    for ke in range(1, jumlah + 1):
        bawah = foto.height
        if ke < jumlah:
            tengah, toleransi = round(ke * tinggi), round(tinggi * 0.08)
            bawah = min(
                range(tengah - toleransi, tengah + toleransi),
                key=lambda y: (ramai_baris[y], abs(y - tengah)),
            )
        yield foto.crop((0, atas, foto.width, bawah))
        atas = bawah


def kecilkan(foto: Image.Image) -> Image.Image:
    skala = min(1.0, math.sqrt(LUAS / (foto.width * foto.height)))
    if skala == 1.0:
        return foto
    ukuran = (max(1, round(foto.width * skala)), max(1, round(foto.height * skala)))
    return foto.resize(ukuran, 1, reducing_gap=3.0)  # Lanczos


def _di_atas(halaman: Image.Image, batas: int) -> int:
    return sum(halaman.histogram()[batas + 1 :])


def cela(halaman: Image.Image) -> str:
    """Whether the page is certainly too dark, blank or blurred; empty when it is not."""
    abu = halaman.convert("L")
    luas = abu.width * abu.height
    if _di_atas(abu, 45) < luas * 0.01:
        return GELAP
    if _di_atas(ImageChops.difference(abu, abu.filter(ImageFilter.BoxBlur(15))), 20) < 40:
        ragam = sorted(abu.resize((32, 32), Image.Resampling.BOX).tobytes())
        return KOSONG if ragam[-10] - ragam[10] < 40 else SAMAR
    tepi = ImageChops.difference(abu, abu.filter(ImageFilter.BoxBlur(2)))
    return KABUR if luas > 300_000 and _di_atas(tepi, 7) < max(20, luas // 20_000) else ""


def nilai(temuan: list[str], jenis: str, catatan: list[str]) -> None:
    """Refuse what nobody can read; a blank back of a sheet is only mentioned. Raises Ditolak."""
    for ke, apa in enumerate(temuan, 1):
        if not apa:
            continue
        if apa == KOSONG and set(temuan) != {KOSONG}:
            catatan.append(f"Halaman {ke} kosong.")
            continue
        siapa = "PDF ini" if jenis == PDF else "Foto ini"
        if len(set(temuan)) > 1:
            siapa = f"Halaman {ke}"
        raise Ditolak(_SARAN[apa].format(siapa))


def beri_tanda(halaman: Image.Image, font: str, teks: str) -> Image.Image:
    """A light purpose mark across the page. It only darkens, so what is dark stays as it is."""
    tinggi_huruf = max(12, min(halaman.size) // 36)
    huruf = ImageFont.truetype(font, tinggi_huruf)
    sisi = math.ceil(math.hypot(*halaman.size))
    lapis = Image.new("L", (sisi, sisi), 255)
    panjang = math.ceil(huruf.getlength(teks)) + 3 * tinggi_huruf
    sekali = Image.new("L", (panjang, 2 * tinggi_huruf), 255)
    ImageDraw.Draw(sekali).text((0, 0), teks, font=huruf, fill=214)
    for baris, y in enumerate(range(0, sisi, 6 * tinggi_huruf)):
        for x in range(-(baris % 2) * panjang // 2, sisi, panjang):
            lapis.paste(sekali, (x, y))
    lapis = lapis.rotate(30, resample=Image.Resampling.BILINEAR, fillcolor=255)
    kiri, atas = (sisi - halaman.width) // 2, (sisi - halaman.height) // 2
    lapis = lapis.crop((kiri, atas, kiri + halaman.width, atas + halaman.height))
    return ImageChops.multiply(halaman, Image.merge("RGB", (lapis,) * 3))


def jpeg(halaman: Image.Image) -> bytes:
    halaman.info.clear()  # EXIF, GPS, ICC, comments
    for mutu in MUTU:
        keluar = io.BytesIO()
        halaman.save(keluar, "JPEG", quality=mutu, optimize=True, progressive=True)
        if keluar.tell() <= BITA_HALAMAN:
            break
    return keluar.getvalue()


def satukan(halaman: list[bytes], ukuran: list[tuple[int, int]]) -> bytes:
    """A PDF of our own that shows one picture a page, and holds nothing else."""
    keluar = io.BytesIO()
    with pikepdf.new() as dokumen:
        for isi, (lebar, tinggi) in zip(halaman, ukuran, strict=True):
            titik = (lebar * 72 / 180, tinggi * 72 / 180)
            satu = dokumen.add_blank_page(page_size=titik)
            foto = pikepdf.Stream(dokumen, isi, Type=Name.XObject, Subtype=Name.Image)
            foto.Width, foto.Height, foto.BitsPerComponent = lebar, tinggi, 8
            foto.ColorSpace, foto.Filter = Name.DeviceRGB, Name.DCTDecode
            satu.obj.Resources = Dictionary(XObject=Dictionary(Foto=foto))
            gores = f"{titik[0]} 0 0 {titik[1]} 0 0 cm /Foto Do".encode()
            satu.obj.Contents = pikepdf.Stream(dokumen, gores)
        dokumen.save(keluar)
    return keluar.getvalue()
