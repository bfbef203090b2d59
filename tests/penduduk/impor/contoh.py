"""Small population files, made up in the test; NIK of the series 510704…99xx."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.base import ContentFile
from django.utils import timezone

from penduduk.impor import antrean, kolom, langkah
from penduduk.models import BarisImpor, Impor

KK = "5107040101209901"


def nik(urut: int = 1) -> str:
    """A man born on 12 March 1990."""
    return f"51070412039099{urut:02}"


def orang(urut: int = 1, **lain: Any) -> dict[str, Any]:
    """A row without anything to remark on."""
    return {
        "alamat": "Jalan Contoh 1",
        "dusun": "DUSUN CONTOH SATU",
        "rw": "001",
        "rt": "002",
        "nama": f"I WAYAN CONTOH {urut}",
        "no_kk": KK,
        "nik": nik(urut),
        "sex": 1,
        "tempatlahir": "BUGBUG",
        "tanggallahir": "12-03-1990",
        "agama_id": 4,
        "pendidikan_kk_id": 5,
        "pekerjaan_id": 11,
        "status_kawin": 1,
        "kk_level": 4,
        "warganegara_id": 1,
        "golongan_darah_id": 13,
        "status_dasar": 1,
    } | lain


def buku(*lembar: tuple[str, list[list[Any]]]) -> openpyxl.Workbook:
    """A workbook of sheets (title, rows of cells)."""
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    for judul, baris in lembar:
        ws = wb.create_sheet(judul)
        for satu in baris:
            ws.append(satu)
    return wb


def isi_buku(wb: openpyxl.Workbook) -> bytes:
    keluar = io.BytesIO()
    wb.save(keluar)
    return keluar.getvalue()


def tabel(orang_: Iterable[dict], judul: Sequence[str] = kolom.NAMA) -> list[list[Any]]:
    return [list(judul), *([satu.get(nama) for nama in judul] for satu in orang_)]


def xlsx(*orang_: dict, judul: Sequence[str] = kolom.NAMA) -> bytes:
    return isi_buku(buku(("Data Penduduk", tabel(orang_, judul))))


def csv_(*orang_: dict, pemisah: str = ",", sandi: str = "utf-8") -> bytes:
    keluar = io.StringIO()
    csv.writer(keluar, delimiter=pemisah).writerows(tabel(orang_))
    return keluar.getvalue().encode(sandi)


def unggah(isi: bytes, nama: str = "penduduk.xlsx", **lain: Any) -> Impor:
    return langkah.terima(
        ContentFile(isi, nama), nama=nama, **{"oleh": None, "pada": timezone.now()} | lain
    )


def periksa(isi: bytes, **lain: Any) -> Impor:
    """Upload and dry run, as far as it gets."""
    impor = unggah(isi, **lain)
    antrean.kerjakan_yang_menunggu()
    impor.refresh_from_db()
    return impor


def terapkan(impor: Impor, *, ikut_ragu: bool = True, oleh: Any = None) -> Impor:
    langkah.setujui(impor, ikut_ragu=ikut_ragu, oleh=oleh, mulai=timezone.now())
    antrean.kerjakan_yang_menunggu()
    impor.refresh_from_db()
    return impor


def urungkan(impor: Impor, *, oleh: Any = None) -> Impor:
    langkah.minta_urung(impor, oleh=oleh, mulai=timezone.now())
    antrean.kerjakan_yang_menunggu()
    impor.refresh_from_db()
    return impor


def impor_jadi(*orang_: dict, **lain: Any) -> Impor:
    """A file that has gone all the way into the register."""
    hasil = terapkan(periksa(xlsx(*orang_)), **lain)
    assert hasil.keadaan == Impor.Keadaan.DITERAPKAN, hasil.alasan
    return hasil


def hasil(impor: Impor) -> list[tuple[int, str]]:
    """(row, result) of every row."""
    return list(impor.baris.order_by("pk").values_list("nomor", "hasil"))


def kalimat(satu: BarisImpor) -> dict[str, str]:
    return {c["kolom"]: c["kalimat"] for c in satu.catatan}
