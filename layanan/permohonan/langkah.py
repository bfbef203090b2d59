"""What can be done to a request, from which status, and by whom: the tables of the flow.

LANGKAH moves a request on; PENGAJUAN are the ways in which its first step is taken; PERISTIWA
happens to it without moving it. A new step or event is one row here, its word in the history
(Riwayat.Langkah) and, when it does or needs anything, its class in layanan.permohonan.dampak.
docs/alur.md is generated from this file, layanan.permohonan.alur obeys it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from layanan.models import Permohonan
from layanan.permohonan import dampak
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.models import Mandat

S = Permohonan.Status

_PROSES, _TTD = "layanan.proses_permohonan", "layanan.tandatangani_surat"
_BUKAN_OPERATOR = "Anda tidak berwenang memproses permohonan."
_BUKAN_PENANDATANGAN = "Anda tidak berwenang menandatangani surat."
TULIS_ALASAN = "Tulis alasannya, supaya yang membaca tahu harus berbuat apa."


class Siapa(Enum):
    """Who acts: what we call them, the permission that makes them so, what others are told."""

    WARGA = "pemohon", "", "Hanya pemohon yang dapat melakukan ini."
    OPERATOR = "operator", _PROSES, _BUKAN_OPERATOR
    LOKET = "operator di loket", _PROSES, _BUKAN_OPERATOR
    KOREKSI = (
        "petugas koreksi",
        "surat.koreksi_surat",
        "Anda tidak berwenang membuat surat pengganti.",
    )
    PENCABUT = "petugas pencabut", "surat.cabut_surat", "Anda tidak berwenang mencabut surat."
    PENANDATANGAN = "penanda tangan", _TTD, _BUKAN_PENANDATANGAN
    # The paper already bears a name; only that official may sign it.
    PENANDATANGAN_SURAT = "penanda tangan yang tertulis di surat", _TTD, _BUKAN_PENANDATANGAN
    SISTEM = "sistem", "", "Langkah ini dikerjakan sistem."

    def __init__(self, sebutan: str, izin: str, penolakan: str) -> None:
        self.sebutan = sebutan
        self.izin = izin
        self.penolakan = penolakan


def halangan_orang(
    siapa: Siapa,
    *,
    oleh: Akun | None,
    pada: datetime,
    pemohon_id: int | None = None,
    surat_id: int | None = None,
) -> str:
    """Why `oleh` (None: the system) is not `siapa`; empty when they are. Nothing else decides who
    may: it draws the buttons and guards the acts.

    `pemohon_id`, `surat_id`: whose request it is, and its letter.
    """
    if siapa is Siapa.SISTEM:
        return "" if oleh is None else siapa.penolakan
    if oleh is None or not oleh.is_active:
        return "Masuk lebih dulu."
    if siapa is Siapa.WARGA:
        sendiri = oleh.penduduk_id is not None and oleh.penduduk_id == pemohon_id
        return "" if sendiri else siapa.penolakan
    if not oleh.has_perm(siapa.izin):
        return siapa.penolakan
    if siapa in (Siapa.PENANDATANGAN, Siapa.PENANDATANGAN_SURAT):
        tertulis = surat_id if siapa is Siapa.PENANDATANGAN_SURAT else None
        return _halangan_mandat(oleh, tertulis, pada)
    return ""


def _halangan_mandat(oleh: Akun, surat_id: int | None, pada: datetime) -> str:
    berlaku = Mandat.objects.dipegang(oleh, tgl.di_wita(pada))
    if surat_id is None:
        return "" if berlaku.exists() else "Mandat Anda tidak berlaku hari ini."
    sebab = "Surat ini disiapkan untuk pejabat lain, atau mandat Anda tidak berlaku hari ini."
    return "" if berlaku.filter(surat=surat_id).exists() else sebab


@dataclass(frozen=True)
class Tindakan:
    """What the two tables have in common. `dari`: the statuses in which it is possible; `pesan`:
    to the resident; `bahan`: what it needs and does."""

    nama: str
    label: str
    dari: tuple[S, ...]
    siapa: Siapa
    pesan: str = ""
    kabari_petugas: bool = False
    butuh_catatan: bool = False
    bahan: type[dampak.Bahan] = dampak.Bahan


@dataclass(frozen=True, kw_only=True)
class Langkah(Tindakan):
    ke: S


@dataclass(frozen=True, kw_only=True)
class Peristiwa(Tindakan):
    """`terlambat`: what is said in any other status. `urusan_kantor`: neither the resident reads of
    it nor is anybody told that it was done last."""

    terlambat: str
    urusan_kantor: bool = False


LANGKAH: dict[str, Langkah] = {
    langkah.nama: langkah
    for langkah in (
        Langkah("ajukan", "Kirim", (), Siapa.WARGA, "diterima", ke=S.DIAJUKAN, kabari_petugas=True),
        Langkah("proses", "Proses", (S.DIAJUKAN,), Siapa.OPERATOR, "diproses", ke=S.DIPROSES),
        Langkah(
            "minta_perbaikan",
            "Minta perbaikan",
            (S.DIAJUKAN, S.DIPROSES),
            Siapa.OPERATOR,
            "perlu_perbaikan",
            ke=S.PERLU_PERBAIKAN,
            bahan=dampak.MintaPerbaikan,
        ),
        Langkah(
            "ajukan_ulang",
            "Kirim perbaikan",
            (S.PERLU_PERBAIKAN,),
            Siapa.WARGA,
            "perbaikan_diterima",
            ke=S.DIAJUKAN,
            kabari_petugas=True,
            bahan=dampak.AjukanUlang,
        ),
        Langkah(
            "setujui",
            "Setujui",
            (S.DIAJUKAN, S.DIPROSES),
            Siapa.OPERATOR,
            ke=S.DICETAK,
            bahan=dampak.Setujui,
        ),
        Langkah(
            "cetak",
            "Catat sudah dicetak",
            (S.DICETAK,),
            Siapa.SISTEM,
            "menunggu_ttd",
            ke=S.MENUNGGU_TTD,
            bahan=dampak.Cetak,
        ),
        Langkah(
            "kembalikan",
            "Kembalikan",
            (S.MENUNGGU_TTD,),
            Siapa.PENANDATANGAN,
            ke=S.DIPROSES,
            kabari_petugas=True,
            butuh_catatan=True,
            bahan=dampak.Kembalikan,
        ),
        Langkah(
            "tarik_kembali",
            "Tarik kembali",
            (S.DICETAK, S.MENUNGGU_TTD),
            Siapa.OPERATOR,
            ke=S.DIPROSES,
            butuh_catatan=True,
            bahan=dampak.Kembalikan,
        ),
        Langkah(
            "tandatangani",
            "Tandatangani",
            (S.MENUNGGU_TTD,),
            Siapa.PENANDATANGAN_SURAT,
            "siap_diambil",
            ke=S.SIAP_DIAMBIL,
            bahan=dampak.Tandatangani,
        ),
        Langkah(
            "serahkan",
            "Serahkan",
            (S.SIAP_DIAMBIL,),
            Siapa.OPERATOR,
            "diserahkan",
            ke=S.SELESAI,
            bahan=dampak.Serahkan,
        ),
        Langkah(
            "tolak",
            "Tolak",
            (S.DIAJUKAN, S.DIPROSES),
            Siapa.OPERATOR,
            "ditolak",
            ke=S.DITOLAK,
            butuh_catatan=True,
        ),
        Langkah(
            "batalkan",
            "Batalkan",
            (S.DIAJUKAN, S.PERLU_PERBAIKAN, S.DIPROSES),  # until a number is taken
            Siapa.WARGA,
            ke=S.DIBATALKAN,
        ),
    )
}

# The step `ajukan`, by the way in which it is taken (layanan.permohonan.ajukan): a resident sends a
# draft, a clerk writes down what somebody says at the counter, a signed letter is corrected.
PENGAJUAN: dict[str, Langkah] = {
    "draf": LANGKAH["ajukan"],
    "loket": replace(LANGKAH["ajukan"], label="Masukkan ke antrean", siapa=Siapa.LOKET),
    "koreksi": replace(LANGKAH["ajukan"], label="Ajukan surat pengganti", siapa=Siapa.KOREKSI),
}

# Not signed yet, and not ended: afterwards there is nothing left to hurry.
_BELUM_TTD = (S.DIAJUKAN, S.DIPROSES, S.PERLU_PERBAIKAN, S.DICETAK, S.MENUNGGU_TTD)
_SUDAH_TTD = "Surat ini sudah ditandatangani atau permohonannya sudah selesai."

PERISTIWA: dict[str, Peristiwa] = {
    peristiwa.nama: peristiwa
    for peristiwa in (
        Peristiwa(
            "mendesak",
            "Tandai mendesak",
            _BELUM_TTD,
            Siapa.OPERATOR,
            butuh_catatan=True,
            bahan=dampak.Mendesak,
            terlambat=_SUDAH_TTD,
            urusan_kantor=True,
        ),
        Peristiwa(
            "lepas_mendesak",
            "Lepas tanda mendesak",
            _BELUM_TTD,
            Siapa.OPERATOR,
            bahan=dampak.LepasMendesak,
            terlambat=_SUDAH_TTD,
            urusan_kantor=True,
        ),
        Peristiwa(
            "cetak_kertas",
            "Cetak",
            (S.MENUNGGU_TTD, S.SIAP_DIAMBIL),
            Siapa.OPERATOR,
            bahan=dampak.CetakKertas,
            terlambat="Surat ini belum siap dicetak, atau sudah diserahkan.",
            urusan_kantor=True,
        ),
        Peristiwa(
            "cabut",
            "Cabut surat",
            (S.SIAP_DIAMBIL, S.SELESAI),
            Siapa.PENCABUT,
            "surat_dicabut",
            butuh_catatan=True,
            bahan=dampak.Cabut,
            terlambat="Hanya surat yang sudah ditandatangani yang dapat dicabut.",
        ),
    )
}
URUSAN_KANTOR = tuple(x.nama for x in PERISTIWA.values() if x.urusan_kantor)
