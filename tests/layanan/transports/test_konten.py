"""The Content API over real HTTP: what is asked, and how each answer or silence is understood."""

import pytest

from layanan import transports
from layanan.transports import konten
from simulator import twilio_palsu as tp
from simulator.twilio_palsu import Tinjauan

pytestmark = pytest.mark.usefixtures("twilio")

TEKS = "Kabar permohonan nomor {{1}}: surat sedang diproses oleh Kantor {{2}} sekarang."
CONTOH = {"1": "P-2026-0042", "2": "Perbekel Bugbug"}


@pytest.fixture
def pintu() -> konten.KontenTwilio:
    satu = konten.konten_kini()
    assert satu is not None
    return satu


def buat(pintu: konten.KontenTwilio, nama: str = "bugbug_diproses_1") -> str:
    return pintu.buat(nama, teks=TEKS, contoh=CONTOH, kategori=konten.UTILITY)


def test_without_twilio_there_is_no_door(settings):
    settings.TWILIO = settings.TWILIO | {"account_sid": ""}

    assert konten.konten_kini() is None


def test_template_is_made_with_its_words_and_samples(pintu, twilio):
    sid = buat(pintu)

    (satu,) = twilio.konten.semua()
    assert (satu.sid, satu.nama, satu.bahasa) == (sid, "bugbug_diproses_1", "id")
    assert (satu.teks, satu.variabel) == (TEKS, CONTOH)
    assert not satu.rahasia
    assert pintu.keadaan(sid).status == konten.BELUM


def test_code_template_has_the_button_and_says_nothing_untrue_about_its_end(pintu, twilio):
    sid = pintu.buat(
        "bugbug_pin_1", teks="{{1}} …", contoh={"1": "482915"}, kategori=konten.AUTHENTICATION
    )
    pintu.ajukan(sid, nama="bugbug_pin_1", kategori=konten.AUTHENTICATION)

    (satu,) = twilio.konten.semua()
    (isi,) = satu.jenis.values()
    assert satu.rahasia
    assert isi["add_security_recommendation"] is True
    assert isi["actions"] == [{"type": "COPY_CODE", "copy_code_text": "Salin kode"}]
    assert "code_expiration_minutes" not in isi, "a PIN awal holds for 72 hours, not for minutes"
    assert pintu.keadaan(sid) == konten.Persetujuan("approved", "AUTHENTICATION")


def test_answer_of_whatsapp_is_read_with_its_reason(pintu, twilio):
    twilio.konten.tinjauan["bugbug_diproses_1"] = Tinjauan("rejected", "TAG_CONTENT_MISMATCH")
    sid = buat(pintu)
    pintu.ajukan(sid, nama="bugbug_diproses_1", kategori=konten.UTILITY)

    assert pintu.keadaan(sid) == konten.Persetujuan("rejected", "UTILITY", "TAG_CONTENT_MISMATCH")


def test_list_is_whole_and_the_oldest_comes_first(pintu, monkeypatch):
    monkeypatch.setattr(konten, "_HALAMAN", 2)
    sid = [buat(pintu, f"bugbug_diproses_{n}") for n in range(5)]
    pintu.ajukan(sid[3], nama="bugbug_diproses_3", kategori=konten.UTILITY)

    semua = pintu.daftar()

    assert [k.sid for k in semua] == sid
    assert [k.nama for k in semua] == [f"bugbug_diproses_{n}" for n in range(5)]
    assert {k.teks for k in semua} == {TEKS}
    assert [k.status for k in semua] == [konten.BELUM] * 3 + [konten.SETUJU, konten.BELUM]


@pytest.mark.parametrize(
    ("gangguan", "kelas"),
    [
        (tp.SIBUK, transports.GagalSementara),
        (tp.TUTUP_503, transports.GagalSementara),
        (tp.RUSAK_500, transports.TidakPasti),
        (tp.PUTUS_SEBELUM, transports.TidakPasti),
        (tp.DIAM_SESUDAH, transports.TidakPasti),
        (tp.BUKAN_JSON_SESUDAH, transports.TidakPasti),
        (tp.galat(20001, pesan="body is required"), transports.GagalTetap),
        (tp.galat(20003, pesan="Authenticate"), konten.SandiSalah),
    ],
    ids=["429", "503", "500", "putus", "diam", "bukan JSON", "400", "401"],
)
@pytest.mark.usefixtures("cepat_menyerah")
def test_trouble_is_sorted_as_for_messages(twilio, gangguan, kelas):
    twilio.rencanakan(gangguan, metode="KONTEN-POST")

    with pytest.raises(transports.TransportError) as galat:
        buat(konten.konten_kini())

    assert type(galat.value) is kelas
    assert galat.value.pesan.endswith(".")


def test_refusal_keeps_the_words_of_twilio(pintu, twilio):
    twilio.rencanakan(tp.galat(20001, pesan="body is required."), metode="KONTEN-POST")

    with pytest.raises(transports.GagalTetap, match="20001") as galat:
        buat(pintu)

    assert galat.value.pesan == "Twilio menolak: Unable to create record: body is required."


def test_missing_template_is_told_apart(pintu):
    with pytest.raises(konten.TidakAda):
        pintu.keadaan("HX" + "0" * 32)


@pytest.mark.parametrize(
    ("gangguan", "kelas"),
    [
        (tp.SIBUK, transports.GagalSementara),
        (tp.RUSAK_500, transports.TidakPasti),
        (tp.galat(20003, pesan="Authenticate"), konten.SandiSalah),
    ],
    ids=["429", "500", "401"],
)
def test_trouble_with_the_list_is_sorted_too(pintu, twilio, gangguan, kelas):
    """The SDK hides the answer of a list in an exception of another kind."""
    twilio.rencanakan(gangguan, metode="KONTEN-GET")

    with pytest.raises(transports.TransportError) as galat:
        pintu.daftar()

    assert type(galat.value) is kelas
