"""An .xlsx file read row by row in constant memory, without trusting a byte of it.

openpyxl reads the small parts (sheets, styles). Sheets and shared strings are parsed here: what
openpyxl keeps of them grows with the file, and its parser takes three times as long. Entities and
document types are refused, so nothing expands; zipfile never reads more of an entry than its
directory says, so checking the directory bounds everything that is unpacked.
"""

import array
import csv
import math
import os
import re
import tempfile
import warnings
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import IO, Any, BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings

from penduduk.impor.sel import TANPA_HASIL

MB = 1024 * 1024
ENTRI_MAKS = 2000
LEMBAR_MAKS = 500 * MB  # one sheet, or the shared strings: 200,000 rows are about 400 MB
BAGIAN_MAKS = 20 * MB  # any other part is parsed in one piece
TOTAL_MAKS = 800 * MB
RASIO_MAKS = 200  # a sheet full of the same text shrinks to 1/100, a bomb to 1/1000
KOLOM_MAKS = 200
BARIS_EXCEL = 1_048_576
TEKS_MAKS = 32767  # of a cell, by Excel's own limit
_POTONG = 65536

# Whatever a damaged file makes zlib, expat and openpyxl raise; NotImplementedError is zipfile's
# word for a method of compression that it does not know.
GALAT = (
    *(BadZipFile, zlib.error, expat.ExpatError, csv.Error),
    *(EOFError, OSError, NotImplementedError),
    *(SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError),
)


class BerkasTidakTerbaca(ValueError):
    """The file cannot be read; the message says why and what to do."""


@contextmanager
def hanya_rusak() -> Iterator[None]:
    """Whatever a damaged file raises becomes one sentence: BerkasTidakTerbaca."""
    try:
        yield
    except BerkasTidakTerbaca:
        raise
    except GALAT as galat:
        raise BerkasTidakTerbaca(RUSAK) from galat


RUSAK = (
    "Berkas ini rusak dan tidak dapat dibaca sampai selesai. Buka di Excel, simpan ulang sebagai "
    "“Buku Kerja Excel (.xlsx)”, lalu unggah lagi."
)
_BOM = (
    "Isi berkas ini mengembang menjadi terlalu besar, jadi tidak dibuka. Salin datanya (43 kolom) "
    "ke buku kerja Excel yang baru, simpan, lalu unggah berkas baru itu."
)
_NS = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_NAMA = {
    f"{ns} {nama}": nama
    for ns in _NS
    for nama in "c v f t is si rPh row col mergeCell sheetData".split()
}
_YA = ("1", "true")
_TEKS_RUMUS = re.compile(r'\s*"((?:[^"]|"")*)"')
_REF = re.compile(r"([A-Z]{1,3})(\d{1,8})")


def periksa_arsip(arsip: ZipFile) -> None:
    """Refuse by the directory alone what would unpack to too much. Raises BerkasTidakTerbaca."""
    isi = [i for i in arsip.infolist() if not i.is_dir()]
    xml = [i for i in isi if not i.filename.startswith("xl/media/")]
    if len(isi) > ENTRI_MAKS or sum(i.file_size for i in xml) > TOTAL_MAKS:
        raise BerkasTidakTerbaca(_BOM)
    if any(_terlalu_besar(i) for i in xml):
        raise BerkasTidakTerbaca(_BOM)


def _terlalu_besar(satu: ZipInfo) -> bool:
    panjang = satu.filename.startswith("xl/worksheets/") or "sharedStrings" in satu.filename
    if satu.file_size > (LEMBAR_MAKS if panjang else BAGIAN_MAKS):
        return True
    return satu.file_size > MB and satu.file_size > RASIO_MAKS * max(satu.compress_size, 1)


class _Pengurai(ABC):
    """Feeds expat piece by piece; subclasses collect what they want."""

    def __init__(self) -> None:
        self._p = p = expat.ParserCreate(namespace_separator=" ")
        p.buffer_text = True
        p.StartDoctypeDeclHandler = p.EntityDeclHandler = self._terlarang
        p.StartElementHandler, p.EndElementHandler = self._mulai, self._selesai
        p.CharacterDataHandler = self.huruf
        self._teks: list[str] = []
        self._panjang = 0
        self._fonetik = False  # how Japanese is pronounced: not part of the text

    def _terlarang(self, *_: object) -> None:
        raise BerkasTidakTerbaca(RUSAK)

    def _mulai(self, tag: str, atribut: dict[str, str]) -> None:
        nama = _NAMA.get(tag, "")
        if nama == "rPh":
            self._fonetik = True
        else:
            self.mulai(nama, atribut)

    def _selesai(self, tag: str) -> None:
        nama = _NAMA.get(tag, "")
        if nama == "rPh":
            self._fonetik = False
        else:
            self.selesai(nama)

    @abstractmethod
    def mulai(self, nama: str, atribut: dict[str, str]) -> None:
        """An element of _NAMA begins (any other: empty name)."""

    @abstractmethod
    def selesai(self, nama: str) -> None:
        """… and ends."""

    def huruf(self, isi: str) -> None:
        if self._panjang < TEKS_MAKS and not self._fonetik:
            self._teks.append(isi)
            self._panjang += len(isi)

    def baru(self) -> None:
        self._teks, self._panjang = [], 0

    def ambil(self) -> str:
        hasil = "".join(self._teks)[:TEKS_MAKS]
        self.baru()
        return hasil

    def umpan(self, sumber: IO[bytes]) -> Iterator[None]:
        while potong := sumber.read(_POTONG):
            self._p.Parse(potong, False)
            yield
        self._p.Parse(b"", True)
        yield


class TeksBersama(_Pengurai):
    """The shared strings, on disk: an Excel file of 100,000 residents has a million of them."""

    def __init__(self, berkas: IO[bytes]) -> None:
        super().__init__()
        self._berkas = berkas
        self._batas = array.array("Q", [0])

    def mulai(self, nama: str, atribut: dict[str, str]) -> None:
        if nama == "si":
            self.baru()

    def selesai(self, nama: str) -> None:
        if nama == "si":
            isi = self.ambil().encode()
            self._berkas.write(isi)
            self._batas.append(self._batas[-1] + len(isi))

    def muat(self, sumber: IO[bytes]) -> None:
        for _ in self.umpan(sumber):
            pass
        self._berkas.flush()

    def __getitem__(self, urut: int) -> str:
        if not 0 <= urut < len(self._batas) - 1:
            raise IndexError(urut)
        awal, akhir = self._batas[urut], self._batas[urut + 1]
        return os.pread(self._berkas.fileno(), akhir - awal, awal).decode()


class Lembar(_Pengurai):
    """One sheet: rows as (number, {column: value}); what is merged or hidden is known last."""

    def __init__(self, buku: "Buku", judul: str, jalur: str, *, tampak: bool = True) -> None:
        super().__init__()
        self._buku, self.judul, self._jalur, self.tampak = buku, judul, jalur, tampak
        self.gabungan: list[str] = []
        self._nomor = self._kolom = 0
        self._baris: dict[int, Any] = {}
        self._siap: list[tuple[int, dict[int, Any]]] = []
        self._jenis = self._gaya = ""
        self._nilai: str | None = None
        self._rumus: str | None = None
        self.kolom_sembunyi: set[int] = set()
        self.baris_sembunyi: list[int] = []
        self._sembunyi = False

    def baris(self) -> Iterator[tuple[int, dict[int, Any]]]:
        with self._buku.arsip.open(self._jalur) as sumber:
            for _ in self.umpan(sumber):
                yield from self._siap
                self._siap = []

    def mulai(self, nama: str, atribut: dict[str, str]) -> None:
        if nama == "c":
            self._mulai_sel(atribut)
        elif nama == "row":
            nomor = int(float(atribut.get("r") or self._nomor + 1))
            if not self._nomor < nomor <= BARIS_EXCEL:
                raise BerkasTidakTerbaca(RUSAK)
            self._nomor = nomor
            self._kolom, self._baris = 0, {}
            self._sembunyi = atribut.get("hidden") in _YA
        elif nama == "col" and atribut.get("hidden") in _YA:
            awal, akhir = (int(atribut.get(x, "0")) for x in ("min", "max"))
            self.kolom_sembunyi.update(range(awal, min(akhir, KOLOM_MAKS) + 1))
        elif nama == "mergeCell" and len(self.gabungan) < 1000:
            self.gabungan.append(atribut.get("ref", ""))
        elif nama in ("v", "is", "f"):
            self.baru()

    def _mulai_sel(self, atribut: dict[str, str]) -> None:
        self._kolom += 1
        if cocok := _REF.fullmatch(atribut.get("r", "")):
            self._kolom = nomor_kolom(cocok[1])
        self._jenis, self._gaya = atribut.get("t", "n"), atribut.get("s", "0")
        self._nilai = self._rumus = None

    def selesai(self, nama: str) -> None:
        if nama in ("v", "is"):
            self._nilai = self.ambil()
        elif nama == "f":
            self._rumus = self.ambil()
        elif nama == "c" and self._kolom <= KOLOM_MAKS:
            if self._nilai:
                self._baris[self._kolom] = self._isi(self._nilai)
            elif self._rumus is not None and self._jenis != "str":
                # By a program that did not work it out; a mere text needs no working out.
                teks = _TEKS_RUMUS.fullmatch(self._rumus)
                self._baris[self._kolom] = teks[1].replace('""', '"') if teks else TANPA_HASIL
        elif nama == "row" and self._baris:
            self._siap.append((self._nomor, self._baris))
            if self._sembunyi:
                self.baris_sembunyi.append(self._nomor)
            self._baris = {}

    def _isi(self, mentah: str) -> Any:
        if self._jenis == "n":
            angka = float(mentah) if "." in mentah or "e" in mentah.lower() else int(mentah)
            if not math.isfinite(angka):
                return mentah
            return self._buku.tanggal(angka, int(self._gaya))
        if self._jenis == "s":
            return self._buku.teks[int(mentah)]
        if self._jenis == "b":
            return mentah == "1"
        if self._jenis == "d":
            return datetime.fromisoformat(mentah)
        return mentah


def nomor_kolom(huruf: str) -> int:
    """1 for A, 27 for AA."""
    hasil = 0
    for satu in huruf:
        hasil = hasil * 26 + ord(satu) - 64
    return hasil


class Buku:
    """An open workbook, to be closed. Raises BerkasTidakTerbaca for what may not or cannot be
    unpacked."""

    def __init__(self, berkas: BinaryIO) -> None:
        with ExitStack() as terbuka, hanya_rusak():
            self.arsip = terbuka.enter_context(ZipFile(berkas))
            periksa_arsip(self.arsip)
            folder = settings.FILE_UPLOAD_TEMP_DIR
            self.teks = TeksBersama(terbuka.enter_context(tempfile.TemporaryFile(dir=folder)))
            # openpyxl warns about whatever it will not write back; we never write back.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._buka(berkas)
            self._terbuka = terbuka.pop_all()

    def close(self) -> None:
        self._terbuka.close()

    def _buka(self, berkas: BinaryIO) -> None:
        # Imported here: every web process would pay for it at its start, and hardly any needs it.
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet
        from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel
        from openpyxl.xml.constants import SHARED_STRINGS

        pembaca = ExcelReader(berkas, read_only=True, data_only=True, keep_links=False)
        pembaca.read_manifest()
        pembaca.read_workbook()
        apply_stylesheet(pembaca.archive, pembaca.wb)
        self._dari_excel = partial(from_excel, epoch=getattr(pembaca.wb, "epoch", WINDOWS_EPOCH))
        self._gaya_tanggal = frozenset(pembaca.wb._date_formats)
        self.lembar = [
            Lembar(self, str(lembar.name), rel.target, tampak=lembar.state == "visible")
            for lembar, rel in pembaca.parser.find_sheets()
            if "chartsheet" not in rel.Type and rel.target in pembaca.valid_files
        ]
        bagian = pembaca.package.find(SHARED_STRINGS)
        if bagian is not None:
            with self.arsip.open(bagian.PartName[1:]) as sumber:
                self.teks.muat(sumber)

    def tanggal(self, angka: int | float, gaya: int) -> Any:
        """The number itself, or the moment it stands for in a cell formatted as a date."""
        if gaya not in self._gaya_tanggal:
            return angka
        try:
            return self._dari_excel(angka)
        except (OverflowError, ValueError):
            return angka
