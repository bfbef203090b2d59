"""The fake Twilio against Twilio's documentation, with the official SDK and `requests` as clients.

Nothing of ours is tested here, but what all other tests of the provider rely on.
"""

import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from simulator import twilio_palsu as tp
from tests.perjalanan.pekerja import tunggu

WARGA = "+6281234567890"
KE = f"whatsapp:{WARGA}"
SID_KABAR, SID_PIN = "HX" + "a" * 32, "HX" + "b" * 32
URL = "https://desa.example/webhook/twilio/masuk/"
KABAR = "https://desa.example/webhook/twilio/status/?n=7"
FOTO = ("image/jpeg", b"\xff\xd8\xff\xe0 foto")
Antaran = list[tuple[str, dict[str, str], dict[str, str]]]


@pytest.fixture
def antaran() -> Antaran:
    """What the fake has delivered: address, headers, form fields."""
    return []


@pytest.fixture
def palsu(antaran: Antaran):
    def antar(url: str, isi: bytes, kepala: dict[str, str]) -> int:
        antaran.append((url, kepala, dict(parse_qsl(isi.decode(), keep_blank_values=True))))
        return 204

    with tp.TwilioPalsu(pengantar=antar, url_masuk=URL) as satu:
        satu.templat = {
            SID_KABAR: "Kabar permohonan {{1}} dari {{2}} hari ini.",
            SID_PIN: "*{{1}}* adalah kode Anda.",
        }
        satu.templat_rahasia = {SID_PIN}
        yield satu


@pytest.fixture
def klien(palsu: tp.TwilioPalsu) -> Client:
    """Twilio's SDK; only the address is another one."""

    class Http(TwilioHttpClient):
        def request(self, method, url, *lain, **pilihan):
            url = url.replace("https://api.twilio.com", palsu.base_url, 1)
            return super().request(method, url, *lain, **pilihan)

    return Client(palsu.account_sid, palsu.auth_token, http_client=Http(timeout=5))


@pytest.fixture
def ambil(palsu: tp.TwilioPalsu):
    """A plain GET with our password, redirects left alone."""

    def panggil(url: str, *, sandi: bool = True, **pilihan) -> requests.Response:
        auth = (palsu.account_sid, palsu.auth_token) if sandi else None
        return requests.get(url, auth=auth, timeout=2, allow_redirects=False, **pilihan)

    return panggil


def kirim(klien: Client, palsu: tp.TwilioPalsu, **isi):
    return klien.messages.create(to=KE, from_=palsu.pengirim, **isi)


def kode_dari(panggilan) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as tertangkap:
        panggilan()
    return tertangkap.value.status, tertangkap.value.code


# --- Messages --------------------------------------------------------------------------------


def test_template_goes_out_at_any_time_and_can_be_read_back(palsu, klien):
    satu = kirim(
        klien,
        palsu,
        content_sid=SID_KABAR,
        content_variables='{"1": "P-1", "2": "Bugbug"}',
        status_callback=KABAR,
    )

    assert re.fullmatch("SM[0-9a-f]{32}", satu.sid)
    assert (satu.status, satu.direction, satu.num_media) == ("queued", "outbound-api", "0")
    kembali = klien.messages(satu.sid).fetch()
    assert kembali.body == satu.body == "Kabar permohonan P-1 dari Bugbug hari ini."
    assert [m.sid for m in klien.messages.list(to=KE)] == [satu.sid]


def test_authentication_template_does_not_give_the_code_back(palsu, klien):
    satu = kirim(klien, palsu, content_sid=SID_PIN, content_variables='{"1": "482913"}')

    assert satu.body == klien.messages(satu.sid).fetch().body == ""
    assert [m.body for m in klien.messages.list(to=KE)] == [""]
    assert palsu.messages[0].body == "*482913* adalah kode Anda.", "the phone shows it"


def test_free_words_need_a_message_within_the_last_day(palsu, klien):
    assert kode_dari(lambda: kirim(klien, palsu, body="Halo.")) == (400, 63016)

    palsu.masuk(dari=WARGA, teks="Halo")
    assert kirim(klien, palsu, body="Halo.").status == "queued"

    palsu.masuk_terakhir[WARGA] -= timedelta(hours=24)
    assert kode_dari(lambda: kirim(klien, palsu, body="Halo.")) == (400, 63016)
    assert (
        kirim(klien, palsu, content_sid=SID_PIN, content_variables='{"1": "482913"}').error_code
        is None
    )
    assert len(palsu.messages) == 2


def test_message_of_another_number_opens_no_window(palsu, klien):
    palsu.masuk(dari="+6281234567899", teks="Halo")

    assert kode_dari(lambda: kirim(klien, palsu, body="Halo.")) == (400, 63016)


@pytest.mark.parametrize(
    ("isi", "kode"),
    [
        ({}, 21619),
        ({"body": "Halo.", "content_sid": SID_KABAR}, 21619),
        ({"body": "x" * 1601}, 21617),
        ({"content_sid": "HX" + "c" * 32}, 21655),
        ({"content_sid": SID_KABAR, "content_variables": "{"}, 21656),
        ({"content_sid": SID_KABAR, "content_variables": '{"1": "a", "2": ""}'}, 21656),
        ({"content_sid": SID_KABAR, "content_variables": '{"1": "a\\nb", "2": "c"}'}, 21656),
        ({"content_sid": SID_KABAR, "content_variables": '{"1": "a"}'}, 63028),
        ({"body": "Halo.", "status_callback": "desa.example"}, 21609),
    ],
)
def test_wrong_fields_get_the_documented_code(isi, kode, palsu, klien):
    assert kode_dari(lambda: kirim(klien, palsu, **isi)) == (400, kode)
    assert palsu.messages == []


def test_incoming_messages_stand_in_the_same_list(palsu, klien):
    palsu.masuk(dari=WARGA, teks="Halo")
    kirim(klien, palsu, body="Halo juga.")

    semua = klien.messages.list()
    assert [(m.direction, m.body) for m in semua] == [
        ("outbound-api", "Halo juga."),
        ("inbound", "Halo"),
    ]
    assert [m.direction for m in klien.messages.list(from_=KE)] == ["inbound"]
    assert klien.messages(palsu.kotak_masuk[0].sid).fetch().status == "received"


def test_foreign_account_and_wrong_password_are_refused(palsu, klien, ambil):
    lain = palsu.base_url + f"/2010-04-01/Accounts/AC{'1' * 32}/Messages.json"
    tanpa_sandi = ambil(
        f"{palsu.base_url}/2010-04-01/Accounts/{palsu.account_sid}/Messages.json", sandi=False
    )

    assert ambil(lain).status_code == 404
    assert (tanpa_sandi.status_code, tanpa_sandi.json()["code"]) == (401, 20003)
    assert tanpa_sandi.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'


# --- After accepting -------------------------------------------------------------------------


def test_hook_sees_the_message_and_may_call_back_at_once(palsu, klien, antaran):
    """It runs outside the lock, also when the answer to the sender gets lost."""
    dilihat = []

    def hook(pesan: tp.PesanTwilio) -> None:
        dilihat.append(pesan.body)
        pembantu = threading.Thread(target=palsu.kabari, args=(pesan, "sent"))
        pembantu.start()
        pembantu.join(5)

    palsu.setelah_terima = hook
    palsu.rencanakan(None, tp.PUTUS_SESUDAH, tp.PUTUS_SEBELUM)
    palsu.masuk(dari=WARGA)
    antaran.clear()
    for n in range(3):
        try:
            kirim(klien, palsu, body=f"Pesan {n}.", status_callback=KABAR)
        except requests.ConnectionError:
            assert n > 0

    assert dilihat == ["Pesan 0.", "Pesan 1."]
    assert [isi["MessageStatus"] for _, _, isi in antaran] == ["sent", "sent"]


def _kabar(antaran: Antaran, jumlah: int) -> list[str]:
    """Statuses in the order of their arrival, once `jumlah` have come."""
    tunggu(lambda: len(antaran) >= jumlah, detik=20)
    return [isi["MessageStatus"] for _, _, isi in antaran]


def test_callbacks_come_by_themselves_when_asked_for(palsu, klien, antaran):
    palsu.kabar_otomatis = [(0.01, "sent"), (0.01, "delivered"), (0.01, "read")]
    kirim(
        klien,
        palsu,
        content_sid=SID_PIN,
        content_variables='{"1": "482913"}',
        status_callback=KABAR,
    )

    assert _kabar(antaran, 3) == ["sent", "delivered", "read"]
    url, kepala, isi = antaran[-1]
    assert url == KABAR
    sah = RequestValidator(palsu.auth_token).validate
    assert sah(url, isi, kepala["X-Twilio-Signature"])
    assert palsu.messages[0].status == "read"
    assert "482913" not in str(antaran)


def test_free_words_too_late_may_be_accepted_and_fail_afterwards(palsu, klien, antaran):
    palsu.tolak_belakangan = True
    palsu.kabar_otomatis = [(0.01, "sent"), (0.01, "delivered")]

    satu = kirim(klien, palsu, body="Halo.", status_callback=KABAR)

    assert _kabar(antaran, 1) == ["failed"]
    assert antaran[0][2]["ErrorCode"] == "63016"
    assert klien.messages(satu.sid).fetch().error_code == 63016


# --- Incoming --------------------------------------------------------------------------------


def test_text_arrives_signed_and_in_the_documented_shape(palsu, antaran):
    assert palsu.masuk(dari=WARGA, teks="Selamat pagi & terima kasih", nama="Wayan") == [204]

    ((url, kepala, isi),) = antaran
    sid = isi["MessageSid"]
    assert url == URL
    assert kepala["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert RequestValidator(palsu.auth_token).validate(url, isi, kepala["X-Twilio-Signature"])
    assert re.fullmatch("SM[0-9a-f]{32}", sid)
    assert isi == {
        "AccountSid": palsu.account_sid,
        "ApiVersion": "2010-04-01",
        "Body": "Selamat pagi & terima kasih",
        "ChannelMetadata": isi["ChannelMetadata"],
        "From": KE,
        "MessageSid": sid,
        "MessageType": "text",
        "NumMedia": "0",
        "NumSegments": "1",
        "ProfileName": "Wayan",
        "ReferralNumMedia": "0",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": palsu.pengirim,
        "WaId": WARGA[1:],
    }


def test_photo_arrives_with_its_address_and_the_text_as_caption(palsu, antaran):
    palsu.masuk(dari=WARGA, teks="KTP saya", media=[FOTO])

    isi = antaran[0][2]
    (pesan,) = palsu.kotak_masuk
    assert re.fullmatch("MM[0-9a-f]{32}", isi["MessageSid"])
    assert (isi["NumMedia"], isi["MessageType"], isi["Body"]) == ("1", "image", "KTP saya")
    assert isi["MediaContentType0"] == "image/jpeg"
    assert isi["MediaUrl0"] == (
        f"{palsu.base_url}/2010-04-01/Accounts/{palsu.account_sid}"
        f"/Messages/{pesan.sid}/Media/{pesan.media[0].sid}"
    )


def test_several_photos_are_several_messages_or_one(palsu, antaran):
    assert palsu.masuk(dari=WARGA, teks="Ini", media=[FOTO, FOTO]) == [204, 204]
    assert palsu.masuk(dari=WARGA, media=[FOTO, FOTO], sekaligus=True) == [204]

    isi = [satu for _, _, satu in antaran]
    assert [(i["NumMedia"], i["Body"]) for i in isi] == [("1", "Ini"), ("1", ""), ("2", "")]
    assert len({i["MessageSid"] for i in isi}) == 3
    assert len({i.get(f"MediaUrl{n}") for i in isi for n in (0, 1)} - {None}) == 4


@pytest.mark.parametrize(
    ("isi", "jenis"),
    [
        ({"media": [("audio/ogg", b"OggS")]}, "audio"),
        ({"media": [("video/mp4", b"....ftyp")]}, "video"),
        ({"media": [("application/pdf", b"%PDF-")]}, "document"),
        ({"media": [("text/vcard", b"BEGIN:VCARD")]}, "contacts"),
        ({"lokasi": (-8.49, 115.59)}, "location"),
    ],
)
def test_other_things_than_photos_have_their_own_type(isi, jenis, palsu, antaran):
    palsu.masuk(dari=WARGA, **isi)

    form = antaran[0][2]
    assert form["MessageType"] == jenis
    assert form.get("Latitude") == ("-8.49" if jenis == "location" else None)
    assert form["NumMedia"] == str(len(isi.get("media", [])))


def test_same_id_again_is_the_same_message(palsu, antaran):
    palsu.masuk(dari=WARGA, media=[FOTO], sid="MM" + "1" * 32)
    palsu.masuk(dari=WARGA, teks="lain", sid="MM" + "1" * 32)

    assert antaran[0] == antaran[1]
    assert len(palsu.kotak_masuk) == 1


def test_further_fields_are_signed_too(palsu, antaran):
    palsu.masuk(dari=WARGA, url=KABAR, lain={"Forwarded": "true", "Baru": "1"})

    url, kepala, isi = antaran[0]
    assert (url, isi["Forwarded"], isi["Baru"]) == (KABAR, "true", "1")
    assert RequestValidator(palsu.auth_token).validate(url, isi, kepala["X-Twilio-Signature"])


# --- Media -----------------------------------------------------------------------------------


@pytest.fixture
def alamat(palsu) -> str:
    """Address of the photo of one incoming message."""
    palsu.masuk(dari=WARGA, media=[FOTO])
    return palsu.kotak_masuk[0].isian["MediaUrl0"]


def test_photo_is_behind_a_password_and_a_redirect_to_another_host(palsu, alamat, ambil):
    jawaban = ambil(alamat)

    assert (jawaban.status_code, jawaban.content) == (307, b"")
    cdn = jawaban.headers["Location"]
    assert cdn.startswith(palsu.cdn_url) and alamat.startswith(palsu.base_url)
    foto = ambil(cdn, sandi=False)
    assert (foto.status_code, foto.headers["Content-Type"], foto.content) == (200, *FOTO)


def test_client_that_follows_by_itself_takes_no_password_along(palsu, alamat):
    sandi = (palsu.account_sid, palsu.auth_token)

    assert requests.get(alamat, auth=sandi, timeout=2).content == FOTO[1]

    (kepala,) = palsu.kepala_cdn
    assert "Authorization" not in kepala


def test_photo_needs_the_password_and_the_right_address(palsu, alamat, ambil):
    assert ambil(alamat, sandi=False).status_code == 401
    assert ambil(alamat[:-1] + "x").status_code == 404
    assert ambil(alamat.replace("/Messages/MM", "/Messages/SM")).status_code == 404
    assert ambil(f"{palsu.cdn_url}/cdn/karangan", sandi=False).status_code == 404


def test_deleted_photo_is_gone_everywhere(palsu, klien, alamat, ambil):
    cdn = ambil(alamat).headers["Location"]
    (pesan,) = palsu.kotak_masuk
    media = klien.messages(pesan.sid).media
    assert [(m.sid, m.content_type) for m in media.list()] == [(pesan.media[0].sid, "image/jpeg")]
    satu = media(pesan.media[0].sid)
    assert satu.fetch().parent_sid == pesan.sid

    assert satu.delete()

    assert pesan.media == [] == media.list()
    assert [ambil(u).status_code for u in (alamat, cdn)] == [404, 404]
    assert kode_dari(satu.fetch) == kode_dari(satu.delete) == (404, 20404)


def test_address_without_json_can_be_deleted_too(palsu, alamat):
    sandi = (palsu.account_sid, palsu.auth_token)

    assert requests.delete(alamat, auth=sandi, timeout=2).status_code == 204
    assert requests.delete(alamat, auth=sandi, timeout=2).status_code == 404


@pytest.mark.parametrize("metode", ["MEDIA", "CDN"])
@pytest.mark.parametrize("gangguan", [tp.RUSAK_500, tp.SIBUK, tp.HILANG])
def test_media_calls_can_fail_at_either_address(metode, gangguan, palsu, alamat, ambil):
    palsu.rencanakan(gangguan, metode=metode)
    ikut = ambil(alamat)
    if metode == "CDN":
        ikut = ambil(ikut.headers["Location"], sandi=False)

    assert ikut.status_code == gangguan.status
    assert ambil(alamat).status_code == 307, "only once"
    assert (palsu.cacah("MEDIA"), palsu.cacah("CDN")) == (2, int(metode == "CDN"))


@pytest.mark.parametrize("metode", ["MEDIA", "CDN"])
def test_media_calls_can_hang_or_break(metode, palsu, alamat, ambil):
    url = alamat if metode == "MEDIA" else ambil(alamat).headers["Location"]
    palsu.rencanakan(tp.DIAM_SEBELUM, tp.PUTUS_SEBELUM, metode=metode)

    with pytest.raises(requests.ReadTimeout):
        requests.get(url, auth=(palsu.account_sid, palsu.auth_token), timeout=0.3)
    with pytest.raises(requests.ConnectionError):
        ambil(url)


def test_deleting_can_fail_and_can_be_done_without_an_answer(palsu, alamat, ambil):
    sandi = (palsu.account_sid, palsu.auth_token)
    palsu.rencanakan(tp.RUSAK_500, tp.PUTUS_SESUDAH, metode="DELETE")

    assert requests.delete(alamat, auth=sandi, timeout=2).status_code == 500
    assert ambil(alamat).status_code == 307
    with pytest.raises(requests.ConnectionError):
        requests.delete(alamat, auth=sandi, timeout=2)
    assert ambil(alamat).status_code == 404


def test_announced_length_and_type_may_be_wrong(palsu, alamat, ambil):
    cdn = ambil(alamat).headers["Location"]
    palsu.rencanakan(
        tp.Jawaban(200, FOTO[1], jenis="text/html"),
        tp.Jawaban(200, FOTO[1], jenis="image/jpeg", panjang=4),
        tp.Jawaban(200, FOTO[1], jenis="image/jpeg", panjang=10**9),
        metode="CDN",
    )

    assert ambil(cdn).headers["Content-Type"] == "text/html"
    assert ambil(cdn).content == FOTO[1][:4], "more bytes come than were announced"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ambil(cdn)


@pytest.mark.parametrize(("gangguan", "besar"), [(tp.ALIRAN, 3_000_000), (tp.TETESAN, 3)])
def test_answer_without_end_has_no_announced_length(gangguan, besar, palsu, alamat, ambil):
    cdn = ambil(alamat).headers["Location"]
    palsu.rencanakan(gangguan, metode="CDN")

    terbaca = 0
    with ambil(cdn, stream=True) as jawaban:
        assert "Content-Length" not in jawaban.headers
        while terbaca < besar:
            terbaca += len(jawaban.raw.read1(65536))

    assert besar <= terbaca < 10 * 1024 * 1024


# --- Time ------------------------------------------------------------------------------------


def test_list_can_be_asked_by_day(palsu, klien):
    palsu.masuk(dari=WARGA, teks="Halo")
    kemarin, besok = (datetime.now(UTC) + timedelta(days=n) for n in (-1, 1))

    assert len(klien.messages.list(date_sent_after=kemarin)) == 1
    assert klien.messages.list(date_sent_after=besok) == []
    assert klien.messages.list(date_sent_before=kemarin) == []
