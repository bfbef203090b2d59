"""What the paper needs beyond its frozen words: page rules, pictures, nested lists.

Pure functions of the frozen data, so that the same letter is the same paper for ever.
"""

import base64
import bisect
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.html import escape

from surat.bahasa import utuh

Blok = dict[str, Any]
FONT = Path(__file__).resolve().parent / "fonts"
UKURAN = {"F4": (215, 330), "A4": (210, 297)}
_HURUF = {"ARIMO": "Surat", "TINOS": "Surat Tinos"}
_LAMA: dict[str, Any] = {"margin": [15, 22, 22, 28], "huruf": "ARIMO", "ukuran": "11.5"}
# What letters from before these blocks do not have.
_KOSONG: dict[str, Any] = {
    "menggantikan": None,
    "tembusan": [],
    "nomor": "",
    "kode_cek": "",
    "url_cek": "",
}
_LABEL = (17, 21)  # characters: a longer label wants the next wider column (kertas.css)
_SEMPIT = "ijlt,./ "  # letters that count half
_KOP_LEBAR = 82  # characters of an address line beside the emblem
_ATAS_LANJUTAN = 21  # mm; the running header of page 2 needs this much
_KECIL = 'font: 8pt/1.2 "Surat", "Surat Aksara"; color: #333;'
_GARIS = "border-bottom: .5pt solid #555;"
_EM = 2048  # units of Arimo
_TANDA_WARNA = "#e6e6e6"  # light enough to read through on a worn printer
_BANYAK = 6  # from so many signatures on, the end part may be divided between its groups
_PERINGATAN = {
    "CONTOH": "CONTOH — bukan surat sah",
    "DRAF": "DRAF — belum surat, belum bernomor",
}


def tata(data: Mapping[str, Any]) -> dict[str, Any]:
    """How the village sets its letters, or how it was done before that could be said."""
    return _LAMA | {"kertas": data.get("kertas", "F4")} | data.get("tata", {})


def gaya(data: Mapping[str, Any]) -> str:
    """CSS of the pages of a letter: size, margins, type and watermark. The same for all letters
    that look alike, so that it can be parsed once.

    Every value is looked up or a number: frozen data must not become CSS.
    """
    t = tata(data)
    lebar, tinggi = UKURAN[t["kertas"]]
    atas, kanan, bawah, kiri = (int(x) for x in t["margin"])
    gambar = tanda_air(_tanda(data))
    latar = f'background: url("{gambar}") no-repeat center;' if gambar else ""
    return (
        f"@page {{ size: {lebar}mm {tinggi}mm; {latar}"
        f" margin: {max(atas, _ATAS_LANJUTAN)}mm {kanan}mm {bawah}mm {kiri}mm; }}\n"
        f"@page :first {{ margin-top: {atas}mm; }}\n"
        f'html {{ font: {float(t["ukuran"]):g}pt/1.3 "{_HURUF[t["huruf"]]}", '
        '"Surat Aksara"; }'
    )


def gaya_halaman(jumlah: int) -> str:
    """CSS of a letter of several pages: which letter this is, and the number of the page."""
    halaman = f'content: "Halaman " counter(page) " dari {jumlah}"; white-space: nowrap; {_KECIL}'
    kepala = f"vertical-align: bottom; padding-bottom: 1mm; margin-bottom: 3mm; {_GARIS}"
    return (
        '@page { @top-left { content: string(judul) "\\A Nomor " string(nomor); width: 78%; '
        f"white-space: pre-line; text-align: left; {_KECIL} {kepala} }}"
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


def _isi(data: Mapping[str, Any]) -> Iterator[Blok]:
    for blok in data["isi"]:
        if isinstance(blok, str):  # letters from before there were other blocks
            blok = {"macam": "alinea", "html": blok}
        match blok["macam"]:
            case "alinea":
                yield blok | {"html": utuh.rangkai(blok["html"]), "kelas": _kelas(blok["html"])}
            case "rincian":
                yield _fakta(blok["baris"])
            case "butir":
                yield blok | {"butir": [utuh.rangkai(x) for x in blok["butir"]]}
            case "tabel":
                kepala = blok["kepala"]
                sel = [[utuh.sel(*x) for x in zip(b, kepala, strict=False)] for b in blok["baris"]]
                yield blok | {"baris": sel}
            case "pohon":
                yield blok | {"cabang": cabang(blok["baris"])}
            case _:
                yield blok


def _kelas(html: str) -> str:
    """A paragraph that goes on with the sentence before begins small and is not indented; one that
    ends with a colon stays with what it announces."""
    return f"{' lanjutan' * html[:1].islower()}{' pengantar' * html.rstrip().endswith(':')}"


def _fakta(baris: list[list[str]]) -> Blok:
    """Labels in one line as far as that leaves room for the values; long values may go on over the
    page."""
    terpanjang = max((len(x) - sum(map(x.count, _SEMPIT)) / 2 for x, _ in baris), default=0)
    isi = [(label, utuh.rangkai(nilai, sempit=True), len(nilai) > 300) for label, nilai in baris]
    return {"macam": "rincian", "baris": isi, "lebar": bisect.bisect_left(_LABEL, terpanjang)}


def kop(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Lines of the letterhead, each with the aksara that stand above it or ""."""
    baris = data["kop"]["baris"]
    aksara = [*data["kop"].get("aksara", []), *[""] * len(baris)]
    return list(zip(baris, aksara, strict=False))


def alamat(data: Mapping[str, Any]) -> list[str]:
    """The address below it in lines that break between its parts only, without the dots there."""
    baris: list[str] = []
    for bagian in filter(None, data["kop"]["alamat"].split(" · ")):
        if baris and len(baris[-1]) + len(bagian) + 3 <= _KOP_LEBAR:
            baris[-1] += f" · {bagian}"
        else:
            baris.append(bagian)
    return baris


def _penanda(s: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Groups of signers; for letters from before there were groups, made of what they have."""
    if "penanda" in s:
        return list(s["penanda"])
    buat, hasil = s.get("menyatakan"), []
    if buat:
        hasil.append(("pihak", "Yang membuat pernyataan", buat["orang"] or [""]))
    if s.get("pemegang"):
        hasil.append(("kiri", "Pemegang surat", [s["pemegang"]]))
    if s.get("saksi"):
        hasil.append(("daftar", "Saksi-saksi", s["saksi"]))
    for tahu in s.get("mengetahui", []):
        label = tahu["baris"][0].rstrip(",")
        tempat = "bawah" if label.startswith("Camat") else "mengetahui"
        hasil.append((tempat, label, [tahu["nama"]]))
    meterai = bool(buat and buat["meterai"])
    kunci, sama = ("tempat", "label", "nama"), {"meterai": meterai, "nomor": False}
    return [dict(zip(kunci, x, strict=True), **sama) for x in hasil]


def konteks(data: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen letter as its template wants it."""
    s = _KOSONG | dict(data)
    tempat = "pihak", "kiri", "daftar", "mengetahui", "bawah"
    di = {t: [p for p in _penanda(s) if p["tempat"] == t] for t in tempat}
    # More than one name, or one that signs for others too, stands on numbered lines.
    ramai = [p for p in di["pihak"] if len(p["nama"]) > 1 or "selaku wali" in p["nama"][0]]
    satu = [p for p in di["pihak"] if p not in ramai]
    return {
        "s": s | {k: utuh.rangkai(s.get(k, "")) for k in ("pembuka", "penutup")},
        "kop": kop(data),
        "alamat": alamat(data),
        "identitas": _fakta([[x, escape(y)] for x, y in s.get("identitas", [])]),
        "isi": list(_isi(data)),
        "peringatan": _peringatan(data),
        **di,
        "berdua": [satu[i : i + 2] for i in range(0, len(satu), 2)],
        "ramai": ramai,
        "sendirian": len(satu) == len(di["pihak"]) == 1,
        "sisa": di["kiri"][1:] + di["mengetahui"][0 if di["kiri"] else 1 :],
        "samping": not di["pihak"]
        and not di["kiri"]
        and not di["mengetahui"]
        and [len(list(filter(None, p["nama"]))) for p in di["daftar"]] == [2],
        "dibagi": sum(len(p["nama"]) for p in ramai) > _BANYAK,
    }
