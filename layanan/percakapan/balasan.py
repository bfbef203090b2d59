"""Which answer follows which incoming WhatsApp message."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from layanan.kotak_keluar import persetujuan
from layanan.minta_pin import permintaan
from layanan.models import PermintaanPIN, Permohonan
from layanan.percakapan import kabari
from layanan.permohonan import koreksi
from penduduk.akun import penjagaan
from penduduk.models import Akun, KejadianAkun

K = PermintaanPIN.Keadaan
S = Permohonan.Status

# Openings by message: each gives strangers three guesses back (docs/keamanan.md).
BUKA_MAKS, BUKA_SELAMA = 3, timedelta(days=30)

# The same answer is not given again sooner: a burst of photos gets one.
JEDA_SAMA = timedelta(seconds=10)
JEDA_MULAI = timedelta(minutes=10)  # small talk while photos are awaited
JEDA_UMUM = timedelta(days=1)  # the answer to words that no command answers

# The state of a request as its owner reads it; never the pick-up code.
KEADAAN: dict[str, str] = {
    S.DIAJUKAN: "sudah kami terima dan menunggu diproses",
    S.DIPROSES: "sedang diproses",
    S.PERLU_PERBAIKAN: "perlu Anda perbaiki",
    S.DICETAK: "sedang diproses",
    S.MENUNGGU_TTD: "menunggu tanda tangan",
    S.SIAP_DIAMBIL: "siap diambil di kantor desa",
    S.SELESAI: "selesai, suratnya sudah diambil",
    S.DITOLAK: "ditolak",
    S.DIBATALKAN: "sudah dibatalkan",
}
_DITARIK = "selesai, tetapi suratnya tidak berlaku lagi"


@dataclass(frozen=True)
class Balasan:
    """What is answered, "" for nothing. `isi`: values of its text; `permintaan`: the request for
    a PIN that it is about; `jeda`: the same answer is not given again within; `utang`: owed even
    when the next message of the same number waits already; `selalu`: and however often it is
    asked; `catat`: the words are kept for an operator."""

    kode: str
    isi: dict[str, str] = field(default_factory=dict)
    permintaan: PermintaanPIN | None = None
    jeda: timedelta = JEDA_SAMA
    utang: bool = False
    selalu: bool = False
    catat: bool = False


def kata(teks: str, nomor_hp: str, *, pada: datetime) -> Balasan:
    """Do what these words ask for: a command, a code of "Kabari saya", or neither."""
    rapi = " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", teks).upper()))
    if perintah := _PERINTAH.get(rapi):
        return perintah(nomor_hp, pada=pada)
    kode = kabari.baca(teks)
    if kode is not None:
        return _kabari(kode, nomor_hp, pada=pada)
    if ada := permintaan.terbuka(nomor_hp):
        # Words beside the photos are answered by what comes next; to whom the photos have gone,
        # words may be a question.
        satu = _langkah_kini(ada)
        jeda = JEDA_MULAI if satu == "balas_mulai" else JEDA_SAMA
        return Balasan(satu, permintaan=ada, jeda=jeda, catat=ada.keadaan == K.MENUNGGU)
    umum = "balas_umum" if _dikenal(nomor_hp) else "balas_mulai"
    return Balasan(umum, jeda=JEDA_UMUM, catat=True)


def _dikenal(nomor_hp: str) -> bool:
    return (
        Akun.objects.filter(nomor_hp=nomor_hp).exists()
        or Permohonan.objects.filter(nomor_hp=nomor_hp).exists()
    )


def _langkah_kini(ada: PermintaanPIN) -> str:
    """The answer to mere words while a request is open: what comes next."""
    if ada.keadaan == K.MENUNGGU:
        return "balas_lengkap"
    return {"ktp": "balas_mulai", "kk": "balas_kk"}.get(
        permintaan.dokumen_berikut(ada), "balas_mulai"
    )


def setelah_foto(dokumen: str) -> str:
    """The answer to a photo that was taken for `dokumen`."""
    return {"ktp": "balas_kk", "kk": "balas_lengkap"}.get(dokumen, "balas_tambahan")


def konteks(ada: PermintaanPIN | None) -> dict[str, str]:
    """Which paper the next photo should show, in words."""
    kode = permintaan.dokumen_berikut(ada) if ada else "ktp"
    return {"dokumen": permintaan.DOKUMEN[kode if kode != "lain" else "ktp"]}


def keadaan(permohonan: Permohonan, *, hari: date) -> str:
    """The state in plain words, to follow "saat ini"."""
    if koreksi.kabar(permohonan, hari=hari).ditarik:
        return _DITARIK
    return KEADAAN[permohonan.status]


# --- Commands: (number, pada=) -> the answer ----------------------------------------------------


def _bukan_saya(nomor_hp: str, *, pada: datetime) -> Balasan:
    """Freeze every account of this number whose PIN was issued or changed lately."""
    akun = penjagaan.baru_berganti(nomor_hp, pada=pada)
    for satu in akun:
        penjagaan.bekukan(satu, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=pada)
    return Balasan("balas_dibekukan" if akun else "balas_tak_ada", selalu=True)


def _buka(nomor_hp: str, *, pada: datetime) -> Balasan:
    """Let the resident try again from a new phone, a few times a month."""
    semua = list(penjagaan.bernomor(nomor_hp).filter(dibekukan_pada__isnull=True))
    sering = KejadianAkun.objects.filter(
        akun__in=semua,
        jenis=KejadianAkun.Jenis.DIBUKA,
        oleh__isnull=True,
        pada__gt=pada - BUKA_SELAMA,
    )
    terbuka = [a for a in semua if sering.filter(akun=a).count() < BUKA_MAKS]
    for satu in terbuka:
        penjagaan.buka(satu, pada=pada)
    # Without an account the same words as with one.
    return Balasan("balas_buka_cukup" if semua and not terbuka else "balas_dibuka", selalu=True)


def _batal(nomor_hp: str, *, pada: datetime) -> Balasan:
    ada = permintaan.terbuka(nomor_hp)
    if ada:
        permintaan.batalkan(ada, pada=pada)
    return Balasan("balas_batal", selalu=True)


def _status(nomor_hp: str, *, pada: datetime) -> Balasan:
    """How it stands with the request that changed last; an open one goes before a closed one."""
    semua = Permohonan.objects.filter(nomor_hp=nomor_hp).select_related("surat")
    semua = semua.order_by("-diperbarui_pada", "-pk")
    terbuka = list(semua.exclude(status__in=Permohonan.AKHIR))
    satu = terbuka[0] if terbuka else semua.first()
    if satu is None:
        return Balasan("balas_status_kosong", utang=True)
    kini = keadaan(satu, hari=timezone.localtime(pada).date())
    if len(terbuka) > 1:
        kini += f" (masih ada {len(terbuka) - 1} permohonan lain yang berjalan)"
    return Balasan("balas_status", {"nomor": satu.nomor, "keadaan": kini}, utang=True)


def _berhenti(nomor_hp: str, *, pada: datetime) -> Balasan:
    persetujuan.berhenti(nomor_hp, pada=pada)
    return Balasan("balas_berhenti", utang=True)


def _mulai(nomor_hp: str, *, pada: datetime) -> Balasan:
    persetujuan.mulai(nomor_hp, pada=pada)
    return Balasan("balas_mulai_lagi", utang=True)


def _kabari(kode: str, nomor_hp: str, *, pada: datetime) -> Balasan:
    try:
        satu = kabari.pakai(kode, dari=nomor_hp, pada=pada)
    except kabari.TerlaluSering:
        return Balasan("")
    except kabari.KodeSalah:
        return Balasan("balas_kabari_salah", utang=True)
    kini = keadaan(satu, hari=timezone.localtime(pada).date())
    return Balasan("balas_kabari", {"nomor": satu.nomor, "keadaan": kini}, utang=True)


_PERINTAH: dict[str, Callable[..., Balasan]] = {
    "BUKAN SAYA": _bukan_saya,
    "BUKAN SAYA YANG MEMINTA": _bukan_saya,
    "BUKA": _buka,
    "BATAL": _batal,
    "STATUS": _status,
    "BERHENTI": _berhenti,
    "STOP": _berhenti,
    "UNSUBSCRIBE": _berhenti,
    "MULAI": _mulai,
    "START": _mulai,
}
