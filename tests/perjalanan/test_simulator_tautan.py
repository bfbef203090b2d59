"""The simulator's side of wa.me links and of templates that the village makes itself."""

from collections.abc import Iterator

import pytest
import requests
from django.conf import settings as pengaturan
from playwright.sync_api import Browser, expect

from layanan.models import Notifikasi, PesanMasuk, PesanSimulasi
from tests import factories
from tests.perjalanan.conftest import HP
from tests.perjalanan.pekerja import tunggu
from tests.perjalanan.periksa import axe
from tests.perjalanan.simulator_jalan import DESA, NOMOR, TWILIO, Simulator, di_sini, jalan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat, pytest.mark.sekali]


@pytest.fixture
def simulator(live_server, settings, tmp_path) -> Iterator[Simulator]:
    """Its site is live_server."""
    with di_sini(settings, tmp_path, live_server.url) as satu:
        yield satu


# --- Following a link of the site ----------------------------------------------------------------


def test_wa_me_link_asks_which_phone_and_sends_its_words(simulator):
    hp = simulator.buka()
    tautan = f"{simulator.alamat}/wa.me/{DESA}"

    halaman = requests.get(tautan, {"text": "Halo <desa>, kode 7K2M"}, timeout=5)
    assert halaman.status_code == 200 and "Halo &lt;desa&gt;, kode 7K2M" in halaman.text
    assert "Dari HP mana" in halaman.text and hp.split("/")[-2] in halaman.text
    assert PesanMasuk.objects.count() == 0, "following a link sends nothing yet"

    kepala = {"Origin": simulator.alamat}
    isi = {"hp": hp.split("/")[-2], "teks": "Halo <desa>, kode 7K2M"}
    sesudah = requests.post(tautan, isi, headers=kepala, timeout=5)

    assert (sesudah.status_code, sesudah.url) == (200, hp)
    masuk = PesanMasuk.objects.get()
    assert (masuk.percakapan.nomor_hp, masuk.teks) == (NOMOR, "Halo <desa>, kode 7K2M")


def test_wa_me_link_may_be_followed_on_a_new_phone_and_without_words(simulator):
    tautan, kepala = f"{simulator.alamat}/wa.me/{DESA}", {"Origin": simulator.alamat}
    assert "HP mana yang membuka" in requests.get(tautan, timeout=5).text

    kosong = requests.post(tautan, {"nomor": NOMOR, "teks": ""}, headers=kepala, timeout=5)
    assert kosong.status_code == 200 and "/hp/" in kosong.url
    assert PesanMasuk.objects.count() == 0
    isi = {"nomor": "0812 9999 0001", "teks": "Halo"}
    assert requests.post(tautan, isi, headers=kepala, timeout=5).url == kosong.url
    assert PesanMasuk.objects.get().percakapan.nomor_hp == NOMOR


def test_wa_me_link_that_is_wrong_is_explained(simulator):
    tautan, kepala = f"{simulator.alamat}/wa.me/{DESA}", {"Origin": simulator.alamat}

    lain = requests.get(f"{simulator.alamat}/wa.me/6281200000009", timeout=5)
    pendek = requests.post(tautan, {"nomor": "12", "teks": "Halo"}, headers=kepala, timeout=5)
    lama = requests.post(tautan, {"hp": "hilang", "teks": "Halo"}, headers=kepala, timeout=5)

    assert (lain.status_code, pendek.status_code, lama.status_code) == (404, 400, 400)
    assert "bukan nomor desa" in lain.text
    assert (
        "Nomor HP ini kurang atau lebih angkanya" in pendek.text and 'value="Halo"' in pendek.text
    )
    assert "Pilih lagi" in lama.text
    assert PesanMasuk.objects.count() == 0


# --- Templates -------------------------------------------------------------------------------


def _buat_templat(simulator: Simulator) -> str:
    """Make a template and hand it in; its SID."""
    isi = {
        "friendly_name": "diterima",
        "language": "id",
        "variables": {"1": "P-1"},
        "types": {"twilio/text": {"body": "Permohonan {{1}} sudah kami terima."}},
    }
    sandi = (TWILIO["account_sid"], TWILIO["auth_token"])
    alamat = f"{simulator.alamat}/v1/Content"
    sid = requests.post(alamat, json=isi, auth=sandi, timeout=5).json()["sid"]
    ajuan = {"name": f"diterima_{sid[-6:].lower()}", "category": "UTILITY"}
    jawaban = requests.post(
        f"{alamat}/{sid}/ApprovalRequests/whatsapp", json=ajuan, auth=sandi, timeout=5
    )
    assert jawaban.json()["status"] == "received"
    return sid


def _kirim_templat(simulator: Simulator, sid: str, callback: str = "") -> requests.Response:
    isi = {
        "To": f"whatsapp:{NOMOR}",
        "From": TWILIO["from"],
        "ContentSid": sid,
        "ContentVariables": '{"1": "P-7"}',
        **({"StatusCallback": callback} if callback else {}),
    }
    api = f"{simulator.alamat}/2010-04-01/Accounts/{TWILIO['account_sid']}/Messages.json"
    sandi = (TWILIO["account_sid"], TWILIO["auth_token"])
    return requests.post(api, isi, auth=sandi, timeout=5)


def test_template_is_approved_after_a_few_seconds_and_then_arrives(simulator, warga):
    factories.buat_permohonan(warga)
    nomor = Notifikasi.objects.get().pk
    hp, sid = simulator.buka(), _buat_templat(simulator)
    sandi = (TWILIO["account_sid"], TWILIO["auth_token"])
    setuju = f"{simulator.alamat}/v1/Content/{sid}/ApprovalRequests"

    def status() -> str:
        return requests.get(setuju, auth=sandi, timeout=5).json()["whatsapp"]["status"]

    assert status() == "received"
    assert _kirim_templat(simulator, sid).status_code == 201
    tunggu(lambda: "galat 63016" in simulator.lihat(hp), detik=10)
    tunggu(lambda: status() == "approved", detik=10)

    callback = f"{pengaturan.PUBLIC_BASE_URL}/webhook/twilio/status/?n={nomor}"
    assert _kirim_templat(simulator, sid, callback).status_code == 201
    tunggu(lambda: "Permohonan P-7 sudah kami terima." in simulator.lihat(hp), detik=10)
    assert PesanSimulasi.objects.get().teks == "Permohonan P-7 sudah kami terima."


def test_template_outlives_a_restart(live_server, tmp_path):
    with jalan(tmp_path, live_server.url) as satu:
        sid = _buat_templat(satu)
    (tmp_path / "simulator-templat.json").chmod(0o600)

    with jalan(tmp_path, live_server.url) as lagi:
        hp = lagi.buka()
        assert _kirim_templat(lagi, sid).status_code == 201
        tunggu(lambda: "Permohonan P-7 sudah kami terima." in lagi.lihat(hp), detik=10)
    (tmp_path / "simulator-templat.json").write_text("[{")
    with jalan(tmp_path, live_server.url) as rusak:
        assert _kirim_templat(rusak, sid).json()["code"] == 21655


# --- In a browser ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("warna", ["light", "dark"])
def test_wa_me_link_in_a_browser(warna, simulator, chromium: Browser):
    simulator.buka("+6281299990002")
    konteks = chromium.new_context(**HP, color_scheme=warna)
    halaman = konteks.new_page()
    galat: list[str] = []
    halaman.on("console", lambda m: galat.append(m.text) if m.type == "error" else None)
    halaman.on("pageerror", lambda e: galat.append(str(e)))
    try:
        halaman.goto(f"{simulator.alamat}/wa.me/{DESA}?text=Halo%20desa%2C%20kode%207K2M")
        temuan = [axe(halaman)]
        lebar = halaman.evaluate("document.documentElement.scrollWidth")
        expect(halaman.get_by_text("Halo desa, kode 7K2M")).to_be_visible()
        halaman.get_by_label("Nomor HP lain").fill("0812 9999 0001")
        halaman.keyboard.press("Enter")  # must not send from the phone that stands first
        expect(halaman.get_by_role("heading", name="0812-9999-0001")).to_be_visible()
        expect(halaman.get_by_role("log")).to_contain_text("Halo desa, kode 7K2M")
        temuan.append(axe(halaman))
        halaman.go_back()
        halaman.get_by_role("button", name="0812-9999-0002").click()
        expect(halaman.get_by_role("heading", name="0812-9999-0002")).to_be_visible()
    finally:
        konteks.close()
    assert (temuan, lebar, galat) == ([[], []], 360, [])
    pengirim = PesanMasuk.objects.order_by("pk").values_list("percakapan__nomor_hp", flat=True)
    assert list(pengirim) == [NOMOR, "+6281299990002"]
