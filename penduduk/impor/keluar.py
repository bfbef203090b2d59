"""Excel files row by row, straight into a download: the export, and the result of a dry run.

Written here because openpyxl's writer takes several times as long, in which the web process would
serve nobody else. Texts are always stored as texts, so none of them becomes a formula.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, cast
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.storage import default_storage

from penduduk.impor import berkas as berkas_
from penduduk.impor import kolom as kolom_
from penduduk.impor import nilai
from penduduk.impor.kolom import KESEHATAN, KOLOM, LAIN, Kolom
from penduduk.models import BarisImpor, Impor, Penduduk

Isi = str | int | float | None
KOLOM_HASIL = ("hasil", "catatan", "baris")
LEMBAR = "Data Penduduk"
_SEKALIGUS = 1000
_SEKALI_KIRIM = 65536
_TERLARANG = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEKS, _TEBAL = 1, 2  # styles: text, so that a NIK stays one when somebody types in the cell; bold

_KEPALA = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PAKET = "http://schemas.openxmlformats.org/package/2006"
_DOK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_UTAMA = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_JENIS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FONT, _FONT_TEBAL = 'fontId="0"', 'fontId="1"'
_POLOS = f'numFmtId="0" {_FONT} fillId="0" borderId="0"'
_TETAP = {
    "[Content_Types].xml": f'<Types xmlns="{_PAKET}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_JENIS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_JENIS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_JENIS}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PAKET}/relationships"><Relationship Id="rId1"'
    f' Type="{_DOK}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_UTAMA}" xmlns:r="{_DOK}"><sheets>'
    f'<sheet name="{LEMBAR}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PAKET}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOK}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOK}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_UTAMA}"><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf {_POLOS}/></cellStyleXfs><cellXfs count="3">'
    f'<xf {_POLOS} xfId="0"/><xf {_POLOS.replace("0", "49", 1)} xfId="0" applyNumberFormat="1"/>'
    f'<xf {_POLOS.replace(_FONT, _FONT_TEBAL)} xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}


class _Pipa(io.RawIOBase):
    """What the archive writes, to be taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._isi = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, potong: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._isi += potong
        return len(potong)

    def ambil(self, paling_sedikit: int = 1) -> Iterator[bytes]:
        if len(self._isi) >= paling_sedikit:
            isi, self._isi = bytes(self._isi), bytearray()
            yield isi


def buku(judul: Sequence[str], semua: Iterable[Sequence[Isi]]) -> Iterator[bytes]:
    """The bytes of a workbook with one sheet: a header and rows."""
    huruf = [_huruf(n) for n in range(1, len(judul) + 1)]
    pipa = _Pipa()
    with ZipFile(pipa, "w", ZIP_DEFLATED) as arsip:
        for nama, isi in _TETAP.items():
            arsip.writestr(nama, _KEPALA + isi)
        with arsip.open("xl/worksheets/sheet1.xml", "w") as lembar:
            lembar.write(f'{_KEPALA}<worksheet xmlns="{_UTAMA}"><sheetViews><sheetView'.encode())
            lembar.write(
                b' workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"'
                b' state="frozen"/></sheetView></sheetViews><sheetData>'
            )
            lembar.write(_baris(1, judul, huruf, _TEBAL).encode())
            for nomor, satu in enumerate(semua, 2):
                lembar.write(_baris(nomor, satu, huruf, _TEKS).encode())
                yield from pipa.ambil(_SEKALI_KIRIM)
            lembar.write(b"</sheetData></worksheet>")
    yield from pipa.ambil()


def _huruf(nomor: int) -> str:
    """A for 1, AA for 27."""
    hasil = ""
    while nomor:
        nomor, sisa = divmod(nomor - 1, 26)
        hasil = chr(65 + sisa) + hasil
    return hasil


def _baris(nomor: int, isi: Sequence[Isi], huruf: list[str], gaya: int) -> str:
    sel = []
    for kolom, satu in zip(huruf, isi, strict=True):
        if satu is None or satu == "":
            continue
        if isinstance(satu, str):
            teks = escape(_TERLARANG.sub("", satu))
            sel.append(
                f'<c r="{kolom}{nomor}" s="{gaya}" t="inlineStr">'
                f'<is><t xml:space="preserve">{teks}</t></is></c>'
            )
        else:
            sel.append(f'<c r="{kolom}{nomor}"><v>{satu}</v></c>')
    return f'<row r="{nomor}">{"".join(sel)}</row>'


# --- Export -------------------------------------------------------------------------------------

# What OpenSID wants to see where we know nothing.
_NOL = frozenset({"nik", "no_kk", "ayah_nik", "ibu_nik", "rt", "rw"})
_KODE_LAIN = frozenset({"pendidikan_sedang_id", "ktp_el", "status_rekam", "id_asuransi"})
# There "Lainnya", here and in SIAK something else: written as text.
_LAINNYA_OPENSID = ("pekerjaan_id", 89)


def ekspor() -> Iterator[bytes]:
    """Every resident in OpenSID's format, families together."""
    semua = (
        Penduduk.objects.select_related("keluarga__banjar")
        .order_by("keluarga_id", "shdk", "pk")
        .iterator(chunk_size=_SEKALIGUS)
    )
    return buku(kolom_.NAMA, ([_keluar(k, orang) for k in KOLOM] for orang in semua))


def _keluar(kolom: Kolom, orang: Penduduk) -> Isi:
    if kolom.rumah == KESEHATAN:
        return None
    isi = nilai.kini(kolom, orang, orang.keluarga)
    if isi is None:
        return "0" if kolom.nama in _NOL else None
    if kolom.rumah == LAIN:
        angka = kolom.nama in _KODE_LAIN and str(isi).isascii() and str(isi).isdigit()
        return int(isi) if angka else isi
    if kolom.bidang == "tanggal_lahir" or (kolom.nama, isi) == _LAINNYA_OPENSID:
        return kolom.tampil(isi)
    return isi


# --- Result of a dry run ------------------------------------------------------------------------


def hasil_pemeriksaan(impor: Impor) -> Iterator[bytes]:
    """The rows as they came, each with what the dry run says about it."""
    with (
        default_storage.open(impor.berkas) as berkas,
        berkas_.baca(cast(BinaryIO, berkas.file)) as bacaan,
    ):
        baris = impor.baris.order_by("pk").iterator(chunk_size=_SEKALIGUS)
        rangkap = zip(bacaan.baris(), baris, strict=True)
        yield from buku(
            (*kolom_.NAMA, *KOLOM_HASIL),
            ([*map(_mentah, satu.sel), *_kata(hasil)] for satu, hasil in rangkap),
        )


def _mentah(isi: Isi) -> Isi:
    """A cell as it came; long numbers as text, before Excel cuts them."""
    if isinstance(isi, bool):
        return str(isi)
    return str(isi) if isinstance(isi, int) and abs(isi) >= 10**9 else isi


def _kata(hasil: BarisImpor) -> list[Isi]:
    kalimat = [f"{satu['kolom']}: {satu['kalimat']}" for satu in hasil.catatan]
    if not nilai.baru(hasil.perubahan):
        kalimat += [f"{label}: {dari} → {ke}" for label, dari, ke in nilai.rinci(hasil.perubahan)]
    nomor: Isi = f"{hasil.lembar} {hasil.nomor}" if hasil.lembar else hasil.nomor
    return [hasil.get_hasil_display(), "; ".join(kalimat), nomor]
