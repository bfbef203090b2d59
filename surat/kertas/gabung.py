"""Finished PDFs of ours as one, and as a picture. Only for processes of their own where it says so:
the renderer of pages is not made for threads."""

from collections.abc import Iterable
from io import BytesIO

_SKALA = 1.6  # of 72 dots an inch: an A4 page is 950 dots wide


def gabung(semua: Iterable[bytes]) -> bytes:
    """All of them, one behind the other, for printing in one go."""
    import pikepdf

    keluar = BytesIO()
    with pikepdf.new() as hasil:
        for isi in semua:
            with pikepdf.open(BytesIO(isi)) as satu:
                hasil.pages.extend(satu.pages)
        hasil.save(keluar)
    return keluar.getvalue()


def gambar(pdf: bytes) -> bytes:
    """Its pages, one below the other, as PNG. Only for the process of cetak_luar."""
    import pypdfium2
    from PIL import Image

    with pypdfium2.PdfDocument(pdf) as dokumen:
        halaman = [satu.render(scale=_SKALA).to_pil() for satu in dokumen]
    ukuran = max(x.width for x in halaman), sum(x.height for x in halaman)
    semua = Image.new("RGB", ukuran, "white")
    atas = 0
    for satu in halaman:
        semua.paste(satu, (0, atas))
        atas += satu.height
    keluar = BytesIO()
    semua.quantize(64).save(keluar, "PNG")
    return keluar.getvalue()
