"""Where the processor time of a warm letter goes, by stopwatches around the steps it takes."""

import functools
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock


class _Jam:
    """Processor time by step; a step inside another one stops the other's clock."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}
        self._tumpukan: list[str] = []
        self._sejak = 0.0

    def _pindah(self) -> None:
        kini = time.process_time()
        if self._tumpukan:
            nama = self._tumpukan[-1]
            self.ms[nama] = self.ms.get(nama, 0.0) + (kini - self._sejak) * 1000
        self._sejak = kini

    def pasang(self, nama: str, asli: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(asli)
        def berjam(*posisi: Any, **kunci: Any) -> Any:
            self._pindah()
            self._tumpukan.append(nama)
            try:
                return asli(*posisi, **kunci)
            finally:
                self._pindah()
                self._tumpukan.pop()

        return berjam


@contextmanager
def _berjam(jam: _Jam) -> Iterator[None]:
    import weasyprint.document
    from weasyprint.css import StyleFor

    from surat.kertas import mesin, pdf

    langkah = [
        ("templat dan QR", pdf, "html"),
        ("mengurai HTML", mesin.HTML, "__init__"),
        ("gaya (CSS)", StyleFor, "__init__"),
        ("tata letak", weasyprint.document, "build_formatting_structure"),
        ("tata letak", weasyprint.document, "layout_document"),
        ("melukis", weasyprint.document.Page, "paint"),
        ("menulis PDF", mesin, "tulis"),
        ("lain-lain (pengumpul sampah)", pdf, "buat"),
    ]
    with ExitStack() as tumpukan:
        for nama, tempat, fungsi in langkah:
            jam.ms[nama] = 0.0
            asli = getattr(tempat, fungsi)
            if fungsi == "layout_document":  # a generator: its work is done while it is read
                asli = functools.partial(_terbaca, asli)
            tumpukan.enter_context(mock.patch.object(tempat, fungsi, jam.pasang(nama, asli)))
        yield


def _terbaca(asli: Callable[..., Any], *posisi: Any) -> list[Any]:
    return list(asli(*posisi))


def ukur(data: list[dict[str, Any]], detik: float) -> dict[str, float]:
    """Milliseconds of processor time of each step, for one letter."""
    from surat.kertas import pdf

    jam, surat, jumlah = _Jam(), itertools.cycle(data), 0
    with _berjam(jam):
        akhir = time.perf_counter() + detik
        while time.perf_counter() < akhir or jumlah < 2:
            pdf.buat(next(surat))
            jumlah += 1
    return {nama: ms / jumlah for nama, ms in jam.ms.items()}


def penyimpanan(kerja: Callable[[], None], jumlah: int) -> float:
    """Milliseconds of processor time for each of the `jumlah` letters that `kerja` makes, besides
    making them."""
    from surat.kertas import pdf

    jam = _Jam()
    with mock.patch.object(pdf, "buat", jam.pasang("surat", pdf.buat)):
        jam.pasang("sisanya", kerja)()
    return jam.ms["sisanya"] / jumlah
