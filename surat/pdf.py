"""Frozen letter in, PDF bytes out. The only door to WeasyPrint.

Import and preparation cost two seconds, so they happen once per worker process (`hangatkan`),
never in the web process: Pango's memory is not safe in threads.
"""

import functools
import gc
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from surat import kode_qr

_DI_SINI = Path(__file__).resolve().parent
_FONT = _DI_SINI / "fonts"
_GAYA = _DI_SINI / "kertas.css"
_GAYA_SLIP = _DI_SINI / "slip.css"
SLIP_SELEMBAR = 8
_SEKALI_SAPU = 8  # letters
# A letter that says nothing, to prepare a process with: it has most of the styles of the others.
_CONTOH: dict[str, Any] = {
    "kertas": "F4",
    "kop": {"baris": ["-", "-"], "alamat": "-"},
    "identitas": [["-", "-"], ["-", "-"]],
    "isi": ["-"],
    "url_cek": "-",
    "ttd": {"baris": ["-"], "nama": "-"},
}
_NOMOR_HALAMAN = """@page { @bottom-right {
    content: "Halaman " counter(page) " dari " counter(pages); font: 8pt Surat; color: #444;
} }"""


class _Mesin:
    """WeasyPrint with everything that is the same for all letters: fonts and stylesheets."""

    def __init__(self) -> None:
        import weasyprint  # here, not above: two seconds and 60 MB that web processes never need
        from weasyprint.text.fonts import FontConfiguration

        from surat import mesin_pdf

        self._weasyprint = weasyprint
        self._mesin = mesin_pdf
        self._fonts = FontConfiguration()
        self._fetcher = weasyprint.urls.URLFetcher(
            allowed_protocols=("file", "data"), allow_redirects=False
        )
        self._lembar_gaya = functools.lru_cache(64)(self._baca_gaya)
        self._kertas = self._berkas_gaya(_GAYA)
        self._sejak_sapu = 0

    def _berkas_gaya(self, berkas: Path) -> str:
        return berkas.read_text(encoding="utf-8").replace("{{fonts}}", _FONT.as_uri())

    def _baca_gaya(self, teks: str) -> Any:
        return self._weasyprint.CSS(string=teks, font_config=self._fonts, url_fetcher=self._fetcher)

    def buat(self, html: str, *gaya: str) -> tuple[bytes, int]:
        """`gaya`: more stylesheets; each is parsed once, so they should be few."""
        # A page count makes WeasyPrint lay everything out twice (12 % of the time of a letter),
        # and nearly all letters have one page that needs none.
        dokumen = self._susun(html, self._kertas, *gaya)
        if len(dokumen.pages) > 1:
            dokumen = self._susun(html, self._kertas, *gaya, _NOMOR_HALAMAN)
        hasil = dokumen.pdf(), len(dokumen.pages)
        del dokumen
        self._sapu()
        return hasil

    def _sapu(self) -> None:
        # A letter leaves 5,000 objects in circles. The collector's own clock lets most of them
        # grow old before it comes, and hardly ever visits the old: 1 MB more for 30 letters.
        self._sejak_sapu += 1
        if self._sejak_sapu >= _SEKALI_SAPU:
            self._sejak_sapu = 0
            gc.collect()

    def buat_slip(self, html: str) -> bytes:
        return self._susun(html, self._berkas_gaya(_GAYA_SLIP)).pdf()

    def _susun(self, html: str, *gaya: str) -> Any:
        return self._mesin.Dokumen.susun(
            self._mesin.Naskah(string=html, url_fetcher=self._fetcher),
            gaya=[self._lembar_gaya(teks) for teks in gaya],
            fon=self._fonts,
        )


@functools.cache
def _mesin() -> _Mesin:
    return _Mesin()


def hangatkan() -> None:
    """Prepare this process: import, parse, render once; then leave that memory to the kernel."""
    gc.set_threshold(100_000, 50, 100)  # while a letter is made it would find nothing to free
    _mesin().buat(html(_CONTOH))
    gc.collect()
    gc.freeze()


def qr(teks: str) -> str:
    """QR code of `teks` as a data address of a one-bit PNG.

    A picture and not SVG: it carries its alternative text as /Alt, and is laid out faster.
    """
    return kode_qr.alamat_data(teks, skala=4)


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
