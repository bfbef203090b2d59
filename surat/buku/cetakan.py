"""A book as paper and as Excel: what stands in its cells, its head and above its signatures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from penduduk import desa as desa_
from penduduk.impor import keluar
from penduduk.models import Desa
from surat.bahasa import tanggal as tgl
from surat.buku.periode import Periode
from surat.kertas import cetak_buku
from surat.models import Mandat, Pejabat
from surat.naskah import gaya

BARIS_MAKS = 6000  # rows in one PDF; a year of 5,000 letters takes about half a minute
_PER_BAGIAN = 500  # rows that are laid out at once, for the sake of memory
_SEKDES = "Sekretaris Desa"
Sel = str | int | date


class TerlaluBesar(Exception):
    """Too many rows for one PDF; the message is fit to be shown."""


class BukuTidakTercetak(Exception):
    """The PDF could not be made; the message is fit to be shown."""


@dataclass(frozen=True)
class Kepala:
    """One cell of a table's head: how many columns and rows it spans."""

    teks: str
    lebar: int = 1
    tinggi: int = 1


@dataclass(frozen=True)
class Bentuk:
    """The form of a book: its name, the rows of its head, and its columns in Excel."""

    kode: str
    judul: str
    kepala: tuple[tuple[Kepala, ...], ...]
    kolom: tuple[tuple[str, int], ...]  # name and width in characters


@dataclass(frozen=True)
class Isi:
    """One row: the day under which it stands, and its cells."""

    hari: date
    sel: tuple[Sel, ...]


def pdf(bentuk: Bentuk, isi: Sequence[Isi], periode: Periode, *, pada: datetime) -> bytes:
    """The book on paper. Raises TerlaluBesar or BukuTidakTercetak."""
    if len(isi) > BARIS_MAKS:
        raise TerlaluBesar(
            f"{tgl.ribuan(len(isi))} baris terlalu banyak untuk satu PDF. Pilih satu bulan, atau "
            "unduh Excel."
        )
    try:
        return cetak_buku.cetak(data(bentuk, isi, periode, pada=pada))
    except cetak_buku.BukuSibuk:
        raise BukuTidakTercetak(
            "Buku lain sedang dicetak. Tunggu sebentar, lalu coba lagi."
        ) from None
    except cetak_buku.BukuGagal:
        raise BukuTidakTercetak(
            "PDF tidak dapat dibuat. Coba lagi, pilih satu bulan, atau unduh Excel."
        ) from None


def xlsx(bentuk: Bentuk, isi: Iterable[Isi], periode: Periode) -> Iterator[bytes]:
    nama, lebar = zip(*bentuk.kolom, strict=True)
    return keluar.buku(
        nama,
        (satu.sel for satu in isi),
        lembar=bentuk.judul,
        lebar=lebar,
        di_atas=(bentuk.judul, str(desa_.ambil()), periode.sebutan),
        kertas=gaya.tata_naskah().kertas,
    )


def data(bentuk: Bentuk, isi: Sequence[Isi], periode: Periode, *, pada: datetime) -> dict[str, Any]:
    """What surat.kertas.cetak_buku prints: plain text only."""
    desa, hari_ini = desa_.ambil(), tgl.di_wita(pada)
    return {
        "kode": bentuk.kode,
        "judul": bentuk.judul,
        "desa": desa.nama,
        "wilayah": f"Kecamatan {desa.kecamatan}, Kabupaten {desa.kabupaten}",
        "contoh": desa.contoh,
        "kertas": gaya.tata_naskah().kertas,
        "periode": periode.sebutan,
        "kepala": [
            [{"teks": k.teks, "lebar": k.lebar, "tinggi": k.tinggi} for k in baris]
            for baris in bentuk.kepala
        ],
        "kolom": [nama for nama, _ in bentuk.kolom],
        "bagian": _bagian(isi, periode),
        "ttd": _tanda_tangan(desa, hari_ini),
    }


def _bagian(isi: Sequence[Isi], periode: Periode) -> list[dict[str, Any]]:
    """Month by month, so that a month can be taken out of the file and bound."""
    per_bulan: dict[tuple[int, int], list[list[str]]] = {}
    for satu in isi:
        sel = [_kata(s) for s in satu.sel]
        per_bulan.setdefault((satu.hari.year, satu.hari.month), []).append(sel)
    hasil = [
        {
            "judul": f"{tgl.BULAN[bulan - 1]} {tahun}",
            "lanjutan": awal > 0,
            "baris": baris[awal : awal + _PER_BAGIAN],
        }
        for (tahun, bulan), baris in per_bulan.items()
        for awal in range(0, len(baris), _PER_BAGIAN)
    ]
    return hasil or [{"judul": periode.sebutan, "lanjutan": False, "baris": []}]


def _kata(sel: Sel) -> str:
    return f"{sel:%d-%m-%Y}" if isinstance(sel, date) else str(sel)


def _tanda_tangan(desa: Desa, hari_ini: date) -> dict[str, Any]:
    """Head and secretary as they are known today; an unknown name is left to be written."""
    sebagai = Mandat.Sebagai
    kepala = (
        Mandat.objects.berlaku(hari_ini)
        .filter(sebagai__in=(sebagai.DEFINITIF, sebagai.PLT, sebagai.PLH))
        .select_related("pejabat")
        .first()
    )
    sekdes = list(Pejabat.objects.filter(jabatan__iexact=_SEKDES, aktif=True)[:2])
    return {
        "tempat_tanggal": f"{desa.nama}, {tgl.panjang(hari_ini)}",
        "mengetahui": gaya.blok_ttd(kepala, desa)[0]
        if kepala
        else [f"{desa.sebutan_kepala} {desa.nama},"],
        "kepala": kepala.pejabat.nama if kepala else "",
        "sekdes": sekdes[0].nama if len(sekdes) == 1 else "",
    }
