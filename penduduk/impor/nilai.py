"""A column beside the register: what stands there now, and putting something else there.

Values are those of BarisImpor.perubahan: text, code, ISO date, or None for nothing at all.
"""

from datetime import date
from typing import Any

from penduduk.identitas import nama
from penduduk.impor import kolom as kolom_
from penduduk.impor.kolom import LAIN, Kolom
from penduduk.models import Banjar, Keluarga, Penduduk

Nilai = str | int | None
PANJANG_KUNCI = 120  # of Penduduk.nama_cari


def kini(kolom: Kolom, orang: Penduduk | None, keluarga: Keluarga | None) -> Nilai:
    if kolom.milik_keluarga:
        if keluarga is None:
            return None
        if kolom.nama == "dusun":
            return keluarga.banjar.nama if keluarga.banjar else None
        return getattr(keluarga, kolom.bidang) or None
    if orang is None:
        return None
    if kolom.rumah == LAIN:
        return orang.kolom_lain.get(kolom.nama)
    if kolom.nama == "no_kk":
        return (orang.keluarga.no_kk or None) if orang.keluarga else None
    isi = getattr(orang, kolom.bidang)
    if isinstance(isi, date):
        return isi.isoformat()
    return isi or None


def pasang_keluarga(
    keluarga: Keluarga, kolom: Kolom, nilai: Nilai, banjar: Banjar | None = None
) -> None:
    if kolom.nama == "dusun":
        keluarga.banjar = banjar
    else:
        setattr(keluarga, kolom.bidang, nilai or "")


def pasang_orang(orang: Penduduk, kolom: Kolom, nilai: Nilai) -> set[str]:
    """Set one column (not no_kk, which is a move to another family); fields that have changed."""
    if kolom.rumah == LAIN:
        lain = {k: v for k, v in orang.kolom_lain.items() if k != kolom.nama}
        orang.kolom_lain = lain if nilai is None else {**lain, kolom.nama: nilai}
        return {"kolom_lain"}
    isi: Any = nilai
    if kolom.bidang == "tanggal_lahir" and nilai is not None:
        isi = date.fromisoformat(str(nilai))
    elif nilai is None and not kolom.tabel and kolom.bidang not in ("nik", "tanggal_lahir"):
        isi = ""
    setattr(orang, kolom.bidang, isi)
    if kolom.nama != "nama":
        return {kolom.bidang}
    # Writing many rows at once calls no pre_save, so the search key is set here.
    orang.nama_cari = nama.kunci(orang.nama)[:PANJANG_KUNCI]
    return {"nama", "nama_cari"}


def baru(perubahan: dict[str, list[Nilai]]) -> bool:
    """Whether a row creates somebody: nobody in the register is without a name."""
    return perubahan.get("nama", [""])[0] is None


def rinci(perubahan: dict[str, list[Nilai]]) -> list[tuple[str, str, str]]:
    """(label, from, to) of each changed column, in the order of the file."""
    return [
        (k.label, k.tampil(perubahan[k.nama][0]), k.tampil(perubahan[k.nama][1]))
        for k in kolom_.KOLOM
        if k.nama in perubahan
    ]
