"""The fake's Content API against Twilio's documentation, with the official SDK."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from layanan.kata_pesan import katalog
from simulator import twilio_palsu as tp
from tests.palsu.conftest import WARGA, kode_dari
from tests.perjalanan.pekerja import tunggu

KATA = "Permohonan surat Anda nomor {{1}} sudah kami terima. Pantau di {{2}} kapan saja."
CONTOH = {"1": "P-2026-0001", "2": "https://desa.example"}
PIN = {
    "add_security_recommendation": True,
    "code_expiration_minutes": 10,
    "actions": [{"type": "COPY_CODE", "copy_code_text": "Salin kode"}],
}


@pytest.fixture
def buat(klien: Client):
    def panggil(
        kata: str = KATA, *, bahasa: str = "id", variabel=CONTOH, jenis=None, nama="terima"
    ):
        isi = {
            "friendly_name": nama,
            "language": bahasa,
            "variables": variabel,
            "types": jenis or {"twilio/text": {"body": kata}},
        }
        return klien.content.v1.contents.create(ContentList.ContentCreateRequest(isi))

    return panggil


@pytest.fixture
def ajukan(klien: Client):
    def panggil(sid: str, nama: str = "diterima_v1", kategori: str = "UTILITY"):
        isi = ApprovalCreateList.ContentApprovalRequest({"name": nama, "category": kategori})
        return klien.content.v1.contents(sid).approval_create.create(isi)

    return panggil


@pytest.fixture
def lihat(klien: Client):
    """What a look-up of the approval says about WhatsApp."""
    return lambda sid: klien.content.v1.contents(sid).approval_fetch().fetch().whatsapp


@pytest.fixture
def kirim_templat(kirim):
    """Send a template of the Content API."""

    def panggil(sid: str, variabel: str = '{"1": "P-1", "2": "Bugbug"}'):
        return kirim(content_sid=sid, content_variables=variabel)

    return panggil


# --- Templates -------------------------------------------------------------------------------


def test_template_can_be_made_read_listed_and_deleted(klien, palsu, buat):
    satu = buat()

    assert satu.sid.startswith("HX") and len(satu.sid) == 34
    assert satu.account_sid == palsu.account_sid
    assert satu.types == {"twilio/text": {"body": KATA}}, "what was not given is not kept as null"
    assert (satu.language, satu.variables, satu.friendly_name) == ("id", CONTOH, "terima")
    assert abs(satu.date_created - datetime.now(UTC)) < timedelta(seconds=5)
    assert satu.links["approval_create"].endswith(
        f"/v1/Content/{satu.sid}/ApprovalRequests/whatsapp"
    )
    assert klien.content.v1.contents(satu.sid).fetch().types == satu.types
    assert [k.sid for k in klien.content.v1.contents.list()] == [satu.sid]

    assert klien.content.v1.contents(satu.sid).delete()
    assert klien.content.v1.contents.list() == []
    assert kode_dari(klien.content.v1.contents(satu.sid).fetch) == (404, 20404)
    assert kode_dari(klien.content.v1.contents(satu.sid).delete) == (404, 20404)


def test_list_has_pages(klien, palsu, buat):
    semua = [buat(nama=f"ke-{n}").sid for n in range(5)]

    assert [k.sid for k in klien.content.v1.contents.list(page_size=2)] == semua[::-1]
    halaman = requests.get(
        f"{palsu.base_url}/v1/Content?PageSize=2",
        auth=(palsu.account_sid, palsu.auth_token),
        timeout=2,
    ).json()
    assert halaman["meta"]["key"] == "contents" and len(halaman["contents"]) == 2
    assert halaman["meta"]["next_page_url"].startswith(palsu.base_url), "never the real Twilio"
    assert halaman["meta"]["previous_page_url"] is None


@pytest.mark.parametrize(
    "isi",
    [
        {"bahasa": ""},
        {"bahasa": "bahasa indonesia"},
        {"jenis": {"twilio/sihir": {"body": "Halo"}}},
        {"kata": ""},
        {"kata": "x" * 1601},
        {"variabel": {"1": 5}},
        {"jenis": {"whatsapp/authentication": {"actions": []}}},
        {"jenis": {"whatsapp/authentication": PIN | {"code_expiration_minutes": 91}}},
    ],
)
def test_content_that_is_none_is_refused(isi, klien, buat):
    assert kode_dari(lambda: buat(**isi)) == (400, 20001)
    assert klien.content.v1.contents.list() == []


def test_broken_json_and_wrong_password_are_refused(palsu):
    alamat, sandi = f"{palsu.base_url}/v1/Content", (palsu.account_sid, palsu.auth_token)

    rusak = requests.post(alamat, "{", auth=sandi, timeout=2)
    asing = requests.post(alamat, "{}", auth=(palsu.account_sid, "salah"), timeout=2)

    assert (rusak.status_code, rusak.json()["code"]) == (400, 20001)
    assert (asing.status_code, asing.json()["code"]) == (401, 20003)
    lain = requests.delete(alamat, auth=sandi, timeout=2)
    assert (lain.status_code, lain.json()["code"]) == (405, 20004)


@pytest.mark.parametrize(
    ("jenis", "panggil"),
    [
        ("KONTEN-POST", lambda klien, sid, buat, ajukan, lihat: buat()),
        (
            "KONTEN-GET",
            lambda klien, sid, buat, ajukan, lihat: klien.content.v1.contents(sid).fetch(),
        ),
        ("KONTEN-AJUKAN", lambda klien, sid, buat, ajukan, lihat: ajukan(sid)),
        ("KONTEN-PERIKSA", lambda klien, sid, buat, ajukan, lihat: lihat(sid)),
    ],
)
def test_every_kind_of_call_can_fail_by_plan(jenis, panggil, klien, palsu, buat, ajukan, lihat):
    sid = buat().sid
    sudah = palsu.cacah(jenis)
    palsu.rencanakan(tp.SIBUK, tp.TUTUP_503, metode=jenis)

    def coba():
        return panggil(klien, sid, buat, ajukan, lihat)

    assert [kode_dari(coba) for _ in range(2)] == [(429, 20429), (503, 20503)]
    coba()
    assert palsu.cacah(jenis) - sudah == 3


def test_lost_answer_leaves_the_template_behind(klien, palsu, buat):
    palsu.rencanakan(tp.PUTUS_SESUDAH, tp.PUTUS_SEBELUM, metode="KONTEN-POST")

    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            buat()

    assert len(klien.content.v1.contents.list()) == 1


# --- Approval --------------------------------------------------------------------------------


def test_approval_goes_through_its_statuses(palsu, buat, ajukan, lihat):
    palsu.konten.tinjauan["diterima_v1"] = tp.Tinjauan(lihat=2)
    sid = buat().sid
    assert lihat(sid)["status"] == "unsubmitted"

    diajukan = ajukan(sid)

    assert (diajukan.status, diajukan.name, diajukan.category) == (
        "received",
        "diterima_v1",
        "UTILITY",
    )
    assert (diajukan.content_type, diajukan.rejection_reason) == ("twilio/text", "")
    assert [lihat(sid)["status"] for _ in range(4)] == [
        "received",
        "pending",
        "approved",
        "approved",
    ]


def test_approval_at_once_is_the_default_and_may_take_seconds(palsu, buat, ajukan, lihat):
    cepat, lambat = buat().sid, buat().sid
    ajukan(cepat)
    palsu.konten.tinjauan_bawaan = tp.Tinjauan(detik=0.4)
    ajukan(lambat, "lambat")

    assert (lihat(cepat)["status"], lihat(lambat)["status"]) == ("approved", "received")
    tunggu(lambda: lihat(lambat)["status"] == "approved", detik=10)


def test_rejection_has_a_reason_and_may_come_late(palsu, buat, ajukan, lihat):
    palsu.konten.tinjauan["promo"] = tp.Tinjauan("rejected", "PROMOTIONAL", lihat=1)
    sid = buat().sid
    ajukan(sid, "promo")

    pertama, kedua = lihat(sid), lihat(sid)
    assert (pertama["status"], pertama["rejection_reason"]) == ("received", "")
    assert (kedua["status"], kedua["rejection_reason"]) == ("rejected", "PROMOTIONAL")


def test_whatsapp_may_move_a_template_to_another_category(palsu, buat, ajukan, lihat):
    palsu.konten.tinjauan["diterima_v1"] = tp.Tinjauan(kategori="MARKETING")
    sid = buat().sid

    assert ajukan(sid).category in ("UTILITY", "MARKETING")
    assert (lihat(sid)["status"], lihat(sid)["category"]) == ("approved", "MARKETING")


@pytest.mark.parametrize(
    ("kata", "variabel", "sebab"),
    [
        ("{{1}} sudah kami terima.", {"1": "P"}, "begins or ends"),
        ("Sudah kami terima: {{1}}", {"1": "P"}, "begins or ends"),
        ("Nomor {{1}} {{2}} sudah.", {"1": "P", "2": "Q"}, "without words"),
        ("Nomor {{1}}{{2}} sudah.", {"1": "P", "2": "Q"}, "without words"),
        ("Nomor {{1}} lalu {{3}} sudah.", {"1": "P", "3": "Q"}, "numbered"),
        ("Nomor {{1}} sudah.", {}, "sample"),
        ("Nomor {{1}} sudah. " + "x" * 1010, {"1": "P"}, "1024"),
    ],
)
def test_words_against_the_rules_are_rejected(kata, variabel, sebab, buat, ajukan, lihat):
    sid = buat(kata, variabel=variabel).sid

    assert ajukan(sid).status == "received"
    assert lihat(sid)["status"] == "rejected"
    assert lihat(sid)["rejection_reason"].startswith("INVALID_FORMAT: ")
    assert sebab in lihat(sid)["rejection_reason"]


@pytest.mark.parametrize(
    ("nama", "kategori"),
    [
        ("Diterima", "UTILITY"),
        ("diterima-v1", "UTILITY"),
        ("", "UTILITY"),
        ("x" * 513, "UTILITY"),
        ("diterima", "TRANSACTIONAL"),
        ("diterima", "AUTHENTICATION"),
    ],
)
def test_name_and_category_have_a_form(nama, kategori, buat, ajukan, lihat):
    sid = buat().sid

    assert kode_dari(lambda: ajukan(sid, nama, kategori)) == (400, 20001)
    assert lihat(sid)["status"] == "unsubmitted"


def test_name_is_used_up_in_its_language_even_when_rejected_or_deleted(
    palsu, klien, buat, ajukan, lihat
):
    palsu.konten.tinjauan["diterima_v1"] = tp.Tinjauan("rejected", "PROMOTIONAL")
    pertama, kedua, inggris = buat().sid, buat().sid, buat(bahasa="en").sid
    ajukan(pertama)

    assert kode_dari(lambda: ajukan(pertama, "nama_lain")) == (400, 20001), "submitted already"
    assert kode_dari(lambda: ajukan(kedua)) == (400, 20001)
    klien.content.v1.contents(pertama).delete()
    assert kode_dari(lambda: ajukan(kedua)) == (400, 20001)
    assert ajukan(inggris).status == "received"
    assert ajukan(kedua, "diterima_v2").status == "received"
    assert lihat(kedua)["status"] == "approved"


def test_list_with_approvals(klien, buat, ajukan):
    ajukan(buat().sid)
    buat(nama="draf")

    semua = klien.content.v1.content_and_approvals.list()

    assert [(k.friendly_name, k.approval_requests["status"]) for k in semua] == [
        ("draf", "unsubmitted"),
        ("terima", "approved"),
    ]


def test_every_template_of_the_village_would_be_accepted(palsu, buat, ajukan, lihat):
    """The rules above and the words of the product fit together."""
    for kode, satu in katalog.PESAN.items():
        if satu.cara is katalog.Cara.TEMPLAT:
            variabel = {str(n): nama for n, nama in enumerate(satu.variabel, start=1)}
            sid = buat(satu.teks, variabel=variabel, nama=kode).sid
            ajukan(sid, f"desa_{kode}")
            assert lihat(sid)["status"] == "approved", (kode, lihat(sid))


# --- Messages made of them -------------------------------------------------------------------


def test_approved_template_makes_a_message(palsu, buat, ajukan, kirim_templat):
    sid = buat().sid
    ajukan(sid)

    satu = kirim_templat(sid)

    assert (
        satu.body
        == "Permohonan surat Anda nomor P-1 sudah kami terima. Pantau di Bugbug kapan saja."
    )
    assert palsu.messages[0].gagal is None
    assert kode_dari(lambda: kirim_templat(sid, '{"1": "P-1"}')) == (400, 63028)


def test_authentication_template_has_the_words_of_whatsapp(palsu, buat, ajukan, kirim_templat):
    sid = buat(jenis={"whatsapp/authentication": PIN}, variabel={}).sid
    ajukan(sid, "pin_v1", "AUTHENTICATION")

    satu = kirim_templat(sid, '{"1": "482913"}')

    assert satu.body == "", "the code does not come back"
    assert palsu.messages[0].body == (
        "*482913* adalah kode verifikasi Anda. Demi keamanan, jangan bagikan kode ini. "
        "Kode ini kedaluwarsa dalam 10 menit."
    )
    assert palsu.messages[0].gagal is None


@pytest.mark.parametrize(
    ("tinjauan", "kode"),
    [
        (None, 63016),
        (tp.Tinjauan(lihat=9), 63016),
        (tp.Tinjauan("rejected", "PROMOTIONAL"), 63040),
        (tp.Tinjauan("paused"), 63041),
        (tp.Tinjauan("disabled"), 63042),
    ],
)
def test_template_without_approval_is_accepted_and_fails(
    tinjauan, kode, palsu, klien, penampung, buat, ajukan, kirim_templat
):
    sid = buat().sid
    if tinjauan:
        palsu.konten.tinjauan["diterima_v1"] = tinjauan
        ajukan(sid)

    satu = kirim_templat(sid)

    assert satu.status == "queued"
    tunggu(lambda: penampung.kode() == [str(kode)], detik=10)
    assert penampung.status() == ["failed"]
    kembali = klien.messages(satu.sid).fetch()
    assert (kembali.status, kembali.error_code) == ("failed", kode)


def test_within_the_window_plain_words_need_no_approval_but_codes_do(palsu, buat, kirim_templat):
    biasa, sandi = buat().sid, buat(jenis={"whatsapp/authentication": PIN}, variabel={}).sid
    palsu.masuk(dari=WARGA, teks="Halo")

    kirim_templat(biasa)
    kirim_templat(sandi, '{"1": "482913"}')

    assert [p.gagal and p.gagal.kode for p in palsu.messages] == [None, 63016]


def test_language_that_whatsapp_does_not_know_fails(palsu, penampung, buat, ajukan, kirim_templat):
    sid = buat(bahasa="ban").sid
    ajukan(sid)

    kirim_templat(sid)

    tunggu(lambda: penampung.kode() == ["63027"], detik=10)


def test_template_taken_back_or_deleted_later(palsu, klien, buat, ajukan, kirim_templat):
    sid = buat().sid
    ajukan(sid)
    kirim_templat(sid)
    palsu.konten.putuskan("diterima_v1", tp.Tinjauan("paused"))
    kirim_templat(sid)
    klien.content.v1.contents(sid).delete()

    assert kode_dari(lambda: kirim_templat(sid)) == (400, 21655)
    assert [p.gagal and p.gagal.kode for p in palsu.messages] == [None, 63041]


def test_old_way_of_approving_stays_and_needs_no_content(palsu, kirim):
    awal = time.monotonic()

    assert kirim().body == "Kabar permohonan P-1 hari ini."
    assert palsu.messages[0].gagal is None
    assert time.monotonic() - awal < 2
