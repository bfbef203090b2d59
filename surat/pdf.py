"""Frozen letter in, PDF bytes out. The only door to WeasyPrint.

Import and preparation cost two seconds, so they happen once per worker process (`hangatkan`),
never in the web process: Pango's memory is not safe in threads.
"""

import functools
import gc
from pathlib import Path
from typing import Any

import segno
from django.template.loader import render_to_string

_DI_SINI = Path(__file__).resolve().parent
_FONT = _DI_SINI / "fonts"
_GAYA = _DI_SINI / "kertas.css"
_GAYA_SLIP = _DI_SINI / "slip.css"
_GAYA_BUKU = _DI_SINI / "buku.css"
SLIP_SELEMBAR = 8
_NOMOR_HALAMAN = """@page { @bottom-right {
    content: "Halaman " counter(page) " dari " counter(pages); font: 8pt Surat; color: #444;
} }"""


class _Mesin:
    """WeasyPrint with everything that is the same for all letters: fonts and stylesheet."""

    def __init__(self) -> None:
        import weasyprint  # here, not above: two seconds and 60 MB that web processes never need
        from weasyprint.text.fonts import FontConfiguration

        self._weasyprint = weasyprint
        self._fonts = FontConfiguration()
        self._fetcher = weasyprint.urls.URLFetcher(
            allowed_protocols=("file", "data"), allow_redirects=False
        )
        self._css = self._berkas_gaya(_GAYA)
        self._css_halaman = self._lembar_gaya(_NOMOR_HALAMAN)

    def _berkas_gaya(self, berkas: Path) -> Any:
        gaya = berkas.read_text(encoding="utf-8")
        return self._lembar_gaya(gaya.replace("{{fonts}}", _FONT.as_uri()))

    def _lembar_gaya(self, teks: str) -> Any:
        return self._weasyprint.CSS(string=teks, font_config=self._fonts, url_fetcher=self._fetcher)

    def buat(self, html: str) -> tuple[bytes, int]:
        # A page count makes WeasyPrint lay everything out twice (12 % of the time of a letter),
        # and nearly all letters have one page that needs none.
        dokumen = self._susun(html, [self._css])
        if len(dokumen.pages) > 1:
            dokumen = self._susun(html, [self._css, self._css_halaman])
        return dokumen.write_pdf(pdf_variant="pdf/ua-1"), len(dokumen.pages)

    def buat_slip(self, html: str) -> bytes:
        return self._bergaya(html, _GAYA_SLIP)

    def buat_buku(self, html: str) -> bytes:
        return self._bergaya(html, _GAYA_BUKU)

    def _bergaya(self, html: str, gaya: Path) -> bytes:
        return self._susun(html, [self._berkas_gaya(gaya)]).write_pdf(pdf_variant="pdf/ua-1")

    def _susun(self, html: str, gaya: list[Any]) -> Any:
        return self._weasyprint.HTML(string=html, url_fetcher=self._fetcher).render(
            stylesheets=gaya, font_config=self._fonts, cache={}
        )


@functools.cache
def _mesin() -> _Mesin:
    return _Mesin()


def hangatkan() -> None:
    """Prepare this process: import, parse, render once; then leave that memory to the kernel."""
    gc.set_threshold(100_000, 50, 100)  # trees of boxes are freed by reference counting anyway
    _mesin().buat('<html lang="id"><title>.</title><p>.</p></html>')
    gc.collect()
    gc.freeze()


def qr(teks: str) -> str:
    """QR code of `teks` as a data address of a one-bit PNG.

    A picture and not SVG: it carries its alternative text as /Alt, and is laid out faster.
    """
    return segno.make(teks, error="m", micro=False).png_data_uri(border=0, scale=4)


def html(data: dict[str, Any]) -> str:
    """The letter as HTML; `data` is what penerbitan froze."""
    return render_to_string("surat/kertas.html", {"s": data, "qr": qr(data["url_cek"])})


def buat(data: dict[str, Any]) -> tuple[bytes, int]:
    """PDF of a frozen letter and its number of pages. Same data, same bytes; no network."""
    return _mesin().buat(html(data))


def buat_slip(data: dict[str, Any]) -> bytes:
    """PDF of slips with a PIN awal and their receipt; only for the process of surat.cetak_slip."""
    slip = data["slip"]
    lembar = [slip[i : i + SLIP_SELEMBAR] for i in range(0, len(slip), SLIP_SELEMBAR)]
    return _mesin().buat_slip(render_to_string("surat/slip.html", {"s": data, "lembar": lembar}))


def buat_buku(data: dict[str, Any]) -> bytes:
    """PDF of one part of a register; only for the process of surat.cetak_buku."""
    return _mesin().buat_buku(render_to_string("surat/buku.html", {"s": data}))
