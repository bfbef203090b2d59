"""A column beside the register: what stands there now, and putting something else there.

Values are those of BarisImpor.perubahan: text, code, ISO date, or None for nothing at all.
"""

from datetime import date
from typing import Any

from django.db import models

from penduduk.identitas import nama
from penduduk.impor import kolom as kolom_
from penduduk.impor.kolom import LAIN, Kolom
from penduduk.models import Banjar, BarisImpor, Keluarga, Penduduk

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


_TAMPAK = (
    "nama nik sex tempatlahir tanggallahir no_kk kk_level nama_ayah nama_ibu alamat dusun".split()
)


def sandingkan(
    lain: Penduduk, perubahan: dict[str, list[Nilai]], orang: Penduduk | None
) -> list[tuple[str, str, str]]:
    """(label, of `lain`, of the row) for two persons to be compared; `orang`: whom the row would
    change, as the register knows them."""
    hasil = []
    for kolom in map(kolom_.MENURUT_NAMA.__getitem__, _TAMPAK):
        di_berkas = (
            perubahan[kolom.nama][1]
            if kolom.nama in perubahan
            else kini(kolom, orang, orang.keluarga if orang else None)
        )
        di_data = kini(kolom, lain, lain.keluarga)
        hasil.append((kolom.label, kolom.tampil(di_data), kolom.tampil(di_berkas)))
    return hasil


def bergantung(model: type[models.Model], kunci: set[int]) -> dict[int, set[str]]:
    """For each of these rows that others point to: what they are. Imports do not count."""
    hasil: dict[int, set[str]] = {}
    semua: list[Any] = list(model._meta.get_fields(include_hidden=True))
    for relasi in semua:
        if not (relasi.auto_created and relasi.is_relation and not relasi.concrete):
            continue
        lain = relasi.related_model
        # History keeps the numbers of what is gone: its keys bind nobody (db_constraint=False).
        if lain is BarisImpor or relasi.many_to_many or not relasi.field.db_constraint:
            continue
        penunjuk = relasi.field.attname
        pakai = lain._base_manager.filter(**{f"{penunjuk}__in": kunci})
        for satu in pakai.values_list(penunjuk, flat=True).distinct():
            hasil.setdefault(satu, set()).add(str(lain._meta.verbose_name))
    return hasil
