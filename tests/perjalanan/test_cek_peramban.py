"""The public check on a cheap phone: whoever receives a letter has the paper, or its PDF."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import Page, expect

from layanan.permohonan import ajukan, alur
from surat.models import Cetakan, Surat
from tests import factories
from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.periksa import axe, terlalu_sempit, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def siap(warga, operator, perbekel):
    permohonan = factories.buat_permohonan(warga)
    return factories.jalankan_sampai(
        permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel
    )


@pytest.fixture
def pdf(siap, tmp_path: Path) -> Path:
    with default_storage.open(Cetakan.objects.get(surat=siap.surat_id).berkas) as isi:
        (tmp_path / "surat.pdf").write_bytes(isi.read())
    return tmp_path / "surat.pdf"


def _judul(hp: Page, kata: str) -> None:
    expect(hp.get_by_role("heading", level=1)).to_have_text(kata)


def _rapi(halaman: Page) -> None:
    assert axe(halaman) == []
    assert tidak_melebar(halaman)


@pytest.mark.parametrize("javascript", [True, False], ids=["dengan JS", "tanpa JS"])
def test_code_and_pdf_of_a_letter_in_the_hand(layar, siap, pdf, javascript):
    hp = layar(HP, java_script_enabled=javascript)
    kode = siap.surat.kode_cek
    hp.goto("/cek/")
    hp.get_by_label("Kode surat").fill(kode[:9])
    hp.get_by_role("button", name="Cek kode").click()
    expect(hp.get_by_text("Kode ini kurang 1 huruf").first).to_be_visible()
    expect(hp.get_by_label("Kode surat")).to_have_value(kode[:9])

    hp.get_by_label("Kode surat").fill(f"{kode[:5].lower()} - {kode[5:]}")
    hp.get_by_role("button", name="Cek kode").click()
    _judul(hp, "Asli dan berlaku")
    expect(hp.get_by_text(siap.surat.nomor)).to_be_visible()

    hp.goto("/cek/")
    hp.get_by_label("Berkas surat (PDF)").set_input_files(pdf)
    hp.get_by_role("button", name="Cek berkas").click()
    _judul(hp, "Asli dan berlaku")
    expect(hp.get_by_text("sama persis dengan surat yang dibuat desa")).to_be_visible()

    pdf.write_bytes(pdf.read_bytes() + b"\n")
    hp.goto("/cek/")
    hp.get_by_label("Berkas surat (PDF)").set_input_files(pdf)
    hp.get_by_role("button", name="Cek berkas").click()
    _judul(hp, "Tidak dikenal")


def test_every_answer_is_accessible_and_fits_the_phone(layar, siap, pdf, warga, operator, perbekel):
    def rapi(halaman: Page) -> None:
        assert terlalu_sempit(halaman, 360, 320) == []
        assert axe(halaman) == []

    hp, dalam = layar(), layar(masuk=warga)
    baru = ajukan.pengganti(
        siap,
        isian=siap.isian,
        alasan="Alamat di surat lama keliru",
        oleh=operator,
        pada=timezone.now(),
    )
    belum = factories.jalankan_sampai(baru, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    for nomor in (siap.nomor, baru.nomor):
        dalam.goto(f"/layanan/permohonan/{nomor}/")
        rapi(dalam)
    kode_belum, kode = belum.surat.kode_cek, siap.surat.kode_cek

    hp.goto("/cek/?kode=ABCDE-23O56")
    rapi(hp)
    hp.goto("/cek/")
    hp.get_by_label("Berkas surat (PDF)").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff"}
    )
    hp.get_by_role("button", name="Cek berkas").click()
    expect(hp.get_by_text("Berkas ini bukan PDF.").first).to_be_visible()
    rapi(hp)
    hp.goto(f"/cek/{kode_belum}/")
    _judul(hp, "Belum ditandatangani")
    rapi(hp)
    factories.jalankan_sampai(baru, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    hp.goto(f"/cek/{kode}/")
    _judul(hp, "Asli, tetapi sudah diganti")
    rapi(hp)
    Surat.objects.filter(pk=baru.surat_id).update(berlaku_sampai="2020-01-01")
    hp.goto(f"/cek/{kode_belum}/")
    _judul(hp, "Asli, tetapi sudah kedaluwarsa")
    rapi(hp)
    alasan = "Keterangan " + "x" * 60
    alur.catat_peristiwa(baru, "cabut", oleh=perbekel, pada=timezone.now(), catatan=alasan)
    hp.goto(f"/cek/{kode_belum}/")
    _judul(hp, "Asli, tetapi sudah dicabut")
    rapi(hp)
    for nomor in (siap.nomor, baru.nomor):
        dalam.goto(f"/layanan/permohonan/{nomor}/")
        rapi(dalam)


def test_pages_of_a_letter_are_accessible_in_the_office_and_at_the_desk(
    layar, siap, operator, perbekel
):
    pc, meja = layar(PC, masuk=operator), layar(HP, masuk=perbekel)
    surat = f"/kelola/surat/surat/{siap.surat_id}"
    pc.goto(f"{surat}/change/")
    _rapi(pc)
    pc.goto(f"{surat}/pengganti/")
    _rapi(pc)
    baru = ajukan.pengganti(
        siap,
        isian=siap.isian,
        alasan="Alamat di surat lama keliru",
        oleh=operator,
        pada=timezone.now(),
    )
    factories.jalankan_sampai(baru, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    meja.goto(f"/meja/{baru.nomor}/")
    expect(meja.get_by_text("Menggantikan surat")).to_be_visible()
    _rapi(meja)
    meja.goto(f"{surat}/change/")
    meja.locator("summary", has_text="Cabut surat").click()
    _rapi(meja)
