"""Books on paper, made in a process of their own like slips and previews (cetak_luar).

    python -m surat.kertas.cetak_buku < JSON > PDF

A year is laid out month by month, on two processors where there are two, and put together
afterwards: in one piece it would need a gigabyte of memory and twice the time.
"""

import gc
import json
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from typing import Any

from surat.kertas import cetak_luar

_WAKTU_MAKS = 170  # seconds; a year of 5,000 letters takes about thirty
_TUNGGU_MAKS = 5
_SEKALIGUS = 2
# One at a time in each web process; not in one queue with slips and previews, which take seconds.
_GILIRAN = threading.BoundedSemaphore(1)


class BukuGagal(Exception):
    """The PDF could not be made. Holds no detail: a traceback could quote names."""


class BukuSibuk(BukuGagal):
    """Another book is being printed."""


def cetak(data: dict[str, Any]) -> bytes:
    """PDF of `data` (see surat.buku.cetakan); raises BukuGagal."""
    masukan = json.dumps(data).encode()
    if not _GILIRAN.acquire(timeout=_TUNGGU_MAKS):
        raise BukuSibuk
    try:
        return cetak_luar.jalankan("surat.kertas.cetak_buku", masukan=masukan, detik=_WAKTU_MAKS)
    except cetak_luar.TidakTercetak:
        raise BukuGagal from None
    finally:
        _GILIRAN.release()


# --- In the child ------------------------------------------------------------------------------


def _anak() -> None:
    os.nice(10)  # residents first
    sys.stdout.buffer.write(_buat(json.load(sys.stdin)))


def _siapkan() -> None:
    cetak_luar.siapkan_anak()
    gc.set_threshold(100_000, 50, 100)  # trees of boxes: looking for garbage costs a quarter


def _satu(data: dict[str, Any]) -> bytes:
    from surat.kertas import pdf

    try:
        return pdf.buat_buku(data)
    finally:
        gc.collect()  # what the last month left, before the next one


def _buat(data: dict[str, Any]) -> bytes:
    akhir = len(data["bagian"]) - 1
    bagian = [
        {**data, "ke": i, "bagian": satu, "ttd": data["ttd"] if i == akhir else None}
        for i, satu in enumerate(data["bagian"])
    ]
    if akhir == 0:
        _siapkan()
        return _satu(bagian[0])
    banyak = min(_SEKALIGUS, os.cpu_count() or 1)
    with ProcessPoolExecutor(banyak, get_context("spawn"), initializer=_siapkan) as para:
        return gabung(list(para.map(_satu, bagian)))


def gabung(berkas: list[bytes]) -> bytes:
    """One tagged PDF out of several, with the metadata of the first."""
    if len(berkas) == 1:
        return berkas[0]
    import pikepdf

    with pikepdf.open(BytesIO(berkas[0])) as semua:
        for isi in berkas[1:]:
            with pikepdf.open(BytesIO(isi)) as satu:
                _tambahkan(semua, satu)
        keluar = BytesIO()
        semua.save(keluar, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return keluar.getvalue()


def _tambahkan(semua: Any, satu: Any) -> None:
    """Append pages together with their part of the tree of tags, which qpdf leaves behind."""
    from pikepdf import OutlineItem

    akar, banyak = semua.Root.StructTreeRoot, len(semua.pages)
    geser = max(int(n) for n in list(akar.ParentTree.Nums)[::2]) + 1
    semua.pages.extend(satu.pages)  # first: then references to a page lead to its copy
    tambahan = semua.copy_foreign(satu.Root.StructTreeRoot)
    for halaman in semua.pages[banyak:]:
        halaman.obj.StructParents = int(halaman.obj.StructParents) + geser
    for i, isi in enumerate(list(tambahan.ParentTree.Nums)):
        akar.ParentTree.Nums.append(isi if i % 2 else int(isi) + geser)
    akar.IDTree.Names.extend(tambahan.IDTree.Names)  # in order: see tanda.bedakan_kepala
    dokumen = akar.K[0]
    for anak in tambahan.K[0].K:
        anak.P = dokumen
        dokumen.K.append(anak)
    with satu.open_outline() as bab, semua.open_outline() as daftar:
        daftar.root.extend(OutlineItem(judul.title, banyak) for judul in bab.root)


if __name__ == "__main__":
    _anak()
