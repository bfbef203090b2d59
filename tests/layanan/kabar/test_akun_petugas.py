"""What happens to accounts of staff is told to them and to the admins."""

import pytest
from django.utils import timezone

from layanan import tasks
from layanan.kabar import akun as kabar_akun
from layanan.kata_pesan import katalog
from layanan.kotak_keluar import pengiriman
from layanan.models import Notifikasi
from penduduk.akun import kode_masuk, penjagaan
from penduduk.models import Akun, KejadianAkun, KodeMasuk
from tests import factories

pytestmark = pytest.mark.django_db
J = KejadianAkun.Jenis


@pytest.fixture
def sekdes() -> Akun:
    return factories.buat_petugas("sekdes", "Operator", nomor_hp="+6281234500009")


@pytest.fixture
def admin(admin_desa) -> Akun:
    admin_desa.nomor_hp = "+6281234500008"
    admin_desa.save()
    return admin_desa


def kabarkan() -> list[tuple[str, str]]:
    kabar_akun.kabarkan_yang_menunggu(pada=timezone.now())
    return sorted(Notifikasi.objects.values_list("pesan", "penerima__username"))


@pytest.mark.parametrize("jenis", [J.DIJAGA, J.DIBUKA, J.SANDI_DIGANTI, J.KODE_MASUK])
def test_person_and_admins_are_told_once(sekdes, admin, operator, jenis):
    penjagaan.catat(sekdes, jenis, pada=timezone.now(), oleh=admin)

    harap = [("petugas_akun", admin.username), ("petugas_akun", "sekdes")]
    assert (kabarkan(), kabarkan()) == (harap, harap)


def test_admin_whose_own_account_it_is_reads_it_once(admin):
    penjagaan.catat(admin, J.DIJAGA, pada=timezone.now())

    assert kabarkan() == [("petugas_akun", admin.username)]


def test_person_is_told_although_they_want_no_news_of_requests(sekdes):
    Akun.objects.filter(pk=sekdes.pk).update(terima_pemberitahuan=False)
    penjagaan.catat(sekdes, J.SANDI_DIGANTI, pada=timezone.now())

    assert kabarkan() == [("petugas_akun", "sekdes")]


def test_message_says_whose_account_and_what(sekdes, admin):
    penjagaan.catat(sekdes, J.SANDI_DIGANTI, pada=timezone.now(), oleh=admin)
    kabarkan()

    satu = Notifikasi.objects.first()
    teks = katalog.isi(satu.pesan, satu.variabel)
    assert f"akun petugas Sekdes, yaitu kata sandi diganti oleh {admin}" in teks


def test_code_that_was_asked_for_goes_to_its_owner_and_the_admins_hear_of_it(sekdes, admin):
    kode_masuk.minta(sekdes, pada=timezone.now())
    tasks.kirim_pesan()

    assert sorted(Notifikasi.objects.values_list("pesan", "penerima__username")) == [
        ("kode_petugas", "sekdes"),
        ("petugas_akun", admin.username),
    ]
    assert Notifikasi.objects.get(pesan="kode_petugas").variabel == []


def test_code_is_made_when_the_message_is_handed_over(sekdes):
    penjagaan.catat(sekdes, J.KODE_MASUK, pada=timezone.now())
    kabarkan()
    belum = KodeMasuk.objects.count()

    kiriman = pengiriman.susun(Notifikasi.objects.get(), butuh_templat=False)

    baris = KodeMasuk.objects.get()
    assert belum == 0
    assert kiriman.rahasia is True
    (satu,) = kiriman.variabel.values()
    assert kode_masuk.cocok(kode_masuk.sisihkan(sekdes, pada=timezone.now()), satu) is True
    assert satu not in baris.sandi
