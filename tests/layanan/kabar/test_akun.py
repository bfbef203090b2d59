"""Events of accounts become messages, each once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from layanan import tasks
from layanan.kabar import akun as kabar_akun
from layanan.models import Notifikasi
from penduduk.akun import penjagaan
from penduduk.models import Akun, KejadianAkun
from tests import factories, serentak

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
J = KejadianAkun.Jenis


def kabarkan() -> list[tuple[str, str]]:
    """(message, number) of everything that the events cause."""
    kabar_akun.kabarkan_yang_menunggu(pada=timezone.now())
    return list(Notifikasi.objects.order_by("pk").values_list("pesan", "nomor_hp"))


@pytest.mark.parametrize(
    ("jenis", "pesan"),
    [
        (J.PIN_DITERBITKAN, ["pin_terbit"]),
        (J.PIN_DIGANTI, ["pin_ganti"]),
        (J.DIJAGA, ["akun_dijaga"]),
        (J.DIBUKA, []),
        (J.DICAIRKAN, []),
        (J.KELUAR_SEMUA, []),
    ],
)
def test_resident_is_told_of_what_concerns_the_safety_of_the_account(jenis, pesan, warga):
    penjagaan.catat(warga, jenis, pada=timezone.now())

    assert kabarkan() == [(p, warga.nomor_hp) for p in pesan]
    assert kabarkan() == [(p, warga.nomor_hp) for p in pesan], "told once"


def test_account_without_a_number_is_told_nothing_and_does_not_stop_the_rest(warga, tetangga):
    Akun.objects.filter(pk=warga.pk).update(nomor_hp="")
    for akun in (warga, tetangga):
        penjagaan.catat(akun, J.PIN_DIGANTI, pada=timezone.now())

    assert kabarkan() == [("pin_ganti", tetangga.nomor_hp)]
    assert not KejadianAkun.objects.filter(dikabarkan=False).exists()


def test_change_of_number_is_told_to_the_former_one(warga):
    lama = warga.nomor_hp
    penjagaan.ganti_nomor(warga, "+6281234567877", pada=timezone.now())
    penjagaan.ganti_nomor(warga, "+6281234567877", pada=timezone.now())  # the same again

    assert kabarkan() == [("nomor_ganti", lama)]


def test_first_number_of_an_account_warns_nobody(warga):
    Akun.objects.filter(pk=warga.pk).update(nomor_hp="")
    warga.refresh_from_db()
    penjagaan.ganti_nomor(warga, "+6281234567877", pada=timezone.now())

    assert kabarkan() == []


def test_link_in_the_message_locks_the_account(warga, client):
    penjagaan.catat(warga, J.PIN_DIGANTI, pada=timezone.now())
    kabarkan()
    (tautan,) = Notifikasi.objects.get().variabel

    jawaban = client.post("/" + tautan.split("/", 3)[3])

    warga.refresh_from_db()
    assert jawaban.status_code in (200, 302)
    assert warga.sebab_beku == Akun.SebabBeku.BUKAN_SAYA


def test_locked_by_the_link_tells_resident_and_office(warga, operator, admin_desa):
    penjagaan.bekukan(warga, sebab=Akun.SebabBeku.BUKAN_SAYA, pada=timezone.now())

    assert kabarkan() == [
        ("akun_dibekukan", warga.nomor_hp),
        ("petugas_beku", operator.nomor_hp),
    ]


def test_locked_by_an_operator_tells_the_resident_only(warga, operator):
    penjagaan.bekukan(warga, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now(), oleh=operator)

    assert kabarkan() == [("akun_dibekukan", warga.nomor_hp)]


def test_locked_account_hears_nothing_of_earlier_changes(warga, operator):
    penjagaan.catat(warga, J.PIN_DIGANTI, pada=timezone.now())
    penjagaan.bekukan(warga, sebab=Akun.SebabBeku.PETUGAS, pada=timezone.now(), oleh=operator)

    assert kabarkan() == [("akun_dibekukan", warga.nomor_hp)]


def test_sprayed_guesses_are_told_to_the_office(operator):
    KejadianAkun.objects.create(jenis=J.SEMPROTAN, pada=timezone.now())

    assert kabarkan() == [("petugas_tebakan", operator.nomor_hp)]


def test_strangers_guesses_are_told_once_per_episode(warga):
    Akun.objects.filter(pk=warga.pk).update(dijaga_pada=timezone.now() - timedelta(hours=1))
    for _ in range(3):
        tasks.kirim_pesan()

    assert [n.pesan for n in Notifikasi.objects.all()] == ["akun_dijaga"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_an_event_once():
    warga = factories.buat_warga()
    penjagaan.catat(warga, J.PIN_DIGANTI, pada=timezone.now())

    serentak.jalankan(lambda _: kabar_akun.kabarkan_yang_menunggu(pada=timezone.now()), range(4))

    assert Notifikasi.objects.count() == 1
