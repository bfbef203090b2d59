"""What becomes of an upload: pictures of its pages, with all their ink and nothing else.

A sample of the corpus, in small and without the program around it; the whole, run as the worker
runs it, is `python -m tests.korpus` (docs/keamanan.md has its figures).
"""

import io
import random
import struct
from functools import cache

import pikepdf
import pillow_heif
import pymupdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFilter

from layanan.permohonan.pembersih import foto as foto_
from layanan.permohonan.pembersih import halaman as halaman_
from layanan.permohonan.pembersih.jenis import Ditolak, kenali
from tests.korpus import foto, pdf
from tests.korpus.__main__ import (
    Hasil,
    ada_jahat,
    benar,
    bersihkan,
    isi_halaman,
)
from tests.korpus.foto import RAHASIA, Contoh
from tests.korpus.tinta import bagian_tersisa
from tests.pembersih import bersihkan as bersihkan_di_sini


@cache
def _kertas() -> Image.Image:
    return foto.kertas(random.Random(7), (600, 380), 20)


def _sebagai(jenis: str, gambar: Image.Image | None = None, **simpan) -> bytes:
    keluar = io.BytesIO()
    (gambar or _kertas()).save(keluar, jenis, **simpan)
    return keluar.getvalue()


def _putusan(isi: bytes, *asli: Image.Image) -> dict:
    """The verdict on these bytes; when they are accepted, they have kept their ink."""
    hasil = bersihkan(Contoh("uji", isi, asli or (_kertas(),)), bersihkan_di_sini)
    assert hasil.gagal == ""
    assert "alasan" in hasil.putusan or hasil.tinta >= 0.99
    return hasil.putusan


# --- The measure itself --------------------------------------------------------------------------


def test_measure_notices_what_is_missing():
    asli = _kertas()
    tanpa_baris = asli.copy()
    ImageDraw.Draw(tanpa_baris).rectangle((0, 60, 700, 160), fill=tanpa_baris.getpixel((5, 5)))

    assert bagian_tersisa(asli, asli) == 1
    assert bagian_tersisa(asli, tanpa_baris) < 0.97
    assert bagian_tersisa(asli, Image.new("RGB", asli.size, "white")) == 0


# --- A sample of the corpus ----------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _kecil(monkeypatch):
    """A quarter of a megapixel, a page of an identity card: as good for what is lost or kept."""
    monkeypatch.setattr(foto, "_UKURAN", ((640, 480),))
    monkeypatch.setattr(pdf, "_UKURAN", ((243, 153),))


def _periksa(hasil: Hasil) -> None:
    assert benar(hasil), (hasil.contoh.nama, hasil.gagal, hasil.putusan, hasil.tinta)


# One of each writer, and (number 11) one that nobody could read.
_FOTO = {
    foto.PENULIS[ke % len(foto.PENULIS)]: ke
    for ke in reversed(range(100))
    if ke % 25 and ke % 12 != 11 and ke % 50 not in (17, 33)
}


@pytest.mark.parametrize("ke", [11, *sorted(_FOTO.values())])
def test_photo_keeps_its_ink_and_nothing_else(ke):
    _periksa(bersihkan(foto.satu(ke), bersihkan_di_sini))


@pytest.mark.lambat  # scans of whole sheets
@pytest.mark.parametrize("ke", [*range(len(pdf.PEMBUAT)), 25])  # 11 is locked; 25 in its stead
def test_pdf_keeps_its_ink_and_nothing_else(ke):
    _periksa(bersihkan(pdf.satu(ke), bersihkan_di_sini))


@pytest.mark.parametrize(("korpus", "ke"), [(foto, 1), (foto, 13), (pdf, 5), (pdf, 11)])
def test_program_does_the_same_in_an_empty_environment_lambat(korpus, ke):
    """A photo with all that phones add, a HEIC, a PDF of several pages, and what is locked."""
    _periksa(bersihkan(korpus.satu(ke)))


def test_hostile_pdf_really_holds_what_is_looked_for():
    assert ada_jahat(pdf.jahat(random.Random(1))) == RAHASIA


# --- Kinds that people have reported -------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L"])
def test_every_kind_of_png_is_read(mode):
    assert _putusan(_sebagai("PNG", _kertas().convert(mode)))["jenis"] == "image/jpeg"


@pytest.mark.parametrize("bit", [10, 12, 16])
def test_deep_grey_of_a_scanner_is_scaled_and_not_clipped_to_white(bit):
    skala = (2**bit - 1) / 255
    dalam = _kertas().convert("L").convert("I").point(lambda v: v * skala).convert("I;16")

    assert _putusan(_sebagai("PNG", dalam))["halaman"] == 1
    assert _putusan(_sebagai("TIFF", dalam))["halaman"] == 1


@cache
def _heic() -> bytes:
    pillow_heif.register_heif_opener()
    return _sebagai("HEIF", quality=70)


@pytest.mark.parametrize(
    "merek", [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"]
)
def test_heic_of_any_brand_is_read(merek):
    isi = _heic()

    assert _putusan(isi[:8] + merek + isi[12:])["jenis"] == "image/jpeg"


@pytest.mark.parametrize("jenis", ["AVIF", "TIFF", "GIF", "BMP", "WEBP"])
def test_other_formats_of_phones_and_scanners_are_read(jenis):
    assert _putusan(_sebagai(jenis))["jenis"] == "image/jpeg"


@pytest.mark.parametrize(
    ("jenis", "arah"), [*[("JPEG", n) for n in range(1, 9)], ("TIFF", 6), ("PNG", 3), ("WEBP", 8)]
)
def test_each_orientation_of_each_format_stands_upright(arah, jenis):
    balik = foto._BALIK[arah]
    tegak = _kertas()
    gambar = tegak if balik is None else tegak.transpose(balik)
    lain = {"tiffinfo": {0x0112: arah}} if jenis == "TIFF" else {"exif": foto.exif(arah)}

    assert _putusan(_sebagai(jenis, gambar, **lain), tegak)["halaman"] == 1


@pytest.mark.parametrize("ke", range(5))
def test_broken_exif_does_not_cost_the_photo(ke):
    isi = foto._segmen(_sebagai("JPEG"), (0xE1, foto.exif_rusak(random.Random(ke))))

    assert _putusan(isi)["jenis"] == "image/jpeg"


@pytest.mark.parametrize(
    "ubah",
    [
        lambda isi: isi + b"\0\0\0\x18ftypmp42" + random.Random(1).randbytes(400_000),
        lambda isi: b"\0\0" + isi,
        lambda isi: b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + isi,
        lambda isi: isi[:-2],
        lambda isi: isi + b"ekor" * 99,
    ],
    ids=["foto bergerak", "diawali nol", "kepala http", "tanpa penutup", "berekor"],
)
def test_what_stands_before_or_behind_a_photo_is_no_reason_to_refuse_it(ubah):
    assert _putusan(ubah(_sebagai("JPEG")))["jenis"] == "image/jpeg"


def test_every_page_of_a_tiff_is_kept():
    semua = [foto.kertas(random.Random(n), (500, 700), 20) for n in range(3)]
    isi = _sebagai("TIFF", semua[0], save_all=True, append_images=semua[1:])

    assert _putusan(isi, *semua) == {"jenis": "application/pdf", "halaman": 3, "catatan": ""}


def test_tall_screenshot_is_cut_into_pages_that_can_be_read():
    panjang = foto.kertas(random.Random(3), (360, 2000), 20)

    hasil = bersihkan(Contoh("panjang", _sebagai("PNG", panjang), (panjang,)), bersihkan_di_sini)

    assert hasil.putusan["halaman"] == 4
    assert hasil.tinta >= 0.99


@pytest.mark.parametrize("jenis", ["JPEG", "PNG"])
def test_photo_of_many_megapixels_is_shrunk_unless_it_must_be_decoded_whole(jenis, monkeypatch):
    """A camera's JPEG is decoded at a fraction of its size."""
    monkeypatch.setattr(foto_, "PIKSEL_MAKS", 200_000)
    monkeypatch.setattr(foto_, "PIKSEL_JPEG", 300_000)
    monkeypatch.setattr(halaman_, "LUAS", 100_000)
    besar = _kertas()  # 228,000 pixels

    putusan = _putusan(_sebagai(jenis, besar))

    assert ("terlalu besar" in putusan.get("alasan", "")) == (jenis == "PNG")


def test_program_has_memory_for_a_photo_of_many_megapixels_lambat():
    besar = _kertas().convert("L").resize((12000, 9000), Image.Resampling.NEAREST)

    hasil = bersihkan(Contoh("besar", _sebagai("JPEG", besar, quality=60), (_kertas(),)))

    assert hasil.putusan["jenis"] == "image/jpeg", hasil


def test_page_is_small_enough_for_a_slow_line_and_large_enough_to_read():
    keluar = halaman_.jpeg(halaman_.kecilkan(foto.kertas(random.Random(5), (4000, 3000), 60)))

    with Image.open(io.BytesIO(keluar)) as gambar:
        assert 3_100_000 < gambar.width * gambar.height <= 3_201_000
    assert len(keluar) <= halaman_.BITA_HALAMAN


@pytest.mark.parametrize(
    ("ubah", "kata"),
    [
        (lambda _: Image.new("RGB", (800, 600)), "terlalu gelap"),
        (lambda _: Image.new("RGB", (800, 600), "white"), "kosong"),
        (lambda kertas: kertas.point(lambda v: v // 12), "terlalu gelap"),
        (lambda k: k.resize((1600, 1000)).filter(ImageFilter.GaussianBlur(7)), "kabur"),
        (lambda kertas: kertas.resize((48, 30)), "terlalu kecil"),
    ],
    ids=["hitam", "putih", "gelap", "kabur", "mungil"],
)
def test_what_nobody_can_read_is_named_at_once(ubah, kata):
    assert kata in _putusan(_sebagai("JPEG", ubah(_kertas())))["alasan"]


def test_moving_sticker_is_no_photo():
    dua = _sebagai("WEBP", save_all=True, append_images=[Image.new("RGB", _kertas().size, "red")])

    assert _putusan(dua)["alasan"].startswith("Ini stiker, bukan foto.")


# --- PDF -----------------------------------------------------------------------------------------


def _surat() -> pymupdf.Document:
    return pdf._dasar(random.Random(2))


def _dari_pdf(isi: bytes) -> dict:
    return _putusan(isi, *pdf.lukisan(isi))


def test_value_of_a_form_is_seen_by_the_office():
    isi = pdf._formulir(random.Random(4))
    tanpa = list(pdf.lukisan(_surat().tobytes()))

    assert _dari_pdf(isi)["jenis"] == "image/jpeg"
    (dengan,) = pdf.lukisan(isi)
    assert bagian_tersisa(dengan, tanpa[0].resize(dengan.size)) < 0.99  # so there was something


@pytest.mark.parametrize("kunci", [String("/Encrypt"), Name("/EncryptMetadata")])
def test_word_encrypt_in_a_pdf_that_is_not_locked_is_no_reason_to_refuse_it(kunci):
    keluar = io.BytesIO()
    with pikepdf.open(io.BytesIO(_surat().tobytes())) as dok:
        dok.Root.Uji = kunci
        dok.save(keluar)

    assert _dari_pdf(keluar.getvalue())["jenis"] == "image/jpeg"


def test_portfolio_is_named_with_what_to_do():
    keluar = io.BytesIO()
    with pikepdf.open(io.BytesIO(_surat().tobytes())) as dok:
        dok.attachments["ktp.pdf"] = b"isi"
        dok.Root.Collection = Dictionary(Type=Name.Collection)
        dok.save(keluar)

    alasan = _dari_pdf(keluar.getvalue())["alasan"]
    assert alasan.startswith("PDF ini hanya sampul; isinya 1 berkas di dalamnya.")
    assert "unggah satu per satu" in alasan


def test_paper_attached_to_a_pdf_is_not_dropped_in_silence():
    keluar = io.BytesIO()
    with pikepdf.open(io.BytesIO(_surat().tobytes())) as dok:
        dok.attachments["ktp.pdf"] = b"isi"
        dok.save(keluar)

    assert _dari_pdf(keluar.getvalue())["catatan"].startswith("1 berkas di dalam PDF tidak ikut")


def test_form_that_only_adobe_can_show_is_refused_in_words():
    keluar = io.BytesIO()
    with pikepdf.open(io.BytesIO(_surat().tobytes())) as dok:
        xfa = dok.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>")
        dok.Root.AcroForm = Dictionary(Fields=Array(), XFA=xfa)
        dok.Root.NeedsRendering = True
        dok.save(keluar)

    assert "formulir khusus Adobe" in _dari_pdf(keluar.getvalue())["alasan"]


def test_several_pages_become_a_pdf_of_pictures_and_nothing_else():
    hasil = halaman_.satukan([_sebagai("JPEG")] * 2, [(1000, 630)] * 2)

    assert ada_jahat(hasil) == b""
    assert len(list(isi_halaman(hasil))) == 2
    with pikepdf.open(io.BytesIO(hasil)) as dok:
        kunci = {k for satu in dok.objects if isinstance(satu, Dictionary) for k in satu}
    assert kunci <= {
        *("/Type", "/Pages", "/Kids", "/Count", "/Parent", "/MediaBox", "/Resources", "/Contents"),
        *("/XObject", "/Foto"),
    }


# --- What it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("awal", "kata"),
    [
        (b"PK\x03\x04", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Word"),
        (b"\0\0\0\x18ftypisom", "video"),
        (b"\0\0\0\x14ftypqt  ", "video"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan foto"),
        (b"ID3" + b"\0" * 2000 + b"\xff\xd8\xff", "bukan foto"),
        (struct.pack("<I", 7), "bukan foto"),
    ],
)
def test_what_is_no_photo_is_told_by_what_it_is(awal, kata):
    with pytest.raises(Ditolak, match=kata):
        kenali(awal)
