"""A morning at the desk, in real Chromium: clean requests from the queue to the printed letter by
keyboard alone and by mouse alone, and their hand-over. Counts keys and clicks.

PERMOHONAN_DIUJI=20 does as many as a morning brings; the suite does three.
"""

import os
import sys
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from layanan.models import Penyerahan, Permohonan, Riwayat
from layanan.permohonan import alur, berkas
from tests import factories
from tests.perjalanan.conftest import PC
from tests.perjalanan.periksa import KANTOR, axe

# Some seconds a request: real letters are drawn.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BANYAK = int(os.environ.get("PERMOHONAN_DIUJI", "3"))
JENIS = ("penduduk", "penghasilan", "belum_punya_rumah")
JAWABAN = {"penghasilan": {"pekerjaan_ket": "Petani kelapa", "jumlah": 2_000_000}}
# What the browser asks for beside us: Ctrl+P and Enter on paper, Ctrl+W back; with the mouse, the
# button of its dialog.
CETAK_TOMBOL, CETAK_KLIK = 3, 1


@pytest.fixture
def pagi(operator, perbekel) -> list[Permohonan]:
    """What came in overnight: mixed letters that nothing speaks against."""
    hasil = []
    for i in range(BANYAK):
        warga = factories.buat_warga(nama=f"I Made Contoh {i}", pekerjaan=9)
        kode = JENIS[i % len(JENIS)]
        hasil.append(factories.buat_permohonan(warga, kode, **JAWABAN.get(kode, {})))
    berkas.bersihkan_yang_menunggu()
    return hasil


class Hitung:
    """Presses for the clerk, and counts."""

    def __init__(self, halaman: Page) -> None:
        self.halaman, self.jumlah = halaman, 0

    def tekan(self, kunci: str) -> None:
        self.halaman.keyboard.press(kunci)
        self.jumlah += 1

    def klik(self, apa: str) -> None:
        self.halaman.locator(apa).click()
        self.jumlah += 1

    def cetak(self, gerak: Callable[[], None]) -> None:
        """The letter comes as PDF, in a tab of its own."""
        with self.halaman.context.expect_event(
            "response", lambda r: r.url.endswith("/cetak/"), timeout=60_000
        ) as jawab:
            gerak()
        assert jawab.value.headers["content-type"] == "application/pdf"
        for lain in self.halaman.context.pages[1:]:
            lain.close()


def _tercetak() -> int:
    return Riwayat.objects.filter(langkah="cetak_kertas").count()


def _tunggu_pdf(halaman: Page) -> None:
    factories.cetak_semua()
    expect(halaman.locator("main [data-kunci=c]")).to_be_visible(timeout=60_000)


def test_from_the_queue_to_paper_by_keyboard_alone(layar, pagi, operator, capsys):
    pc = layar(PC, masuk=operator)
    pc.goto("/kelola/layanan/permohonan/")
    assert axe(pc, KANTOR) == []
    biaya = []
    for ke, _ in enumerate(pagi):
        hitung = Hitung(pc)
        hitung.tekan("n" if ke else "Enter")
        expect(pc.locator("main [data-kunci=s]")).to_be_visible()
        if ke == 0:
            assert axe(pc, KANTOR) == []
        hitung.tekan("s")
        expect(pc.locator(".langkah details[open] button.utama")).to_be_focused()
        hitung.tekan("Enter")
        expect(pc.locator("[data-tunggu]")).to_be_visible()
        _tunggu_pdf(pc)
        hitung.cetak(lambda h=hitung: h.tekan("c"))
        biaya.append(hitung.jumlah + CETAK_TOMBOL)
        assert _tercetak() == ke + 1

    with capsys.disabled():
        sys.stdout.write(f"\nkeys per request: {biaya}" + "\n")
    assert max(biaya) <= 8
    assert set(Permohonan.objects.values_list("status", flat=True)) == {"MENUNGGU_TTD"}
    assert Permohonan.objects.filter(dicetak_pada=None).count() == 0


def test_from_the_queue_to_paper_by_mouse_alone(layar, pagi, operator, capsys):
    pc = layar(PC, masuk=operator)
    pc.goto("/kelola/layanan/permohonan/")
    biaya = []
    for ke, _ in enumerate(pagi):
        hitung = Hitung(pc)
        berikut = "#menu-tugas .lanjut" if ke else "#result_list tbody tr:first-child th a"
        hitung.klik(berikut)
        hitung.klik("summary.tombol-setujui")
        hitung.klik(".langkah details[open] button.utama")
        expect(pc.locator("[data-tunggu]")).to_be_visible()
        _tunggu_pdf(pc)
        hitung.cetak(lambda h=hitung: h.klik("main [data-kunci=c]"))
        biaya.append(hitung.jumlah + CETAK_KLIK)

    with capsys.disabled():
        sys.stdout.write(f"\nclicks per request: {biaya}" + "\n")
    assert max(biaya) <= 5
    assert _tercetak() == len(pagi)


def test_hand_over(layar, pagi, operator, perbekel, capsys):
    for satu in pagi:
        factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    pc = layar(PC, masuk=operator)
    biaya = []
    for satu in pagi:
        hitung = Hitung(pc)
        pc.goto("/kelola/layanan/permohonan/?status=SIAP_DIAMBIL")
        hitung.tekan("Enter")
        expect(pc.locator("main [data-kunci=s]")).to_be_visible()
        hitung.tekan("s")
        nama = pc.locator("#id_serahkan-nama")
        expect(nama).to_be_focused()
        pc.keyboard.type(satu.pemohon.nama)
        hitung.tekan("Enter")
        expect(pc.get_by_text("sudah dicatat")).to_be_visible()
        biaya.append(hitung.jumlah)

    with capsys.disabled():
        sys.stdout.write(f"\nkeys per hand-over, beside the name: {biaya}" + "\n")
    assert Penyerahan.objects.count() == len(pagi)


def test_keys_can_be_switched_off_and_shown(layar, pagi, operator):
    satu = pagi[0]
    pc = layar(PC, masuk=operator)
    pc.goto(f"/kelola/layanan/permohonan/{satu.pk}/change/")

    pc.keyboard.press("?")
    expect(pc.locator("#pintasan")).to_be_visible()
    pc.locator("#pintasan [data-pintasan]").click()
    pc.keyboard.press("Escape")
    pc.keyboard.press("s")
    expect(pc.locator(".langkah details[open]")).to_have_count(0)

    pc.locator("#user-tools summary").click()
    pc.locator("[data-buka-pintasan]").click()
    pc.locator("#pintasan [data-pintasan]").click()
    pc.keyboard.press("Escape")
    pc.keyboard.press("m")
    expect(pc.locator(".langkah details[open] form")).to_be_visible()
    pc.keyboard.type("pro")  # typed, no keys
    satu.refresh_from_db()
    assert satu.status == "DIAJUKAN"


def test_two_clerks_and_nothing_is_lost(layar, pagi, operator):
    satu, kedua = pagi[0], factories.buat_operator("ketut")
    alamat = f"/kelola/layanan/permohonan/{satu.pk}/change/"
    pc, lain = layar(PC, masuk=operator), layar(PC, masuk=kedua)
    pc.goto(alamat)
    pc.keyboard.press("t")
    pc.locator("#id_tolak-catatan").fill("Bukan warga desa ini.")
    lain.goto(alamat)
    expect(lain.get_by_text("Operator sedang mengerjakan ini")).to_be_visible()
    lain.keyboard.press("a")
    expect(lain.locator("main [data-kunci=s]")).to_be_visible()

    pc.locator(".langkah details[open] button.utama").click()

    expect(pc.get_by_text("Bukan warga desa ini.")).to_be_visible()
    expect(pc.get_by_text("Ketut sedang mengerjakan permohonan ini")).to_be_visible()
    satu.refresh_from_db()
    assert satu.status == "DIAJUKAN"
    alur.jalankan(satu, "proses", oleh=kedua, pada=timezone.now())
