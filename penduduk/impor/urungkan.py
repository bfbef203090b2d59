"""Taking an import back: everything, or nothing with the reasons."""

from datetime import datetime
from typing import Any

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from penduduk.impor import nilai
from penduduk.impor.kolom import BIDANG_KELUARGA, KOLOM, MENURUT_NAMA
from penduduk.impor.nilai import bergantung
from penduduk.impor.terapkan import SEKALIGUS, Keduluan, baris_diterapkan, riwayat
from penduduk.models import Akun, Banjar, BarisImpor, Impor, Keluarga, Penduduk

ALASAN_MAKS = 20


class TidakBisaDiurungkan(Exception):
    """Something depends on what the import has written; the message says what, line by line."""


def urungkan(impor: Impor, *, oleh: Akun | None, pada: datetime) -> None:
    """Raises Keduluan or TidakBisaDiurungkan; then nothing has been written."""
    with transaction.atomic():
        if not Impor.objects.filter(pk=impor.pk, keadaan=Impor.Keadaan.MINTA_URUNG).update(
            keadaan=Impor.Keadaan.DIURUNGKAN, diurungkan_pada=pada, alasan=""
        ):
            raise Keduluan
        impor.refresh_from_db(fields=["dibuat", "ikut_ragu"])
        alasan: list[str] = []
        banyak = 0
        for kelompok in baris_diterapkan(impor):
            sebab = _sebab(kelompok, impor)
            banyak += len(sebab)
            alasan += sebab[: ALASAN_MAKS - len(alasan)]
        if alasan:
            lagi = [f"… dan {banyak - len(alasan)} lagi."] if banyak > len(alasan) else []
            raise TidakBisaDiurungkan("\n".join([*alasan, *lagi]))
        catat = riwayat(impor, oleh, pada)
        catat["default_change_reason"] = f"impor {impor.pk} diurungkan"
        for kelompok in baris_diterapkan(impor):
            _kembalikan(kelompok, impor, catat)
        _hapus_kosong(impor, catat)


# --- What depends on it -------------------------------------------------------------------------


def _sebab(kelompok: list[BarisImpor], impor: Impor) -> list[str]:
    """Why these rows cannot be taken back; empty when they can."""
    orang = Penduduk.objects.select_related("keluarga__banjar").in_bulk(
        {satu.penduduk_id for satu in kelompok if satu.penduduk_id}
    )
    dibuat = {satu.penduduk_id for satu in kelompok if satu.dibuat and satu.penduduk_id}
    dipakai = bergantung(Penduduk, dibuat)
    berubah = set(
        Penduduk.riwayat.filter(id__in=dibuat)
        .exclude(history_change_reason=f"impor {impor.pk}")
        .values_list("id", flat=True)
    )
    sebab = []
    for satu in kelompok:
        siapa = orang.get(satu.penduduk_id)
        mana = f"Baris {satu.nomor}, {satu.nama or siapa}"
        if siapa is None:
            sebab.append(f"{mana}: sudah tidak ada di data penduduk.")
        elif siapa.pk in dipakai:
            sebab.append(f"{mana}: sudah punya {', '.join(sorted(dipakai[siapa.pk]))}.")
        elif lain := _kolom_lain(satu, siapa):
            sebab.append(f"{mana}: {', '.join(lain)} sudah diubah sesudah impor.")
        elif siapa.pk in berubah:
            sebab.append(f"{mana}: datanya sudah diubah sesudah impor.")
    return sebab


def _kolom_lain(satu: BarisImpor, orang: Penduduk) -> list[str]:
    """Columns that no longer hold what the import wrote there."""
    return [
        kolom.label
        for kolom in KOLOM  # PostgreSQL returns JSON in an order of its own
        if kolom.nama in satu.perubahan
        and nilai.kini(kolom, orang, orang.keluarga) != satu.perubahan[kolom.nama][1]
    ]


# --- Back again ---------------------------------------------------------------------------------


def _kembalikan(kelompok: list[BarisImpor], impor: Impor, catat: dict[str, Any]) -> None:
    orang: dict[int | None, Penduduk] = {
        satu.pk: satu
        for satu in Penduduk.objects.select_related("keluarga__banjar").filter(
            pk__in={satu.penduduk_id for satu in kelompok}
        )
    }
    _kembalikan_keluarga(kelompok, orang, impor, catat)
    asal = impor.dibuat.get("asal", {})
    berubah: dict[frozenset[str], list[Penduduk]] = {}
    for satu in kelompok:
        if satu.dibuat:
            continue
        siapa = orang[satu.penduduk_id]
        bidang: set[str] = set()
        for nama, (dari, _) in satu.perubahan.items():
            if not MENURUT_NAMA[nama].milik_keluarga and nama != "no_kk":
                bidang |= nilai.pasang_orang(siapa, MENURUT_NAMA[nama], dari)
        if str(siapa.pk) in asal:
            siapa.keluarga_id = asal[str(siapa.pk)]
            bidang.add("keluarga")
        if bidang:
            berubah.setdefault(frozenset(bidang), []).append(siapa)
    for kumpulan, daftar in berubah.items():
        bulk_update_with_history(daftar, Penduduk, sorted(kumpulan), **catat)
    dibuat = {satu.penduduk_id for satu in kelompok if satu.dibuat and satu.penduduk_id}
    _hapus(Penduduk, dibuat, catat)


def _kembalikan_keluarga(
    kelompok: list[BarisImpor],
    orang: dict[int | None, Penduduk],
    impor: Impor,
    catat: dict[str, Any],
) -> None:
    """Families that were there before get their old address back."""
    baru = set(impor.dibuat.get("keluarga", []))
    banjar = {satu.nama: satu for satu in Banjar.objects.all()}
    berubah: dict[int, Keluarga] = {}
    for satu in kelompok:
        keluarga = orang[satu.penduduk_id].keluarga
        if keluarga is None or keluarga.pk in baru:
            continue
        for nama, (dari, _) in satu.perubahan.items():
            if MENURUT_NAMA[nama].milik_keluarga:
                keluarga = berubah.setdefault(keluarga.pk, keluarga)
                nilai.pasang_keluarga(keluarga, MENURUT_NAMA[nama], dari, banjar.get(dari))
    if berubah:
        bulk_update_with_history(list(berubah.values()), Keluarga, BIDANG_KELUARGA, **catat)


def _hapus_kosong(impor: Impor, catat: dict[str, Any]) -> None:
    """Families and hamlets that the import has created and nobody else uses."""
    keluarga = Keluarga.objects.filter(
        pk__in=impor.dibuat.get("keluarga", []), anggota__isnull=True
    )
    semua = set(keluarga.values_list("pk", flat=True))
    _hapus(Keluarga, semua - set(bergantung(Keluarga, semua)), catat)
    banjar = set(impor.dibuat.get("banjar", []))
    Banjar.objects.filter(pk__in=banjar - set(bergantung(Banjar, banjar))).delete()


def _hapus(model: type[Penduduk] | type[Keluarga], kunci: set[int], catat: dict[str, Any]) -> None:
    """Delete rows that nothing depends on; their history keeps them, and says who and why.

    QuerySet.delete() would write the history one by one, longer than all the rest takes.
    """
    urut = sorted(kunci)
    for awal in range(0, len(urut), SEKALIGUS):
        ini = model.objects.filter(pk__in=urut[awal : awal + SEKALIGUS])
        jejak = model.riwayat.bulk_history_create(list(ini), update=True, **catat)
        model.riwayat.filter(pk__in=[satu.pk for satu in jejak]).update(history_type="-")
        if model is Penduduk:
            BarisImpor.objects.filter(penduduk__in=urut[awal : awal + SEKALIGUS]).update(
                penduduk=None
            )
        ini._raw_delete(ini.db)
