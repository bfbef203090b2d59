"""Excel files as downloads: the export of the register, and the result of a dry run.

Texts are always stored as texts, so none of them becomes a formula, and a NIK keeps its digits.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage

from penduduk.impor import berkas as berkas_
from penduduk.impor import kolom as kolom_
from penduduk.impor import nilai
from penduduk.impor.kolom import KESEHATAN, KOLOM, LAIN, Kolom
from penduduk.models import BarisImpor, Impor, Penduduk

Isi = str | int | float | date | None
_KERTAS = {"F4": 14, "A4": 9}  # as Excel calls folio and A4
KOLOM_HASIL = ("hasil", "catatan", "baris")
LEMBAR = "Data Penduduk"
_SEKALIGUS = 1000
_SEKALI_KIRIM = 65536


def buku(
    judul: Sequence[str],
    semua: Iterable[Sequence[Isi]],
    *,
    lembar: str = LEMBAR,
    lebar: Sequence[int] = (),
    di_atas: Sequence[str] = (),
    kertas: str = "A4",
) -> Iterator[bytes]:
    """The bytes of a workbook with one sheet: a header and rows. `lebar`: of the columns;
    `di_atas`: lines above the header of a sheet that is to be printed, on `kertas` (F4, A4)."""
    # Imported here: every web process would pay for it at its start, and hardly any needs it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    wb = Workbook(write_only=True)
    ws = wb.create_sheet(lembar)
    kepala = jumlah = len(di_atas) + 1
    ws.freeze_panes = f"A{kepala + 1}"
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", _KERTAS[kertas]
    ws.sheet_properties.pageSetUpPr.fitToPage = bool(di_atas)
    ws.page_setup.fitToHeight = 0  # as wide as the paper, and as many pages as it takes
    ws.print_title_rows = f"{kepala}:{kepala}"
    ws.oddFooter.right.text = "Halaman &P dari &N"
    for nomor, satu in enumerate(lebar, start=1):
        ws.column_dimensions[get_column_letter(nomor)].width = satu
    tulis, tebal = _Penulis(ws), Font(bold=True)
    gaya = {"alignment": Alignment(wrap_text=True, vertical="top")} if di_atas else {}
    for teks in di_atas:
        ws.append([tulis.sel(teks, font=tebal)])
    ws.append([tulis.sel(nama, font=tebal, **gaya) for nama in judul])
    for baris in semua:
        jumlah += 1
        ws.append([tulis.sel(satu, **gaya) for satu in baris])
    ws.print_area = f"A1:{get_column_letter(len(judul))}{jumlah}"
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as berkas:
        wb.save(berkas)
        berkas.seek(0)
        while potong := berkas.read(_SEKALI_KIRIM):
            yield potong


class _Penulis:
    """Cells of one sheet, with openpyxl imported once."""

    def __init__(self, ws: Any) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        self._ws, self._sel, self._terlarang = ws, WriteOnlyCell, ILLEGAL_CHARACTERS_RE

    def sel(self, isi: Isi, **gaya: Any) -> Any:
        """A number as it is, a day as a date; a text as a cell that stays a text, whatever it
        begins with and whatever is typed over it."""
        if isinstance(isi, date):
            sel = self._sel(self._ws, isi)
            sel.number_format = "dd-mm-yyyy"
            return sel
        if not isinstance(isi, str):
            return isi
        if not isi:
            return None
        sel = self._sel(self._ws, self._terlarang.sub("", isi))
        sel.data_type, sel.number_format = "s", "@"
        for nama, nilai_ in gaya.items():
            setattr(sel, nama, nilai_)
        return sel


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
