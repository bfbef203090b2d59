"""The resident's copy of a letter says that it is one, and how often the letter was checked."""

import pytest
from django.utils import timezone

from surat.models import Surat
from tests import factories
from tests.halaman import baca, kata, sebagai

pytestmark = pytest.mark.django_db


@pytest.fixture
def siap(warga, operator, perbekel):
    return factories.jalankan_sampai(
        factories.buat_permohonan(warga), "SIAP_DIAMBIL", operator=operator, perbekel=perbekel
    )


def test_copy_says_on_the_page_and_in_its_name_that_it_bears_no_signature(siap, warga, operator):
    client, alamat = sebagai(warga), f"/layanan/permohonan/{siap.nomor}/"

    teks, salinan = kata(client.get(alamat)), baca(client, f"{alamat}surat/")

    assert "Salinan tanpa tanda tangan basah; aslinya kertas yang ditandatangani" in teks
    nama = f'inline; filename="salinan-tanpa-tanda-tangan-basah-{siap.surat_id}.pdf"'
    assert salinan["Content-Disposition"] == nama
    kantor = baca(sebagai(operator), f"/berkas/surat/{siap.surat_id}/")
    assert kantor["Content-Disposition"] == f'inline; filename="surat-{siap.surat_id}.pdf"'
    assert kantor.isi == salinan.isi  # the same bytes, to which the public check answers


def test_owner_and_office_read_how_often_it_was_checked_but_not_by_whom(
    siap, warga, operator, client
):
    pemilik, alamat = sebagai(warga), f"/layanan/permohonan/{siap.nomor}/"
    assert "dicek" not in kata(pemilik.get(alamat))
    kantor = f"/kelola/surat/surat/{siap.surat_id}/change/"
    assert "Dicek umum belum pernah" in kata(sebagai(operator).get(kantor))

    client.get(f"/cek/{siap.surat.kode_cek}/", REMOTE_ADDR="203.0.113.77")

    hari = timezone.localtime(Surat.objects.get().dicek_pada)
    teks = kata(pemilik.get(alamat))
    assert "Keasliannya sudah dicek 1 kali, terakhir" in teks
    assert f"{hari:%H.%M} WITA, termasuk oleh Anda sendiri." in teks
    assert "Dicek umum 1 kali, terakhir" in kata(sebagai(operator).get(kantor))
    assert "203.0.113" not in teks
