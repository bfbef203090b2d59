"""The manual of the office: one page for each task, linked from the pages where it is done.

The pages are pieces of HTML in templates/admin/bantuan/isi/, listed in bantuan.json. What stands
in bold there can be read on the pages that are explained; a test looks for it.
"""

import json
from pathlib import Path
from typing import NamedTuple


class Bantuan(NamedTuple):
    """One task. `izin`: who does it; `tempat`: names of the addresses where it is done; `gambar`:
    what its picture in static/bantuan/ shows, "" without one."""

    kode: str
    judul: str
    kelompok: str
    izin: str
    tempat: list[str]
    gambar: str


SEMUA = {
    satu["kode"]: Bantuan(**satu)
    for satu in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
}
_TEMPAT = {nama: satu for satu in SEMUA.values() for nama in satu.tempat}


def untuk(tempat: str | None) -> Bantuan | None:
    """What explains the page whose address has this name."""
    return _TEMPAT.get(tempat or "")
