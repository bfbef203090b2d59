"""The box of the account on a resident's page in the office."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from penduduk.akun import penjagaan, pin, throttle
from penduduk.models import Akun, Percobaan
from tests import factories
from tests.factories import PIN
from tests.halaman import kata, kirim, sebagai, tombol
from tests.penduduk.akun.test_backends import buat_perangkat

pytestmark = pytest.mark.django_db
TOMBOL = {"Terbitkan PIN", "Buka untuk HP baru", "Kunci akun", "Buka kunci akun"}


@pytest.fixture
def kantor(operator):
    return sebagai(operator)


def alamat(akun: Akun) -> str:
    return f"/kelola/penduduk/penduduk/{akun.penduduk_id}/change/"


def tekan(kantor, akun: Akun, nama: str):
    return kirim(kantor, kantor.get(alamat(akun)), nama)


def ada(hal) -> set[str]:
    return TOMBOL & set(tombol(hal))


def test_open_account_shows_its_state_and_its_buttons(kantor, warga):
    sebagai(warga)
    buat_perangkat(warga)

    hal = kantor.get(alamat(warga))

    teks = kata(hal)
    assert ada(hal) == TOMBOL - {"Buka kunci akun"}
    assert "Keadaan Terbuka" in teks
    assert "PIN Pilihan warga sendiri" in teks
    assert "Sedang masuk 1 HP atau komputer" in teks
    assert "Pernah masuk 1 HP atau komputer dikenal" in teks
    assert "PIN diganti (PIN pertama)" in teks


def test_resident_without_account_can_be_given_a_pin_only(kantor):
    orang = factories.buat_penduduk()

    hal = kantor.get(f"/kelola/penduduk/penduduk/{orang.pk}/change/")

    assert ada(hal) == {"Terbitkan PIN"}
    assert "Belum punya akun." in kata(hal)


def test_locking_and_unlocking(kantor, warga, operator):
    di_hp = sebagai(warga)

    tekan(kantor, warga, "Kunci akun")
    terkunci = kantor.get(alamat(warga))
    keluar = di_hp.get("/layanan/").status_code
    tekan(kantor, warga, "Buka kunci akun")

    assert ada(terkunci) == {"Buka kunci akun"}
    assert "Dikunci sejak" in kata(terkunci)
    assert keluar == 302
    assert ada(kantor.get(alamat(warga))) == TOMBOL - {"Buka kunci akun"}
    assert list(LogEntry.objects.order_by("pk").values_list("user", "change_message")) == [
        (operator.pk, "Mengunci akun."),
        (operator.pk, "Membuka kunci akun."),
    ]
    assert list(warga.kejadian.order_by("pk").values_list("jenis", "oleh"))[1:] == [
        ("DIBEKUKAN", operator.pk),
        ("DICAIRKAN", operator.pk),
    ]


def test_opening_for_a_new_phone(kantor, warga):
    kunci = throttle.sidik("nik", warga.penduduk.nik)
    Percobaan.objects.create(kunci=kunci, jenis="nik", gagal=throttle.PER_NIK.habis)
    penjagaan.jaga(warga.penduduk.nik, pada=timezone.now())
    ditahan = kata(kantor.get(alamat(warga)))

    tekan(kantor, warga, "Buka untuk HP baru")

    teks = kata(kantor.get(alamat(warga)))
    assert "HP baru ditahan sejak" in ditahan
    assert "HP baru boleh masuk sampai" in teks
    assert "Dibuka untuk HP baru, oleh Operator" in teks
    assert sebagai(None).post("/masuk/", {"nik": warga.penduduk.nik, "pin": PIN}).status_code == 302


def test_issuing_at_the_counter_is_an_event(kantor, warga, operator):
    tekan(kantor, warga, "Terbitkan PIN")

    satu = warga.kejadian.get(jenis="PIN_TERBIT")
    assert (satu.oleh, satu.rincian, satu.dikabarkan) == (operator, "di loket", False)


def test_frozen_account_gets_no_pin(kantor, warga):
    hal = kantor.get(alamat(warga))
    penjagaan.bekukan(warga, sebab="BUKAN_SAYA", pada=timezone.now())

    jawab = kirim(kantor, hal, "Terbitkan PIN")

    assert "Akun warga ini sedang dikunci." in kata(kantor.get(jawab.url))
    assert warga.kejadian.filter(jenis="PIN_TERBIT").count() == 0


def test_second_press_says_that_nothing_changed(kantor, warga):
    hal = kantor.get(alamat(warga))
    kirim(kantor, hal, "Kunci akun")

    kirim(kantor, hal, "Kunci akun")

    assert "Tidak ada yang berubah" in kata(kantor.get(alamat(warga)))
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("keadaan", "kalimat"),
    [
        ("bukan saya", "Tidak ada PIN yang berlaku. Terbitkan PIN baru."),
        ("kedaluwarsa", "PIN awal sudah habis masanya. Terbitkan PIN baru."),
        ("awal", "PIN awal, berlaku sampai"),
    ],
)
def test_state_of_the_pin_in_words(kantor, operator, warga, keadaan, kalimat):
    kini = timezone.now()
    if keadaan == "bukan saya":
        penjagaan.bekukan(warga, sebab="BUKAN_SAYA", pada=kini)
        penjagaan.cairkan(warga, pada=kini, oleh=operator)
    else:
        umur = timedelta(hours=73 if keadaan == "kedaluwarsa" else 1)
        pin.terbitkan(warga.penduduk, pada=kini - umur)

    assert kalimat in kata(kantor.get(alamat(warga)))


@pytest.mark.parametrize("aksi", ["kunci-akun", "buka-kunci-akun", "buka-hp-baru"])
def test_who_may_not_issue_pins_may_not_press_nor_see(admin_desa, warga, aksi):
    client = sebagai(admin_desa)

    hal = client.get(alamat(warga))
    jawab = client.post(f"/kelola/penduduk/penduduk/{warga.penduduk_id}/{aksi}/")

    assert jawab.status_code == 403
    assert ada(hal) == set()
    assert "Akun Layanan Mandiri" not in kata(hal)


@pytest.mark.parametrize("aksi", ["kunci-akun", "buka-kunci-akun", "buka-hp-baru"])
def test_resident_without_account_has_nothing_to_lock(kantor, aksi):
    orang = factories.buat_penduduk()

    jawab = kantor.post(f"/kelola/penduduk/penduduk/{orang.pk}/{aksi}/")

    assert jawab.status_code == 404
    assert Akun.objects.filter(penduduk=orang).count() == 0
