"""Staff accounts in the office: held back, opened, let in with a code; and the office's door."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from penduduk.akun import kode_masuk, throttle
from penduduk.models import Akun, KejadianAkun, KodeMasuk, Percobaan
from tests import factories
from tests.halaman import kata, kirim, sebagai, tombol

pytestmark = pytest.mark.django_db
PINTU = "/kelola/login/"
SANDI = "sandi-uji-panjang"
J = KejadianAkun.Jenis


@pytest.fixture
def kantor(admin_desa):
    return sebagai(admin_desa)


def alamat(akun: Akun) -> str:
    return f"/kelola/penduduk/akun/{akun.pk}/change/"


def masuk(client: Client, nama: str = "operator", sandi: str = SANDI, **lain: str):
    return client.post(PINTU, {"username": nama, "password": sandi, "next": "/kelola/", **lain})


def kunci(nama: str = "operator") -> None:
    """Strangers guess from new browsers until new browsers are held back."""
    for n in range(throttle.PER_PETUGAS.jumlah):
        masuk(Client(REMOTE_ADDR=f"198.51.100.{n}"), nama, "salah")


# --- The page of the account ---------------------------------------------------------------------


def test_account_that_is_held_back_says_so_and_can_be_opened(kantor, operator, admin_desa):
    terbuka = kata(kantor.get(alamat(operator)))
    kunci()
    ditahan = kantor.get(alamat(operator))
    pintu = masuk(Client()).status_code

    kirim(kantor, ditahan, "Buka")

    assert "Keadaan Terbuka" in terbuka
    assert "Peramban baru ditahan sampai" in kata(ditahan)
    assert (pintu, masuk(Client()).status_code) == (200, 302)
    assert operator.kejadian.get(jenis=J.DIBUKA).oleh == admin_desa
    assert LogEntry.objects.get().change_message == "Membuka untuk peramban baru."


def test_admin_makes_a_code_that_is_shown_once(kantor, operator, admin_desa):
    kunci()

    hal = kirim(kantor, kantor.get(alamat(operator)), "Buat kode masuk")

    satu = re.search(r"\b\d{3} \d{3}\b", kata(hal)).group()
    assert "Berlaku 15 menit" in kata(hal)
    assert hal.headers["Cache-Control"].count("no-store") == 1
    assert masuk(Client(), kode=satu).url == "/kelola/"
    assert operator.kejadian.get(jenis=J.KODE_MASUK).oleh == admin_desa
    assert satu.replace(" ", "") not in kata(kantor.get(alamat(operator)))


def test_new_password_by_an_admin_opens_the_account(kantor, operator, admin_desa):
    kunci()

    hal = kantor.get(f"/kelola/penduduk/akun/{operator.pk}/password/")
    baru = {"password1": "sandi-lain-panjang", "password2": "sandi-lain-panjang"}
    kantor.post(hal.request["PATH_INFO"], baru | {"usable_password": "true"})

    assert masuk(Client(), sandi="sandi-lain-panjang").status_code == 302
    assert operator.kejadian.get(jenis=J.SANDI_DIGANTI).oleh == admin_desa


def test_password_that_was_refused_opens_nothing(kantor, operator):
    kunci()

    salah = {"password1": "sandi-lain-panjang", "password2": "beda", "usable_password": "true"}
    kantor.post(f"/kelola/penduduk/akun/{operator.pk}/password/", salah)

    assert masuk(Client()).status_code == 200
    assert operator.kejadian.filter(jenis=J.SANDI_DIGANTI).count() == 0


def test_account_that_is_switched_off_gets_no_code(kantor, operator):
    hal = kantor.get(alamat(operator))
    Akun.objects.filter(pk=operator.pk).update(is_active=False)

    jawab = kirim(kantor, hal, "Buat kode masuk")

    assert "tidak aktif" in kata(kantor.get(jawab.url))
    assert KodeMasuk.objects.count() == 0


@pytest.mark.parametrize("aksi", ["buka", "kode"])
def test_only_who_may_change_accounts_can_press(operator, aksi, warga):
    client = sebagai(operator)

    jawab = client.post(f"/kelola/penduduk/akun/{operator.pk}/{aksi}/")
    milik_warga = sebagai(factories.buat_petugas("admin2", "Admin desa")).post(
        f"/kelola/penduduk/akun/{warga.pk}/{aksi}/"
    )

    assert (jawab.status_code, milik_warga.status_code) == (403, 404)


def test_command_opens_the_account_when_no_admin_can_get_in(operator, capsys):
    kunci()

    call_command("buka_akun", "operator")

    assert "Sudah dibuka" in capsys.readouterr().out
    assert masuk(Client()).status_code == 302
    with pytest.raises(CommandError, match="Tidak ada akun petugas"):
        call_command("buka_akun", "tidakada")


# --- The door ------------------------------------------------------------------------------------


def test_code_is_asked_for_at_the_door_and_answers_nothing(client, operator):
    kunci()
    jawaban = set()
    for nama, sandi in (("operator", SANDI), ("operator", "salah"), ("tidakada", SANDI), ("", "")):
        hal = client.get(PINTU)
        jawab = kirim(
            client, hal, "Kirim kode ke WhatsApp saya", {"username": nama, "password": sandi}
        )
        jawaban.add((jawab.status_code, jawab.url, kata(client.get(jawab.url))))

    assert len(jawaban) == 1
    assert "Bila nama pengguna dan kata sandinya benar, kode sudah dikirim" in jawaban.pop()[2]
    assert Akun.objects.filter(minta_kode_pada__isnull=False).count() == 1


def test_code_is_typed_in_groups_beside_the_password(client, operator):
    kunci()
    satu = kode_masuk.terbitkan(operator, pada=timezone.now())
    isi = {"username": "operator", "password": SANDI, "kode": f" {satu[:3]}.{satu[3:]} "}

    jawab = kirim(client, client.get(f"{PINTU}?next=/kelola/"), "Masuk dengan kode", isi)

    assert jawab.url == "/kelola/"


def test_code_that_cannot_be_one_is_told_so_and_costs_no_try(client, operator):
    hal = masuk(client, kode="12345")

    assert "Kode masuk harus 6 angka." in kata(hal)
    assert "Kirim kode ke WhatsApp saya" in tombol(hal)


def test_browser_that_failed_itself_is_told_until_when(client, operator, monkeypatch):
    pada = timezone.now().replace(hour=1, minute=7, second=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: pada)

    teks = [kata(masuk(client, "tidakada", "salah")) for _ in range(6)]

    assert "Nama pengguna dan kata sandi tidak cocok, atau sedang ditahan." in teks[0]
    assert "kali salah" not in teks[3]
    for satu in teks[4:]:
        assert "Sudah 5 kali salah dari sini. Coba lagi pukul 09.23, atau minta kode" in satu


def test_what_this_browser_did_reads_the_same_for_every_name(operator, monkeypatch):
    pada = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: pada)
    Akun.objects.create_user("mati", SANDI, is_active=False)
    kunci()
    bacaan = set()
    for nama in ("operator", "tidakada", "mati"):
        client = Client()
        badan = [kata(masuk(client, nama, "salah")).replace(nama, "NAMA") for _ in range(7)]
        bacaan.add(tuple(badan))

    assert len(bacaan) == 1


@pytest.mark.parametrize("nama", ["operator", "tidakada"])
def test_flooded_network_is_told_so_and_costs_a_count(client, operator, nama):
    asal = throttle.sidik("alamat", "127.0.0.1")
    sampai = timezone.now() + timedelta(minutes=9)
    Percobaan.objects.create(kunci=asal, jenis="alamat", gagal=30, terkunci_sampai=sampai)
    client.get(PINTU)  # the village is made
    with CaptureQueriesContext(connection) as tercatat:
        hal = masuk(client, nama, "salah")

    assert "Terlalu banyak yang salah dari jaringan ini. Coba lagi pukul" in kata(hal)
    tulis = [q["sql"] for q in tercatat if not q["sql"].startswith("SELECT")]
    assert len(tulis) == 2 and all("penduduk_percobaan" in sql for sql in tulis)  # bugbug.kiriman


def test_success_forgets_what_this_browser_did(client, operator):
    for _ in range(4):
        masuk(client, sandi="salah")
    masuk(client)
    client.post("/kelola/logout/")

    assert "kali salah" not in kata(masuk(client, sandi="salah"))


def test_event_tells_no_secret(kantor, operator):
    hal = kirim(kantor, kantor.get(alamat(operator)), "Buat kode masuk")
    satu = re.search(r"\b\d{3} \d{3}\b", kata(hal)).group().replace(" ", "")

    semua = [
        str(nilai)
        for baris in (*KejadianAkun.objects.values(), *LogEntry.objects.values())
        for nilai in baris.values()
    ]
    assert not any(satu in nilai for nilai in semua)
    assert KodeMasuk.objects.get().berlaku_sampai <= timezone.now() + timedelta(minutes=15)
