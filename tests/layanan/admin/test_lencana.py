"""The numbers in the head of the office: what they count, for whom, and at what price."""

from datetime import timedelta

import pytest
from django.utils import timezone

from layanan import kantor
from layanan.kotak_keluar import aturan
from layanan.models import AturanKabar, Notifikasi, Riwayat
from layanan.permohonan import alur, dampak
from penduduk.models import Sesi
from tests import factories
from tests.halaman import kata, sebagai

pytestmark = pytest.mark.django_db
LENCANA = "/kelola/layanan/lencana/"
L = Riwayat.Langkah


@pytest.fixture
def client(operator):
    return sebagai(operator)


def angka(client) -> dict:
    return client.get(LENCANA).json()


def jalankan(permohonan, nama, oleh, bahan=None, catatan="") -> None:
    alur.jalankan(permohonan, nama, bahan, oleh=oleh, pada=timezone.now(), catatan=catatan)


def _matikan(langkah: str) -> None:
    aturan.ubah({(langkah, AturanKabar.Penerima.OPERATOR, AturanKabar.Kanal.LENCANA): False})


def test_new_and_returned_requests_are_counted_until_somebody_takes_them(
    client, warga, operator, perbekel
):
    satu, dua = factories.buat_permohonan(warga), factories.buat_permohonan(warga)
    awal = angka(client)
    jalankan(satu, "proses", operator)
    diproses = angka(client)
    factories.jalankan_sampai(satu, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    jalankan(satu, "kembalikan", perbekel, catatan="Nama salah")
    kembali = angka(client)

    assert [a["antrean"] for a in (awal, diproses, kembali)] == [2, 1, 2]
    assert diproses["terbaru"] == awal["terbaru"] < kembali["terbaru"]
    assert kembali["terbaru"] == satu.riwayat.get(langkah="kembalikan").pk
    assert dua.status == "DIAJUKAN"


def test_mended_request_is_new_again(client, warga, operator):
    permohonan = factories.buat_permohonan(warga)
    putusan = [{"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."}]
    jalankan(permohonan, "minta_perbaikan", operator, dampak.MintaPerbaikan(putusan))
    menunggu = angka(client)
    jalankan(permohonan, "ajukan_ulang", warga, dampak.AjukanUlang(permohonan.isian))

    assert (menunggu["antrean"], menunggu["terbaru"]) == (0, 0)
    assert angka(client)["antrean"] == 1


@pytest.mark.parametrize(
    ("langkah", "tersisa"), [(L.AJUKAN, 1), (L.KEMBALIKAN, 1), (L.AJUKAN_ULANG, 2)]
)
def test_steps_that_the_village_switched_off_are_not_counted(
    client, warga, operator, perbekel, langkah, tersisa
):
    factories.buat_permohonan(warga)
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    jalankan(satu, "kembalikan", perbekel, catatan="Nama salah")

    _matikan(langkah)

    assert angka(client)["antrean"] == tersisa


def test_returned_letter_that_went_on_since_counts_by_its_last_way(
    client, warga, operator, perbekel
):
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    jalankan(satu, "kembalikan", perbekel, catatan="Nama salah")
    putusan = [{"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."}]
    jalankan(satu, "minta_perbaikan", operator, dampak.MintaPerbaikan(putusan))
    jalankan(satu, "ajukan_ulang", warga, dampak.AjukanUlang(satu.isian))
    jalankan(satu, "proses", operator)

    assert angka(client)["antrean"] == 0


def test_everybody_sees_the_numbers_of_the_pages_that_they_may_open(
    client, perbekel, admin_desa, warga
):
    factories.buat_permohonan(warga)
    factories.buat_permintaan_pin()
    Notifikasi.objects.filter(penerima=None).update(
        keadaan="GAGAL", berubah_pada=timezone.now() - timedelta(hours=1)
    )

    assert set(angka(sebagai(perbekel))) == {"antrean", "terbaru"}
    assert set(angka(sebagai(admin_desa))) == {"antrean", "terbaru"}
    isi = angka(client)
    assert (isi["antrean"], isi["hubungi"], isi["pin"]) == (1, 1, 1)


def test_pages_carry_the_same_numbers_without_the_script(client, warga):
    factories.buat_permohonan(warga)
    factories.buat_permintaan_pin()

    hal = client.get("/kelola/layanan/permohonan/")

    assert "Permohonan 1 menunggu" in kata(hal) and "Permintaan PIN 1 menunggu" in kata(hal)
    assert 'data-lencana="hubungi" hidden' in hal.content.decode()
    assert f'data-terbaru="{Riwayat.objects.latest("pk").pk}" data-bunyi' in hal.content.decode()


def test_signer_gets_numbers_but_no_sound(perbekel):
    html = sebagai(perbekel).get("/kelola/").content.decode()

    assert "js/lencana.js" in html and "data-bunyi" not in html


def test_petugas_without_the_queue_gets_neither_script_nor_numbers():
    html = sebagai(factories.buat_petugas("tanpaperan")).get("/kelola/").content.decode()

    assert "lencana" not in html


def test_question_costs_four_queries_beside_the_login(client, warga, django_assert_num_queries):
    factories.buat_permohonan(warga)
    client.get(LENCANA)

    with django_assert_num_queries(4):
        kantor.lencana(pada=timezone.now())
    with django_assert_num_queries(7):  # session, account, permissions (1)
        client.get(LENCANA)


def test_numbers_are_counted_once_for_all_and_anew_for_who_changes_something(
    client, warga, settings
):
    settings.LENCANA_SIMPAN = 60
    factories.buat_permohonan(warga)
    awal = angka(client)["antrean"]
    factories.buat_permohonan(warga)
    disimpan = angka(client)["antrean"]
    client.post("/kelola/sesi/")

    assert (awal, disimpan, angka(client)["antrean"]) == (1, 1, 2)


def test_question_is_kept_nowhere_and_does_not_prolong_the_session(client, operator):
    lama = timezone.now() + timedelta(minutes=3)
    Sesi.objects.filter(akun=operator).update(expire_date=lama)

    jawab = client.get(LENCANA)

    assert "no-store" in jawab["Cache-Control"] and jawab["Content-Type"] == "application/json"
    assert jawab.cookies == {}
    assert Sesi.objects.get(akun=operator).expire_date == lama


def test_ended_session_is_sent_to_the_login_and_not_to_numbers(client, operator):
    Sesi.objects.filter(akun=operator).delete()

    jawab = client.get(LENCANA)

    assert (jawab.status_code, jawab.url.partition("?")[0]) == (302, "/kelola/login/")
