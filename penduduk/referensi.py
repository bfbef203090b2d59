"""National code tables (Kemendagri) used by the register and by letters.

The labels are those of the family card; letters store the label, not the code, so a later change
of a table never rewrites an issued letter.
"""

import json
from pathlib import Path

_TABEL: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "referensi.json").read_text(encoding="utf-8")
)
PROVINSI = frozenset(_TABEL.pop("provinsi"))  # first two digits of a NIK, historic ones included


def tabel(nama: str) -> list[tuple[str, str]]:
    """Rows of one table as (code, label), in the official order; KeyError if there is none."""
    return list(_TABEL[nama].items())


def nama_tabel() -> list[str]:
    return sorted(_TABEL)


def _angka(nama: str) -> list[tuple[int, str]]:
    return [(int(kode), label) for kode, label in tabel(nama)]


# Callables, so that migrations name the table instead of copying its rows.
def jenis_kelamin() -> list[tuple[int, str]]:
    return _angka("jenis_kelamin")


def agama() -> list[tuple[int, str]]:
    return _angka("agama")


def pendidikan() -> list[tuple[int, str]]:
    return _angka("pendidikan")


def pekerjaan() -> list[tuple[int, str]]:
    return _angka("pekerjaan")


def status_perkawinan() -> list[tuple[int, str]]:
    return _angka("status_perkawinan")


def shdk() -> list[tuple[int, str]]:
    return _angka("shdk")


def kewarganegaraan() -> list[tuple[int, str]]:
    return _angka("kewarganegaraan")


def golongan_darah() -> list[tuple[int, str]]:
    return _angka("golongan_darah")


def status_dasar() -> list[tuple[int, str]]:
    return _angka("status_dasar")
