"""A letter that contradicts the register, from the clerk's screen to the signer's phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from layanan.permohonan import alur
from tests import factories
from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.orang import masuk_petugas
from tests.perjalanan.periksa import KANTOR, axe, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.lambat]

BERSTATUS = "Menurut data desa I Wayan Contoh berstatus Kawin"


@pytest.mark.django_db(transaction=True)
def test_clerk_goes_on_with_a_reason_and_the_signer_reads_it(layar):
    operator, perbekel = factories.buat_operator(), factories.buat_perbekel()
    warga = factories.buat_warga(nama="I Wayan Contoh", status_perkawinan=2)
    permohonan = factories.buat_permohonan(warga, "belum_menikah")
    alur.jalankan(permohonan, "proses", oleh=operator, pada=timezone.now())

    pc = layar(PC)
    masuk_petugas(pc, operator, f"/kelola/layanan/permohonan/{permohonan.pk}/change/")
    expect(pc.locator(".temuan-bertentangan")).to_contain_text(BERSTATUS)
    assert axe(pc, KANTOR) == []
    pc.locator("summary", has_text="Setujui").click()
    pc.locator("#id_setujui-no_pengantar").fill("12/BD/XI/2026")
    pc.locator("#id_setujui-tgl_pengantar").fill("2026-11-20")
    pc.get_by_role("button", name="Setujui", exact=True).click()
    expect(pc.get_by_text("Bila surat tetap benar, tulis sebabnya di")).to_be_visible()
    pc.locator("#id_setujui-alasan").fill("Akta cerai sudah dilihat petugas")
    pc.get_by_role("button", name="Setujui", exact=True).click()
    expect(pc.get_by_text("“setujui” sudah dicatat")).to_be_visible()
    factories.cetak_semua()

    hp = layar(HP)
    masuk_petugas(hp, perbekel, f"/meja/{permohonan.nomor}/")
    expect(hp.get_by_text("Bertentangan, tetapi diterbitkan")).to_be_visible()
    expect(hp.get_by_text("Akta cerai sudah dilihat petugas")).to_be_visible()
    assert tidak_melebar(hp)


@pytest.mark.django_db(transaction=True)
def test_clerk_writes_a_rule_on_the_page_of_the_type(layar, admin_desa):
    jenis = factories.jenis("usaha")
    pc = layar(PC)
    masuk_petugas(pc, admin_desa, f"/kelola/surat/jenissurat/{jenis.pk}/change/")
    baru = jenis.aturan.count()
    pc.locator(f"#id_aturan-{baru}-macam").select_option("umur")
    pc.locator(f"#id_aturan-{baru}-siapa").select_option("pemohon")
    pc.locator(f"#id_aturan-{baru}-nilai").fill("21..")
    assert axe(pc, KANTOR) == []
    assert tidak_melebar(pc)
    pc.get_by_role("button", name="Simpan").last.click()
    expect(pc.get_by_text("sudah disimpan")).to_be_visible()
    assert jenis.aturan.last().nilai == "21.."
