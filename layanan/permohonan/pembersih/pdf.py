"""Pages of a PDF become pictures, as a reader shows them."""

import io
import math
from collections.abc import Iterator

import pikepdf
import pypdfium2 as pdfium
from PIL import Image

from layanan.permohonan.pembersih.halaman import LUAS, bagian_dari, kecilkan, potong
from layanan.permohonan.pembersih.jenis import (
    FOTO_LAGI,
    PDF_RUSAK,
    TERKUNCI,
    XFA,
    Ditolak,
    periksa_jumlah,
)


def halaman_pdf(isi: bytes, catatan: list[str]) -> Iterator[Image.Image]:
    """The pages as a reader shows them, with values of forms, stamps and notes."""
    dokumen = _buka_pdf(isi)
    _periksa_pembungkus(isi, dokumen.count_attachments(), catatan)
    dokumen.init_forms()
    if dokumen.get_formtype() == 2:  # XFA: the pages only say "Please wait"
        raise Ditolak(XFA)
    periksa_jumlah(len(dokumen))
    for ke in range(len(dokumen)):
        try:
            halaman = dokumen[ke]
            lebar, tinggi = halaman.get_size()
            luas = LUAS * bagian_dari(lebar, tinggi)
            skala = min(300 / 72, math.sqrt(luas / (lebar * tinggi)))
            tampak = halaman.render(scale=skala, may_draw_forms=True, draw_annots=True)
            lukisan = tampak.to_pil().convert("RGB")
        except (pdfium.PdfiumError, ZeroDivisionError):
            raise Ditolak(f"Halaman {ke + 1} PDF ini rusak. {FOTO_LAGI}") from None
        for bagian in potong(lukisan):
            yield kecilkan(bagian)
        halaman.close()


def _buka_pdf(isi: bytes) -> pdfium.PdfDocument:
    """As it is, or mended by another reader. Raises Ditolak."""
    try:
        dokumen = pdfium.PdfDocument(isi)
        if len(dokumen):
            return dokumen
    except pdfium.PdfiumError as galat:
        if galat.err_code in (4, 5):  # password, security handler
            raise Ditolak(TERKUNCI) from None
    try:
        utuh = io.BytesIO()
        with pikepdf.open(io.BytesIO(isi)) as lain:
            lain.save(utuh, encryption=False)
        dokumen = pdfium.PdfDocument(utuh.getvalue())
    except pikepdf.PasswordError:
        raise Ditolak(TERKUNCI) from None
    except (pikepdf.PdfError, pdfium.PdfiumError):
        raise Ditolak(PDF_RUSAK) from None
    if not len(dokumen):
        raise Ditolak(PDF_RUSAK)
    return dokumen


def _periksa_pembungkus(isi: bytes, lampiran: int, catatan: list[str]) -> None:
    """A portfolio shows only its cover; papers attached to a page are left out, which is said."""
    try:
        with pikepdf.open(io.BytesIO(isi)) as dokumen:
            portofolio = "/Collection" in dokumen.Root
    except (pikepdf.PdfError, AttributeError, ValueError):
        portofolio = False
    if portofolio and lampiran:
        raise Ditolak(
            f"PDF ini hanya sampul; isinya {lampiran} berkas di dalamnya. Buka PDF-nya, simpan "
            "tiap berkas, lalu unggah satu per satu."
        )
    if lampiran:
        catatan.append(f"{lampiran} berkas di dalam PDF tidak ikut; unggah sendiri bila perlu.")
