"""Status callbacks of Twilio: signed, in any order, more than once, sometimes too early."""

from functools import partial
from itertools import permutations
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from twilio.request_validator import RequestValidator

from layanan import transports
from layanan.kotak_keluar import pengiriman, tanda_terima
from layanan.models import KeadaanSaluran, NomorWA, Notifikasi
from simulator import twilio_palsu as tp
from tests.layanan.transports.test_transports import KODE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tanpa_data_pribadi")]
K = Notifikasi.Keadaan
ALAMAT = "/webhook/twilio/status/"


@pytest.fixture
def baris(twilio, tulis) -> Notifikasi:
    """A message that Twilio has accepted."""
    satu = tulis()
    pengiriman.kirim_yang_menunggu()
    satu.refresh_from_db()
    return satu


@pytest.fixture
def terkirim(baris, twilio) -> tp.PesanTwilio:
    return twilio.messages[0]


def seluruhnya() -> list[dict]:
    return list(Notifikasi.objects.order_by("pk").values())


# --- Order -----------------------------------------------------------------------------------


@pytest.mark.parametrize("urutan", list(permutations(["sent", "delivered", "read"])))
def test_callbacks_in_any_order_end_at_the_highest(urutan, twilio, baris, terkirim):
    assert twilio.kabari(terkirim, *urutan) == [204] * 3

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.DIBACA, terkirim.sid)


@pytest.mark.parametrize(
    ("urutan", "keadaan"),
    [
        (["queued"], K.DIKIRIM),
        (["queued", "sending"], K.DIKIRIM),
        (["sent"], K.TERKIRIM),
        (["sent", "sent", "queued"], K.TERKIRIM),
        (["delivered", "sent", "delivered"], K.SAMPAI),
        (["read", "read", "delivered"], K.DIBACA),
        (["undelivered"], K.GAGAL),
        (["failed", "failed", "sent"], K.GAGAL),
        (["canceled"], K.GAGAL),
        (["failed", "delivered"], K.SAMPAI),
        (["delivered", "failed"], K.SAMPAI),
        (["read", "undelivered"], K.DIBACA),
        (["status-baru"], K.DIKIRIM),
    ],
)
def test_repeated_late_and_contradicting_callbacks(urutan, keadaan, twilio, baris, terkirim):
    assert twilio.kabari(terkirim, *urutan) == [204] * len(urutan)

    baris.refresh_from_db()
    assert baris.keadaan == keadaan


def test_failure_is_explained_and_forgotten_once_it_arrived_after_all(twilio, baris, terkirim):
    twilio.kabari(terkirim, "failed", kode_galat=63024)
    baris.refresh_from_db()
    assert (baris.keadaan, baris.kode_galat) == (K.GAGAL, "63024")
    assert baris.galat == "Nomor ini tidak memakai WhatsApp. Telepon warga."

    twilio.kabari(terkirim, "delivered")

    baris.refresh_from_db()
    assert (baris.keadaan, baris.kode_galat, baris.galat) == (K.SAMPAI, "", "")


def test_every_known_code_is_explained_to_the_operator(twilio, tulis):
    for kode, kelas in KODE.items():
        KeadaanSaluran.objects.all().delete()
        NomorWA.objects.all().delete()  # some codes speak of the number
        satu = tulis()
        pengiriman.kirim_yang_menunggu()
        twilio.kabari(twilio.messages[-1], "undelivered", kode_galat=kode)

        satu.refresh_from_db()
        jadi = {"sementara": K.SEMENTARA, "saluran": K.MENUNGGU}.get(kelas, K.GAGAL)
        assert (satu.keadaan, satu.kode_galat) == (jadi, str(kode))
        assert satu.galat == transports.arti(str(kode)) != transports.arti("99999")
        assert KeadaanSaluran.objects.filter(keadaan="BERHENTI").exists() is (kelas == "saluran")
        satu.delete()


def test_unknown_code_is_tried_again_twice_and_then_left_to_a_human(twilio, tulis):
    baris = tulis()
    for jadi in (K.SEMENTARA, K.SEMENTARA, K.GAGAL):
        Notifikasi.objects.update(ambil_lagi_pada=timezone.now())
        pengiriman.kirim_yang_menunggu()
        twilio.kabari(twilio.messages[-1], "failed", kode_galat=63999)
        baris.refresh_from_db()
        assert baris.keadaan == jadi
    assert "Telepon warga" in baris.galat


def test_failure_without_a_code_still_gets_a_sentence(twilio, baris, terkirim):
    twilio.kabari(terkirim, "failed")

    baris.refresh_from_db()
    assert (baris.keadaan, baris.kode_galat) == (K.GAGAL, "")
    assert "Telepon warga" in baris.galat


# --- Too early -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kabar", "kode", "keadaan"),
    [
        (["sent", "delivered"], None, K.SAMPAI),
        (["queued"], None, K.DIKIRIM),
        (["failed"], 63024, K.GAGAL),
    ],
)
def test_callback_may_come_before_our_own_call_returned(
    kabar, kode, keadaan, twilio, tulis, monkeypatch
):
    asli = transports.TwilioWhatsApp.kirim

    def kirim(self, kiriman):
        sid = asli(self, kiriman)
        assert set(twilio.kabari(twilio.messages[0], *kabar, kode_galat=kode)) == {204}
        return sid

    monkeypatch.setattr(transports.TwilioWhatsApp, "kirim", kirim)
    baris = tulis()
    pengiriman.kirim_yang_menunggu()

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (keadaan, twilio.messages[0].sid)
    assert baris.dikirim_pada is not None
    assert baris.kode_galat == str(kode or "")


@pytest.mark.usefixtures("cepat_menyerah")
def test_callback_settles_a_message_whose_answer_never_came(twilio, tulis):
    twilio.rencanakan(tp.DIAM_SESUDAH)
    baris = tulis()
    pengiriman.kirim_yang_menunggu()
    twilio.kabari(twilio.messages[0], "sent")

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.TERKIRIM, twilio.messages[0].sid)
    Notifikasi.objects.update(ambil_lagi_pada=baris.dibuat_pada)
    assert pengiriman.kirim_yang_menunggu() == 0
    assert (len(twilio.messages), twilio.cacah("GET")) == (1, 0)


def test_message_without_whatsapp_stays_so(twilio, tulis):
    baris = tulis(keadaan=K.TANPA_WA)

    assert tanda_terima.terima(pk=baris.pk, sid="SM1", status="delivered", pada=timezone.now())

    baris.refresh_from_db()
    assert (baris.keadaan, baris.sid) == (K.TANPA_WA, "")


# --- Forged, foreign, incomplete -------------------------------------------------------------


def _palsu(twilio, url: str, isi: dict) -> list[str]:
    benar = RequestValidator(twilio.auth_token).compute_signature
    return [
        "",
        "salah",
        "tända",
        benar(url, isi)[:-2] + ("E=" if benar(url, isi).endswith("A=") else "A="),
        benar(url, isi | {"MessageStatus": "read"}),
        benar(url + "1", isi),
        benar(url.replace("127.0.0.1:8000", "testserver"), isi),
        RequestValidator("token-lain").compute_signature(url, isi),
        RequestValidator("").compute_signature(url, isi),
    ]


def test_wrong_signature_is_refused_and_changes_nothing(twilio, terkirim):
    sebelum = seluruhnya()
    isi = twilio.kabar(terkirim, "delivered")
    url = terkirim.isian["StatusCallback"]

    for tanda_tangan in _palsu(twilio, url, isi):
        assert twilio.antar(url, isi, tanda_tangan=tanda_tangan) == 403, tanda_tangan

    assert seluruhnya() == sebelum
    assert twilio.antar(url, isi) == 204


def test_callback_without_any_signature_is_refused(client, twilio, terkirim):
    isi = urlencode(twilio.kabar(terkirim, "delivered"))
    jenis = "application/x-www-form-urlencoded"

    assert client.post(f"{ALAMAT}?n=1", isi, content_type=jenis).status_code == 403
    assert client.post(ALAMAT).status_code == 403


def test_nothing_is_genuine_when_twilio_is_not_configured(settings, twilio, terkirim):
    sebelum = seluruhnya()
    settings.TWILIO["auth_token"] = twilio.auth_token = ""

    assert twilio.kabari(terkirim, "delivered") == [403]
    assert seluruhnya() == sebelum


def test_only_post_is_allowed(client):
    for metode in (client.get, client.put, client.delete):
        assert metode(ALAMAT).status_code == 405


@pytest.mark.parametrize(
    "n", ["", "n=", "n=999999", "n=-1", "n=1.0", "n=²", "n=" + "9" * 30, "m=1"]
)
def test_callback_for_no_message_of_ours_changes_nothing(n, twilio, terkirim):
    sebelum = seluruhnya()
    url = f"http://127.0.0.1:8000{ALAMAT}?{n.replace('²', '%C2%B2')}".rstrip("?")

    assert twilio.antar(url, twilio.kabar(terkirim, "delivered")) == 204

    assert seluruhnya() == sebelum


@pytest.mark.parametrize(
    "ubah", [{"MessageSid": "SM" + "f" * 32}, {"MessageSid": ""}, {"MessageStatus": ""}]
)
def test_callback_with_a_foreign_id_or_without_one_changes_nothing(ubah, twilio, terkirim):
    sebelum = seluruhnya()
    isi = twilio.kabar(terkirim, "delivered") | ubah

    assert twilio.antar(terkirim.isian["StatusCallback"], isi) == 204

    assert seluruhnya() == sebelum


@pytest.mark.usefixtures("cepat_menyerah")
def test_callback_without_an_id_does_not_settle_an_open_message(twilio, tulis):
    twilio.rencanakan(tp.DIAM_SESUDAH)
    tulis()
    pengiriman.kirim_yang_menunggu()
    (terkirim,) = twilio.messages
    sebelum = seluruhnya()

    isi = twilio.kabar(terkirim, "delivered") | {"MessageSid": ""}
    assert twilio.antar(terkirim.isian["StatusCallback"], isi) == 204

    assert seluruhnya() == sebelum


def test_callback_of_one_message_does_not_touch_another(twilio, terkirim, tulis):
    lain = tulis()
    pengiriman.kirim_yang_menunggu()

    isi = twilio.kabar(terkirim, "read")
    assert twilio.antar(f"http://127.0.0.1:8000{ALAMAT}?n={lain.pk}", isi) == 204
    twilio.kabari(terkirim, "read")

    lain.refresh_from_db()
    assert lain.keadaan == K.DIKIRIM


# --- The public address ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_signature_counts_for_the_public_address_behind_a_proxy(
    twilio, tulis, settings, live_server
):
    settings.PUBLIC_BASE_URL = "https://desa.example"
    twilio.pengantar = partial(tp.antar_http, lewat=live_server.url)
    baris = tulis()
    pengiriman.kirim_yang_menunggu()
    (terkirim,) = twilio.messages
    publik = terkirim.isian["StatusCallback"]
    assert publik == f"https://desa.example{ALAMAT}?p=1&n={baris.pk}"

    isi = twilio.kabar(terkirim, "read")
    dalam = publik.replace("https://desa.example", live_server.url)
    salah = RequestValidator(twilio.auth_token).compute_signature(dalam, isi)
    assert twilio.antar(publik, isi, tanda_tangan=salah) == 403
    baris.refresh_from_db()
    assert baris.keadaan == K.DIKIRIM

    assert twilio.kabari(terkirim, "delivered", "sent") == [204, 204]
    baris.refresh_from_db()
    assert baris.keadaan == K.SAMPAI
