"""Photos at the provider: fetched within limits, with the password only where it belongs."""

from urllib.parse import urlsplit

import pytest

from layanan.percakapan import media
from layanan.transports import GagalSementara, GagalTetap
from simulator import twilio_palsu as tp
from tests import factories

HP = "+6281234567801"
ISI = factories.foto().read()


@pytest.fixture
def url(twilio) -> str:
    """Address of one photo that waits at the provider."""
    twilio.pengantar = lambda *_: 200
    twilio.url_masuk = "http://127.0.0.1/webhook/twilio/masuk/"
    twilio.masuk(dari=HP, media=[("image/jpeg", ISI)])
    return twilio.kotak_masuk[0].isian["MediaUrl0"]


def test_photo_is_fetched_through_the_redirect(url):
    assert media.ambil(url) == ISI


def test_password_does_not_travel_to_the_file_server(url, twilio):
    media.ambil(url)

    (kepala,) = twilio.kepala_cdn
    assert "authorization" not in {nama.lower() for nama in kepala}


@pytest.mark.parametrize(
    ("gangguan", "jenis"),
    [
        (tp.RUSAK_500, GagalSementara),
        (tp.TUTUP_503, GagalSementara),
        (tp.SIBUK, GagalSementara),
        (tp.PUTUS_SEBELUM, GagalSementara),
        (tp.HILANG, GagalTetap),
    ],
    ids=["500", "503", "429", "putus", "404"],
)
def test_faults_are_sorted(gangguan, jenis, url, twilio):
    twilio.rencanakan(gangguan, metode="MEDIA")

    with pytest.raises(jenis) as tertangkap:
        media.ambil(url)

    assert tertangkap.value.pesan.endswith(".")
    assert "AC0" not in str(tertangkap.value)


@pytest.mark.usefixtures("cepat_menyerah")
def test_server_that_never_answers_is_left(url, twilio):
    twilio.rencanakan(tp.DIAM_SEBELUM, metode="MEDIA")

    with pytest.raises(GagalSementara):
        media.ambil(url)


def test_stream_without_end_is_cut_at_the_limit(url, twilio, monkeypatch):
    monkeypatch.setattr(media, "BYTE_MAKS", 300_000)
    twilio.rencanakan(tp.ALIRAN, metode="CDN")

    with pytest.raises(GagalTetap) as tertangkap:
        media.ambil(url)

    assert tertangkap.value.kode == "BESAR"


def test_trickle_is_cut_by_the_clock(url, twilio, monkeypatch):
    monkeypatch.setattr(media, "_DETIK_MAKS", 0.3)
    twilio.rencanakan(tp.TETESAN, metode="CDN")

    with pytest.raises(GagalSementara) as tertangkap:
        media.ambil(url)

    assert tertangkap.value.kode == "LAMBAT"


@pytest.mark.parametrize(
    "alamat",
    [
        "",
        "http://127.0.0.1:5432/",
        "https://api.twilio.com.example/2010-04-01/Accounts/x/Messages/",
        "file:///etc/passwd",
        "{pangkal}/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages/MM1/Media/ME1",
    ],
)
def test_only_our_own_account_at_the_provider_is_asked(alamat, twilio):
    alamat = alamat.replace("{pangkal}", twilio.base_url)

    with pytest.raises(GagalTetap):
        media.ambil(alamat)
    media.hapus(alamat)

    assert twilio.panggilan == []


@pytest.mark.parametrize("akhiran", ["", ".json"])
def test_photo_is_deleted_at_the_documented_address(url, twilio, akhiran):
    media.hapus(f"{url}{akhiran}")

    diminta = [alamat for jenis, alamat, _ in twilio.panggilan if jenis == "DELETE"]
    assert diminta == [f"{urlsplit(url).path}.json"]
    with pytest.raises(GagalTetap):
        media.ambil(url)


def test_deleted_photo_is_gone_and_deleting_again_is_fine(url):
    media.hapus(url)
    media.hapus(url)

    with pytest.raises(GagalTetap):
        media.ambil(url)
