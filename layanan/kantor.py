"""Figures for the first page of the back office."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from layanan.models import Notifikasi, PermintaanPIN, Permohonan
from penduduk import desa as desa_
from penduduk.models import Akun, KejadianAkun
from surat.models import Mandat
from surat.susunan import tata_naskah


def ringkasan(*, pada: datetime) -> dict[str, Any]:
    """Open requests per status, requests for a PIN, messages in trouble, accounts that residents
    have locked, guesses of the last day, and what the village has not filled in."""
    per_status = dict(
        Permohonan.objects.exclude(status__in=Permohonan.AKHIR)
        .values_list("status")
        .annotate(Count("pk"))
    )
    terbuka = [
        {"kode": s.value, "label": s.label, "jumlah": per_status.get(s.value, 0)}
        for s in Permohonan.Status
        if s not in Permohonan.AKHIR
    ]
    return {
        "terbuka": terbuka,
        "pesan_bermasalah": Notifikasi.objects.filter(keadaan__in=Notifikasi.MASALAH).count(),
        "permintaan_pin": PermintaanPIN.objects.filter(
            keadaan=PermintaanPIN.Keadaan.MENUNGGU
        ).count(),
        "akun_beku": Akun.objects.filter(sebab_beku=Akun.SebabBeku.BUKAN_SAYA).count(),
        "tebakan": KejadianAkun.objects.filter(
            jenis=KejadianAkun.Jenis.SEMPROTAN, pada__gt=pada - timedelta(days=1)
        ).exists(),
        "belum_lengkap": belum_lengkap(),
    }


def belum_lengkap() -> list[str]:
    """Facts of the village that are still unknown; nothing is invented in their place."""
    kosong = desa_.belum_lengkap(desa_.ambil())
    if not tata_naskah().kop_1:
        kosong.append("Tata naskah: kata-kata kop surat belum diisi.")
    if not Mandat.objects.exists():
        kosong.append("Pejabat dan mandat tanda tangan belum diisi.")
    return kosong
