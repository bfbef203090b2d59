"""What one resident may take in a day, counted before it is given.

Counters stand in the database and are raised by compare-and-set, so that requests at the same
moment cannot pass a limit together.
"""

from datetime import datetime

from django.db.models import F

from layanan.models import JatahHarian
from penduduk.models import Penduduk
from surat.bahasa import tanggal as tgl

MB = 1024 * 1024
MAKS = {"berkas": 100, "bita": 400 * MB, "draf": 20, "kirim": 10}
_HABIS = {
    "berkas": "Hari ini Anda sudah mengunggah {maks} berkas. Lanjutkan besok, atau bawa kertasnya "
    "ke kantor desa.",
    "bita": "Hari ini Anda sudah mengunggah {maks_mb} MB. Lanjutkan besok, atau bawa kertasnya ke "
    "kantor desa.",
    "draf": "Hari ini Anda sudah memulai {maks} permohonan. Lanjutkan yang belum dikirim, atau "
    "mulai lagi besok.",
    "kirim": "Hari ini Anda sudah mengirim {maks} permohonan. Kirim lagi besok; isian Anda tetap "
    "tersimpan. Bila mendesak, datang ke kantor desa.",
}


class JatahHabis(ValueError):
    """Enough for today; the text says until when and what else can be done."""


def ambil(apa: str, *, orang: Penduduk, pada: datetime, sebanyak: int = 1) -> None:
    """Count `sebanyak` more of `apa` (a key of MAKS) on this day (WITA). Raises JatahHabis."""
    baris, _ = JatahHarian.objects.get_or_create(pemilik=orang, hari=tgl.di_wita(pada), apa=apa)
    muat = JatahHarian.objects.filter(pk=baris.pk, jumlah__lte=MAKS[apa] - sebanyak)
    if not muat.update(jumlah=F("jumlah") + sebanyak):
        raise JatahHabis(_HABIS[apa].format(maks=MAKS[apa], maks_mb=MAKS[apa] // MB))
