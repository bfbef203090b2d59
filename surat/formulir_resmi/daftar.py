"""The official forms that ship with the portal: a file in berkas/ for each form and edition.

What stands in a file, and how it says where a value comes from: docs/id/formulir-resmi.md.
"""

import functools
import json
from pathlib import Path
from typing import Any

Naskah = dict[str, Any]  # one file, or a piece of it
_DI_SINI = Path(__file__).resolve().parent
_TABEL: dict[str, Any] = json.loads((_DI_SINI / "peta.json").read_text(encoding="utf-8"))
# Lists of (code, label) that several columns share; and what our words are called on a form.
DAFTAR: dict[str, list[list[str]]] = _TABEL["daftar"]
PETA: dict[str, dict[str, str]] = _TABEL["peta"]


@functools.cache
def semua() -> dict[str, dict[str, Naskah]]:
    """Each form by key, and its editions by name: "2019", "2026"."""
    hasil: dict[str, dict[str, Naskah]] = {}
    for berkas in sorted((_DI_SINI / "berkas").glob("*.json")):
        isi = json.loads(berkas.read_text(encoding="utf-8"))
        for versi in isi["versi"]:
            hasil.setdefault(berkas.stem.partition("-")[0], {})[versi] = isi
    return hasil


def pilihan(bidang: Naskah) -> list[list[str]]:
    """The choices of a field as (code, label); none for one that is filled in freely."""
    isi = bidang.get("pilihan", [])
    return DAFTAR[isi] if isinstance(isi, str) else isi
