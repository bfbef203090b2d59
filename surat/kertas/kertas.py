"""What the paper needs beyond its frozen words: page rules, pictures, nested lists.

Pure functions of the frozen data, so that the same letter is the same paper for ever.
"""

import base64
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Blok = dict[str, Any]
FONT = Path(__file__).resolve().parent / "fonts"
UKURAN = {"F4": (215, 330), "A4": (210, 297)}
_HURUF = {"ARIMO": "Surat", "TINOS": "Surat Tinos"}
_LAMA: dict[str, Any] = {"margin": [15, 22, 22, 28], "huruf": "ARIMO", "ukuran": "11.5"}
# What letters from before these blocks do not have.
_KOSONG: dict[str, Any] = {
    "menggantikan": None,
    "menyatakan": None,
    "pemegang": "",
    "saksi": [],
    "mengetahui": [],
    "tembusan": [],
    "nomor": "",
    "kode_cek": "",
    "url_cek": "",
}
_ATAS_LANJUTAN = 20  # mm; the running header of page 2 needs this much
_KECIL = 'font: 8pt/1.2 "Surat", "Surat Aksara"; color: #333;'
_GARIS = "border-bottom: .5pt solid #555;"
_EM = 2048  # units of Arimo
_TANDA_WARNA = "#e6e6e6"  # light enough to read through on a worn printer
_BANYAK = 6  # from so many signatures on, the end part may be divided between its groups
_PERINGATAN = {
    "CONTOH": "CONTOH — bukan surat sah",
    "DRAF": "DRAF — belum surat, belum bernomor",
}


# Set closer, in the same type: what a typist does to keep a letter on one sheet.
RAPAT = """
html { line-height: 1.2; }
.kop { margin-bottom: 4.5mm; }
.aksara { line-height: 1.35; padding-bottom: 1mm; }
.nomor { margin-bottom: 4mm; }
.alinea, .butir { margin-bottom: 1.7mm; }
.identitas { margin-top: .5mm; margin-bottom: 2mm; }
.tabel, .pohon { margin-bottom: 2.2mm; }
.akhir, .lajur, .tengah, .cek { margin-top: 2mm; }
.tanda-tangan { height: 18mm; }
.penanda li { padding-top: 4.5mm; }
"""


def gaya(data: Mapping[str, Any]) -> str:
    """CSS of the pages of a letter: size, margins, type and watermark. The same for all letters
    that look alike, so that it can be parsed once.

    Every value is looked up or a number: frozen data must not become CSS.
    """
    tata = _LAMA | {"kertas": data.get("kertas", "F4")} | data.get("tata", {})
    lebar, tinggi = UKURAN[tata["kertas"]]
    atas, kanan, bawah, kiri = (int(x) for x in tata["margin"])
    gambar = tanda_air(_tanda(data))
    latar = f'background: url("{gambar}") no-repeat center;' if gambar else ""
    return (
        f"@page {{ size: {lebar}mm {tinggi}mm; {latar}"
        f" margin: {max(atas, _ATAS_LANJUTAN)}mm {kanan}mm {bawah}mm {kiri}mm; }}\n"
        f"@page :first {{ margin-top: {atas}mm; }}\n"
        f'html {{ font: {float(tata["ukuran"]):g}pt/1.3 "{_HURUF[tata["huruf"]]}", '
        '"Surat Aksara"; }'
    )


def gaya_halaman(jumlah: int) -> str:
    """CSS of a letter of several pages: which letter this is, and the number of the page."""
    halaman = f'content: "Halaman " counter(page) " dari {jumlah}"; white-space: nowrap; {_KECIL}'
    kepala = f"vertical-align: bottom; padding-bottom: 1mm; margin-bottom: 4mm; {_GARIS}"
    return (
        '@page { @top-left { content: string(judul) "  ·  Nomor " string(nomor); width: 78%; '
        f"text-align: left; {_KECIL} {kepala} }}"
        f" @top-right {{ {halaman} width: 22%; text-align: right; {kepala} }} }}\n"
        "@page :first { @top-left { content: none; } @top-right { content: none; }"
        f" @bottom-right {{ {halaman} }} }}"
    )


@functools.lru_cache(maxsize=8)
def tanda_air(kata: str) -> str:
    """A word across the page as the address of an SVG of outlines: it is no text, so nothing
    reads it aloud, finds it or needs a font for it. Empty word: ""."""
    if not kata:
        return ""
    from fontTools.pens.svgPathPen import SVGPathPen  # here: web processes never draw
    from fontTools.ttLib import TTFont

    lebar, jalur = 0, []
    with TTFont(FONT / "Arimo-Bold.ttf", lazy=True) as fon:
        gambar, peta = fon.getGlyphSet(), fon.getBestCmap()
        for huruf in kata:
            pena = SVGPathPen(gambar)
            gambar[peta[ord(huruf)]].draw(pena)
            jalur.append(f'<path d="{pena.getCommands()}" transform="translate({lebar} 0)"/>')
            lebar += gambar[peta[ord(huruf)]].width
    skala = 620 / lebar
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="190mm" height="190mm" '
        f'viewBox="-350 -350 700 700"><g fill="{_TANDA_WARNA}" transform="rotate(-45) '
        f'scale({skala:.5f} -{skala:.5f}) translate({-lebar / 2:g} {-0.36 * _EM:g})">'
        f"{''.join(jalur)}</g></svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _tanda(data: Mapping[str, Any]) -> str:
    return data.get("tanda_air") or ("CONTOH" if data.get("contoh") else "")


def _peringatan(data: Mapping[str, Any]) -> list[str]:
    """The watermark in words, for whoever listens to the letter."""
    kata = [_tanda(data), "CONTOH" if data.get("contoh") else ""]
    return [_PERINGATAN[k] for k in dict.fromkeys(kata) if k in _PERINGATAN]


def cabang(baris: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A tree given as rows with a level becomes lists in lists; a level that was skipped counts
    as one step."""
    akar: list[dict[str, Any]] = []
    jalan: list[tuple[int, list[dict[str, Any]]]] = [(0, akar)]
    for satu in baris:
        while len(jalan) > 1 and jalan[-1][0] >= satu["tingkat"]:
            jalan.pop()
        anak: list[dict[str, Any]] = []
        jalan[-1][1].append({"teks": satu["teks"], "anak": anak})
        jalan.append((satu["tingkat"], anak))
    return akar


def _isi(data: Mapping[str, Any]) -> list[Blok]:
    hasil: list[Blok] = []
    for blok in data["isi"]:
        if isinstance(blok, str):  # letters from before there were other blocks
            hasil.append({"macam": "alinea", "html": blok})
        elif blok["macam"] == "pohon":
            hasil.append(blok | {"cabang": cabang(blok["baris"])})
        else:
            hasil.append(blok)
    return hasil


def kop(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Lines of the letterhead, each with the aksara that stand above it or ""."""
    baris = data["kop"]["baris"]
    aksara = [*data["kop"].get("aksara", []), *[""] * len(baris)]
    return list(zip(baris, aksara, strict=False))


def konteks(data: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen letter as its template wants it."""
    s = _KOSONG | dict(data)
    mengetahui = [{"nip": ""} | m for m in s["mengetahui"]]
    camat = [m for m in mengetahui if m["baris"][0].startswith("Camat")]
    pembuat = (s["menyatakan"]["orang"] or [""]) if s["menyatakan"] else []
    return {
        "s": s,
        "kop": kop(data),
        "isi": _isi(data),
        "peringatan": _peringatan(data),
        "kelian": [m for m in mengetahui if m not in camat],
        "camat": camat,
        "pembuat": pembuat,
        "dibagi": len(pembuat) > _BANYAK,
    }
