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


_BELUM_DIAMBIL = Notifikasi.BELUM_DIAMBIL
# The provider may have it without our knowing; also from here its word counts.
BELUM_DITERIMA = (*Notifikasi.ANTRE, K.PERLU_DICEK)
_BELUM_SAMPAI = (*BELUM_DITERIMA, *Notifikasi.DI_PENYEDIA)

PERPINDAHAN: dict[str, Perpindahan] = {
    satu.nama: satu
    for satu in (
        Perpindahan(
            "tulis",
            (),
            K.MENUNGGU,
            Siapa.SISTEM,
            "something has happened that the recipient should know",
        ),
        Perpindahan(
            "tulis_tanpa_wa",
            (),
            K.TANPA_WA,
            Siapa.SISTEM,
            "the same, but the recipient has no number, declined, or was just unreachable",
        ),
        Perpindahan(
            "ambil", _BELUM_DIAMBIL, K.DIAMBIL, Siapa.PEKERJA, "its turn has come: it will be sent"
        ),
        Perpindahan(
            "ambil_lagi",
            (K.DIAMBIL,),
            K.DIAMBIL,
            Siapa.PEKERJA,
            "its worker died or got no answer: the provider is asked first",
        ),
        # What the provider says: never back from what is proven, and a failure, which it may be
        # wrong about, only before that.
        Perpindahan("diterima", BELUM_DITERIMA, K.DIKIRIM, Siapa.PENYEDIA, "the provider has it"),
        Perpindahan(
            "terkirim",
            (*BELUM_DITERIMA, K.DIKIRIM),
            K.TERKIRIM,
            Siapa.PENYEDIA,
            "WhatsApp has it",
        ),
        Perpindahan(
            "sampai",
            (*_BELUM_SAMPAI, K.GAGAL),
            K.SAMPAI,
            Siapa.PENYEDIA,
            "it is on the phone, also after it was thought to have failed",
        ),
        Perpindahan(
            "dibaca",
            (*_BELUM_SAMPAI, K.GAGAL, K.SAMPAI),
            K.DIBACA,
            Siapa.PENYEDIA,
            "the recipient has opened it",
        ),
        Perpindahan(
            "ditunda",
            _BELUM_SAMPAI,
            K.SEMENTARA,
            Siapa.PENYEDIA,
            "refused for now: tried again",
        ),
        Perpindahan(
            "ditolak",
            _BELUM_SAMPAI,
            K.GAGAL,
            Siapa.PENYEDIA,
            "refused for good, or for 48 hours",
        ),
        # What a worker decides.
        Perpindahan(
            "tak_tersusun",
            (K.DIAMBIL,),
            K.GAGAL,
            Siapa.PEKERJA,
            "cannot be sent: template not approved, or the account may not log in",
        ),
        Perpindahan(
            "lewat_batas",
            _BELUM_DIAMBIL,
            K.GAGAL,
            Siapa.PEKERJA,
            "a cap on what messages cost is reached",
        ),
        Perpindahan(
            "tak_terjawab",
            (K.DIAMBIL,),
            K.PERLU_DICEK,
            Siapa.PEKERJA,
            "asked five times, or for 48 hours, without a certain answer; or it kills workers",
        ),
        Perpindahan(
            "belum_sampai",
            Notifikasi.DI_PENYEDIA,
            K.PERLU_DICEK,
            Siapa.PEKERJA,
            "a day with the provider and not arrived",
        ),
        # A row in DIAMBIL may have gone out: it is too late for it only when the provider, asked
        # first, does not know it.
        Perpindahan(
            "terlambat",
            _BELUM_DIAMBIL,
            K.BATAL,
            Siapa.PEKERJA,
            "its hours are over, or the letter is not waiting any more",
        ),
        Perpindahan(
            "terlambat_dicari",
            (K.DIAMBIL,),
            K.BATAL,
            Siapa.PEKERJA,
            "the same, and the provider, when asked, does not have it",
        ),
        Perpindahan(
            "digantikan",
            _BELUM_DIAMBIL,
            K.BATAL,
            Siapa.PEKERJA,
            "later news has gone out, or waited behind it until the channel ran again",
        ),
        # The channel is at fault, not the message.
        Perpindahan(
            "tertahan",
            _BELUM_SAMPAI,
            K.MENUNGGU,
            Siapa.PENYEDIA,
            "account or sender is at fault: it keeps its place until the channel runs again",
        ),
        Perpindahan(
            "tak_tersambung",
            (*_BELUM_DIAMBIL, *Notifikasi.DI_PENYEDIA),
            K.TANPA_WA,
            Siapa.PEKERJA,
            "WhatsApp is not connected (any more), or had only been simulated",
        ),
        # Changed minds.
        Perpindahan(
            "batalkan",
            _BELUM_DIAMBIL,
            K.BATAL,
            Siapa.SISTEM,
            "not needed: collected, withdrawn, replaced, the reminder changed, or told by phone",
        ),
        Perpindahan(
            "tahan",
            _BELUM_DIAMBIL,
            K.TANPA_WA,
            Siapa.WARGA,
            "answered BERHENTI, or does not want to be told any more",
        ),
        Perpindahan(
            "coba_lagi",
            Notifikasi.MASALAH,
            K.MENUNGGU,
            Siapa.PETUGAS,
            "its cause is mended: sent as a new message",
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
