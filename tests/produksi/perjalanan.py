"""The main job in a browser, against a portal that runs elsewhere with workers of its own."""

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.orang import ajukan, masuk_dengan, masuk_sebagai, pasang_kode_kedua

_SANDI_BARU = "galungan-kuningan-2026"


def konteks(peramban: Browser, situs: str, alat: dict) -> BrowserContext:
    """A fresh browser that takes the certificate of a portal which has only made itself one."""
    hasil = peramban.new_context(**alat, base_url=situs, ignore_https_errors=True)
    hasil.set_default_timeout(20_000)
    return hasil


def _sampai(halaman: Page, apa: Callable[[], Locator], *, jumlah: int = 1) -> None:
    """Load the page anew until it shows what a worker has done."""
    batas = time.monotonic() + 120
    while apa().count() < jumlah:
        assert time.monotonic() < batas, halaman.locator("body").inner_text()[:500]
        halaman.wait_for_timeout(300)
        halaman.reload()


def admin_pertama(peramban: Browser, situs: str, sandi: str) -> None:
    """With the one-time password nothing opens but the page for a password of their own."""
    with konteks(peramban, situs, PC) as satu:
        pc = satu.new_page()
        masuk_sebagai(pc, "admin", "/kelola/", sandi)
        pc.goto("/kelola/penduduk/akun/")
        assert pc.url.endswith("/kelola/password_change/"), pc.url
        pc.locator("#id_old_password").fill(sandi)
        for nama in ("#id_new_password1", "#id_new_password2"):
            pc.locator(nama).fill(_SANDI_BARU)
        pc.locator("#content-main input[type=submit]").click()
        pasang_kode_kedua(pc)  # an admin: nothing else opens before
        pc.goto("/kelola/penduduk/akun/")
        expect(pc.get_by_role("link", name="operator", exact=True)).to_be_visible()


def sampai_siap(hp: BrowserContext, peramban: Browser, situs: str, nik: str, foto: Path) -> str:
    """From the resident's login to “siap diambil”; the request's address. `hp` stays logged in."""
    warga = hp.new_page()
    masuk_dengan(warga, nik)
    nomor = ajukan(warga, foto)
    with konteks(peramban, situs, PC) as satu, konteks(peramban, situs, HP) as dua:
        pc, meja = satu.new_page(), dua.new_page()
        masuk_sebagai(pc, "operator", "/kelola/layanan/permohonan/")
        pc.get_by_role("link", name=nomor).click()
        _sampai(pc, lambda: pc.locator(".kanvas figure:not(.d0) img"), jumlah=2)
        pc.get_by_role("button", name="Proses").click()
        pc.locator("summary", has_text="Setujui").click()
        pc.locator("#id_setujui-no_pengantar").fill("12/BD/XI/2026")
        pc.locator("#id_setujui-tgl_pengantar").fill("2026-11-20")
        pc.get_by_role("button", name="Setujui", exact=True).click()
        _sampai(warga, lambda: warga.get_by_text("enunggu tanda tangan"))
        masuk_sebagai(meja, "perbekel", "/meja/")
        pasang_kode_kedua(meja)
        meja.goto("/meja/")
        meja.get_by_role("link", name="I Wayan Contoh").click()
        meja.get_by_role("button", name="Tandatangani").click()
        expect(meja.get_by_text("sudah ditandatangani")).to_be_visible()
    _sampai(warga, lambda: warga.get_by_text("iap diambil"))
    return warga.url.removeprefix(situs)


def masuk_dan_unggah(peramban: Browser, situs: str, nik: str, foto: Path) -> None:
    """The cheap part: a login, and a photo that has gone up and been taken."""
    with konteks(peramban, situs, HP) as satu:
        hp = satu.new_page()
        masuk_dengan(hp, nik)
        hp.goto("/layanan/surat/domisili/")
        hp.get_by_label("Nomor HP").fill("0812 3456 7890")
        hp.locator("input[type=file]").first.set_input_files(foto)
        hp.get_by_role("button", name="Unggah dan simpan").click()
        expect(hp.get_by_text("1 berkas tersimpan")).to_be_visible()
