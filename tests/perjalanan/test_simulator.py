"""The WhatsApp simulator of `make run` beside the site, in this process or in one of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO

import pytest
import requests
from django.conf import settings as pengaturan
from PIL import Image
from playwright.sync_api import Browser, expect

from layanan.kata_pesan import katalog
from layanan.kotak_keluar import pengiriman
from layanan.models import Notifikasi, PesanMasuk, PesanSimulasi
from tests import factories
from tests.layanan.conftest import CONTENT_SIDS
from tests.perjalanan.conftest import HP
from tests.perjalanan.pekerja import tunggu
from tests.perjalanan.periksa import axe
from tests.perjalanan.simulator_jalan import (
    DESA,
    NOMOR,
    TWILIO,
    Simulator,
    SimulatorSendiri,
    di_sini,
    jalan,
    lingkungan_simulator,
)
from tests.proses import port_bebas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat, pytest.mark.sekali]


@pytest.fixture
def simulator(live_server, settings, tmp_path) -> Iterator[Simulator]:
    """Its site is live_server."""
    with di_sini(settings, tmp_path, live_server.url) as satu:
        yield satu


@pytest.fixture
def sendiri(live_server, settings, tmp_path) -> Iterator[SimulatorSendiri]:
    """The same as a process of its own."""
    with jalan(tmp_path, live_server.url) as satu:
        settings.TWILIO = {**TWILIO, "base_url": satu.alamat}
        yield satu


def _foto() -> bytes:
    keluar = BytesIO()
    Image.effect_noise((1400, 1100), 90).save(keluar, "PNG")  # over 1 MB: not kept by size alone
    return keluar.getvalue()


# --- From the resident to the village --------------------------------------------------------


def test_text_reaches_the_site_signed(sendiri):
    hp = sendiri.buka()

    halaman = sendiri.kirim(hp, {"teks": "Halo <b>desa</b>"})

    masuk = PesanMasuk.objects.get()
    assert (masuk.percakapan.nomor_hp, masuk.teks) == (NOMOR, "Halo <b>desa</b>")
    assert masuk.percakapan.nama_wa == "Ni Luh <Uji>"
    assert "Halo &lt;b&gt;desa&lt;/b&gt;" in halaman and "diterima situs desa" in halaman
    assert "Ni Luh &lt;Uji&gt;" in halaman


def test_photo_can_be_fetched_by_the_site_and_is_shown_on_the_phone(simulator):
    hp, foto = simulator.buka(), _foto()

    halaman = simulator.kirim(hp, {"teks": "KTP saya"}, foto=foto)

    (medium,) = PesanMasuk.objects.get().media
    assert medium["jenis"] == "image/png"
    sandi = (TWILIO["account_sid"], TWILIO["auth_token"])
    assert requests.get(medium["url"], auth=sandi, timeout=5).content == foto
    requests.delete(medium["url"], auth=sandi, timeout=5).raise_for_status()
    (gambar,) = re.findall(r'<img src="([^"]+)"', halaman)
    jawaban = requests.get(simulator.alamat + gambar, timeout=5)
    assert (jawaban.content, jawaban.headers["Content-Type"]) == (foto, "image/png")


@pytest.mark.parametrize(
    ("aksi", "teks", "jenis"),
    [
        ("ktp", "", "KERTAS"),
        ("kk", "", "KERTAS"),
        ("suara", "", "SUARA"),
        ("stiker", "", "STIKER"),
        ("kontak", "", "KONTAK"),
        ("lokasi", "-8.4982, 115.5985", "LOKASI"),
        ("reaksi", "👍", "REAKSI"),
        ("tombol", "STATUS", "TEKS"),
        ("ubah", "Maaf, maksud saya besok.", "UBAHAN"),
        ("asing", "", "ASING"),
        ("status", "STATUS", "TEKS"),
        ("kirim", "KIRIM", "TEKS"),
        ("buka", "BUKA", "TEKS"),
        ("bukan_saya", "BUKAN SAYA", "TEKS"),
        ("henti", "BERHENTI", "TEKS"),
        ("mulai", "MULAI", "TEKS"),
    ],
)
def test_quick_buttons_send_what_they_say(aksi, teks, jenis, simulator):
    simulator.kirim(simulator.buka(), {"aksi": aksi})

    masuk = PesanMasuk.objects.get()
    assert (masuk.teks, masuk.jenis) == (teks, jenis)


def test_phone_of_somebody_who_hides_the_number_is_a_chat_without_one(simulator):
    hp = simulator.buka("ID.13491208655302741918")

    simulator.kirim(hp, {"teks": "Halo"})

    orang = PesanMasuk.objects.get().percakapan
    assert (orang.alamat, orang.nomor_hp) == ("ID.13491208655302741918", "")


def test_site_that_is_down_is_named_at_the_bubble(settings, tmp_path, transactional_db):
    with di_sini(settings, tmp_path, f"http://127.0.0.1:{port_bebas()}") as simulator:
        halaman = simulator.kirim(simulator.buka(), {"teks": "Halo"})

    assert "situs desa tidak menjawab" in halaman


# --- From the village to the resident --------------------------------------------------------


def test_message_of_the_village_appears_and_its_status_comes_back(sendiri, warga):
    factories.buat_permohonan(warga)
    pengiriman.kirim_yang_menunggu()

    baris = Notifikasi.objects.get()
    tunggu(lambda: Notifikasi.objects.filter(keadaan=Notifikasi.Keadaan.DIBACA).exists())
    kata = katalog.isi(baris.pesan, baris.variabel)
    cermin = PesanSimulasi.objects.get()
    assert (cermin.notifikasi, cermin.teks, cermin.nomor_hp) == (baris, kata, warga.nomor_hp)
    obrolan = sendiri.lihat(sendiri.buka(warga.nomor_hp))
    assert kata.partition(".")[0] in obrolan and "dibaca" in obrolan


def test_code_is_seen_on_the_phone_and_nowhere_else(sendiri, warga):
    factories.buat_permohonan(warga)
    baris = Notifikasi.objects.get()
    isi = {
        "To": f"whatsapp:{NOMOR}",
        "From": TWILIO["from"],
        "ContentSid": CONTENT_SIDS["pin"],
        "ContentVariables": '{"1": "482913"}',
        "StatusCallback": f"{pengaturan.PUBLIC_BASE_URL}/webhook/twilio/status/?n={baris.pk}",
    }

    api = f"{sendiri.alamat}/2010-04-01/Accounts/{TWILIO['account_sid']}/Messages.json"
    sandi = (TWILIO["account_sid"], TWILIO["auth_token"])
    assert requests.post(api, isi, auth=sandi, timeout=5).json()["body"] == ""

    assert PesanSimulasi.objects.get().teks == katalog.isi("pin", ["••••••"])
    assert "482913" in sendiri.lihat(sendiri.buka())
    assert requests.get(api, auth=sandi, timeout=5).json()["messages"][0]["body"] == ""
    assert "482913" not in sendiri.proses.catatan()


def test_free_words_too_late_do_not_reach_the_phone(simulator):
    isi = {"To": f"whatsapp:{NOMOR}", "From": TWILIO["from"], "Body": "Terlambat."}
    api = f"{simulator.alamat}/2010-04-01/Accounts/{TWILIO['account_sid']}/Messages.json"
    sandi = (TWILIO["account_sid"], TWILIO["auth_token"])
    hp = simulator.buka()

    assert requests.post(api, isi, auth=sandi, timeout=5).status_code == 201

    tunggu(lambda: "galat 63016" in simulator.lihat(hp))
    assert "Terlambat." not in simulator.lihat(hp)


# --- Who may use it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kepala",
    [
        {},
        {"Origin": "https://lain.example"},
        {"Origin": "null"},
        {"Host": "lain.example", "Origin": "http://lain.example"},
    ],
)
def test_other_sites_cannot_send_from_a_phone(kepala, simulator):
    hp = simulator.buka()

    ditolak = [
        requests.post(url, {"teks": "Halo", "nomor": NOMOR}, headers=kepala, timeout=5).status_code
        for url in (hp, simulator.alamat + "/", f"{simulator.alamat}/wa.me/{DESA}")
    ]

    assert ditolak == [403, 403, 403]
    assert PesanMasuk.objects.count() == 0


def test_pages_answer_under_their_own_name_only(simulator):
    hp = simulator.buka()

    tautan = f"{simulator.alamat}/wa.me/{DESA}?text=Halo"
    asing = requests.get(hp, headers={"Host": "lain.example"}, timeout=5)
    assert requests.get(tautan, headers={"Host": "lain.example"}, timeout=5).status_code == 403
    salah = [requests.get(simulator.alamat + u, timeout=5).status_code for u in ("/hp/x/", "/x")]

    assert (asing.status_code, salah) == (403, [404, 404])
    assert NOMOR not in hp and NOMOR[1:] not in hp
    for halaman in (hp, tautan):
        aman = requests.get(halaman, timeout=5).headers
        assert aman["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert aman["Cache-Control"] == "no-store"


def test_number_that_is_none_is_explained(simulator):
    kepala = {"Origin": simulator.alamat}

    jawaban = requests.post(simulator.alamat, {"nomor": "12"}, headers=kepala, timeout=5)

    assert jawaban.status_code == 400
    assert "Nomor HP ini kurang atau lebih angkanya" in jawaban.text


def test_simulator_ends_cleanly(sendiri):
    sendiri.proses.popen.send_signal(signal.SIGTERM)

    assert sendiri.proses.popen.wait(10) == 0
    assert sendiri.proses.catatan() == ""


@pytest.mark.parametrize(
    ("alamat", "sebab"),
    [
        ({}, "TWILIO_BASE_URL harus https://"),
        (
            {
                "TWILIO_BASE_URL": "https://x.id",
                "SIMULATOR_WA_URL": "",
                "WA_ME_URL": "https://wa.me",
            },
            "simulator WhatsApp tidak dijalankan di produksi.",
        ),
    ],
)
def test_simulator_refuses_production(alamat, sebab, tmp_path):
    env = lingkungan_simulator(tmp_path, port_bebas()) | {
        "DJANGO_SETTINGS_MODULE": "bugbug.settings",
        "SEWA_DETIK": "60",
        "BUGBUG_MODE": "produksi",
        "SECRET_KEY": "abcdefghij" * 6,
        "PIN_PEPPER": "klmnopqrst" * 4,
        "ALLOWED_HOSTS": "desa.example",
        "PUBLIC_BASE_URL": "https://desa.example",
        **alamat,
    }

    hasil = subprocess.run(
        [sys.executable, "-m", "simulator"],
        env=env,
        cwd=pengaturan.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (hasil.returncode, hasil.stdout) == (1, "")
    assert hasil.stderr.startswith(f"GAGAL: {sebab}") and hasil.stderr.count("\n") == 1


def test_settings_for_make_run_name_every_template():
    hasil = subprocess.run(
        [sys.executable, "-m", "simulator.atur"],
        env=dict(os.environ),
        cwd=pengaturan.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )

    isi = dict(baris.split("=", 1) for baris in hasil.stdout.splitlines())
    assert set(isi) == {
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_FROM",
        "TWILIO_CONTENT_SIDS",
    }
    assert json.loads(isi["TWILIO_CONTENT_SIDS"]) == TWILIO["content_sids"]


# --- In a browser ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("warna", ["light", "dark"])
def test_phone_in_a_browser(warna, simulator, chromium: Browser, warga):
    konteks = chromium.new_context(**HP, color_scheme=warna)
    halaman = konteks.new_page()
    galat: list[str] = []
    halaman.on("console", lambda m: galat.append(m.text) if m.type == "error" else None)
    halaman.on("pageerror", lambda e: galat.append(str(e)))
    try:
        halaman.goto(simulator.alamat)
        temuan = [axe(halaman)]
        halaman.get_by_label("Nomor HP").fill(warga.nomor_hp)
        halaman.get_by_role("button", name="Buka HP").click()
        halaman.get_by_role("button", name="Kirim contoh foto KTP-el").click()
        halaman.get_by_label("Pesan", exact=True).fill("belum selesai dike")
        factories.buat_permohonan(warga)
        pengiriman.kirim_yang_menunggu()

        expect(halaman.get_by_role("log")).to_contain_text("sudah kami terima", timeout=10_000)
        expect(halaman.get_by_label("Pesan", exact=True)).to_have_value("belum selesai dike")
        expect(halaman.get_by_alt_text("Foto yang Anda kirim")).to_be_visible()
        temuan.append(axe(halaman))
        lebar = halaman.evaluate("document.documentElement.scrollWidth")
        tinggi = halaman.locator(".cepat button").evaluate_all("b => b.map(x => x.scrollHeight)")
        meluap = halaman.locator(".cepat button").evaluate_all(
            "b => b.filter(x => x.scrollWidth > x.clientWidth).map(x => x.textContent)"
        )
        assert (len(tinggi), max(tinggi) <= 44, meluap) == (16, True, [])
        halaman.get_by_role("button", name="Kirim", exact=True).click()
        expect(halaman.get_by_role("log")).to_contain_text("belum selesai dike")
    finally:
        konteks.close()
    assert (temuan, lebar, galat) == ([[], []], 360, [])
