"""The rules. What goes, how long after which moment, and why, stands in aturan.toml, which
docs/keamanan.md prints; here is how it is found, and what is done to it.

Letters, the books, requests with their history, and the register stand in no rule: they are kept
for as long as the archive schedule of the kabupaten says.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from layanan.minta_pin import permintaan
from layanan.models import (
    Berkas,
    Lampiran,
    Notifikasi,
    Percakapan,
    PermintaanPIN,
    Permohonan,
    PesanSimulasi,
)
from layanan.percakapan import catatan
from layanan.permohonan import berkas
from penduduk.models import KejadianAkun, Percobaan


def _hapus(rows: QuerySet[Any], pada: datetime) -> None:
    rows.delete()


@dataclass(frozen=True)
class Aturan:
    """A section of aturan.toml. `cari`: the rows that are due when the moment `lama` ago is given;
    `hapus`: what is done to some of them (None: a clock of its own does it)."""

    bagian: str
    data: str
    tertulis: str
    lama: timedelta
    sejak: str
    sebab: str
    umur: str
    cari: Callable[[datetime], QuerySet[Any]]
    hapus: Callable[[QuerySet[Any], datetime], None] | None
    berkas: str = ""


# --- What is due, and how it goes ----------------------------------------------------------------


def unggahan(batas: datetime) -> QuerySet[Berkas]:
    """Papers of which every request has ended and announced its day (retensi.pemberitahuan), and
    that no draft uses again."""
    jatuh = Q(permohonan__berkas_hapus_pada__lte=batas + LAMA["unggahan"])
    lampiran = Lampiran.objects.filter(berkas=OuterRef("pk"))
    semua = Berkas.objects.filter(dihapus_pada__isnull=True)
    semua = semua.exclude(keadaan=Berkas.Keadaan.DITOLAK)
    return semua.filter(Exists(lampiran.filter(jatuh)), ~Exists(lampiran.exclude(jatuh)))


def _satu_satu(apa: Callable[[Any], None], rows: QuerySet[Any]) -> None:
    for satu in rows:
        apa(satu)


def _hapus_isi(rows: QuerySet[Berkas], pada: datetime) -> None:
    """Locked, so that nobody attaches one again meanwhile; files first, then the row says when."""
    kosong = dict.fromkeys(("mentah", "berkas", "mini", "nama_kirim", "sidik_kirim"), "")
    masih = unggahan(pada - LAMA["unggahan"])
    for pk in rows.values_list("pk", flat=True):
        with transaction.atomic():
            satu = Berkas.objects.select_for_update().filter(pk=pk).first()
            if satu is None or not masih.filter(pk=pk).exists():
                continue
            for nama in filter(None, (satu.mentah, satu.berkas, satu.mini)):
                default_storage.delete(nama)
            Berkas.objects.filter(pk=pk).update(
                keadaan=Berkas.Keadaan.DIHAPUS, dihapus_pada=pada, **kosong
            )


def _mentah(batas: datetime) -> QuerySet[Berkas]:
    ada = Berkas.objects.filter(dihapus_pada__isnull=True).exclude(mentah="")
    selesai = ada.exclude(keadaan=Berkas.Keadaan.DIPERIKSA)
    # The verdict has set when the file may go, and not the moment of the verdict.
    return selesai.filter(ambil_lagi_pada__lt=batas + berkas.MENTAH_DISIMPAN)


def _buang_mentah(rows: QuerySet[Berkas], pada: datetime) -> None:
    for satu in rows:
        default_storage.delete(satu.mentah)
    rows.exclude(keadaan=Berkas.Keadaan.DIPERIKSA).update(mentah="")


def _foto_pin(batas: datetime) -> QuerySet[PermintaanPIN]:
    K = PermintaanPIN.Keadaan
    lama = Q(keadaan__in=[K.DITERBITKAN, K.DITOLAK], diputus_pada__lt=batas)
    return PermintaanPIN.objects.filter(
        lama | Q(keadaan=K.KEDALUWARSA), foto_dihapus_pada__isnull=True
    )


def _percakapan(batas: datetime) -> QuerySet[Percakapan]:
    dipakai = Permohonan.objects.filter(kabar_ke=OuterRef("pk"))
    return Percakapan.objects.filter(
        ~Exists(dipakai.exclude(status__in=Permohonan.AKHIR)),
        terakhir_masuk_pada__lt=batas,
        masuk__isnull=True,
        jawaban__isnull=True,
        akun__isnull=True,
    )


def _isi_pesan(batas: datetime) -> QuerySet[Notifikasi]:
    """Not what still waits to go out, or for somebody to tell it by telephone."""
    belum = Q(keadaan__in=Notifikasi.ANTRE)
    belum |= Q(keadaan__in=Notifikasi.TAK_SAMPAI, ditangani_pada__isnull=True)
    lama = Notifikasi.objects.filter(dibuat_pada__lt=batas, dikosongkan_pada__isnull=True)
    return lama.exclude(belum)


def _kosongkan_formulir(rows: QuerySet[Permohonan], pada: datetime) -> None:
    rows.update(formulir=None)


def _kosongkan_pesan(rows: QuerySet[Notifikasi], pada: datetime) -> None:
    PesanSimulasi.objects.filter(notifikasi__in=rows).delete()
    rows.update(variabel=[], ditangani_catatan="", dikosongkan_pada=pada)


def _kejadian(batas: datetime) -> QuerySet[KejadianAkun]:
    """Not the event of a hold that lasts: without it there would be a new one."""
    lama = KejadianAkun.objects.filter(pada__lt=batas, dikabarkan=True)
    lama = lama.exclude(jenis=KejadianAkun.Jenis.DIJAGA, akun__dijaga_pada=F("pada"))
    antre = Notifikasi.objects.filter(keadaan__in=Notifikasi.ANTRE, kejadian=OuterRef("pk"))
    return lama.exclude(Exists(antre))


def _hapus_kejadian(rows: QuerySet[KejadianAkun], pada: datetime) -> None:
    catatan.hapus_notifikasi(Notifikasi.objects.filter(kejadian__in=rows))
    rows.delete()


def _percobaan(batas: datetime) -> QuerySet[Percobaan]:
    lama = ~Q(jenis__in=("nik", "kiriman")) & Q(gagal_pada__lt=batas)
    return Percobaan.objects.filter(lama | Q(gagal_pada__isnull=True))


# --- The table -----------------------------------------------------------------------------------

# What takes more to find than the columns that aturan.toml names …
_CARI: dict[str, Callable[[datetime], QuerySet[Any]]] = {
    "unggahan": unggahan,
    "mentah": _mentah,
    "foto_pin": _foto_pin,
    "percakapan": _percakapan,
    "isi_pesan": _isi_pesan,
    "kejadian": _kejadian,
    "percobaan": _percobaan,
}
# … and what more than deleting its rows.
_HAPUS: dict[str, Callable[[QuerySet[Any], datetime], None]] = {
    "draf": lambda rows, pada: _satu_satu(berkas.buang_draf, rows),
    "unggahan": _hapus_isi,
    "unggahan_lepas": lambda rows, pada: _satu_satu(berkas.buang_bila_lepas, rows),
    "unggahan_ditolak": lambda rows, pada: _satu_satu(berkas.buang_bila_lepas, rows),
    "mentah": _buang_mentah,
    "foto_pin": lambda rows, pada: _satu_satu(partial(permintaan.hapus_foto, pada=pada), rows),
    "catatan": catatan.hapus,
    "catatan_dibaca": catatan.hapus,
    "masuk": lambda rows, pada: catatan.lupakan(rows),
    "jawaban": catatan.hapus_jawaban,
    "isian_formulir": _kosongkan_formulir,
    "isi_pesan": _kosongkan_pesan,
    "kejadian": _hapus_kejadian,
}
_SATUAN = {"menit": timedelta(minutes=1), "jam": timedelta(hours=1), "hari": timedelta(days=1)}


def _baca() -> Iterator[Aturan]:
    isi = tomllib.loads((Path(__file__).parent / "aturan.toml").read_text(encoding="utf-8"))
    for bagian, satu in isi.items():
        banyak, satuan = satu["lama"].split()
        cari = _CARI.get(bagian) or partial(
            _menurut_kolom,
            apps.get_model(satu.pop("tabel")),
            satu["umur"],
            satu.pop("syarat", {}),
            satu.pop("kecuali", []),
        )
        hapus = _HAPUS.get(bagian, _hapus) if satu.pop("jalan", True) else None
        lama = int(banyak) * _SATUAN[satuan]
        yield Aturan(bagian, tertulis=satu.pop("lama"), lama=lama, cari=cari, hapus=hapus, **satu)


def _menurut_kolom(
    model: type[Model],
    umur: str,
    syarat: dict[str, Any],
    kecuali: list[dict[str, Any]],
    batas: datetime,
) -> QuerySet[Any]:
    semua = model._default_manager.filter(**{f"{umur}__lt": batas}, **syarat)
    for satu in kecuali:
        semua = semua.exclude(**satu)
    return semua


ATURAN = tuple(_baca())
LAMA = {satu.bagian: satu.lama for satu in ATURAN}
