"""Which answer follows which incoming WhatsApp message."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from layanan import permintaan
from layanan.models import PermintaanPIN
from penduduk import penjagaan
from penduduk.models import Akun, KejadianAkun

K = PermintaanPIN.Keadaan

# Openings by message: each gives strangers three guesses back (docs/keamanan.md).
BUKA_MAKS, BUKA_SELAMA = 3, timedelta(days=30)

# The same answer is not given again sooner: a burst of photos gets one, and so does small talk.
JEDA_SAMA = {"balas_mulai": timedelta(minutes=10)}
JEDA_SAMA_LAIN = timedelta(seconds=10)

# Answers that are owed even when the next message of the same number is already waiting.
_SELALU = {
    "balas_dibekukan",
    "balas_tak_ada",
    "balas_dibuka",
    "balas_buka_cukup",
    "balas_batal",
}


def selalu(kode: str) -> bool:
    return kode in _SELALU


def perintah(teks: str) -> Callable[..., str] | None:
    """The command that `teks` is, in any case and with any punctuation; None for other words."""
    kata = " ".join(re.findall(r"\w+", teks.upper()))
    return _PERINTAH.get(kata)


def langkah_kini(ada: PermintaanPIN) -> str:
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


# --- Commands: (number, pada=) -> code of the answer --------------------------------------------


def _bukan_saya(nomor_hp: str, *, pada: datetime) -> str:
    """Freeze every account of this number whose PIN was issued or changed lately."""
    akun = penjagaan.baru_berganti(nomor_hp, pada=pada)
    for satu in akun:
        penjagaan.bekukan(satu, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=pada)
    return "balas_dibekukan" if akun else "balas_tak_ada"


def _buka(nomor_hp: str, *, pada: datetime) -> str:
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
    if semua and not terbuka:
        return "balas_buka_cukup"
    # The same words whether or not the number belongs to an account.
    return "balas_dibuka"


def _batal(nomor_hp: str, *, pada: datetime) -> str:
    ada = permintaan.terbuka(nomor_hp)
    if ada:
        permintaan.batalkan(ada, pada=pada)
    return "balas_batal"


_PERINTAH: dict[str, Callable[..., str]] = {
    "BUKAN SAYA": _bukan_saya,
    "BUKAN SAYA YANG MEMINTA": _bukan_saya,
    "BUKA": _buka,
    "BATAL": _batal,
}
