"""Figures for the first page of the back office."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from layanan import catatan, daftar_templat
from layanan.models import Notifikasi, PermintaanPIN, Permohonan
from penduduk import desa as desa_
from penduduk.models import Akun, KejadianAkun
from surat.models import Mandat, TataNaskah
from surat.susunan import tata_naskah


def ringkasan(*, pada: datetime) -> dict[str, Any]:
    """Open requests per status, requests for a PIN, messages in trouble, notes of residents that
    nobody has read, accounts that residents have locked, guesses of the last day, and what the
    village has not filled in."""
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
        "pesan_warga": catatan.belum_dibaca().count(),
        "akun_beku": Akun.objects.filter(sebab_beku=Akun.SebabBeku.BUKAN_SAYA).count(),
        "tebakan": KejadianAkun.objects.filter(
            jenis=KejadianAkun.Jenis.SEMPROTAN, pada__gt=pada - timedelta(days=1)
        ).exists(),
        "belum_lengkap": belum_lengkap(),
    }


def belum_lengkap() -> list[str]:
    """Facts of the village that are still unknown; nothing is invented in their place."""
    kosong = [*desa_.belum_lengkap(desa_.ambil()), *_tata_belum_lengkap(tata_naskah())]
    if not Mandat.objects.exists():
        kosong.append("Pejabat dan mandat tanda tangan belum diisi.")
    return kosong + daftar_templat.peringatan()


def _tata_belum_lengkap(tata: TataNaskah) -> list[str]:
    """What the letters lack or nobody has confirmed yet."""
    aksara = any((tata.aksara_1, tata.aksara_2, tata.aksara_3))
    belum = {
        "kata-kata kop surat belum diisi": not tata.kop_1,
        "lambang kop surat belum diunggah": tata.lambang_id is None,
        "aksara Bali di kop belum diisi": tata.aksara and not aksara,
        "aksara Bali di kop belum diperiksa Penyuluh Bahasa Bali": (
            tata.aksara and aksara and not tata.aksara_diperiksa
        ),
        "skema kode klasifikasi belum dipastikan": not tata.skema_klasifikasi,
    }
    return [f"Tata naskah: {kalimat}." for kalimat, kurang in belum.items() if kurang]
