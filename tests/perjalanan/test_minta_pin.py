"""A first PIN by WhatsApp, the whole way: a phone that writes, a real worker, an operator and a
resident in real browsers, and a thief who is stopped. Every message over real HTTP."""

import json
import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from layanan.models import Berkas, Notifikasi, PermintaanPIN, PesanMasuk
from penduduk.models import Akun, KejadianAkun
from simulator.twilio_palsu import TwilioPalsu, antar_http
from tests import factories
from tests.layanan.conftest import CONTENT_SIDS, setujui_templat
from tests.perjalanan.conftest import HP, PC
from tests.perjalanan.pekerja import Pekerja, lingkungan, tunggu

pytestmark = [
    pytest.mark.browser,
    pytest.mark.lambat,
    pytest.mark.django_db(transaction=True),
]
NOMOR = "+6281234567801"
PUBLIK = "http://127.0.0.1:8000"  # what the worker puts into callbacks (bugbug/settings.py)


@pytest.fixture
def twilio(live_server, layar, settings):
    """The provider; what it calls back goes to the live server behind the public address."""
    pengantar = partial(antar_http, lewat=live_server.url)
    with TwilioPalsu(pengantar=pengantar, url_masuk=f"{PUBLIK}/webhook/twilio/masuk/") as palsu:
        setujui_templat(palsu)
        settings.PUBLIC_BASE_URL = PUBLIK
        settings.TWILIO = settings.TWILIO | {
            "account_sid": palsu.account_sid,
            "auth_token": palsu.auth_token,
            "from": palsu.pengirim,
            "base_url": palsu.base_url,
        }
        yield palsu


@pytest.fixture
def pekerja(twilio, tmp_path: Path):
    var = tmp_path / "var"
    var.mkdir()
    env = lingkungan(
        var,
        TWILIO_ACCOUNT_SID=twilio.account_sid,
        TWILIO_AUTH_TOKEN=twilio.auth_token,
        TWILIO_FROM=twilio.pengirim,
        TWILIO_BASE_URL=twilio.base_url,
        TWILIO_CONTENT_SIDS=json.dumps(CONTENT_SIDS),
    )
    with Pekerja(env):
        yield


def _di_hp(twilio: TwilioPalsu) -> list[str]:
    """What the resident's phone shows, oldest first."""
    return [m.body for m in twilio.messages if m.ke == f"whatsapp:{NOMOR}"]


def _terbaca(twilio: TwilioPalsu, kalimat: str) -> None:
    tunggu(lambda: any(kalimat in teks for teks in _di_hp(twilio)))


def test_first_pin_by_whatsapp_and_a_thief_who_is_stopped(twilio, pekerja, layar, operator):
    orang = factories.buat_penduduk(nama="I Wayan Gede Suparta")
    factories.jenis()

    # The resident writes and sends two photos.
    tulis = partial(twilio.masuk, dari=NOMOR, nama="Gde Suparta")
    tulis(teks="Om Swastyastu, mau minta PIN")
    _terbaca(twilio, "Mulai dengan foto KTP-el")
    tulis(media=[("image/jpeg", factories.foto(warna="navy").read())])
    _terbaca(twilio, "Sekarang kirim foto Kartu Keluarga")
    tulis(media=[("image/jpeg", factories.foto(warna="maroon").read())])
    _terbaca(twilio, "kedua foto sudah kami terima")
    assert PesanMasuk.objects.exclude(media=[]).count() == 0, "deleted at the provider"

    # The operator compares and issues.
    kantor = layar(PC)
    kantor.goto("/kelola/")
    kantor.locator("#id_username").fill(operator.username)
    kantor.locator("#id_password").fill("sandi-uji-panjang")
    kantor.locator("input[type=submit]").click()
    kantor.get_by_role("link", name="Permintaan PIN 1 menunggu").click()
    kantor.get_by_role("link", name="Gde Suparta").click()
    expect(kantor.get_by_role("img", name="KTP-el")).to_be_visible()
    expect(kantor.get_by_role("heading", name="I Wayan Gede Suparta")).to_be_visible()
    kantor.get_by_label("sudah saya cocokkan").check()
    kantor.get_by_role("button", name="Terbitkan PIN").click()
    expect(kantor.get_by_text("sedang dikirim lewat WhatsApp")).to_be_visible()

    # The code arrives, opens the account once, and has to be replaced.
    _terbaca(twilio, "kode verifikasi")
    _terbaca(twilio, "Balas BUKAN SAYA")
    kode = next(teks for teks in _di_hp(twilio) if "kode verifikasi" in teks)[:6]
    hp = layar(HP)
    hp.goto("/")
    hp.get_by_label("NIK").fill(orang.nik)
    hp.get_by_label("PIN", exact=True).fill(kode)
    hp.get_by_role("button", name="Masuk").click()
    expect(hp.get_by_role("heading", name="Buat PIN Anda sendiri")).to_be_visible()
    hp.get_by_label("PIN baru", exact=True).fill(factories.PIN)
    hp.get_by_label("Ulangi PIN baru").fill(factories.PIN)
    hp.get_by_role("button", name="Simpan PIN baru").click()
    expect(hp.get_by_role("heading", name="Permohonan Surat")).to_be_visible()
    _terbaca(twilio, "baru saja diganti")

    # Somebody else did that? One answer locks the account at once.
    tulis(teks="Bukan saya")
    _terbaca(twilio, "sudah kami kunci")
    hp.goto("/layanan/")
    expect(hp).to_have_url(re.compile("/masuk/"))
    assert Akun.objects.get(penduduk=orang).sebab_beku == Akun.SebabBeku.BUKAN_SAYA
    tunggu(lambda: Notifikasi.objects.filter(pesan="petugas_beku", keadaan="DIKIRIM").exists())

    # What is left: a decision, two photos for a week, and no code anywhere.
    permintaan = PermintaanPIN.objects.get()
    assert (permintaan.penduduk, permintaan.diputus_oleh) == (orang, operator)
    assert Berkas.objects.filter(permintaan=permintaan, keadaan="SIAP").count() == 2
    assert not [n for n in Notifikasi.objects.all() if kode in json.dumps(n.variabel)]
    assert [k.jenis for k in KejadianAkun.objects.order_by("pk")] == [
        "PIN_TERBIT",
        "PIN_GANTI",
        "DIBEKUKAN",
    ]
