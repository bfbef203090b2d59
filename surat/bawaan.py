"""Letter types that ship with the product: one JSON file each in surat/jenis_bawaan/.

A type that the village has not touched follows its file. One that it has changed is never
overwritten: it is told that a newer default exists, with the differences (`berbeda`).
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from surat import berkas_jenis
from surat.models import JenisSurat

FOLDER = Path(__file__).resolve().parent / "jenis_bawaan"


class BawaanTidakSah(ValueError):
    """A shipped file is wrong; the message names file and place."""


def baca() -> list[dict[str, Any]]:
    """All shipped types, checked, each with the hash of what it says as `sidik`.

    Raises BawaanTidakSah.
    """
    semua = []
    for berkas in sorted(FOLDER.glob("*.json")):
        data = json.loads(berkas.read_text(encoding="utf-8"))
        try:
            berkas_jenis.periksa(data)
        except berkas_jenis.JenisTidakSah as galat:
            raise BawaanTidakSah(f"{berkas.name}: {galat}") from galat
        semua.append(data | {"sidik": berkas_jenis.sidik(data)})
    return semua


@transaction.atomic
def muat() -> tuple[int, int]:
    """Load new types, and new defaults of types that the village has not changed.

    Returns (loaded, left as they were).
    """
    ada = berkas_jenis.lengkap().in_bulk(field_name="kode")
    dimuat = 0
    semua = baca()
    for data in semua:
        jenis = ada.get(data["kode"])
        if jenis is None:
            berkas_jenis.tulis(data, sidik=data["sidik"])
        elif jenis.sidik_bawaan == data["sidik"] or diubah_desa(jenis):
            continue
        else:
            berkas_jenis.tulis(data, jenis=jenis, sidik=data["sidik"])
        dimuat += 1
    return dimuat, len(semua) - dimuat


def diubah_desa(jenis: JenisSurat) -> bool:
    """Whether a type differs from what was last loaded into it."""
    return jenis.sidik_isi != berkas_jenis.sidik_isi(jenis)


def lebih_baru(jenis: Iterable[JenisSurat]) -> dict[str, dict[str, Any]]:
    """Shipped defaults that the village has not yet taken or declined, by code."""
    semua = {data["kode"]: data for data in baca()}
    return {
        j.kode: semua[j.kode]
        for j in jenis
        if j.kode in semua and j.sidik_bawaan != semua[j.kode]["sidik"]
    }


def tetap(jenis: JenisSurat) -> None:
    """Keep the village's own version: the present default is not offered again."""
    for data in baca():
        if data["kode"] == jenis.kode:
            JenisSurat.objects.filter(pk=jenis.pk).update(sidik_bawaan=data["sidik"])
