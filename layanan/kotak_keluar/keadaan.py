"""The life of a message: a table of moves, and the only code that writes Notifikasi.keadaan.

Workers, callbacks, operators and residents act on one row at the same moment. So a move is a
compare-and-set: the row is asked in the UPDATE itself whether it still stands where the move may
begin. Whatever follows from a move is done by the caller, after it and only if it happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Q, QuerySet

from layanan.models import Notifikasi

K = Notifikasi.Keadaan


class Siapa(Enum):
    SISTEM = "sistem"
    PEKERJA = "pekerja"
    PENYEDIA = "penyedia"  # its answer to our call, what it says when asked, or its callback
    WARGA = "warga"
    PETUGAS = "petugas"


@dataclass(frozen=True)
class Perpindahan:
    """`dari` is empty where a life begins. `sebab`: why, for the reader of docs/pesan.md."""

    nama: str
    dari: tuple[K, ...]
    ke: K
    siapa: Siapa
    sebab: str


_BELUM_DIAMBIL = (K.MENUNGGU, K.SEMENTARA)
# The provider may have it without our knowing; also from here its word counts.
BELUM_DITERIMA = (*Notifikasi.ANTRE, K.PERLU_DICEK)
_BELUM_SAMPAI = (*BELUM_DITERIMA, *Notifikasi.DI_PENYEDIA)

PERPINDAHAN: dict[str, Perpindahan] = {
    satu.nama: satu
    for satu in (
        Perpindahan(
            "tulis", (), K.MENUNGGU, Siapa.SISTEM, "terjadi sesuatu yang perlu diketahui penerima"
        ),
        Perpindahan(
            "tulis_tanpa_wa",
            (),
            K.TANPA_WA,
            Siapa.SISTEM,
            "sama, tetapi penerima tidak punya nomor, tidak mau, atau baru saja tidak terjangkau",
        ),
        Perpindahan(
            "ambil", _BELUM_DIAMBIL, K.DIAMBIL, Siapa.PEKERJA, "gilirannya tiba: akan dikirim"
        ),
        Perpindahan(
            "ambil_lagi",
            (K.DIAMBIL,),
            K.DIAMBIL,
            Siapa.PEKERJA,
            "pekerjanya mati atau tidak mendapat jawaban: penyedia ditanya dulu",
        ),
        # What the provider says: never back from what is proven, and a failure, which it may be
        # wrong about, only before that.
        Perpindahan(
            "diterima", BELUM_DITERIMA, K.DIKIRIM, Siapa.PENYEDIA, "pesan ada di tangan penyedia"
        ),
        Perpindahan(
            "terkirim",
            (*BELUM_DITERIMA, K.DIKIRIM),
            K.TERKIRIM,
            Siapa.PENYEDIA,
            "pesan ada di tangan WhatsApp",
        ),
        Perpindahan(
            "sampai",
            (*_BELUM_SAMPAI, K.GAGAL),
            K.SAMPAI,
            Siapa.PENYEDIA,
            "pesan sampai di HP, juga sesudah dikira gagal",
        ),
        Perpindahan(
            "dibaca",
            (*_BELUM_SAMPAI, K.GAGAL, K.SAMPAI),
            K.DIBACA,
            Siapa.PENYEDIA,
            "pesan dibuka penerima",
        ),
        Perpindahan(
            "ditunda",
            _BELUM_SAMPAI,
            K.SEMENTARA,
            Siapa.PENYEDIA,
            "ditolak untuk sekarang: dicoba lagi",
        ),
        Perpindahan(
            "ditolak",
            _BELUM_SAMPAI,
            K.GAGAL,
            Siapa.PENYEDIA,
            "ditolak untuk selamanya, atau selama 48 jam",
        ),
        # What a worker decides.
        Perpindahan(
            "tak_tersusun",
            (K.DIAMBIL,),
            K.GAGAL,
            Siapa.PEKERJA,
            "tidak dapat dikirim: templatnya belum disetujui, atau akunnya tidak boleh masuk",
        ),
        Perpindahan(
            "lewat_batas", _BELUM_DIAMBIL, K.GAGAL, Siapa.PEKERJA, "batas biaya sebulan tercapai"
        ),
        Perpindahan(
            "tak_terjawab",
            (K.DIAMBIL,),
            K.PERLU_DICEK,
            Siapa.PEKERJA,
            "lima kali bertanya, atau 48 jam, tanpa jawaban yang pasti",
        ),
        Perpindahan(
            "belum_sampai",
            Notifikasi.DI_PENYEDIA,
            K.PERLU_DICEK,
            Siapa.PEKERJA,
            "sehari di tangan penyedia dan belum sampai",
        ),
        # A row in DIAMBIL may have gone out: it is too late for it only when the provider, asked
        # first, does not know it.
        Perpindahan(
            "terlambat",
            _BELUM_DIAMBIL,
            K.BATAL,
            Siapa.PEKERJA,
            "jamnya sudah lewat, atau suratnya tidak lagi menunggu diambil",
        ),
        Perpindahan(
            "terlambat_dicari",
            (K.DIAMBIL,),
            K.BATAL,
            Siapa.PEKERJA,
            "sama, dan penyedia yang ditanya belum menerimanya",
        ),
        Perpindahan(
            "digantikan",
            (K.SEMENTARA,),
            K.BATAL,
            Siapa.PEKERJA,
            "kabar berikutnya sudah keluar",
        ),
        # Changed minds.
        Perpindahan(
            "batalkan",
            _BELUM_DIAMBIL,
            K.BATAL,
            Siapa.SISTEM,
            "tidak perlu lagi: surat diambil, dicabut, atau diganti, atau pengingatnya berganti",
        ),
        Perpindahan(
            "tahan",
            _BELUM_DIAMBIL,
            K.TANPA_WA,
            Siapa.WARGA,
            "membalas BERHENTI, atau tidak mau lagi dikabari",
        ),
        Perpindahan(
            "coba_lagi",
            Notifikasi.MASALAH,
            K.MENUNGGU,
            Siapa.PETUGAS,
            "sebabnya sudah dibereskan: dikirim sebagai pesan baru",
        ),
    )
}


def baru(*, terhalang: bool, pada: datetime, **kolom: Any) -> Notifikasi:
    """A row, not yet saved, where its life begins. `terhalang`: it will not go out at all."""
    awal = PERPINDAHAN["tulis_tanpa_wa" if terhalang else "tulis"]
    return Notifikasi(keadaan=awal.ke, dibuat_pada=pada, berubah_pada=pada, **kolom)


def pindah(
    yang: QuerySet[Notifikasi] | Iterable[int],
    nama: str,
    /,
    *,
    pada: datetime,
    jika: Q | None = None,
    **kolom: Any,
) -> int:
    """Move rows as PERPINDAHAN[`nama`] says, in one UPDATE; returns how many have moved.

    `yang`: keys, or a query. What a query asks for may have changed when the row is written at
    last, for the writer may have had to wait for another one: what must still hold then, of the
    row itself, stands in `jika`. `kolom`: what else is written.
    """
    satu = PERPINDAHAN[nama]
    masih = Q(pk__in=yang, keadaan__in=satu.dari) & (jika or Q())
    return Notifikasi.objects.filter(masih).update(keadaan=satu.ke, berubah_pada=pada, **kolom)
