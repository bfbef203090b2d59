"""The day on which the papers of a request go: set once, two weeks ahead, and told.

The page of the request says it from the end on; WhatsApp only to whom it may write, once, and
within the budgets of the day and the month. Nobody is telephoned about it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from layanan.kotak_keluar import anggaran, aturan, biaya, jam, notifikasi
from layanan.models import AturanKabar, Berkas, KabarBerkala, Permohonan
from layanan.retensi.aturan import LAMA
from surat.bahasa import tanggal as tgl

DIBERITAHU = timedelta(days=14)
SEKALI = 500  # requests in one run


def umumkan(*, pada: datetime) -> int:
    """Set the day for requests that ended long enough ago; returns how many messages were written.
    A request from before this rule still gets its two weeks."""
    lama = LAMA["unggahan"] - DIBERITAHU
    ujung = Q(status__in=Permohonan.AKHIR) | Q(surat__dicabut_pada__isnull=False)
    belum = Permohonan.objects.filter(
        ujung, berkas_hapus_pada__isnull=True, diperbarui_pada__lte=pada - lama
    )
    uang = biaya.keuangan(pada=pada)
    aktif = aturan.baca(aturan.BERKAS).aktif(
        aturan.BERKAS, AturanKabar.Penerima.WARGA, AturanKabar.Kanal.WA
    )
    jumlah = 0
    for satu in belum.select_related("jenis", "kabar_ke").order_by("diperbarui_pada")[:SEKALI]:
        hapus_pada = max(satu.diperbarui_pada + LAMA["unggahan"], pada + DIBERITAHU)
        with transaction.atomic():
            kini = Permohonan.objects.filter(pk=satu.pk, berkas_hapus_pada__isnull=True)
            baru = kini.update(berkas_hapus_pada=hapus_pada)
            if baru and aktif and not uang.habis and _kabari(satu, hapus_pada, pada=pada):
                uang, jumlah = uang.dengan(uang.harga), jumlah + 1
    return jumlah


def _kabari(permohonan: Permohonan, hapus_pada: datetime, *, pada: datetime) -> bool:
    ada = permohonan.lampiran.filter(berkas__keadaan=Berkas.Keadaan.SIAP).exists()
    if not ada or notifikasi.halangan_pemohon(permohonan, pada=pada):
        return False
    tujuan = permohonan.alamat_kabar
    if not anggaran.ambil("berkas_dihapus", nomor_hp=tujuan, pada=pada):
        return False
    isi = notifikasi.konteks(permohonan) | {"tanggal": tgl.panjang(tgl.di_wita(hapus_pada))}
    return bool(
        notifikasi.tulis_berkala(
            "berkas_dihapus",
            KabarBerkala.Jenis.BERKAS,
            f"berkas:{permohonan.pk}",
            nomor_hp=tujuan,
            pada=pada,
            konteks=isi,
            kirim_pada=jam.sesudah(pada),
            permohonan=permohonan,
        )
    )


def kapan(permohonan: Permohonan) -> datetime | None:
    """When the papers of a request go that has ended; None: it has not. Those that another request
    uses stay with that one."""
    surat = permohonan.surat
    if permohonan.status not in Permohonan.AKHIR and not (surat and surat.dicabut_pada):
        return None
    return permohonan.berkas_hapus_pada or permohonan.diperbarui_pada + LAMA["unggahan"]
