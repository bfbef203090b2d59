"""What people do in a browser, wherever the site runs: log in, ask for a letter."""

from base64 import b32decode
from collections.abc import Callable
from pathlib import Path

from django_otp.oath import totp
from playwright.sync_api import Page, expect

from penduduk.models import Akun
from tests import factories


def masuk(halaman: Page, akun: Akun, pin: str = factories.PIN) -> None:
    masuk_dengan(halaman, akun.warga.nik, pin)


def masuk_dengan(halaman: Page, nik: str, pin: str = factories.PIN) -> None:
    halaman.goto("/")
    halaman.get_by_label("NIK").fill(f"{nik[:6]} {nik[6:12]}.{nik[12:]}")
    halaman.get_by_label("PIN", exact=True).fill(pin)
    halaman.get_by_role("button", name="Masuk").click()


def masuk_petugas(halaman: Page, akun: Akun, tujuan: str) -> None:
    masuk_sebagai(halaman, str(akun.username), tujuan)


def masuk_sebagai(halaman: Page, nama: str, tujuan: str, sandi: str = "sandi-uji-panjang") -> None:
    halaman.goto(tujuan)
    halaman.locator("#id_username").fill(nama)
    halaman.locator("#id_password").fill(sandi)
    halaman.locator("input[type=submit]").click()


def pasang_kode_kedua(halaman: Page) -> Callable[[int], str]:
    """Set up the second factor on the page that is open, by typing; returns what the app would show
    so many steps of 30 seconds from now."""
    halaman.locator("summary", has_text="Kamera tidak bisa?").click()
    kunci = b32decode(halaman.locator(".langkah-pasang .kode").inner_text().replace(" ", ""))

    def kode(lewat: int = 0) -> str:
        return f"{totp(kunci, t0=-30 * lewat):06}"

    halaman.locator("#id_kode").fill(kode())
    halaman.get_by_role("button", name="Pasang").click()
    expect(halaman.get_by_text("Simpan kode kertas ini sekarang")).to_be_visible()
    halaman.get_by_role("link", name="Sudah saya simpan").click()
    return kode


def ajukan(halaman: Page, foto: Path, *, ketukan: int = 1) -> str:
    """From the first press of Permohonan Surat to the receipt; returns the request's number."""
    halaman.get_by_role("link", name="Permohonan Surat").last.click()
    kartu = halaman.locator("main").get_by_text("Surat Keterangan Usaha (SKU)")
    expect(kartu.first).to_be_visible()
    halaman.goto("/layanan/surat/usaha/")
    halaman.get_by_label("Keterangan Tambahan").fill("Untuk KUR")
    halaman.get_by_label("Nomor HP").fill("0812 3456 7890")
    for kode in ("ktp", "kk"):
        halaman.set_input_files(f"input[name=berkas-{kode}]", foto)
    halaman.get_by_label("Saya bawa ke kantor").check()
    halaman.get_by_role("button", name="Isi Form").click()
    expect(halaman.get_by_text("I Wayan Contoh").first).to_be_visible()
    halaman.get_by_label("Nama usaha").fill("Warung {{ nama }} <b>tebal</b>")
    halaman.get_by_label("Jenis usaha").fill("warung kopi")
    halaman.get_by_label("Alamat usaha").fill("Jalan Contoh 7")
    halaman.get_by_label("Keperluan").fill("mengajukan kredit usaha rakyat")
    halaman.get_by_role("button", name="kirim").click()
    halaman.get_by_role("button", name="Kirim").click(click_count=ketukan)
    expect(halaman.get_by_text("Permohonan Anda sudah terkirim")).to_be_visible()
    return halaman.url.rstrip("/").split("/")[-1]
