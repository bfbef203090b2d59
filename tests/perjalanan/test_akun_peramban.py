"""The second factor in a real browser: set up on a phone, asked for at the next login."""

import pytest
from playwright.sync_api import expect

from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.orang import masuk_petugas, pasang_kode_kedua

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_signer_sets_up_a_code_and_is_asked_for_it(layar, perbekel, settings):
    settings.PRODUKSI = True
    hp = layar(HP)
    masuk_petugas(hp, perbekel, "/meja/")
    expect(hp.get_by_text("Peran Anda mewajibkan kode kedua")).to_be_visible()
    kode = pasang_kode_kedua(hp)
    hp.goto("/meja/")
    expect(hp.get_by_role("heading", name="tanda tangan").first).to_be_visible()

    pc = layar(PC)
    masuk_petugas(pc, perbekel, "/kelola/akun-saya/")
    expect(pc.get_by_text("Kata sandi benar")).to_be_visible()
    pc.locator("#id_kode").fill(kode(1))
    pc.get_by_role("button", name="Masuk").click()

    expect(pc.get_by_role("heading", name="Akun saya")).to_be_visible()
    expect(pc.get_by_text("peramban ini")).to_be_visible()
