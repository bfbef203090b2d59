"""Letter types that ship with the product: one JSON file each in surat/jenis/jenis_bawaan/.

A type that the village has not touched follows its file, but for the SAKLAR that it has moved. One
that it has changed is never overwritten: it is told that a newer default exists, and takes or
declines it.
"""

import functools
import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from surat.jenis import berkas as berkas_jenis
from surat.models import JenisSurat

# What a village decides without changing a letter; the first is yes or no.
SAKLAR = ("layanan_mandiri", "janji_hari", "urutan")
FOLDER = Path(__file__).resolve().parent / "jenis_bawaan"
# Archive codes of Permendagri 83/2022 that were chosen without certainty, by type.
_RAGU: dict[str, str] = json.loads((FOLDER.parent / "klasifikasi_ragu.json").read_text())


class BawaanTidakSah(ValueError):
    """A shipped file is wrong; the message names file and place."""


def baca() -> list[dict[str, Any]]:
    """All shipped types, checked, each with the hash of what it says as `sidik`.

    Raises BawaanTidakSah.
    """
    return [_baca_satu(berkas) for berkas in sorted(FOLDER.glob("*.json"))]


def _baca_satu(berkas: Path) -> dict[str, Any]:
    try:
        data = json.loads(berkas.read_text(encoding="utf-8"))
        berkas_jenis.periksa(data)
    except (berkas_jenis.JenisTidakSah, json.JSONDecodeError) as galat:
        raise BawaanTidakSah(f"{berkas.name}: {galat}") from galat
    return data | {"sidik": berkas_jenis.sidik(data)}


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
        elif jenis.sidik_bawaan == data["sidik"] or (saklar := _digeser(jenis, data)) is None:
            continue
        else:
            berkas_jenis.tulis(data | saklar, jenis=jenis, sidik=data["sidik"])
        dimuat += 1
    return dimuat, len(semua) - dimuat


def _digeser(jenis: JenisSurat, data: dict[str, Any]) -> dict[str, Any] | None:
    """The switches that the village has moved; None when it has changed more than that. Only the
    hash of what was loaded is known, so a switch is put back to what it may have been."""
    isi = berkas_jenis.ekspor(jenis)
    for semula in itertools.product((True, False), *({isi[k], data[k]} for k in SAKLAR[1:])):
        dulu = dict(zip(SAKLAR, semula, strict=True))
        if jenis.sidik_isi == berkas_jenis.sidik(isi | dulu):
            return {k: isi[k] for k in SAKLAR if isi[k] != dulu[k]}
    return None


def milik_desa(jenis: JenisSurat, data: dict[str, Any]) -> dict[str, Any]:
    """A default with the switches as the village has them."""
    return berkas_jenis.seragam(data) | {k: getattr(jenis, k) for k in SAKLAR}


def diubah_desa(jenis: JenisSurat) -> bool:
    """Whether a type differs from what was last loaded into it."""
    return jenis.sidik_isi != berkas_jenis.sidik_isi(jenis)


def satu(kode: str) -> dict[str, Any] | None:
    """The shipped default of one type, as `baca` gives it; None: the village made it itself."""
    berkas = FOLDER / f"{kode}.json"
    return _baca_satu(berkas) if berkas.is_file() else None


def klasifikasi_ragu(jenis: JenisSurat) -> bool:
    """Whether the shipped archive code is a guess that the village has not confirmed or changed."""
    return not jenis.klasifikasi_pasti and _RAGU.get(jenis.kode) == jenis.klasifikasi


@functools.lru_cache(maxsize=256)
def _sidik(berkas: Path, diubah: int) -> str:
    """Hash of one file; a list of all types asks for it again and again."""
    return berkas_jenis.sidik(json.loads(berkas.read_text(encoding="utf-8")))


def lebih_baru(jenis: Iterable[JenisSurat]) -> set[str]:
    """Codes of the types with a shipped default that the village has neither taken nor declined."""
    ada = {berkas.stem: berkas for berkas in FOLDER.glob("*.json")}
    return {
        j.kode
        for j in jenis
        if j.kode in ada and j.sidik_bawaan != _sidik(ada[j.kode], ada[j.kode].stat().st_mtime_ns)
    }


def tanpa_aturan() -> int:
    """How many shipped types have no rules here: the village had changed them before there were."""
    ada = [berkas.stem for berkas in FOLDER.glob("*.json")]
    return JenisSurat.objects.filter(kode__in=ada, aturan__isnull=True).count()


def tetap(jenis: JenisSurat, *, sidik: str) -> None:
    """Keep the village's own version: the default with this hash is not offered again."""
    JenisSurat.objects.filter(pk=jenis.pk).update(sidik_bawaan=sidik)
