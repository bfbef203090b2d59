"""The dry run: a file becomes rows of BarisImpor; the register is only read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from penduduk.impor import berkas as berkas_
from penduduk.impor.banding import Pembanding, berkelompok
from penduduk.models import BarisImpor

# Called with the rows that are done, and how many of how many there are (0: not yet known).
Simpan = Callable[[list[BarisImpor], int, int], None]
_KESEHATAN = (
    "Kolom cacat_id, cara_kb_id, dan hamil tidak disimpan: data kesehatan tidak diperlukan untuk "
    "surat (UU 27/2022 pasal 4 dan 16)."
)


@dataclass
class Ringkasan:
    jumlah: Counter[str] = field(default_factory=Counter)
    catatan: list[str] = field(default_factory=list)


def periksa(berkas: BinaryIO, *, hari_ini: date, simpan: Simpan) -> Ringkasan:
    """Compare every row of `berkas` with the register. Raises BerkasTidakTerbaca.

    `simpan` gets the rows, group by group, still without their import.
    """
    hasil = Ringkasan()
    with berkas_.baca(berkas, denyut=lambda n: simpan([], n, 0)) as bacaan:
        pembanding = Pembanding(hari_ini=hari_ini)
        pembanding.kenali(bacaan.baris)
        selesai = 0
        for kelompok in berkelompok(bacaan.baris()):
            baris = pembanding.bandingkan(kelompok)
            hasil.jumlah.update(satu.hasil for satu in baris)
            selesai += len(baris)
            simpan(baris, selesai, bacaan.jumlah)
        hasil.catatan = [*bacaan.catatan, *pembanding.catatan()]
        if bacaan.ada_kesehatan:
            hasil.catatan.append(_KESEHATAN)
    return hasil
