"""The first account: a password that is shown once and holds for one login."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from layanan import peran
from penduduk.models import Akun

pytestmark = pytest.mark.django_db
BARU = "galungan-kuningan-2026"


def _buat(nama: str = "admin") -> str:
    keluar = io.StringIO()
    call_command("desa_baru", nama, nama="Ni Luh Contoh", stdout=keluar)
    return keluar.getvalue().split("sekali pakai: ")[1].split()[0]


def test_it_is_an_admin_desa_who_must_choose_a_password_first():
    sandi = _buat()
    pc = Client()

    pc.post("/kelola/login/", {"username": "admin", "password": sandi})
    for jalur in ("/kelola/", "/kelola/penduduk/akun/", "/"):
        assert pc.get(jalur)["Location"] == "/kelola/password_change/"
    isi = {"old_password": sandi, "new_password1": BARU, "new_password2": BARU}
    pc.post("/kelola/password_change/", isi)

    assert "Akun" in pc.get("/kelola/penduduk/akun/").content.decode()
    akun = Akun.objects.get()
    assert (akun.nama, akun.is_superuser) == ("Ni Luh Contoh", False)
    assert [grup.name for grup in akun.groups.all()] == [peran.ADMIN_DESA]
    assert akun.check_password(BARU) and not akun.check_password(sandi)


def test_with_a_one_time_password_one_may_leave_again():
    sandi = _buat()
    pc = Client()
    pc.post("/kelola/login/", {"username": "admin", "password": sandi})

    pc.post("/kelola/logout/")

    assert pc.get("/kelola/")["Location"].startswith("/kelola/login/")


def test_there_is_a_first_one_only_once():
    _buat()

    with pytest.raises(CommandError, match="Sudah ada akun admin"):
        _buat("lain")
    assert Akun.objects.count() == 1


def test_the_name_of_a_clerk_is_not_taken_over():
    Akun.objects.create_user("admin", "sandi-uji-panjang")

    with pytest.raises(CommandError, match="changepassword admin"):
        _buat()


def test_a_password_from_stdin_is_not_printed(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("kelapa-muda-segar-sekali\n"))
    keluar = io.StringIO()

    call_command("desa_baru", nama="Ni Luh Contoh", sandi_stdin=True, stdout=keluar)

    akun = Akun.objects.get()
    assert akun.username == "admin" and akun.check_password("kelapa-muda-segar-sekali")
    assert akun.wajib_ganti_pin
    assert "kelapa" not in keluar.getvalue() and "/kelola/" in keluar.getvalue()


@pytest.mark.parametrize(("baris", "kata"), [("pendek\n", "terlalu pendek"), ("", "kosong")])
def test_a_weak_password_from_stdin_makes_no_account(monkeypatch, baris, kata):
    monkeypatch.setattr("sys.stdin", io.StringIO(baris))

    with pytest.raises(CommandError, match=kata):
        call_command("desa_baru", "admin", nama="Ni Luh Contoh", sandi_stdin=True)
    assert not Akun.objects.exists()


def test_without_a_terminal_it_says_what_to_give(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    with pytest.raises(CommandError, match="--nama"):
        call_command("desa_baru")
    assert not Akun.objects.exists()
