"""Belum diambil: letters that have waited for more than 14 days, to be read out to the kelian or
printed for them, one sheet per banjar dinas."""

from django.http import HttpResponse
from django.utils import timezone

from layanan.kabar import pengingat
from penduduk.akun.pintu import AuthenticatedRequest
from penduduk.halaman import halaman, tampilkan
from penduduk.identitas import telepon


@halaman("layanan/belum-diambil/", nama="layanan_belum_diambil", izin="layanan.proses_permohonan")
def belum_diambil(request: AuthenticatedRequest) -> HttpResponse:
    sekarang = timezone.now()
    kelompok, bagian = pengingat.daftar(pada=sekarang, halaman=request.GET.get("p", ""))
    return tampilkan(
        request,
        "admin/layanan/belum_diambil.html",
        "Belum diambil",
        kelompok=[
            (satu, telepon.tampil(satu.banjar.nomor_hp_kelian) if satu.banjar else "")
            for satu in kelompok
        ],
        bagian=bagian,
        per_tanggal=sekarang,
    )
