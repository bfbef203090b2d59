"""Any accepted population file as rows in our order of columns: .xlsx, .xlsm or .csv.

The first pass over a file finds its columns and writes the rows to an unnamed temporary file; the
second reads them from there. So the slow parsing happens once, and nothing is held in memory.
"""

import codecs
import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any, BinaryIO
from zipfile import ZipFile

from django.conf import settings

from penduduk.impor import kolom, sel, xlsx
from penduduk.impor.xlsx import BerkasTidakTerbaca

UKURAN_MAKS = 30 * 1024 * 1024
BARIS_MAKS = 200_000
CARI_JUDUL = 40  # the header stands in one of the first rows
BUKAN_DATA = "kode data"  # sheet of OpenSID's form that explains the codes
AKHIR = "###"
_KABAR_TIAP = 1000
_KENAL = 3  # known names that make a row a header

_Sel = dict[int, Any]
_Baris = tuple[int, _Sel]


@dataclass(frozen=True)
class Baris:
    """One row of the file: cells in the order of kolom.KOLOM."""

    lembar: str
    nomor: int
    sel: list[Any]


@dataclass
class Bacaan:
    """A file read once; its rows can be read again from `baris()`."""

    simpanan: IO[str]
    jumlah: int = 0
    catatan: list[str] = field(default_factory=list)
    ada_kesehatan: bool = False

    def baris(self) -> Iterator[Baris]:
        self.simpanan.seek(0)
        for satu in self.simpanan:
            lembar, nomor, isi = json.loads(satu, object_hook=_tanggal)
            yield Baris(lembar, nomor, isi)


@contextmanager
def baca(berkas: BinaryIO, *, denyut: Callable[[int], None] = lambda n: None) -> Iterator[Bacaan]:
    """Read the whole file; `denyut` hears how many rows there were. Raises BerkasTidakTerbaca."""
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder) as simpanan:
        hasil = Bacaan(simpanan)
        for satu in _semua_baris(berkas, hasil):
            simpanan.write(json.dumps([satu.lembar, satu.nomor, satu.sel], default=_tulis) + "\n")
            hasil.jumlah += 1
            if hasil.jumlah > BARIS_MAKS:
                raise BerkasTidakTerbaca(
                    f"Berkas ini lebih dari {BARIS_MAKS} baris. Bagi menjadi beberapa berkas."
                )
            if any(satu.sel[urut] is not None for urut in kolom.URUT_KESEHATAN):
                hasil.ada_kesehatan = True
            if hasil.jumlah % _KABAR_TIAP == 0:
                denyut(hasil.jumlah)
        if not hasil.jumlah:
            raise BerkasTidakTerbaca("Tidak ada baris data di bawah baris judul. Isi, lalu unggah.")
        yield hasil


def _tulis(isi: object) -> dict[str, str] | str:
    """Cells that JSON does not know: days marked as such, anything else as text."""
    if isinstance(isi, datetime | date):
        return {"tanggal": f"{isi:%Y-%m-%d}"}
    return sel.teks_polos(isi)


def _tanggal(isi: dict[str, str]) -> date:
    return date.fromisoformat(isi["tanggal"])


def _semua_baris(berkas: BinaryIO, hasil: Bacaan) -> Iterator[Baris]:
    if _kenali(berkas) == "csv":
        try:
            yield from _lembar("", _baris_csv(berkas), hasil)
        except _TanpaJudul as galat:
            raise BerkasTidakTerbaca(_TANPA_JUDUL) from galat
        return
    with closing(xlsx.Buku(berkas)) as buku:
        yield from _semua_lembar(buku, hasil)


def _semua_lembar(buku: xlsx.Buku, hasil: Bacaan) -> Iterator[Baris]:
    data = [x for x in buku.lembar if x.judul.strip().casefold() != BUKAN_DATA]
    dilewati = []
    for lembar in data:
        try:
            # The name of the only sheet would stand in every remark and say nothing.
            sebut = lembar.judul[:40] if len(data) > 1 else ""
            judul, letak = yield from _lembar(sebut, _aman(lembar.baris()), hasil)
        except _TanpaJudul:
            dilewati.append(lembar.judul)
            continue
        _periksa_gabungan(lembar, judul)
        hasil.catatan += _tersembunyi(lembar, judul, letak)
    if len(dilewati) == len(data):
        raise BerkasTidakTerbaca(_TANPA_JUDUL)
    for nama in dilewati:
        hasil.catatan.append(f"Lembar {sel.kutip(nama)} dilewati: tidak ada baris judul.")


def tabel_excel(berkas: BinaryIO) -> Iterator[Iterator[_Baris]]:
    """The rows of each sheet of a workbook, whatever its columns. Raises BerkasTidakTerbaca."""
    if _kenali(berkas) == "csv":
        raise BerkasTidakTerbaca(f"Berkas ini bukan Excel. {_SIMPAN}")
    with closing(xlsx.Buku(berkas)) as buku:
        yield from (_aman(lembar.baris()) for lembar in buku.lembar)


def _aman(baris: Iterator[_Baris]) -> Iterator[_Baris]:
    """The same rows, as far as the file is sound. Raises BerkasTidakTerbaca."""
    with xlsx.hanya_rusak():
        yield from baris


# --- Header and rows of one sheet ---------------------------------------------------------------


class _TanpaJudul(Exception):
    """None of the first rows names our columns."""


_TANPA_JUDUL = (
    f"Baris judul tidak ditemukan di {CARI_JUDUL} baris pertama. Baris judul memuat nama kolom "
    f"OpenSID: {', '.join(kolom.NAMA[:8])}, dan seterusnya. Unduh contoh lewat “Ekspor penduduk”."
)


def _kunci(judul: object) -> str:
    return "".join(c for c in str(judul).casefold() if c.isalnum())


# Columns that our own result adds; the mended file is uploaded with them.
_MILIK_KAMI = frozenset({"hasil", "catatan", "baris"})
_KENAL_NAMA = {
    _kunci(judul): kolom.NAMA.index(nama)
    for nama in kolom.NAMA
    for judul in (nama, *kolom.JUDUL_LAIN.get(nama, ()))
}


def _dikenal(baris: _Sel) -> int:
    return sum(_kunci(isi) in _KENAL_NAMA for isi in baris.values())


def _lembar(
    lembar: str, semua: Iterator[_Baris], hasil: Bacaan
) -> Generator[Baris, None, tuple[int, list[int]]]:
    """Rows of one sheet, down to its end mark; returns the header's row, and see _letak."""
    for judul, isi in semua:
        if judul > CARI_JUDUL:
            raise _TanpaJudul
        if _dikenal(isi) >= _KENAL:
            break
    else:
        raise _TanpaJudul
    letak = _letak(isi, lembar, hasil)
    for nomor, satu in semua:
        kedua = satu.get(2)
        if isinstance(kedua, str) and kedua.strip().startswith(AKHIR):
            break
        urutan = [satu.get(n) for n in letak]
        if any(isi is not None and str(isi).strip() for isi in urutan):
            yield Baris(lembar, nomor, urutan)
    for _ in semua:  # merged ranges stand behind the last row
        pass
    return judul, letak


def _letak(judul: _Sel, lembar: str, hasil: Bacaan) -> list[int]:
    """Where each of our columns stands (0: nowhere). Raises BerkasTidakTerbaca."""
    letak = [0] * len(kolom.NAMA)
    asing = []
    for nomor in sorted(judul):
        urut = _KENAL_NAMA.get(_kunci(judul[nomor]))
        if urut is None and _kunci(judul[nomor]) in _MILIK_KAMI:
            continue
        if urut is None or (letak[urut] and _kunci(judul[nomor]) != _kunci(kolom.NAMA[urut])):
            asing.append(sel.kutip(judul[nomor]))
        elif letak[urut]:
            raise BerkasTidakTerbaca(
                f"Kolom {kolom.NAMA[urut]} ada dua kali. Hapus salah satunya, lalu unggah ulang."
            )
        else:
            letak[urut] = nomor
    di = f" di lembar {sel.kutip(lembar)}" if lembar else ""
    kurang = [nama for nama in kolom.WAJIB if not letak[kolom.NAMA.index(nama)]]
    if kurang:
        raise BerkasTidakTerbaca(
            f"Kolom {', '.join(kurang)} tidak ada{di}. Tambahkan di baris judul, lalu unggah ulang."
        )
    ada = [n for n in letak if n]
    if ada != sorted(ada):
        hasil.catatan.append(
            f"Urutan kolom{di} berbeda dari format OpenSID. Kolom dibaca menurut judulnya."
        )
    if not letak[kolom.NAMA.index("dusun")]:
        hasil.catatan.append(f"Kolom dusun tidak ada{di}, jadi banjar tidak diisi.")
    if asing:
        hasil.catatan.append(f"Kolom yang tidak dikenal{di} dilewati: {', '.join(asing[:10])}.")
    return letak


def _tersembunyi(lembar: xlsx.Lembar, judul: int, letak: list[int]) -> list[str]:
    """What was read although nobody sees it in Excel."""
    hasil, di = [], f" di lembar {sel.kutip(lembar.judul)}"
    if not lembar.tampak:
        hasil.append(f"Lembar tersembunyi {sel.kutip(lembar.judul)} ikut dibaca.")
    if baris := sum(nomor > judul for nomor in lembar.baris_sembunyi):
        hasil.append(f"{baris} baris tersembunyi{di} ikut dibaca.")
    kolom_ = [kolom.NAMA[u] for u, n in enumerate(letak) if n in lembar.kolom_sembunyi]
    if kolom_:
        hasil.append(f"Kolom tersembunyi{di} ikut dibaca: {', '.join(kolom_)}.")
    return hasil


def _periksa_gabungan(lembar: xlsx.Lembar, judul: int) -> None:
    """A merged cell has one value for many rows or columns: nobody knows for which."""
    salah = [ref for ref in lembar.gabungan if _baris_akhir(ref) >= judul]
    if salah:
        lagi = f" dan {len(salah) - 5} lainnya" if len(salah) > 5 else ""
        raise BerkasTidakTerbaca(
            f"Ada sel yang digabung (merge) di lembar {sel.kutip(lembar.judul)}: "
            f"{', '.join(salah[:5])}{lagi}. Pisahkan sel itu, isi setiap barisnya, lalu unggah "
            "ulang."
        )


def _baris_akhir(ref: str) -> int:
    angka = re.findall(r"\d+", ref)
    return int(angka[-1]) if angka else xlsx.BARIS_EXCEL


# --- What kind of file --------------------------------------------------------------------------

_SIMPAN = "Simpan sebagai “Buku Kerja Excel (.xlsx)”, lalu unggah berkas itu."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TERKUNCI = "EncryptedPackage".encode("utf-16-le")
_BUKAN_TABEL = {
    b"%PDF": "PDF",
    b"{\\rtf": "dokumen Word",
    b"\xff\xd8\xff": "foto",
    b"\x89PNG": "gambar",
}


def _kenali(berkas: BinaryIO) -> str:
    """By content, whatever the name says. Raises BerkasTidakTerbaca."""
    berkas.seek(0)
    awal = berkas.read(4096)
    berkas.seek(0)
    if not awal.strip():
        raise BerkasTidakTerbaca("Berkas ini kosong. Pilih berkas lain.")
    if awal.startswith(_OLE):
        raise BerkasTidakTerbaca(_kata_ole(berkas))
    if awal.startswith(b"PK"):
        _periksa_zip(berkas)
        return "xlsx"
    for tanda, kata in _BUKAN_TABEL.items():
        if awal.startswith(tanda):
            raise BerkasTidakTerbaca(f"Berkas ini {kata}, bukan Excel atau CSV. Pilih berkas lain.")
    if re.match(rb"\s*<(!doctype|html|table|\?xml|meta)", awal.removeprefix(codecs.BOM_UTF8), re.I):
        raise BerkasTidakTerbaca(
            f"Berkas ini halaman web yang diberi nama Excel. Buka di Excel. {_SIMPAN}"
        )
    if b"\0" in awal and not awal.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BerkasTidakTerbaca("Berkas ini bukan Excel (.xlsx) atau CSV. Pilih berkas lain.")
    return "csv"


def _kata_ole(berkas: BinaryIO) -> str:
    sisa = b""
    while potong := berkas.read(1 << 20):
        if _TERKUNCI in sisa + potong:
            return f"Berkas ini dikunci kata sandi. Buka di Excel, hapus kata sandinya. {_SIMPAN}"
        sisa = potong[-64:]
    return f"Berkas ini Excel lama (.xls), walau namanya mungkin lain. Buka di Excel. {_SIMPAN}"


def _periksa_zip(berkas: BinaryIO) -> None:
    with xlsx.hanya_rusak(), ZipFile(berkas) as arsip:
        nama = set(arsip.namelist())
    if any(satu.startswith(("word/", "ppt/")) for satu in nama):
        raise BerkasTidakTerbaca("Berkas ini Word atau PowerPoint, bukan Excel. Pilih yang lain.")
    if "xl/workbook.bin" in nama:
        raise BerkasTidakTerbaca(f"Berkas ini Excel biner (.xlsb). Buka di Excel. {_SIMPAN}")
    if "[Content_Types].xml" in nama:
        return
    if "content.xml" in nama:
        raise BerkasTidakTerbaca(f"Berkas ini OpenDocument (.ods). Buka di LibreOffice. {_SIMPAN}")
    raise BerkasTidakTerbaca("Berkas ini arsip ZIP, bukan Excel. Ekstrak dulu, lalu unggah isinya.")


# --- CSV ----------------------------------------------------------------------------------------


def _penyandian(berkas: BinaryIO) -> str:
    awal = berkas.read(4)
    berkas.seek(0)
    if awal.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pengurai = codecs.getincrementaldecoder("utf-8")()
    try:
        while potong := berkas.read(1 << 20):
            pengurai.decode(potong)
        pengurai.decode(b"", True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        berkas.seek(0)
    return "utf-8-sig"


def _pemisah(awal: str) -> str:
    """The separator with which most of the first lines' names are known."""

    def dikenal(pemisah: str) -> int:
        baris = csv.reader(awal.splitlines()[:CARI_JUDUL], delimiter=pemisah)
        return max((_dikenal(dict(enumerate(satu))) for satu in baris), default=0)

    return max(",;\t|", key=dikenal)


def _baris_csv(berkas: BinaryIO) -> Iterator[_Baris]:
    return _aman(_baca_csv(berkas))


def _baca_csv(berkas: BinaryIO) -> Iterator[_Baris]:
    teks = io.TextIOWrapper(berkas, _penyandian(berkas), errors="replace", newline="")
    try:
        pemisah = _pemisah(teks.read(65536))
        teks.seek(0)
        for nomor, satu in enumerate(csv.reader(teks, delimiter=pemisah), 1):
            yield nomor, {n: isi for n, isi in enumerate(satu, 1) if isi}
    finally:
        teks.detach()
