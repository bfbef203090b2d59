"""The gate of the first run: letters get no numbers before an admin has said that all is set.

A number cannot be taken back, and a letterhead cannot be mended on paper. What is asked for is
derived from what the village has filled in; `surat.buku.nomor` refuses until it is open.
"""

from datetime import datetime

from django.db import transaction

from penduduk import desa as desa_
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.buku import daftar, nomor
from surat.models import Mandat, TataNaskah
from surat.naskah import gaya


class BelumLengkap(ValueError):
    """The gate stays shut; the message names what is missing."""


def kurang(tata: TataNaskah, *, pada: datetime) -> dict[str, str]:
    """What must be there before the first number, by the step of the guide where it is done."""
    if tata.siap_pada is not None:
        return {}
    hari = tgl.di_wita(pada)
    definitif = Mandat.objects.berlaku(hari).filter(sebagai=Mandat.Sebagai.DEFINITIF)
    ada = {
        "desa": ("Nama desa belum diisi.", bool(desa_.ambil().nama)),
        "kop": ("Kata-kata kop surat belum diisi.", bool(tata.kop_1)),
        "pejabat": (
            "Belum ada pejabat definitif dengan mandat yang berlaku hari ini.",
            definitif.exists(),
        ),
        "nomor": ("Nomor awal buku surat belum dipastikan.", _nomor_pasti(tata, pada=pada)),
        "contoh": ("Surat contoh belum dilihat.", tata.contoh_dilihat_pada is not None),
    }
    return {tahap: kalimat for tahap, (kalimat, sudah) in ada.items() if not sudah}


def _nomor_pasti(tata: TataNaskah, *, pada: datetime) -> bool:
    try:
        nomor.periksa_format(tata.format_nomor)
    except nomor.FormatNomorTidakSah:
        return False
    kini, _ = daftar.daftar(tata, tanggal=tgl.di_wita(pada))
    return bool(kini) and all(buku.dipastikan for buku in kini)


@transaction.atomic
def buka(*, oleh: Akun, pada: datetime) -> None:
    """Declare the village ready, once and for all. Raises BelumLengkap."""
    gaya.tata_naskah()
    tata = TataNaskah.objects.select_for_update().get(pk=1)
    if sisa := kurang(tata, pada=pada):
        raise BelumLengkap(" ".join(sisa.values()))
    TataNaskah.objects.filter(pk=1, siap_pada=None).update(siap_pada=pada, siap_oleh=oleh)
