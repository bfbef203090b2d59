"""Whether all that will stand on a letter can be printed, wherever it comes from: the register, the
village's own settings, the wording, the answers."""

import re
from typing import Any

from penduduk import desa as desa_
from penduduk.models import Banjar, Keluarga
from penduduk.teks import ASING, semua_teks, tampak
from surat.naskah.gaya import tata_naskah
from surat.naskah.susunan import Bahan

_KATA = re.compile(rf"[^\s<>]*{ASING.pattern}[^\s<>]*")


class TakTercetak(ValueError):
    """Something cannot be printed; the message names each word and where it can be mended."""


def kata_asing(data: Any) -> list[str]:
    """The words of a frozen letter that no letter can show, each once."""
    kata = (k.strip(".,;:()“”") for teks in semua_teks(data) for k in _KATA.findall(teks))
    return list(dict.fromkeys(kata))


def periksa(bahan: Bahan, data: dict[str, Any]) -> None:
    """Raise TakTercetak unless every character of `data`, made of `bahan`, is printable."""
    if asing := kata_asing(data)[:5]:
        sebut = "; ".join(f"“{tampak(kata)}” ({_tempat(bahan, kata)})" for kata in asing)
        raise TakTercetak(f"Ada tanda yang tidak dapat dicetak. Perbaiki dulu: {sebut}.")


def _tempat(bahan: Bahan, kata: str) -> str:
    """Where somebody has typed it; a person's own facts when it is nowhere else."""
    jenis, alamat = bahan.jenis, Keluarga.objects.filter(alamat__contains=kata)[:1]
    bidang = list(jenis.pertanyaan.values("label", "pilihan"))
    sumber: dict[str, Any] = {
        "isian permohonan ini": [bahan.jawaban, bahan.pengantar.nomor],
        "Kelola › Pejabat": vars(bahan.mandat.pejabat),
        "Kelola › Desa": vars(desa_.ambil()),
        "Kelola › Tata naskah": vars(tata_naskah()),
        "Kelola › Jenis surat": [vars(jenis), vars(bahan.templat), bidang],
        "Kelola › Banjar dinas": list(Banjar.objects.values_list("nama", "kelian")),
        "Kelola › Keluarga": list(alamat.values_list("alamat")),
    }
    cari = (kata, ASING.findall(kata)[0])  # a number is put together of several words
    ada = (n for c in cari for n, isi in sumber.items() if any(c in x for x in semua_teks(isi)))
    return next(ada, "Kelola › Penduduk")
