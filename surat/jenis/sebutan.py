"""What the settings of a letter type are called, for people who have never seen a database."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from penduduk import referensi
from surat.isian.macam import KATA as KATA_ATURAN
from surat.models import Aturan, JenisSurat, Pertanyaan

_KATA: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("sebutan.json").read_text(encoding="utf-8")
)
# Labels of the columns; where the model's own would not be understood.
JENIS, PERTANYAAN, SYARAT = _KATA["jenis"], _KATA["pertanyaan"], _KATA["syarat"]
ATURAN: dict[str, str] = _KATA["aturan"]
PENANDA, SIAPA, BANTUAN = _KATA["penanda"], _KATA["siapa"], _KATA["bantuan"]
BAGIAN: dict[str, list[str]] = _KATA["bagian"]  # of the page of a type, without its rows
PEMBUKA: dict[str, str] = _KATA["pembuka"]  # what a new type begins with
KELOMPOK: dict[str, str] = _KATA["kelompok"]
TIPE: dict[str, dict[str, str]] = _KATA["tipe"]


def pilihan_tipe() -> list[tuple[str, list[tuple[str, str]]]]:
    """All types of answers in groups, for a select."""
    resmi = [(f"ref:{nama}", _KATA["resmi"].get(nama, nama)) for nama in referensi.nama_tabel()]
    grup = [(nama, list(isi.items())) for nama, isi in TIPE.items()]
    return [*grup, ("Pilihan resmi", sorted(resmi, key=lambda x: x[1]))]


def tipe(kode: str) -> str:
    """What one type of answer is called."""
    for _, isi in pilihan_tipe():
        if kode in dict(isi):
            return dict(isi)[kode]
    return kode


def kelompok(kode: str) -> str:
    return KELOMPOK.get(kode, kode.replace("_", " ").capitalize())


def aturan(isi: Mapping[str, str]) -> str:
    """A rule as a line that tells all of it."""
    macam = KATA_ATURAN["macam"].get(isi["macam"], {}).get("label", isi["macam"])
    bila = isi["bila_kunci"] and f", bila {isi['bila_kunci']}: {isi['bila_nilai']}"
    kata = isi["kalimat"] and f" “{isi['kalimat']}”"
    kuat = Aturan.Kekuatan(isi["kekuatan"]).label
    return f"{isi['siapa']}, {macam}: {isi['nilai']}{bila} ({kuat}){kata}"


def nilai(kolom: str, isi: Any) -> str:
    """A value of a type or of a field as the office reads it."""
    if isinstance(isi, bool):
        return "ya" if isi else "tidak"
    if isinstance(isi, list):
        return "; ".join(isi) or "—"
    if kolom == "siapa" and isi in SIAPA:
        return str(SIAPA[isi])
    if isi is None or isi == "":
        return "—"
    if kolom == "tipe":
        return tipe(isi)
    if kolom == "kelompok":
        return kelompok(isi)
    pilihan: dict[Any, Any] = {
        "naskah": JenisSurat.Naskah.choices,
        "pengantar_kelian": JenisSurat.Pengantar.choices,
        "batas": Pertanyaan.Batas.choices,
        "tempat": JenisSurat.Tempat.choices,
    }
    if kolom in pilihan:
        return str(dict(pilihan[kolom]).get(isi, isi))
    return str(isi)
