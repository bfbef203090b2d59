"""The dry run: a file becomes rows of BarisImpor; the register is only read."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from penduduk.impor import berkas as berkas_
from penduduk.impor.banding import Pembanding, berkelompok
from penduduk.models import BarisImpor

# Called with the rows that are done, and how many of how many there are (0: not yet known).
Simpan = Callable[[list[BarisImpor], int, int], None]
_KESEHATAN = (
    "Kolom cacat_id, cara_kb_id, dan hamil tidak disimpan: data kesehatan tidak diperlukan untuk "
    "surat (UU 27/2022 pasal 4 dan 16)."
)


# What makes two remarks of one kind differ: quoted cells, days, numbers of rows.
_BERUBAH = re.compile(r"“[^”]*”|\d{2}-\d{2}-\d{4}|(?<=\bbaris )\d[^.;]*|(?<=^Angka )[\d.]+")


@dataclass
class Ringkasan:
    jumlah: Counter[str] = field(default_factory=Counter)
    catatan: list[str] = field(default_factory=list)
    _ragam: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def golongkan(self, satu: BarisImpor) -> None:
        """Count the remarks of a row by kind, and note in the row which kinds it has."""
        nomor = []
        for catatan in satu.catatan:
            kalimat = _BERUBAH.sub("…", catatan["kalimat"])
            baru = {
                "kolom": catatan["kolom"],
                "kalimat": kalimat,
                "jumlah": 0,
                "betulan": catatan.get("betulan", False),
                "nomor": len(self._ragam),
            }
            ragam = self._ragam.setdefault((catatan["kolom"], kalimat), baru)
            ragam["jumlah"] += 1
            nomor.append(str(ragam["nomor"]))
        satu.ragam = f",{','.join(nomor)}," if nomor else ""

    def ragam(self) -> list[dict[str, Any]]:
        """The kinds of remarks, the most frequent first."""
        return sorted(self._ragam.values(), key=lambda satu: -satu["jumlah"])


def periksa(
    berkas: BinaryIO, *, hari_ini: date, simpan: Simpan, betulkan: bool = False
) -> Ringkasan:
    """Compare every row of `berkas` with the register. Raises BerkasTidakTerbaca.

    `simpan` gets the rows, group by group, still without their import. `betulkan`: mend what the
    NIK proves.
    """
    hasil = Ringkasan()
    with berkas_.baca(berkas, denyut=lambda n: simpan([], n, 0)) as bacaan:
        pembanding = Pembanding(hari_ini=hari_ini, betulkan=betulkan)
        pembanding.kenali(bacaan.baris)
        selesai = 0
        for kelompok in berkelompok(bacaan.baris()):
            baris = pembanding.bandingkan(kelompok)
            hasil.jumlah.update(satu.hasil for satu in baris)
            for satu in baris:
                hasil.golongkan(satu)
            selesai += len(baris)
            simpan(baris, selesai, bacaan.jumlah)
        hasil.catatan = [*bacaan.catatan, *pembanding.catatan()]
        if bacaan.ada_kesehatan:
            hasil.catatan.append(_KESEHATAN)
    return hasil
