"""An empty village, set up by what its guide says and nothing else, to its first signed letter."""

import io
import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from layanan import peran, tasks
from layanan.models import Permohonan
from penduduk import tasks as tugas_penduduk
from surat.jenis import bawaan
from surat.models import TataNaskah
from tests import factories
from tests.penduduk.impor import contoh
from tests.perjalanan.conftest import PC
from tests.perjalanan.orang import masuk_sebagai

# Some forty seconds: it opens and fills in each page of a village's first day, three people log in,
# and one letter is laid out for the eye. Not marked `browser`: it runs on both databases.
pytestmark = [pytest.mark.lambat, pytest.mark.django_db(transaction=True)]

SANDI = "galungan-kuningan-2026"
LAYAR = os.environ.get("LAYAR_MULAI", "")  # a folder for pictures of what is seen


def _potret(pc: Page, nama: str) -> None:
    if not LAYAR:
        return
    for lebar, tinggi in ((1280, 800), (360, 740)):
        for warna in ("light", "dark"):
            pc.set_viewport_size({"width": lebar, "height": tinggi})
            pc.emulate_media(color_scheme=warna)
            pc.screenshot(path=Path(LAYAR, f"{nama}-{lebar}-{warna}.png"), full_page=lebar > 999)
    pc.set_viewport_size(PC["viewport"])
    pc.emulate_media(color_scheme="light")


def _masuk_pertama(pc: Page, nama: str, sandi: str) -> None:
    """With the password that somebody else knows, nothing opens before there is another."""
    masuk_sebagai(pc, nama, "/kelola/", sandi)
    pc.locator("#id_old_password").fill(sandi)
    for bidang in ("#id_new_password1", "#id_new_password2"):
        pc.locator(bidang).fill(SANDI)
    pc.locator("#content-main input[type=submit]").click()


def _langkah(pc: Page, kode: str, tombol: str) -> None:
    """From wherever one is to a step of the guide, and to where it is done."""
    if not pc.url.endswith("/kelola/mulai/"):
        pc.get_by_role("link", name="Kembali ke Mulai").click()
    langkah = pc.locator(f"#{kode}")
    expect(langkah.get_by_text("Belum", exact=True)).to_be_visible()
    langkah.get_by_text(tombol, exact=True).click()


def _simpan(pc: Page, **isi: str) -> None:
    for nama, nilai in isi.items():
        pc.locator(f"#id_{nama}").fill(nilai)
    pc.get_by_role("button", name="Simpan", exact=True).click()
    expect(pc.locator(".messagelist .success")).to_be_visible()


def _isi_desa(pc: Page, tmp_path: Path) -> None:
    _langkah(pc, "desa", "Isi data desa")
    _simpan(
        pc,
        alamat_kantor="Jalan Contoh 1",
        telepon="(0363) 000000",
        nomor_wa="0812-0000-0000",
        jam_layanan="Senin–Jumat, 08.00–14.00",
    )
    _langkah(pc, "kop", "Isi kop dan tata naskah")
    lambang = tmp_path / "lambang.jpg"
    lambang.write_bytes(factories.foto().read())
    pc.locator("#id_unggah_lambang").set_input_files(lambang)
    pc.locator("#id_aksara").uncheck()
    pc.locator("#id_skema_klasifikasi").select_option("BARU")
    _simpan(pc, kop_1="PEMERINTAH KABUPATEN CONTOH", kop_2="DESA CONTOH")


def _isi_orang(pc: Page, tmp_path: Path) -> None:
    semua = {"operator": "Operator", "perbekel": "Penanda tangan", "admindua": "Admin desa"}
    for ke, (nama, peran_) in enumerate(semua.items()):
        if ke == 0:
            _langkah(pc, "akun", "Buat akun petugas")
            _potret(pc, "akun")
        else:
            pc.goto("/kelola/penduduk/akun/")
        pc.locator(".object-tools a.addlink").click()
        sandi = f"sementara-{nama}-88"
        _simpan(pc, username=nama, nama=f"Ni {nama.title()}", password1=sandi, password2=sandi)
        pc.get_by_label(peran_, exact=True).check()
        _simpan(pc)
    _langkah(pc, "pejabat", "Isi pejabat dan mandat")
    pc.locator(".object-tools a.addlink").click()
    pc.locator("#id_akun").select_option(label="Ni Perbekel")
    pc.locator(".add-row a").click()
    pc.locator("#id_mandat-0-sebagai").select_option("DEFINITIF")
    pc.locator("#id_mandat-0-dari").fill("2020-01-01")
    _simpan(pc, nama="I Nyoman Perbekel Contoh", jabatan="Perbekel")
    _langkah(pc, "penduduk", "Impor penduduk")
    berkas = tmp_path / "penduduk.xlsx"
    berkas.write_bytes(contoh.xlsx(contoh.orang(kk_level=1)))
    if not pc.locator("input[type=file]").count():
        pc.get_by_role("link", name="Impor penduduk").last.click()
    pc.locator("input[type=file]").set_input_files(berkas)
    pc.get_by_role("button", name="Periksa berkas").click()
    tugas_penduduk.impor_yang_menunggu()
    pc.reload()
    pc.get_by_role("button", name=re.compile("^Terapkan")).click()
    tugas_penduduk.impor_yang_menunggu()


def _isi_libur(pc: Page) -> None:
    """Say of each year that is asked for that its days are complete; some are known."""
    pc.get_by_role("link", name="Kembali ke Mulai").click()
    pc.locator("#libur").get_by_text("Isi hari libur", exact=True).click()
    alamat, tahun = pc.url, factories.timezone.localdate().year
    for satu in (tahun, tahun + 1):
        pc.goto(f"{alamat}?tahun={satu}")
        lengkap = pc.get_by_role("button", name=f"Daftar {satu} sudah lengkap")
        if lengkap.count():
            lengkap.click()
            expect(pc.locator(".messagelist .success")).to_be_visible()


def _isi_sisanya(pc: Page) -> None:
    _isi_libur(pc)
    _langkah(pc, "nomor", "Isi nomor awal")
    pc.locator(".tabel-buku input").fill("512")
    pc.get_by_role("button", name="Simpan nomor awal").click()
    expect(pc.locator(".messagelist .success")).to_be_visible()
    _langkah(pc, "alamat", "Lewati dulu")
    expect(pc.locator("#alamat").get_by_text("Dilewati dulu")).to_be_visible()
    _potret(pc, "mulai-hampir")
    expect(pc.get_by_role("button", name="Desa siap menerbitkan surat")).to_have_count(0)
    with pc.context.expect_page():
        pc.locator("#contoh").get_by_text("Buka surat contoh (PDF)").click()
    expect(pc.locator("#contoh")).to_be_visible()


def _surat_pertama(pc: Page) -> None:
    """What an operator does with somebody at the counter."""
    pc.get_by_role("link", name="Loket", exact=True).click()
    pc.locator("#cari").fill("Wayan Contoh")
    pc.locator("#cari").press("Enter")
    pc.get_by_role("link", name=re.compile("Wayan Contoh", re.I)).click()
    pc.get_by_role("link", name="Surat Keterangan Domisili", exact=True).click()
    pc.locator("#id_loket-datang").fill("Pemohon sendiri")
    pc.locator("#id_loket-cara").select_option("KTP-el")
    for kotak in pc.locator("input[name=loket-syarat]").all():
        kotak.check()
    _isi_domisili(pc)
    pc.get_by_role("button", name="Masukkan ke antrean").click()
    pc.get_by_role("button", name="Proses").click()
    pc.locator("summary", has_text="Setujui").click()
    pc.locator("#id_setujui-no_pengantar").fill("12/BD/XI/2026")
    pc.locator("#id_setujui-tgl_pengantar").fill("2026-11-20")
    pc.get_by_role("button", name="Setujui", exact=True).click()
    _potret(pc, "surat-pertama")


def _isi_domisili(pc: Page) -> None:
    for nama, nilai in {
        "alamat_domisili": "Jalan Contoh 7",
        "tinggal_sejak": "2015-04-01",
        "keperluan": "melamar pekerjaan",
    }.items():
        bidang = pc.locator(f"[name$={nama}]")
        if bidang.count():
            bidang.first.fill(nilai)


def test_empty_village_reaches_its_first_letter_by_its_guide(layar, tmp_path):
    peran.siapkan()
    bawaan.muat()
    TataNaskah.objects.create(pk=1)
    TataNaskah.objects.update(siap_pada=None)  # as `migrate` leaves a village without letters
    keluar = io.StringIO()
    call_command("desa_baru", "admin", nama="Ni Luh Admin", stdout=keluar)
    pc = layar(PC)
    _masuk_pertama(pc, "admin", keluar.getvalue().split("sekali pakai: ")[1].split()[0])
    pc.goto("/kelola/")
    _potret(pc, "meja-awal")
    pc.get_by_role("link", name="Lanjutkan").click()
    _potret(pc, "mulai-awal")

    _isi_desa(pc, tmp_path)
    pc.get_by_role("link", name="Meja", exact=True).first.click()  # left, and resumed
    pc.get_by_role("link", name="Lanjutkan").click()
    expect(pc.locator("#kop").get_by_text("Selesai", exact=True)).to_be_visible()
    _isi_orang(pc, tmp_path)
    _isi_sisanya(pc)
    pc.goto("/kelola/mulai/")
    _potret(pc, "mulai-siap")
    pc.get_by_role("button", name="Desa siap menerbitkan surat").click()
    expect(pc.get_by_text("Desa dinyatakan siap menerbitkan surat")).to_be_visible()
    expect(pc.get_by_role("link", name="Lanjutkan")).to_have_count(0)

    operator = layar(PC)
    _masuk_pertama(operator, "operator", "sementara-operator-88")
    operator.goto("/kelola/")
    _surat_pertama(operator)
    permohonan = Permohonan.objects.get()
    assert "/513/" in permohonan.surat.nomor
    tasks.cetak_surat()
    perbekel = layar(PC)
    _masuk_pertama(perbekel, "perbekel", "sementara-perbekel-88")
    perbekel.goto("/kelola/")
    perbekel.get_by_role("link", name="Periksa dan jawab").click()
    perbekel.locator("#id_sandi").fill(SANDI)
    perbekel.get_by_role("button", name="Kukuhkan").click()
    perbekel.goto("/meja/")
    perbekel.get_by_role("link", name=re.compile("Wayan Contoh", re.I)).click()
    perbekel.get_by_role("button", name="Tandatangani").click()
    expect(perbekel.get_by_text("sudah ditandatangani")).to_be_visible()
    permohonan.refresh_from_db()
    assert permohonan.status == "SIAP_DIAMBIL"
