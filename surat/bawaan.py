"""Letter types that ship with the product: one JSON file each in surat/jenis_bawaan/."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from surat import isian, templat
from surat.models import Isian, JenisSurat, Syarat, Templat

FOLDER = Path(__file__).resolve().parent / "jenis_bawaan"
_KOLOM = (
    "nama judul kelompok naskah tujuan klasifikasi pengantar_kelian masa_berlaku_hari janji_hari "
    "layanan_mandiri data_sensitif urutan"
).split()


class BawaanTidakSah(ValueError):
    """A shipped file is wrong; the message names file and place."""


def baca() -> list[dict[str, Any]]:
    """All shipped types, checked. Raises BawaanTidakSah."""
    semua = []
    for berkas in sorted(FOLDER.glob("*.json")):
        teks = berkas.read_text(encoding="utf-8")
        data = json.loads(teks) | {"sidik": hashlib.sha256(teks.encode()).hexdigest()}
        kunci = [b["kunci"] for b in data["bidang"]]
        for b in data["bidang"]:
            isian.periksa_kunci(b["kunci"])
            if not isian.didukung(b["tipe"]):
                raise BawaanTidakSah(f"{berkas.name}: tipe {b['tipe']} belum ada")
        for bagian in ("pembuka", "penutup", *data["isi"]):
            try:
                templat.periksa(data.get(bagian, bagian), kunci)
            except templat.TemplatTidakSah as galat:
                raise BawaanTidakSah(f"{berkas.name}: {galat}") from galat
        semua.append(data)
    return semua


@transaction.atomic
def muat() -> tuple[int, int]:
    """Load types that are not there yet; what the village changed is never overwritten.

    Returns (new, existing).
    """
    baru = 0
    ada = set(JenisSurat.objects.values_list("kode", flat=True))
    semua = baca()
    for data in semua:
        if data["kode"] in ada:
            continue
        jenis = JenisSurat.objects.create(
            kode=data["kode"], sidik_bawaan=data["sidik"], **{k: data[k] for k in _KOLOM}
        )
        Isian.objects.bulk_create(
            Isian(jenis=jenis, urutan=i, **b) for i, b in enumerate(data["bidang"], start=1)
        )
        Syarat.objects.bulk_create(
            Syarat(jenis=jenis, urutan=i, **s) for i, s in enumerate(data["syarat"], start=1)
        )
        Templat.objects.create(
            jenis=jenis,
            versi=1,
            pembuka=data["pembuka"],
            isi="\n\n".join(data["isi"]),
            penutup=data["penutup"],
        )
        baru += 1
    return baru, len(semua) - baru
