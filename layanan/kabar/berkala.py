"""What the clock sends: reminders, digests, the list of the kelian, the warning about the cost.

Each message has a key that says what it is and for when (KabarBerkala.kunci), so that it goes out
once, however many clocks run and however often they start again. A clock that was away sends what
is still of use: the latest reminder, the digest of these hours, never an old one.
"""

from datetime import datetime

from django.db import transaction

from layanan.kabar import pengingat, ringkasan, terlambat
from layanan.kotak_keluar import biaya, jam, notifikasi
from layanan.models import KabarBerkala
from surat.bahasa import tanggal as tgl


def jalankan(*, pada: datetime) -> int:
    """Write everything that is due; returns how many messages."""
    return (
        ringkasan.pagi(pada=pada)
        + ringkasan.penanda_tangan(pada=pada)
        + terlambat.naikkan(pada=pada)
        + pengingat.ingatkan(pada=pada)
        + pengingat.kabari_kelian(pada=pada)
        + peringatkan_biaya(pada=pada)
    )


def peringatkan_biaya(*, pada: datetime) -> int:
    """Once a month, by day, when the spending comes near the cap: to whoever may raise it, else to
    the operators. Returns how many messages were written."""
    uang = biaya.keuangan(pada=pada)
    kunci = f"biaya:{tgl.di_wita(pada):%Y-%m}"
    if jam.sekarang(pada) or not uang.perlu_diperingatkan:
        return 0
    if KabarBerkala.objects.filter(kunci=kunci).exists():
        return 0
    siapa = ("change_pengaturanpesan", "proses_permohonan")
    izin = next((satu for satu in siapa if notifikasi.petugas_yang_dikabari(satu)), None)
    if izin is None:
        return 0
    with transaction.atomic():
        berkala = notifikasi.sekali(KabarBerkala.Jenis.BIAYA, kunci, pada=pada)
        if berkala is None:
            return 0
        konteks = {"persen": str(uang.persen)}
        return len(
            notifikasi.kabari_petugas(
                "petugas_biaya", izin=izin, pada=pada, konteks=konteks, berkala=berkala
            )
        )
