"""The whole path through the domain, without a browser: ask, decide, print, sign, hand over."""

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from layanan.kotak_keluar import pengiriman
from layanan.models import PesanSimulasi
from surat.models import Cetakan
from tests import factories


@pytest.mark.kertas
def test_main_path_tells_the_resident_each_step(warga, operator, perbekel):
    permohonan = factories.buat_permohonan(warga)

    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)
    pengiriman.kirim_yang_menunggu()

    assert [r.langkah for r in permohonan.riwayat.all()] == [
        "ajukan",
        "proses",
        "setujui",
        "cetak",
        "tandatangani",
        "serahkan",
    ]
    pesan = list(
        PesanSimulasi.objects.filter(notifikasi__penerima=None)
        .order_by("pk")
        .values_list("teks", flat=True)
    )
    assert len(pesan) == 5
    assert "surat yang Anda mohon sedang diproses" in pesan[1]
    assert "surat Anda sedang menunggu tanda tangan Perbekel" in pesan[2]
    assert pesan[3].startswith("Surat Siap Diambil")
    assert PesanSimulasi.objects.filter(notifikasi__penerima=operator).count() == 1
    cetakan = Cetakan.objects.get()
    with default_storage.open(cetakan.berkas) as berkas:
        halaman = PdfReader(berkas).pages
        teks = halaman[0].extract_text()
    assert len(halaman) == 1 == cetakan.halaman
    assert permohonan.surat.nomor in teks
