"""The books in real Chromium, at the size of the office's PC."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surat.buku import agenda
from surat.models import CatatanAgenda
from tests import factories
from tests.perjalanan.conftest import PC
from tests.perjalanan.periksa import KANTOR, axe, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AGENDA = "/kelola/surat/catatanagenda/"


def _utuh(halaman: Page) -> bool:
    """Whether the table is seen whole, without moving it sideways."""
    return halaman.evaluate(
        "[...document.querySelectorAll('.tabel-buku')].every(t => t.scrollWidth <= t.clientWidth)"
    )


def test_clerk_notes_letters_and_finds_them_again(layar, operator):
    factories.jenis()
    pc = layar(PC, masuk=operator)
    pc.goto(AGENDA)

    pc.get_by_role("link", name="Catat surat masuk").click()
    pc.get_by_label("Nomor surat").fill("005/17/DPMD")
    pc.get_by_label("Pengirim").fill("Dinas PMD")
    pc.get_by_label("Isi singkat").fill("Undangan rapat")
    pc.get_by_role("button", name="Catat").click()
    pc.get_by_role("link", name="Beri nomor surat keluar").click()
    pc.get_by_label("Kode klasifikasi").fill("005")
    pc.get_by_label("Ditujukan kepada").fill("Camat Karangasem")
    pc.get_by_label("Isi singkat").fill("Jawaban undangan")
    pc.get_by_role("button", name="Ambil nomor").click()
    expect(pc.get_by_text("Nomor surat: 005/001/")).to_be_visible()
    pc.get_by_label("Cari").fill("camat")
    pc.get_by_role("button", name="Tampilkan").click()

    expect(pc.locator(".tabel-buku tbody tr")).to_have_count(1)
    expect(pc.locator(".tabel-buku tbody td").first).to_have_text("2")
    assert CatatanAgenda.objects.count() == 2


def test_pages_of_books_are_accessible(layar, warga, operator, perbekel, admin_desa):
    permohonan = factories.buat_permohonan(warga)
    factories.jalankan_sampai(permohonan, "SELESAI", operator=operator, perbekel=perbekel)
    hari = timezone.localdate()
    umum = {"tanggal_surat": hari, "isi_singkat": "Contoh", "oleh": operator}
    masuk = agenda.catat_masuk(
        nomor_surat="005/1234/DPMD/2026",
        diterima=hari,
        pengirim="Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Karangasem",
        pada=timezone.now(),
        **umum,
    )
    agenda.catat_keluar(klasifikasi="005", tujuan="Camat", pada=timezone.now(), **umum)
    pc, kepala = layar(PC, masuk=operator), layar(PC, masuk=admin_desa)

    temuan = {}
    for alamat in (
        AGENDA,
        f"{AGENDA}?tahun=&q=zzz",
        f"{AGENDA}?dari=2026-01-02&sampai=2026-01-01",
        f"{AGENDA}add/?arah=MASUK",
        f"{AGENDA}add/?arah=KELUAR",
        f"{AGENDA}{masuk.pk}/change/",
        "/kelola/layanan/penyerahan/",
        "/kelola/surat/bukunomor/",
    ):
        pc.goto(alamat)
        temuan[alamat] = (axe(pc, KANTOR), tidak_melebar(pc) and _utuh(pc))
    kepala.goto("/kelola/surat/bukunomor/")
    temuan["admin desa"] = (axe(kepala, KANTOR), tidak_melebar(kepala))

    assert {k: v for k, v in temuan.items() if v != ([], True)} == {}
