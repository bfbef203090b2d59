"""Word to the office by another way than WhatsApp: an e-mail, where addresses are set.

One for each standstill of the channel and one when it is over, never one for each message; and one
when half of the month's cap is spent, when it is near, and when it is reached.
"""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from layanan.kotak_keluar import biaya, notifikasi, saluran
from layanan.models import KabarBerkala, KeadaanSaluran, Notifikasi
from penduduk import desa
from surat.bahasa import tanggal as tgl

log = logging.getLogger(__name__)


def surel(judul: str, isi: str) -> str:
    """Send a mail to the addresses of ALARM_SUREL; returns them, "" when nobody could be told."""
    kepada = settings.ALARM_SUREL
    if not kepada:
        return ""
    try:
        send_mail(f"{desa.ambil()}: {judul}", isi, None, kepada)
    except (SMTPException, OSError) as galat:
        log.error("alarm could not be mailed: %s", type(galat).__name__)
        return ""
    return ", ".join(kepada)[:300]


def kabarkan_saluran(*, pada: datetime) -> bool:
    """Tell that the channel has stopped, or runs again after a standstill that was told; True when
    a mail went out. What cannot be mailed is tried again by the next call."""
    satu = saluran.kini()
    if satu.berhenti == bool(satu.dikabari_pada) or not settings.ALARM_SUREL:
        return False
    sama = KeadaanSaluran.objects.filter(pk=1, keadaan=satu.keadaan, sejak=satu.sejak)
    sama = sama.filter(dikabari_pada=satu.dikabari_pada)
    if not sama.update(dikabari_pada=pada if satu.berhenti else None):
        return False  # another worker tells it
    kepada = surel(*(_berhenti(satu) if satu.berhenti else _jalan()))
    kini = KeadaanSaluran.objects.filter(pk=1, keadaan=satu.keadaan, sejak=satu.sejak)
    if kepada:
        kini.update(dikabari=kepada)
    else:
        kini.update(dikabari_pada=satu.dikabari_pada)
    return bool(kepada)


def kabarkan_biaya(*, pada: datetime) -> bool:
    """Tell, once a month each, that half of the cap is spent, that it is near, that it is reached;
    True when a mail went out."""
    uang = biaya.keuangan(pada=pada)
    ambang = max((a for a in (50, uang.peringatan, 100) if (uang.persen or 0) >= a), default=0)
    kunci = f"surel-biaya:{tgl.di_wita(pada):%Y-%m}:{ambang}"
    if not ambang or not settings.ALARM_SUREL:
        return False
    if notifikasi.sekali(KabarBerkala.Jenis.BIAYA, kunci, pada=pada) is None:
        return False
    isi = (
        f"Bulan ini sudah terpakai Rp{uang.terpakai} dari batas Rp{uang.batas} "
        f"({uang.persen} persen).\n\n{settings.PUBLIC_BASE_URL}/kelola/\n"
    )
    if surel(f"biaya pesan {ambang} persen", isi):
        return True
    KabarBerkala.objects.filter(kunci=kunci).delete()  # tried again in a minute
    return False


def _berhenti(satu: KeadaanSaluran) -> tuple[str, str]:
    menunggu = Notifikasi.objects.antre().count()
    return "pesan WhatsApp berhenti", (
        f"{saluran.kalimat(satu)}\n\n{menunggu} pesan menunggu. Tidak ada yang hilang: semuanya "
        f"berangkat sendiri setelah sebabnya dibereskan.\n\n{settings.PUBLIC_BASE_URL}/kelola/\n"
    )


def _jalan() -> tuple[str, str]:
    return "pesan WhatsApp jalan lagi", "Pesan yang menunggu sedang dikirim.\n"
