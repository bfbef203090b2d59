"""The main job in real Chromium: phone of the resident, PC of the office, phone of the perbekel."""

import io
import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from layanan.kotak_keluar import pengiriman
from layanan.models import Permohonan, PesanSimulasi
from layanan.permohonan import berkas
from penduduk.akun import pin
from surat.jenis import berkas as berkas_jenis
from surat.models import Cetakan, JenisSurat, Templat
from tests import factories
from tests.penduduk.impor import contoh
from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.orang import ajukan, masuk, masuk_petugas
from tests.perjalanan.periksa import KANTOR, axe, tidak_melebar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _pekerja() -> None:
    """What worker and beat would have done by now."""
    berkas.bersihkan_yang_menunggu()
    factories.cetak_semua()
    pengiriman.kirim_yang_menunggu()


@pytest.fixture(autouse=True)
def _jenis_surat(db):
    factories.jenis("usaha")


@pytest.fixture
def foto(tmp_path: Path) -> Path:
    berkas_ = tmp_path / "foto.jpg"
    berkas_.write_bytes(factories.foto().read())
    return berkas_


@pytest.mark.kertas
@pytest.mark.parametrize("javascript", [True, False], ids=["dengan JS", "tanpa JS"])
def test_from_the_home_page_to_the_letter_in_the_hand(
    layar, warga, operator, perbekel, foto, javascript
):
    hp = layar(HP, java_script_enabled=javascript)
    masuk(hp, warga)
    nomor = ajukan(hp, foto)
    rincian = hp.url
    _pekerja()

    pc = layar(PC)
    masuk_petugas(pc, operator, "/kelola/layanan/permohonan/")
    pc.get_by_role("link", name=nomor).click()
    expect(pc.locator(".kanvas figure:not(.d0) img")).to_have_count(2)
    pc.get_by_role("button", name="Proses").click()
    hp.goto(rincian)
    expect(hp.get_by_text("edang diproses").first).to_be_visible()
    pc.locator("summary", has_text="Setujui").click()
    pc.locator("#id_setujui-no_pengantar").fill("12/BD/XI/2026")
    pc.locator("#id_setujui-tgl_pengantar").fill("2026-11-20")
    pc.get_by_role("button", name="Setujui", exact=True).click()
    hp.goto(rincian)
    expect(hp.get_by_text("enunggu tanda tangan")).to_have_count(0)  # not before the file exists
    _pekerja()
    hp.goto(rincian)
    expect(hp.get_by_text("enunggu tanda tangan").first).to_be_visible()

    meja = layar(HP)
    masuk_petugas(meja, perbekel, "/meja/")
    meja.get_by_role("link", name="I Wayan Contoh").click()
    meja.get_by_role("button", name="Tandatangani").click()
    expect(meja.get_by_text("sudah ditandatangani")).to_be_visible()
    hp.goto(rincian)
    expect(hp.get_by_text("iap diambil").first).to_be_visible()
    pc.reload()
    pc.locator("summary", has_text="Serahkan").click()
    pc.locator("#id_serahkan-nama").fill("I Wayan Contoh")
    pc.locator("details[open] button[type=submit]").click()
    _pekerja()

    permohonan = Permohonan.objects.get(nomor=nomor)
    assert permohonan.status == "SELESAI"
    with default_storage.open(Cetakan.objects.get().berkas) as pdf:
        teks = " ".join(PdfReader(io.BytesIO(pdf.read())).pages[0].extract_text().split())
    assert "Warung {{ nama }} <b>tebal</b>" in teks
    assert "Nomor 12/BD/XI/2026" in teks
    pesan = PesanSimulasi.objects.filter(notifikasi__penerima=None).order_by("pk")
    kata = ["kami terima", "sedang diproses", "menunggu tanda tangan", "Siap Diambil", "diambil"]
    assert len(pesan) == len(kata)
    assert all(k in p.teks for k, p in zip(kata, pesan, strict=True))


def test_double_tap_and_back_button_make_one_permohonan(layar, warga, foto):
    hp = layar()
    masuk(hp, warga)
    ajukan(hp, foto, ketukan=2)

    hp.go_back()

    expect(hp.get_by_role("button", name="Kirim")).to_have_count(0)
    assert Permohonan.objects.count() == 1


def test_first_login_opens_nothing_before_a_new_pin(layar, warga):
    from django.utils import timezone

    awal = pin.terbitkan(warga.penduduk, pada=timezone.now())
    hp = layar(java_script_enabled=False)
    masuk(hp, warga, awal)
    for alamat in ("/layanan/", "/layanan/surat/usaha/", "/"):
        hp.goto(alamat)
        assert hp.url.endswith("/pin/ganti/")

    hp.get_by_label("PIN baru", exact=True).fill("123456")
    hp.get_by_label("Ulangi PIN baru").fill("123456")
    hp.locator("main button[type=submit]").click()
    expect(hp.get_by_text("PIN berurutan mudah ditebak").first).to_be_visible()
    hp.get_by_label("PIN baru", exact=True).fill("602871")
    hp.get_by_label("Ulangi PIN baru").fill("602871")
    hp.locator("main button[type=submit]").click()

    assert hp.url.endswith("/layanan/")


def test_refused_upload_keeps_everything_that_was_typed(layar, warga, tmp_path):
    palsu = tmp_path / "ktp.jpg"
    palsu.write_bytes(b"<?php echo 1;")
    hp = layar(masuk=warga)
    hp.goto("/layanan/surat/usaha/")

    hp.get_by_label("Keterangan Tambahan").fill("Mohon cepat")
    hp.get_by_label("Nomor HP").fill("0363 21234")
    hp.set_input_files("input[name=berkas-ktp]", palsu)
    hp.get_by_role("button", name="Isi Form").click()

    expect(hp.get_by_text("bukan foto (JPG, PNG) atau PDF").first).to_be_visible()
    expect(hp.get_by_label("Keterangan Tambahan")).to_have_value("Mohon cepat")
    expect(hp.get_by_label("Nomor HP")).to_have_value("0363 21234")
    assert axe(hp) == []


def test_office_and_desk_pages_are_accessible(layar, warga, operator, perbekel):
    menunggu = factories.buat_permohonan(warga)
    factories.jalankan_sampai(menunggu, "MENUNGGU_TTD", operator=operator, perbekel=perbekel)
    baru = factories.buat_permohonan(warga, "usaha")
    berkas.bersihkan_yang_menunggu()
    pc, meja = layar(PC, masuk=operator), layar(HP, masuk=perbekel)
    temuan = {}

    for satu in ("/kelola/", f"/kelola/layanan/permohonan/{baru.pk}/change/"):
        pc.goto(satu)
        temuan[satu] = (axe(pc), tidak_melebar(pc))
    for satu in ("/meja/", f"/meja/{menunggu.nomor}/"):
        meja.goto(satu)
        temuan[satu] = (axe(meja), tidak_melebar(meja))

    assert {k: v for k, v in temuan.items() if v != ([], True)} == {}


def test_pages_of_the_register_are_accessible(layar, operator, admin_desa, warga):
    permintaan = factories.buat_permintaan_pin(penduduk=warga.penduduk)
    berkas.terima(
        factories.foto(), permintaan=permintaan, dokumen="ktp", label="KTP-el", pada=timezone.now()
    )
    berkas.bersihkan_yang_menunggu()
    ragu = contoh.orang(3, tanggallahir="31-02-1990")
    diperiksa = contoh.periksa(contoh.xlsx(contoh.orang(1), ragu))
    diterapkan = contoh.impor_jadi(contoh.orang(2))
    orang = warga.penduduk
    temuan = {}

    def lihat(halaman: Page, *alamat: str) -> None:
        for satu in alamat:
            jawaban = halaman.goto(f"/kelola/{satu}")
            assert jawaban.status == 200, satu
            temuan[satu] = (axe(halaman, KANTOR), tidak_melebar(halaman))

    lihat(
        layar(PC, masuk=operator),
        "layanan/permintaanpin/",
        f"layanan/permintaanpin/{permintaan.pk}/change/",
        f"layanan/slip-pin/?pk={orang.pk}",
        "penduduk/penduduk/?q=wayan",
        f"penduduk/penduduk/{orang.pk}/change/",
    )
    lihat(
        layar(PC, masuk=admin_desa),
        "penduduk/impor/",
        "penduduk/impor/add/",
        f"penduduk/impor/{diperiksa.pk}/change/",
        f"penduduk/impor/{diterapkan.pk}/change/",
        "penduduk/penduduk/add/",
        f"penduduk/penduduk/{orang.pk}/history/",
        f"penduduk/keluarga/{orang.keluarga_id}/change/",
        "penduduk/akun/",
        f"penduduk/akun/{warga.pk}/change/",
    )

    assert {k: v for k, v in temuan.items() if v != ([], True)} == {}


@pytest.mark.parametrize("javascript", [True, False], ids=["dengan JS", "tanpa JS"])
def test_clerk_shapes_a_letter_type_without_seeing_code(layar, admin_desa, javascript):
    jenis = factories.jenis("usaha")
    pc = layar(PC, masuk=admin_desa, java_script_enabled=javascript)
    pc.goto(f"/kelola/surat/jenissurat/{jenis.pk}/change/")

    pc.get_by_role("button", name="Tambah pertanyaan").click()
    pc.locator("#id_isian-10-label").fill("Luas tempat usaha")
    pc.locator("#id_isian-10-tipe").select_option(label="Angka bulat")
    pc.locator("#id_isian-10-urutan").fill("2")
    pc.get_by_role("button", name="Simpan", exact=True).last.click()
    expect(pc.get_by_text("sudah disimpan")).to_be_visible()
    pc.get_by_role("link", name="Tulis kata-kata").click()
    expect(pc.get_by_text("{{ luas_tempat_usaha }}", exact=True)).to_be_visible()
    kotak = pc.get_by_label("Isi", exact=True)
    kotak.fill("Usahanya {{ nama_usaha }}, luasnya {{ luas_tempat_usah }}.")
    pc.get_by_role("button", name="Simpan versi baru").last.click()
    expect(pc.get_by_text("Maksud Anda {{ luas_tempat_usaha }}?")).to_be_visible()
    kotak.fill("Usahanya {{ nama_usaha }}, luasnya {{ luas_tempat_usaha }} meter persegi.")
    pc.get_by_role("button", name="Simpan versi baru").last.click()
    expect(pc.get_by_text("Jawaban wajib “Jenis usaha” tetap ditanyakan")).to_be_visible()
    pc.get_by_role("button", name="Tetap simpan").click()
    expect(pc.get_by_text("Versi 2 sudah disimpan")).to_be_visible()
    pc.get_by_role("button", name="Bandingkan dua versi").click()
    expect(pc.get_by_role("heading", name="Versi 1 menjadi versi 2")).to_be_visible()

    assert list(jenis.pertanyaan.values_list("kunci", flat=True))[:2] == [
        "nama_usaha",
        "luas_tempat_usaha",
    ]
    assert jenis.templat.get(versi=2).isi.endswith("{{ luas_tempat_usaha }} meter persegi.")


def test_pages_of_letter_types_are_accessible(layar, admin_desa, tmp_path):
    jenis, lain = factories.jenis("usaha"), factories.jenis("pindah")
    lama = jenis.templat.get()
    Templat.objects.create(jenis=jenis, versi=2, isi=f"{lama.isi} Lagi.", dibuat_oleh=admin_desa)
    JenisSurat.objects.filter(pk=lain.pk).update(tujuan="Milik desa.", sidik_bawaan="0" * 64)
    isi = berkas_jenis.ekspor(berkas_jenis.lengkap().get(pk=lain.pk))
    berkas_ = tmp_path / "jenis.json"
    rusak = isi | {"kode": "rusak", "warna": 1}
    berkas_.write_text(json.dumps([isi | {"tujuan": "Lain."}, rusak, isi | {"kode": "baru"}]))
    pc = layar(PC, masuk=admin_desa)
    temuan = {}

    def periksa(nama: str) -> None:
        temuan[nama] = (axe(pc, KANTOR), tidak_melebar(pc))

    for satu in (
        *("", "add/", "impor/", f"{lain.pk}/bawaan/", f"{lain.pk}/change/"),
        *(f"{jenis.pk}/{x}" for x in ("change/", "kata-kata/", "versi/?a=1&b=2", "salin/")),
    ):
        assert pc.goto(f"/kelola/surat/jenissurat/{satu}").status == 200, satu
        periksa(satu)
    pc.goto(f"/kelola/surat/jenissurat/{jenis.pk}/change/")
    JenisSurat.objects.filter(pk=jenis.pk).update(revisi=5, tujuan="Milik rekan.")
    pc.get_by_role("button", name="Simpan", exact=True).last.click()
    periksa("keduluan")
    pc.locator("#id_isian-0-hapus").check()
    pc.get_by_role("button", name="Simpan", exact=True).last.click()
    periksa("masih dipakai")
    pc.goto(f"/kelola/surat/jenissurat/{jenis.pk}/kata-kata/")
    pc.get_by_label("Isi", exact=True).fill("{{ nma }}")
    pc.get_by_role("button", name="Simpan versi baru").last.click()
    periksa("salah tulis")
    pc.goto("/kelola/surat/jenissurat/impor/")
    pc.set_input_files("#id_berkas", berkas_)
    pc.get_by_role("button", name="Periksa berkas").click()
    pc.get_by_text("Lihat bedanya").click()
    periksa("laporan")

    assert {k: v for k, v in temuan.items() if v != ([], True)} == {}
