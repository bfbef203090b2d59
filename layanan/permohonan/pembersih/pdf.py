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
    dokumen, portofolio = _buka(isi)
    _periksa_lampiran(dokumen.count_attachments(), portofolio, catatan)
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


def _buka(isi: bytes) -> tuple[pdfium.PdfDocument, bool]:
    """The document, and whether it is a portfolio. What is broken is first mended by qpdf, whose
    repair finds more than the renderer's. Raises Ditolak."""
    isi += b"\n%%EOF\n"  # where the end is missing, both lose the last object
    calon, portofolio = [isi], False
    try:
        with pikepdf.open(io.BytesIO(isi)) as lain:
            portofolio = "/Collection" in lain.Root
            if lain.get_warnings():
                utuh = io.BytesIO()
                lain.save(utuh, encryption=False)
                calon.insert(0, utuh.getvalue())
    except (pikepdf.PdfError, AttributeError, ValueError):
        pass  # the renderer may still read it
    for satu in calon:
        try:
            dokumen = pdfium.PdfDocument(satu)
        except pdfium.PdfiumError as galat:
            if galat.err_code in (4, 5):  # password, security handler
                raise Ditolak(TERKUNCI) from None
        else:
            if len(dokumen):
                return dokumen, portofolio
    raise Ditolak(PDF_RUSAK)


def _periksa_lampiran(lampiran: int, portofolio: bool, catatan: list[str]) -> None:
    """A portfolio shows only its cover; papers attached to a page are left out, which is said."""
    if portofolio and lampiran:
        raise Ditolak(
            f"PDF ini hanya sampul; isinya {lampiran} berkas di dalamnya. Buka PDF-nya, simpan "
            "tiap berkas, lalu unggah satu per satu."
        )
    if lampiran:
        catatan.append(f"{lampiran} berkas di dalam PDF tidak ikut; unggah sendiri bila perlu.")
