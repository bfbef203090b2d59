"""All letters of the product as they come out of the press, each made once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from surat.kertas import pdf
from surat.models import JenisSurat
from surat.naskah import susunan
from surat.peraga import surat
from surat.peraga.surat import Ukuran
from tests.surat.kertas import tata_letak

PADA = date(2026, 11, 23)  # always the same day: dates of other lengths break lines elsewhere


@dataclass(frozen=True)
class Cetakan:
    """One printed letter and what was found on it."""

    bahan: susunan.Bahan
    data: dict[str, Any]
    isi: bytes
    halaman: int
    tulisan: list[str]
    keluar_sel: list[str]
    baris_terbelah: list[str]


def susun(jenis: JenisSurat, ukuran: Ukuran) -> tuple[susunan.Bahan, dict[str, Any]]:
    """Material and frozen letter, as of a real village: no watermark."""
    bahan = surat.bahan(jenis, ukuran=ukuran, tanggal=PADA)
    return bahan, surat.surat_peraga(bahan, tanda_air="") | {"contoh": False}


def susun_semua(jenis: Iterable[JenisSurat]) -> dict[tuple[str, str], tuple]:
    return {(j.kode, u.value): susun(j, u) for j in jenis for u in Ukuran}


def di_kertas(data: dict[str, Any], kertas: str) -> dict[str, Any]:
    """The same letter on other paper."""
    return data | {"tata": data["tata"] | {"kertas": kertas}}


def halaman(jenis: Iterable[JenisSurat]) -> dict[tuple[str, str, str], int]:
    """Pages of all letters by type, size and paper."""
    semua = susun_semua(jenis).items()
    return {
        (*kunci, kertas): pdf.buat(di_kertas(data, kertas))[1]
        for kunci, (_, data) in semua
        for kertas in ("F4", "A4")
    }


def cetak(bahan: susunan.Bahan, data: dict[str, Any]) -> Cetakan:
    with tata_letak.tangkap() as dokumen:
        isi, halaman = pdf.buat(data)
    return Cetakan(
        bahan=bahan,
        data=data,
        isi=isi,
        halaman=halaman,
        tulisan=tata_letak.tulisan(isi),
        keluar_sel=tata_letak.keluar_sel(dokumen[-1]),
        baris_terbelah=tata_letak.baris_terbelah(dokumen[-1]),
    )


def naskah(bahan: susunan.Bahan, data: dict[str, Any]) -> Cetakan:
    """The letter before it is laid out: its words, and no paper."""
    badan = pdf.html(data).partition("<body>")[2]
    tulisan = [tata_letak.rapat(tata_letak.polos(badan))]
    return Cetakan(bahan, data, b"", 0, tulisan, [], [])
