"""The doors in a real browser: what is typed unseen can be seen, and a failure is read first."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from penduduk.akun import kode_masuk, pin
from penduduk.models import Akun, Desa
from tests import factories
from tests.perjalanan.conftest import HP, PC

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SALAH = "739162"


def test_failed_login_is_read_first_and_says_when_to_come_back(layar, warga):
    Desa.objects.update_or_create(pk=1, defaults={"telepon": "0363 21234"})
    hp = layar(HP)
    hp.goto("/masuk/")
    for _ in range(5):
        hp.get_by_label("NIK").fill(warga.penduduk.nik)
        hp.get_by_label("PIN", exact=True).fill(SALAH)
        hp.get_by_role("button", name="Masuk").click()
        expect(hp.locator("#galat")).to_be_focused()

    expect(hp.locator("#galat")).to_contain_text("Sudah 5 kali salah dari HP ini. Coba lagi")
    expect(hp.get_by_text("BUKA", exact=True)).to_be_hidden()
    hp.get_by_text("Masih gagal?").click()
    expect(hp.get_by_text("BUKA", exact=True)).to_be_visible()


@pytest.mark.parametrize("alamat", ["/", "/masuk/"])
def test_pin_is_hidden_until_its_owner_wants_to_see_it(layar, warga, alamat):
    hp = layar(HP)
    hp.goto(alamat)
    kotak = hp.get_by_label("PIN", exact=True)
    kotak.fill(factories.PIN)

    expect(kotak).to_have_attribute("type", "password")
    hp.get_by_label("Lihat PIN").check()
    expect(kotak).to_have_attribute("type", "text")
    expect(kotak).to_have_value(factories.PIN)
    hp.get_by_label("NIK").fill(warga.penduduk.nik)
    hp.get_by_role("button", name="Masuk").click()
    hp.wait_for_url("**/layanan/")


def test_without_javascript_there_is_no_box_that_does_nothing(layar, warga):
    hp = layar(HP, java_script_enabled=False)
    hp.goto("/masuk/")

    expect(hp.get_by_label("Lihat PIN")).to_be_hidden()
    hp.get_by_label("NIK").fill(warga.penduduk.nik)
    hp.get_by_label("PIN", exact=True).fill(f"{factories.PIN[:3]} {factories.PIN[3:]}")
    hp.get_by_role("button", name="Masuk").click()
    hp.wait_for_url("**/layanan/")


def test_first_pin_is_refused_and_the_proposed_one_taken_as_it_is_shown(layar):
    orang = factories.buat_penduduk()
    awal = pin.terbitkan(orang, pada=timezone.now())
    hp = layar(HP)
    hp.goto("/masuk/")
    hp.get_by_label("NIK").fill(orang.nik)
    hp.get_by_label("PIN", exact=True).fill(awal)
    hp.get_by_role("button", name="Masuk").click()

    for satu in ("PIN baru", "Ulangi PIN baru"):
        hp.get_by_label(satu, exact=True).fill(awal)
    hp.get_by_role("button", name="Simpan PIN baru").click()
    expect(hp.locator("#galat")).to_contain_text("PIN ini sudah pernah dipakai di akun Anda.")
    usul = hp.locator("p b.utuh").first.inner_text()
    for satu in ("PIN baru", "Ulangi PIN baru"):
        hp.get_by_label(satu, exact=True).press_sequentially(usul)
    hp.get_by_role("button", name="Simpan PIN baru").click()
    hp.wait_for_url("**/layanan/")


def test_birth_date_is_typed_with_digits_alone(layar, db):
    hp = layar(HP)
    hp.goto("/pin/minta/")
    hp.get_by_label("Tanggal lahir").fill("31121990")
    hp.get_by_role("button", name="Minta PIN").click()

    expect(hp.get_by_label("Tanggal lahir")).to_have_value("31121990")
    expect(hp.locator("#id_tanggal_lahir_error")).to_have_count(0)
    expect(hp.locator("#galat")).to_be_focused()


def test_clerk_whom_strangers_lock_out_comes_in_with_a_code(layar, operator):
    pc = layar(PC)
    pc.goto("/kelola/login/?next=/kelola/")
    for _ in range(5):
        pc.get_by_label("Nama pengguna").fill("operator")
        pc.get_by_label("Sandi").fill("salah-sekali-9")
        pc.get_by_role("button", name="Masuk", exact=True).click()
    expect(pc.locator(".errornote")).to_contain_text("Sudah 5 kali salah dari sini.")
    pc.get_by_label("Sandi").fill("sandi-uji-panjang")
    pc.get_by_text("Kata sandi benar, tetapi ditahan?").click()
    pc.get_by_role("button", name="Kirim kode ke WhatsApp saya").click()
    expect(pc.get_by_role("status")).to_contain_text("kode sudah dikirim ke WhatsApp Anda")
    assert Akun.objects.get(pk=operator.pk).minta_kode_pada is not None
    satu = kode_masuk.terbitkan(operator, pada=timezone.now())
    pc.get_by_label("Nama pengguna").fill("operator")
    pc.get_by_label("Sandi").fill("sandi-uji-panjang")
    pc.get_by_label("Kode masuk").fill(f"{satu[:3]} {satu[3:]}")
    pc.get_by_role("button", name="Masuk dengan kode").click()
    pc.wait_for_url("**/kelola/")


def test_admin_reads_a_code_to_the_clerk_by_phone(layar, operator, admin_desa):
    pc = layar(PC)
    pc.goto("/kelola/login/?next=/kelola/")
    pc.get_by_label("Nama pengguna").fill(admin_desa.username)
    pc.get_by_label("Sandi").fill("sandi-uji-panjang")
    pc.get_by_role("button", name="Masuk", exact=True).click()
    pc.goto(f"/kelola/penduduk/akun/{operator.pk}/change/")
    pc.get_by_role("button", name="Buat kode masuk").click()

    expect(pc.locator(".slip-pin .pin")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
