"""Every page of the office costs the same number of queries for a few rows and for many.

The lists of the whole site, and the pages beside them; what a page of its own module counts, it
counts more exactly there.
"""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from layanan.kata_pesan import katalog
from layanan.models import HariLibur, Notifikasi, TemplatWA
from penduduk.akun import penjagaan
from penduduk.models import Akun, Banjar, KejadianAkun
from surat.buku import agenda
from tests import factories
from tests.halaman import sebagai

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]
DAFTAR = sorted(f"/kelola/{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry)
LAIN = [
    "/kelola/",
    "/kelola/laporan/",
    "/kelola/layanan/belum-diambil/",
    "/kelola/layanan/hubungi/",
    "/kelola/layanan/kata-pesan/",
    "/kelola/layanan/kata-pesan/diproses/",
    "/kelola/layanan/loket/",
    "/kelola/layanan/siapa-dikabari/",
    "/kelola/layanan/slip-pin/",
    "/kinerja/",
    "/meja/",
]
BERKATA = [p.kode for p in katalog.PESAN.values() if p.cara is katalog.Cara.TEMPLAT]


def _tambah(jumlah: int, operator: Akun, perbekel: Akun) -> None:
    """Rows of every kind that a page lists."""
    pada = timezone.now()
    for i in range(jumlah):
        warga = factories.buat_warga(nama=f"I Wayan Contoh {i}")
        penjagaan.catat(warga, KejadianAkun.Jenis.DIBUKA, pada=pada)
        factories.buat_permohonan(warga)
        for status in ("MENUNGGU_TTD", "SIAP_DIAMBIL", "SELESAI"):
            satu = factories.buat_permohonan(warga)
            factories.jalankan_sampai(satu, status, operator=operator, perbekel=perbekel)
        factories.buat_permintaan_pin()
        hari = pada.date()
        agenda.catat_masuk(
            nomor_surat=f"{i}",
            tanggal_surat=hari,
            diterima=hari,
            pengirim="Camat",
            isi_singkat="Undangan",
            oleh=operator,
            pada=pada,
        )
        banyak = Banjar.objects.count()
        Banjar.objects.create(nama=f"Contoh {banyak}", kelian="I Gede Contoh")
        HariLibur.objects.create(tanggal=date(2027, 1, 1) + timedelta(days=banyak), nama="Contoh")
        factories.buat_mandat(factories.buat_petugas(f"petugas{banyak}"), sebagai="AN")
        for kode in BERKATA:
            versi = TemplatWA.objects.filter(pesan=kode).count() + 1
            TemplatWA.objects.create(
                pesan=kode,
                versi=versi,
                kata=f"Kata nomor {versi}.",
                nama=f"contoh_{kode}_{versi}",
                keadaan="DISETUJUI",
                sid=f"HX{kode}{versi}"[:34],
                dibuat_pada=pada,
                dibuat_oleh=operator,
            )
    lama = pada - timedelta(hours=3)
    Notifikasi.objects.filter(penerima=None).update(
        keadaan="GAGAL", galat="Tidak sampai.", berubah_pada=lama, dibuat_pada=lama
    )


@pytest.fixture
def admin_(operator, perbekel) -> Akun:
    factories.jenis()
    return Akun.objects.create_superuser("semua", "sandi-uji-panjang", nama="Semua")


def _biaya(client: Client, alamat: str) -> tuple[int, int]:
    client.get(alamat)
    with CaptureQueriesContext(connection) as kueri:
        jawab = client.get(alamat, follow=True)
    return jawab.status_code, len(kueri)


def test_no_page_of_the_office_costs_more_for_more_rows(admin_, operator, perbekel):
    """lambat: each page is opened twice, with few rows and with many."""
    client = sebagai(admin_)
    _tambah(1, operator, perbekel)
    sedikit = {alamat: _biaya(client, alamat) for alamat in (*DAFTAR, *LAIN)}
    _tambah(3, operator, perbekel)

    banyak = {alamat: _biaya(client, alamat) for alamat in sedikit}

    assert {a: k for a, (k, _) in banyak.items() if k not in (200, 403, 405)} == {}
    assert {a: (sedikit[a], n) for a, n in banyak.items() if n[1] > sedikit[a][1]} == {}
    assert banyak["/kelola/layanan/kata-pesan/"][1] <= 10
