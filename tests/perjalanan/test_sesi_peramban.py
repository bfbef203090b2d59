"""A session that ended while a page was open, in real Chromium, with and without scripts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from layanan.models import Draf, Permohonan
from layanan.permohonan import alur, berkas, dampak
from penduduk.akun import sesi
from penduduk.models import Ketikan, Sesi
from tests import factories
from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.periksa import KANTOR, axe, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BERAKHIR = "Sesi Anda sudah berakhir."


def _masuk(halaman: Page, akun) -> None:
    if akun.is_staff:
        halaman.locator("#id_username").fill(akun.username)
        halaman.locator("#id_password").fill("sandi-uji-panjang")
        halaman.locator("input[type=submit]").click()
    else:
        halaman.get_by_label("NIK").fill(akun.penduduk.nik)
        halaman.get_by_label("PIN", exact=True).fill(factories.PIN)
        halaman.get_by_role("button", name="Masuk").click()


def _habis() -> None:
    Sesi.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def _masuk_lagi(halaman: Page, akun) -> None:
    """The login page says why; afterwards the page says that what was typed is there."""
    expect(halaman.get_by_text(f"{BERAKHIR} Yang Anda ketik masih kami simpan")).to_be_visible()
    _masuk(halaman, akun)
    expect(halaman.get_by_text("Yang Anda ketik masih ada: periksa, lalu kirim")).to_be_visible()


@pytest.fixture
def minta(warga, operator):
    """A request whose paper and answer are to be mended."""
    satu = factories.buat_permohonan(warga)
    bahan = dampak.MintaPerbaikan(
        [
            {"apa": "syarat", "kunci": "ktp", "label": "KTP-el", "alasan": "Buram."},
            {"apa": "isian", "kunci": "keperluan", "label": "Keperluan", "alasan": "Kurang."},
        ]
    )
    alur.jalankan(satu, "minta_perbaikan", bahan, oleh=operator, pada=timezone.now())
    return satu


def _foto(warna: str = "olive") -> dict:
    foto = factories.foto("ktp.jpg", warna=warna)
    return {"name": foto.name, "mimeType": "image/jpeg", "buffer": foto.read()}


@pytest.mark.parametrize("skrip", [True, False], ids=["script", "no-script"])
def test_a_resident_loses_nothing_on_any_page(layar, warga, minta, skrip):
    factories.jenis("usaha")
    halaman = layar(HP, java_script_enabled=skrip)
    halaman.goto("/masuk/")
    _masuk(halaman, warga)

    # Papers, with a photo.
    expect(halaman).to_have_url(re.compile("/layanan/$"))
    halaman.goto("/layanan/surat/usaha/")
    halaman.locator("#id_keterangan").fill("Untuk bank <BPD>")
    halaman.locator("#berkas-ktp").set_input_files(_foto())
    _habis()
    halaman.get_by_role("button", name="Unggah dan simpan").click()
    _masuk_lagi(halaman, warga)
    expect(halaman.get_by_text("ktp.jpg sudah sampai")).to_be_visible()
    expect(halaman.locator("#id_keterangan")).to_have_value("Untuk bank <BPD>")
    assert tidak_melebar(halaman)
    if skrip:
        assert axe(halaman) == []
    halaman.get_by_role("button", name="Unggah dan simpan").click()
    expect(halaman.get_by_text("Yang Anda ketik masih ada")).to_have_count(0)
    assert Draf.objects.get(terkirim=False).lampiran.filter(syarat="ktp").count() == 1

    # What is asked again.
    halaman.goto(f"/layanan/permohonan/{minta.nomor}/perbaiki/")
    halaman.locator("#id_keperluan").fill("Mendaftar kuliah di Denpasar")
    halaman.locator("#berkas-ktp").set_input_files(_foto("purple"))
    _habis()
    halaman.get_by_role("button", name="Kirim perbaikan").click()
    _masuk_lagi(halaman, warga)
    expect(halaman.locator("#id_keperluan")).to_have_value("Mendaftar kuliah di Denpasar")
    halaman.get_by_role("button", name="Kirim perbaikan").click()
    expect(halaman.get_by_text("terkirim sendiri begitu berkasnya selesai")).to_be_visible()
    berkas.bersihkan_yang_menunggu()
    expect(halaman.get_by_text("Perbaikan Anda sudah terkirim.")).to_be_visible()
    assert Permohonan.objects.get(pk=minta.pk).isian["keperluan"].startswith("Mendaftar")

    # The own number.
    halaman.goto("/layanan/data-saya/")
    halaman.locator("#id_nomor_hp").fill("0819 0001 1122")
    _habis()
    halaman.locator("#id_nomor_hp").press("Enter")
    _masuk_lagi(halaman, warga)
    expect(halaman.locator("#id_nomor_hp")).to_have_value("0819 0001 1122")
    halaman.locator("#id_nomor_hp").press("Enter")
    expect(halaman.get_by_text("Nomor baru tersimpan.")).to_be_visible()
    assert not Ketikan.objects.exists()


@pytest.mark.parametrize("skrip", [True, False], ids=["script", "no-script"])
def test_a_clerk_finds_the_refusal_where_it_was_typed(layar, operator, permohonan, skrip):
    halaman = layar(PC, java_script_enabled=skrip)
    halaman.goto(f"/kelola/layanan/permohonan/{permohonan.pk}/change/")
    _masuk(halaman, operator)
    halaman.locator("summary", has_text="Tolak").click()
    halaman.locator("#id_tolak-catatan").fill("KTP milik orang lain")
    _habis()
    halaman.get_by_role("button", name="Tolak", exact=True).click()
    _masuk_lagi(halaman, operator)

    halaman.get_by_role("link", name="Ke formulirnya").click()
    expect(halaman.locator("#id_tolak-catatan")).to_be_in_viewport()
    expect(halaman.locator("#id_tolak-catatan")).to_have_value("KTP milik orang lain")
    permohonan.refresh_from_db()
    assert permohonan.status == "DIAJUKAN"
    halaman.get_by_role("button", name="Tolak", exact=True).click()
    expect(halaman.get_by_text("“tolak” sudah dicatat")).to_be_visible()
    assert not Ketikan.objects.exists()


def test_the_office_warns_and_prolongs_with_one_press(layar, operator):
    halaman = layar(PC)
    halaman.goto("/kelola/")
    _masuk(halaman, operator)
    expect(halaman.locator("#sesi")).to_contain_text("Masuk sampai pukul")
    dekat = timezone.now() + sesi.PERINGATAN - timedelta(seconds=20)
    Sesi.objects.update(expire_date=dekat)

    halaman.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(halaman.get_by_text("Masih bekerja?")).to_be_visible()
    assert axe(halaman, KANTOR) == []
    halaman.get_by_role("button", name="Lanjutkan").click()
    expect(halaman.get_by_text("Masih bekerja?")).to_be_hidden()
    assert Sesi.objects.get().expire_date > dekat + timedelta(minutes=20)

    _habis()
    halaman.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(halaman.get_by_text("yang Anda ketik disimpan 30 menit")).to_be_visible()
