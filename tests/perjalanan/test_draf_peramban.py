"""The office PC and the counter of a bank: a draft in another window, doubts, a proof on paper."""

import io
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from layanan.permohonan import alur
from surat.models import Surat
from tests import factories
from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.periksa import axe, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _teks(isi: bytes) -> str:
    return " ".join(" ".join(h.extract_text() for h in PdfReader(io.BytesIO(isi)).pages).split())


@pytest.mark.parametrize("javascript", [True, False], ids=["dengan JS", "tanpa JS"])
def test_operator_reads_the_very_letter_and_goes_on_where_he_was(
    layar, warga, operator, perbekel, javascript
):
    """Some seconds: a real child draws the draft."""
    satu = factories.buat_permohonan(warga)
    alur.jalankan(satu, "proses", oleh=operator, pada=timezone.now())
    pc = layar(PC, masuk=operator, java_script_enabled=javascript)
    pc.goto(f"/kelola/layanan/permohonan/{satu.pk}/change/")
    pc.locator("summary", has_text="Setujui").click()
    nomor = pc.get_by_label("Nomor surat pengantar Kelian")
    nomor.fill("12/BD/XI/2026")
    pc.get_by_label("Tanggal surat pengantar").fill("2026-11-20")

    def draf(tekan) -> None:
        def jawab(r) -> bool:
            return "/langkah/" in r.url

        with pc.context.expect_event("response", jawab, timeout=60_000) as info:
            tekan()
        assert info.value.status == 200

    draf(lambda: pc.get_by_role("button", name="Lihat draf surat").click())
    draf(lambda: nomor.press("Enter"))  # the key asks for the draft, it does not approve

    expect(nomor).to_have_value("12/BD/XI/2026")
    assert not Surat.objects.exists()
    if javascript:
        assert axe(pc) == []
    pc.get_by_role("button", name="Setujui", exact=True).click()
    expect(pc.get_by_text("sudah dicatat")).to_be_visible()
    assert Surat.objects.count() == 1


def test_bank_prints_a_proof_and_files_it(layar, warga, operator, perbekel):
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    pc = layar(PC)

    pc.goto(f"/cek/{satu.surat.kode_cek}/")
    isi = pc.pdf(format="A4")

    assert len(PdfReader(io.BytesIO(isi)).pages) == 1
    teks = _teks(isi)
    for ada in ("Asli dan berlaku", satu.surat.nomor, "Bukti cek", "WITA", "/cek/"):
        assert ada in teks
    assert re.search(r"\w+, \d+ \w+ \d{4} pukul \d\d\.\d\d WITA", teks)
    for tiada in ("Cek surat lain", "Panduan", "Masuk petugas"):
        assert tiada not in teks


def test_proof_fits_a_phone(layar, warga, operator, perbekel):
    satu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(satu, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    hp = layar(HP)

    hp.goto(f"/cek/{satu.surat.kode_cek}/")

    expect(hp.get_by_role("heading", name="Bukti cek")).to_be_visible()
    assert axe(hp) == []
    assert tidak_melebar(hp)


def test_clerk_is_asked_before_a_wording_loses_its_sense(layar, admin_desa):
    jenis = factories.jenis("usaha")
    pc = layar(PC, masuk=admin_desa)
    pc.goto(f"/kelola/surat/jenissurat/{jenis.pk}/kata-kata/")
    pc.get_by_label("Penutup").fill("Untuk { keperluan }.")

    pc.get_by_role("button", name="Simpan versi baru").last.click()

    expect(pc.get_by_text("“{ keperluan }” akan tercetak apa adanya")).to_be_visible()
    expect(pc.get_by_label("Penutup")).to_have_value("Untuk { keperluan }.")
    assert axe(pc) == []
    pc.get_by_role("button", name="Tetap simpan").click()
    expect(pc.get_by_text("Versi 2 sudah disimpan")).to_be_visible()
