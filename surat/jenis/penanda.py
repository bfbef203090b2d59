"""The signers of a letter type as rows of its document: their columns, and what is refused.

`siapa`: "" the described, "pemohon", "kelian_banjar", "-" somebody named by hand, or the key of a
question; `wali`: of the guardian of those who are too young (docs/id/jenis-surat.md).
"""

from collections.abc import Mapping
from typing import Any

from surat.bahasa import templat
from surat.isian import jawaban
from surat.jenis.bentuk import JenisTidakSah
from surat.models import JenisSurat

_TEKS = {"label": "", "siapa": "", "tempat": JenisSurat.Tempat.PIHAK.value}
KOSONG: dict[str, Any] = {**_TEKS, "meterai": False, "nomor": False, "wali": ""}
UMUM = ("", "pemohon", "kelian_banjar", "-")
BARIS_MAKS, _LABEL_MAKS = 12, 120
ORANG = jawaban.ORANG | {"teks", "nama", "pilihan"}
SIAPA = ORANG | {"teks_panjang", "tabel_orang", "daftar_anggota"}


def seragam(semua: list[Any]) -> list[Any]:
    """Rows with all their columns."""
    return [KOSONG | satu if isinstance(satu, dict) else satu for satu in semua]


def periksa(semua: list[Any], *, tipe: Mapping[str, str], nama: set[str]) -> None:
    """Raise JenisTidakSah unless these rows can be printed. `tipe`: of the questions by key;
    `nama`: what a label may name beside templat.TETAP."""
    if len(semua) > BARIS_MAKS:
        raise JenisTidakSah(f"“penanda” paling banyak {BARIS_MAKS} baris.")
    for ke, satu in enumerate(seragam(semua), start=1):
        if not isinstance(satu, dict) or [
            k for k, v in satu.items() if type(v) is not type(KOSONG.get(k))
        ]:
            raise JenisTidakSah(f"Isi penanda baris {ke} tidak sah.")
        label = satu["label"].strip()
        if not label or len(label) > _LABEL_MAKS or satu["tempat"] not in JenisSurat.Tempat.values:
            raise JenisTidakSah(
                f"Di penanda baris {ke}, tulis sebutan (paling panjang {_LABEL_MAKS} huruf) dan "
                "pilih tempatnya."
            )
        if satu["siapa"] not in UMUM and tipe.get(satu["siapa"]) not in SIAPA:
            raise JenisTidakSah(f"“{label}” menunjuk “{satu['siapa']}”, yang bukan isian orang.")
        if satu["wali"] and tipe.get(satu["wali"]) not in ORANG:
            raise JenisTidakSah(f"Wali bagi “{label}”, “{satu['wali']}”, bukan isian orang.")
        try:
            templat.periksa(label, nama)
        except templat.TemplatTidakSah as galat:
            raise JenisTidakSah(f"Penanda baris {ke}: {galat}") from galat
