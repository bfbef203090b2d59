"""Templates of the Content API outlive a restart of the demo, as they would at Twilio.

The portal keeps their SIDs in its database; without this every message after the next `make run`
would be refused. They hold words of the village only, nothing of a resident.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.twilio_palsu import Tinjauan
from simulator.twilio_palsu.konten.konten import KontenTwilio, Pengajuan


def simpan(berkas: Path, semua: list[KontenTwilio]) -> None:
    """Write all of them, whole or not at all."""
    sementara = berkas.with_suffix(".baru")
    sementara.write_text(json.dumps([_keluar(satu) for satu in semua]), encoding="utf-8")
    sementara.replace(berkas)


def muat(berkas: Path) -> list[KontenTwilio]:
    """What was saved; a file that is missing or spoilt is a Twilio without templates."""
    try:
        return [_masuk(satu) for satu in json.loads(berkas.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _keluar(konten: KontenTwilio) -> dict[str, Any]:
    ajuan = konten.pengajuan
    return {
        "sid": konten.sid,
        "nama": konten.nama,
        "bahasa": konten.bahasa,
        "variabel": konten.variabel,
        "jenis": konten.jenis,
        "dibuat": konten.dibuat.isoformat(),
        "pengajuan": ajuan and [ajuan.nama, ajuan.kategori, ajuan.tinjauan.status],
        "alasan": ajuan.tinjauan.alasan if ajuan else "",
    }


def _masuk(isi: dict[str, Any]) -> KontenTwilio:
    """The time to think is over meanwhile."""
    ajuan = None
    if isi["pengajuan"]:
        nama, kategori, status = isi["pengajuan"]
        ajuan = Pengajuan(nama, kategori, Tinjauan(status, isi["alasan"]))
    return KontenTwilio(
        isi["nama"],
        isi["bahasa"],
        isi["variabel"],
        isi["jenis"],
        sid=isi["sid"],
        dibuat=datetime.fromisoformat(isi["dibuat"]),
        pengajuan=ajuan,
    )
