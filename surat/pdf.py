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
        self._css = weasyprint.CSS(
            string=_GAYA.read_text(encoding="utf-8").replace("{{fonts}}", _FONT.as_uri()),
            font_config=self._fonts,
            url_fetcher=self._fetcher,
        )

    def buat(self, html: str) -> tuple[bytes, int]:
        dokumen = self._weasyprint.HTML(string=html, url_fetcher=self._fetcher).render(
            stylesheets=[self._css], font_config=self._fonts, cache={}
        )
        return dokumen.write_pdf(pdf_variant="pdf/ua-1"), len(dokumen.pages)


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
