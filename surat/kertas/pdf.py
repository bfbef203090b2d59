"""Frozen letter in, PDF bytes out. The only door to WeasyPrint.

Import and preparation cost two seconds, so they happen once per worker process (`hangatkan`),
never in the web process: Pango's memory is not safe in threads.
"""

import functools
import gc
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from django.template.loader import render_to_string

from penduduk.teks import ASING
from surat.kertas import kertas, muat, resmi

_DI_SINI = Path(__file__).resolve().parent
_GAYA = _DI_SINI / "kertas.css"
_RAPAT = _DI_SINI / "rapat.css"
_GAYA_SLIP = _DI_SINI / "slip.css"
_GAYA_BUKU = _DI_SINI / "buku.css"
_GAYA_RESMI = _DI_SINI / "resmi.css"
SLIP_SELEMBAR = 8
_SEKALI_SAPU = 8  # letters
_KOTAK = "header|h1|div|p|table|colgroup|thead|tbody|tr|ol|ul|section|blockquote"
_SELA = re.compile(rf"\s*\n\s*(?=<(?:img|!--|{_KOTAK}|/(?:(?!p\b)(?:{_KOTAK})))\b)")
# A letter that says nothing, to prepare a process with: it has most of the styles of the others.
_CONTOH: dict[str, Any] = {
    "kertas": "F4",
    "kop": {"baris": ["-", "-"], "alamat": "-"},
    "identitas": [["-", "-"], ["-", "-"]],
    "isi": ["-"],
    "url_cek": "-",
    "ttd": {"baris": ["-"], "nama": "-"},
}


class _Mesin:
    """WeasyPrint with everything that is the same for all letters: fonts and stylesheets."""

    def __init__(self) -> None:
        import weasyprint  # here, not above: two seconds and 60 MB that web processes never need
        from weasyprint.text.fonts import FontConfiguration

        from surat.kertas import mesin

        self._weasyprint = weasyprint
        self._mesin = mesin
        self._fonts = FontConfiguration()
        self._fetcher = mesin.Pengambil()
        self.lembar_gaya = functools.lru_cache(64)(self._baca_gaya)
        self._kertas, self._rapat = self._berkas_gaya(_GAYA), self._berkas_gaya(_RAPAT)
        self._sejak_sapu = 0

    def _berkas_gaya(self, berkas: Path) -> str:
        gaya = berkas.read_text(encoding="utf-8")
        return gaya.replace("{{fonts}}", kertas.FONT.as_uri())

    def _baca_gaya(self, teks: str) -> Any:
        return self._weasyprint.CSS(string=teks, font_config=self._fonts, url_fetcher=self._fetcher)

    def buat(
        self, html: str, gaya: str = "", aksara: Sequence[str] = (), *, selembar: bool = True
    ) -> tuple[bytes, int]:
        """`gaya`: CSS of this letter's pages, parsed once for all letters that look alike.
        `aksara`: Balinese lines of its letterhead. `selembar`: as if it fits on one sheet."""
        dokumen = self._susun(html, self._kertas, gaya) if selembar else None
        if not dokumen or len(dokumen.pages) > 1:
            dokumen = self._rapatkan(html, gaya)
        hasil = self._mesin.tulis(dokumen, aksara=aksara), len(dokumen.pages)
        del dokumen
        self._sapu()
        return hasil

    def _rapatkan(self, html: str, gaya: str) -> Any:
        """Set a little closer when that saves a page, because a signature alone on a second sheet
        invites somebody to put another first sheet before it; else with running header and page
        numbers. Letters of one page, nearly all, pay for neither."""
        # Only then validity and closing are one paragraph: a box more costs every letter time.
        html_rapat = html.replace("<!--tutup-->", '<div class="tutup">')
        html_rapat = html_rapat.replace("<!--/tutup-->", "</div>")
        rapat = self._susun(html_rapat, self._kertas, gaya, self._rapat)
        jumlah = len(rapat.pages)
        if jumlah == 1:
            return rapat
        nomor = kertas.gaya_halaman(jumlah)
        biasa = self._susun(html, self._kertas, gaya, nomor)
        if len(biasa.pages) <= jumlah:
            return biasa
        return self._susun(html_rapat, self._kertas, gaya, self._rapat, nomor)

    def _sapu(self) -> None:
        # A letter leaves 5,000 objects in circles. The collector's own clock lets most of them
        # grow old before it comes, and hardly ever visits the old: 1 MB more for 30 letters.
        self._sejak_sapu += 1
        if self._sejak_sapu >= _SEKALI_SAPU:
            self._sejak_sapu = 0
            gc.collect()

    def buat_slip(self, html: str) -> bytes:
        return self._mesin.tulis(self._susun(html, self._berkas_gaya(_GAYA_SLIP)))

    def buat_buku(self, html: str, awalan: str) -> bytes:
        dokumen = self._susun(html, self._berkas_gaya(_GAYA_BUKU))
        return self._mesin.tulis(dokumen, awalan=awalan)

    def buat_resmi(self, html: str, gaya: str) -> bytes:
        return self._mesin.tulis(self._susun(html, self._berkas_gaya(_GAYA_RESMI), gaya))

    def _susun(self, html: str, *gaya: str) -> Any:
        lembar = [self.lembar_gaya(teks) for teks in gaya]
        return self._mesin.susun(html, gaya=lembar, fon=self._fonts, pengambil=self._fetcher)


@functools.cache
def _mesin() -> _Mesin:
    return _Mesin()


def hangatkan() -> None:
    """Prepare this process: import, parse, render once; then leave that memory to the kernel."""
    gc.set_threshold(100_000, 50, 100)  # while a letter is made it would find nothing to free
    _mesin().buat(html(_CONTOH), kertas.gaya(_CONTOH))
    gc.collect()
    gc.freeze()


def qr(teks: str) -> str:
    """QR code of `teks` as a data address of a one-bit PNG, four dots to a module; the paper leaves
    the light margin around it.

    A picture and not SVG: it carries its alternative text as /Alt, and is laid out faster.
    """
    return segno.make(teks, error="m", micro=False).png_data_uri(scale=4, border=0)


def _lambang(kop: dict[str, Any]) -> str:
    """Address of the emblem: brought along by a preview, else the one that the letter names."""
    if kop.get("lambang_uri") or not kop.get("lambang"):
        return kop.get("lambang_uri", "")
    from surat.kertas import lambang  # here: a process without a database prints previews and slips

    return lambang.cari(kop["lambang"])


def html(data: dict[str, Any]) -> str:
    """The letter as HTML; `data` is what penerbitan froze (a preview may have no check code)."""
    url = data.get("url_cek", "")
    gambar = {"qr": qr(url) if url else "", "lambang": _lambang(data["kop"])}
    # What is not there costs no time: white space between boxes would be boxes at first.
    return _SELA.sub("", render_to_string("surat/kertas.html", kertas.konteks(data) | gambar))


def buat(data: dict[str, Any]) -> tuple[bytes, int]:
    """PDF of a frozen letter and its number of pages. Same data, same bytes; no network."""
    aksara = [baris for _, baris in kertas.kop(data) if baris]
    naskah = html(data)
    return _mesin().buat(naskah, kertas.gaya(data), aksara, selembar=muat.selembar(naskah, data))


def _latin(html_: str) -> str:
    """A list of many people does not fail for one of them: what its font lacks becomes "?"."""
    return re.sub(f"{ASING.pattern}|[\u1b00-\u1b7f]", "?", html_)


def buat_slip(data: dict[str, Any]) -> bytes:
    """PDF of slips with a PIN awal and their receipt; only for the process of cetak_slip."""
    slip = data["slip"]
    lembar = [slip[i : i + SLIP_SELEMBAR] for i in range(0, len(slip), SLIP_SELEMBAR)]
    html_ = render_to_string("surat/slip.html", {"s": data, "lembar": lembar})
    return _mesin().buat_slip(_latin(html_))


def buat_buku(data: dict[str, Any]) -> bytes:
    """PDF of part number `ke` of a book; only for the process of surat.kertas.cetak_buku."""
    html_ = _latin(render_to_string("surat/buku.html", {"s": data}))
    return _mesin().buat_buku(html_, f"{data['ke']:03}-")


def buat_formulir(data: dict[str, Any]) -> bytes:
    """PDF of an official form (frozen by surat.formulir_resmi). Same data, same bytes."""
    return _mesin().buat_resmi(
        render_to_string("surat/resmi/formulir.html", {"s": data}), resmi.gaya(data)
    )
