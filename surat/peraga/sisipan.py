"""The placeholders that the wording of a type may use: what each means, and an example."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from penduduk import desa as desa_
from surat.isian import jawaban
from surat.models import JenisSurat, Pertanyaan, Templat
from surat.naskah import susunan
from surat.peraga import surat
from surat.peraga.orang import Ukuran

_KATA: dict[str, dict[str, str]] = json.loads(surat.KATA.read_text(encoding="utf-8"))["sisipan"]
DIRI, PEMOHON, DESA, SURAT = (_KATA[nama] for nama in ("diri", "pemohon", "desa", "surat"))
_CONTOH_MAKS = 60


@dataclass(frozen=True)
class Sisipan:
    nama: str
    arti: str
    contoh: str

    @property
    def tulisan(self) -> str:
        """As it is written in the wording."""
        return f"{{{{ {self.nama} }}}}"


@dataclass(frozen=True)
class Kelompok:
    judul: str
    sisipan: list[Sisipan]


def daftar(jenis: JenisSurat, *, tanggal: date) -> list[Kelompok]:
    """All placeholders of `jenis` in groups, with examples about a fictitious resident."""
    contoh = _contoh(jenis, tanggal)
    bidang = list(jenis.pertanyaan.all())
    judul = "Data diri pemohon"
    if subjek := next((b for b in bidang if b.kunci == jenis.subjek), None):
        judul = f"Data diri: {subjek.label.rstrip('?')}"
    isi = dict(arti for b in bidang for arti in _arti(b))
    return [
        _kelompok("Isian surat ini", isi, contoh),
        _kelompok(judul, DIRI, contoh),
        *([_kelompok("Pemohon", PEMOHON, contoh)] if subjek else []),
        _kelompok("Desa dan penanda tangan", DESA, contoh),
        _kelompok("Surat", SURAT | ({} if subjek else PEMOHON), contoh),
    ]


def _arti(b: Pertanyaan) -> Iterable[tuple[str, str]]:
    label = b.label.rstrip("?")
    yield b.kunci, label
    for akhir in jawaban.TURUNAN.get(b.tipe, ()):
        yield f"{b.kunci}_{akhir}", f"{label}: {_KATA['turunan'][akhir]}"


def _kelompok(judul: str, arti: dict[str, str], contoh: dict[str, str]) -> Kelompok:
    return Kelompok(
        judul, [Sisipan(nama, kata, _pendek(contoh.get(nama, ""))) for nama, kata in arti.items()]
    )


def _pendek(teks: str) -> str:
    teks = " ".join(teks.split())
    return teks if len(teks) <= _CONTOH_MAKS else f"{teks[: _CONTOH_MAKS - 1]}…"


def _contoh(jenis: JenisSurat, tanggal: date) -> dict[str, str]:
    bahan = surat.bahan(jenis, ukuran=Ukuran.WAJAR, tanggal=tanggal, templat=Templat())
    isi = jawaban.untuk_surat(jenis, bahan.jawaban, pada=tanggal, penduduk=bahan.penduduk)
    return susunan.nilai(bahan, isi, susunan.subjek(bahan, isi), desa_.ambil())
