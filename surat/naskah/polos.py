"""A frozen letter as plain text, for screens of the office; the letter itself is its PDF."""

from collections.abc import Iterator
from html import unescape
from typing import Any

from django.utils.html import strip_tags

Data = dict[str, Any]  # see docs/id/jenis-surat.md and susunan.susun


def _polos(html: str) -> str:
    return unescape(strip_tags(html)).strip()


def _blok(blok: Data | str) -> Iterator[str]:
    """Lines of one block; a block of a kind that this code does not know gives none."""
    if isinstance(blok, str):  # letters issued before there were blocks
        yield _polos(blok)
        return
    match blok["macam"]:
        case "alinea":
            yield _polos(blok["html"])
        case "rincian":
            yield from (f"{label}: {_polos(html)}" for label, html in blok["baris"])
        case "butir":
            for n, html in enumerate(blok["butir"], start=1):
                yield f"{n}. {_polos(html)}" if blok["angka"] else f"– {_polos(html)}"
        case "tabel":
            yield f"{blok['keterangan']}:"
            yield from (" · ".join(x for x in baris if x) for baris in blok["baris"])
        case "pohon":
            yield from ("– " * (b["tingkat"] - 1) + b["teks"] for b in blok["baris"])


def pembuka(data: Data) -> str:
    """What stands above the identity table."""
    return _polos(data["pembuka"])


def alinea(data: Data) -> list[str]:
    """What stands below the identity table, a paragraph or a line of a list each."""
    isi: list[str] = []
    for blok in data["isi"]:
        isi += _blok(blok)
    if data.get("menggantikan"):
        lama = data["menggantikan"]
        isi.append(f"Menggantikan surat nomor {lama['nomor']} tanggal {lama['tanggal']}.")
    return [satu for satu in (*isi, _polos(data["penutup"])) if satu]
