"""Meja: what waits for whom, in which order, at what price; and the week behind it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from layanan import pekerjaan
from layanan.models import Permohonan
from layanan.permohonan import alur, dampak
from penduduk.models import Akun
from tests import factories
from tests.halaman import kata, sebagai

pytestmark = pytest.mark.django_db


def _daftar(akun: Akun, pada: datetime | None = None, hubungi: int = 0) -> list[tuple[str, str]]:
    """(group, reason) of what stands on Meja, the next thing first."""
    pada = pada or timezone.now()
    per_tahap = pekerjaan.tahap(pada=pada)
    berikut, sesudah = pekerjaan.daftar(akun, pada=pada, hubungi=hubungi, per_tahap=per_tahap)
    if berikut is None:
        return []
    awal = (pekerjaan.KELOMPOK[berikut.kelompok], berikut.tanda)
    return [awal, *((nama, satu.tanda) for nama, isi in sesudah for satu in isi)]


def test_returned_comes_before_mended_before_new(warga, operator, perbekel):
    factories.buat_permohonan(warga)
    diperbaiki, kembali = factories.buat_permohonan(warga), factories.buat_permohonan(warga)
    putusan = [{"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."}]
    kini = timezone.now()
    alur.jalankan(
        diperbaiki, "minta_perbaikan", dampak.MintaPerbaikan(putusan), oleh=operator, pada=kini
    )
    alur.jalankan(
        diperbaiki, "ajukan_ulang", dampak.AjukanUlang(diperbaiki.isian), oleh=warga, pada=kini
    )
    factories.jalankan_sampai(kembali, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    alur.jalankan(kembali, "kembalikan", oleh=perbekel, pada=kini, catatan="Alamat usaha belum ada")
    Permohonan.objects.update(janji_pada=kini + timedelta(days=5))  # not today, whatever the hour

    assert _daftar(operator) == [
        ("Sekarang", "dikembalikan"),
        ("Hari ini", "diperbaiki"),
        ("Sesudah itu", "baru"),
    ]
    hal = sebagai(operator).get("/kelola/")
    assert "Penanda tangan: “Alamat usaha belum ada”" in kata(hal)
    assert f'href="/kelola/layanan/permohonan/{kembali.pk}/change/"' in hal.content.decode()


def test_what_is_late_is_now_and_what_is_promised_for_today_is_today(warga, operator):
    satu = factories.buat_permohonan(warga)
    pagi = timezone.localtime(satu.janji_pada).replace(hour=1)

    assert _daftar(operator, satu.janji_pada - timedelta(days=2)) == [("Sesudah itu", "baru")]
    assert _daftar(operator, pagi) == [("Hari ini", "hari_ini")]
    assert _daftar(operator, satu.janji_pada + timedelta(hours=1)) == [("Sekarang", "terlambat")]


def test_piles_are_one_row_each(warga, operator, perbekel):
    for status in ("MENUNGGU_TTD", "MENUNGGU_TTD", "SIAP_DIAMBIL"):
        satu = factories.buat_permohonan(warga)
        factories.jalankan_sampai(satu, status, operator=operator, perbekel=perbekel)
    factories.buat_permintaan_pin()
    kini = timezone.now()

    assert _daftar(operator, hubungi=3) == [
        ("Sekarang", "hubungi"),
        ("Hari ini", "cetak"),
        ("Hari ini", "pin"),
        ("Sesudah itu", "serah"),
    ]
    assert ("Hari ini", "lama") in _daftar(operator, kini + timedelta(days=15))


def test_signer_sees_the_letters_that_wait_for_this_signer(warga, operator, perbekel, admin_desa):
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)

    assert _daftar(perbekel) == [("Hari ini", "teken")]
    assert f'href="/meja/{satu.nomor}/"' in sebagai(perbekel).get("/kelola/").content.decode()
    assert _daftar(admin_desa) == []
    assert "Tidak ada yang menunggu Anda sekarang." in kata(sebagai(admin_desa).get("/kelola/"))


def test_only_who_can_fill_in_a_setting_is_reminded_of_it(operator, perbekel, admin_desa):
    tampil = "Pengaturan yang belum lengkap"

    assert tampil in kata(sebagai(admin_desa).get("/kelola/"))
    assert tampil not in kata(sebagai(operator).get("/kelola/"))
    assert tampil not in kata(sebagai(perbekel).get("/kelola/"))
    assert 'href="/kelola/penduduk/banjar/"' in sebagai(admin_desa).get("/kelola/").content.decode()


def test_week_counts_what_came_in_what_was_signed_and_what_was_in_time(warga, operator, perbekel):
    tepat, telat = factories.buat_permohonan(warga), factories.buat_permohonan(warga)
    for satu in (tepat, telat):
        factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    kemarin = timezone.now() - timedelta(days=1)
    Permohonan.objects.filter(pk=telat.pk).update(diajukan_pada=kemarin, janji_pada=kemarin)

    pekan = pekerjaan.sepekan(pada=timezone.now())

    assert [(h["masuk"], h["selesai"], h["tepat"]) for h in pekan[-2:]] == [(1, 0, 0), (1, 2, 1)]
    assert len(pekan) == 7
    batang = pekerjaan.bagan(pekan, "masuk", "selesai")
    assert [b["h"] for b in batang[-2:]] == [33, 66]
    assert all(isinstance(b[k], int) for b in batang for k in "xyh")


def test_first_page_costs_the_same_for_one_request_and_for_five(
    warga, operator, django_assert_max_num_queries
):
    klien = sebagai(operator)
    factories.buat_permohonan(warga)
    klien.get("/kelola/")
    with django_assert_max_num_queries(100) as satu:
        klien.get("/kelola/")
    for _ in range(4):
        factories.buat_permohonan(warga)
    with django_assert_max_num_queries(len(satu)):
        klien.get("/kelola/")
