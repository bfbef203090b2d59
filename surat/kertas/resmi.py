"""Official forms on paper: what the drawing needs beyond the frozen fields. Pure functions, like
surat.kertas.kertas for letters."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from surat.kertas import kertas

_KECIL = 'font: 7.5pt/1.2 "Surat"; color: #333;'
_ISI = "Diisi otomatis dari data desa. Periksa, lengkapi, lalu tanda tangani."
_TANDA = {
    "Disdukcapil": "Belum diperiksa Disdukcapil: tanyakan dulu apakah formulir ini diterima.",
    "KUA": "Belum diperiksa KUA: tanyakan dulu apakah formulir ini diterima.",
}
_DRAF = "Dicetak sebelum suratnya terbit: isinya tidak disimpan."


def gaya(data: Mapping[str, Any]) -> str:
    """CSS of the pages: size, and what stands outside the frame. Every word is one of ours: frozen
    data must not become CSS."""
    lebar, tinggi = kertas.UKURAN[data["kertas"]]
    ukuran = f"{tinggi}mm {lebar}mm" if data["rebah"] else f"{lebar}mm {tinggi}mm"
    gambar = kertas.tanda_air("CONTOH") if data["contoh"] else ""
    latar = f'background: url("{gambar}") no-repeat center;' if gambar else ""
    atas = "" if data["diperiksa"] else _TANDA[data["penerima"]]
    draf = _DRAF if data.get("draf") else ""
    return (
        f"@page {{ size: {ukuran}; margin: 13mm 11mm; {latar}"
        f' @top-left {{ content: "{atas}"; width: 60%; text-align: left; {_KECIL} }}'
        f' @top-right {{ content: "{draf}"; width: 40%; text-align: right; {_KECIL} }}'
        f' @bottom-left {{ content: "{_ISI}"; width: 70%; text-align: left; {_KECIL} }}'
        ' @bottom-right { content: "Halaman " counter(page) " dari " counter(pages);'
        f" width: 30%; text-align: right; {_KECIL} }} }}"
    )


def sekaligus(data: Mapping[str, Any]) -> bytes:
    """`formulir`, one after the other, behind the PDF `depan` (base64, may be empty): for printing
    in one go. Only for the process of cetak_luar."""
    from surat.kertas import gabung, pdf

    semua = [b64decode(data["depan"])] if data["depan"] else []
    semua += [pdf.buat_formulir(satu) for satu in data["formulir"]]
    return gabung.gabung(semua)
