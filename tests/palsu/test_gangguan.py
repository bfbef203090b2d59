"""What goes wrong after, around and instead of accepting a message."""

import threading
import time
from collections import Counter

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from simulator import twilio_palsu as tp
from tests.palsu.conftest import KABAR, SID, WARGA, kode_dari, sdk
from tests.perjalanan.pekerja import tunggu

# All codes that docs/api/errors and whatsapp/api/error-code-mapping give a message for.
KODE = [20003, 20429, 21211, 21408, 21610, 57012, 63003, 63007, 63013, 63014, 63015, 63016]
KODE += [63017, 63018, 63020, 63021, 63024, 63027, 63028, 63030, 63032, 63049, 11200]


# --- Failing after it was accepted -----------------------------------------------------------


@pytest.mark.parametrize("kode", KODE)
def test_accepted_message_can_fail_with_any_code(kode, palsu, klien, kirim, penampung):
    palsu.rencanakan_gagal(tp.Gagal(kode))

    satu = kirim()

    assert satu.status == "queued"
    tunggu(lambda: penampung.kode() == [str(kode)], detik=10)
    kembali = klien.messages(satu.sid).fetch()
    assert (kembali.status, kembali.error_code) == (penampung.status()[0], kode)
    assert kembali.status in ("failed", "undelivered")


def test_failures_are_planned_in_order_by_number_and_with_steps_before(palsu, kirim, penampung):
    palsu.kabar_otomatis = [(0.01, "sent"), (0.01, "delivered")]
    palsu.gagal_nomor = {"0024": tp.Gagal(63024, setelah=("sent",))}
    palsu.rencanakan_gagal(None, tp.Gagal(63013, status="failed"))

    for ke in ("+6281200000024", WARGA, "+6281200000024", WARGA):
        kirim(ke)
    tunggu(lambda: len(penampung.isi) == 7 and not palsu.sisa_kabar(), detik=10)

    assert [(p.status, p.kode_galat) for p in palsu.messages] == [
        ("delivered", None),  # the plan by order comes first
        ("failed", 63013),
        ("undelivered", 63024),
        ("delivered", None),
    ]
    assert Counter(penampung.status()) == {"sent": 3, "delivered": 2, "failed": 1, "undelivered": 1}


def test_without_an_address_nobody_is_told_but_the_status_is_there(palsu, klien, penampung):
    palsu.rencanakan_gagal(tp.Gagal(63024))

    satu = klien.messages.create(
        to=f"whatsapp:{WARGA}",
        from_=palsu.pengirim,
        content_sid=SID,
        content_variables='{"1": "P-1"}',
    )

    tunggu(lambda: klien.messages(satu.sid).fetch().error_code == 63024, detik=10)
    assert penampung.isi == []


# --- Messages that are there -----------------------------------------------------------------


def test_message_can_be_redacted_and_deleted_once_it_is_done(palsu, klien, kirim):
    satu = klien.messages(kirim().sid)
    assert kode_dari(lambda: satu.update(body="")) == (409, 20009)
    assert kode_dari(satu.delete) == (409, 20009)
    palsu.kabari(palsu.messages[0], "sent", "delivered")

    assert kode_dari(lambda: satu.update(body="lain")) == (400, 20001)
    assert satu.update(body="").body == satu.fetch().body == ""
    assert satu.delete()
    assert kode_dari(satu.fetch) == (404, 20404)
    assert klien.messages.list() == palsu.messages == []


def test_list_by_recipient_follows_what_tests_do_to_the_messages(palsu, klien, kirim):
    for ke in (WARGA, "+6281234567899", WARGA):
        kirim(ke)

    def tercatat() -> list[str]:
        return [m.sid for m in klien.messages.list(to=f"whatsapp:{WARGA}")]

    pertama, lain, ketiga = palsu.messages
    assert tercatat() == [ketiga.sid, pertama.sid]
    palsu.messages[:] = [pertama, ketiga, lain]
    assert tercatat() == [ketiga.sid, pertama.sid]
    palsu.messages[:] = [lain, pertama]
    assert tercatat() == [pertama.sid]
    palsu.messages.clear()
    assert tercatat() == []
    assert kode_dari(klien.messages(pertama.sid).fetch) == (404, 20404)


def test_moment_of_acceptance_tells_duplicates(palsu, kirim):
    for nilai in ("P-1", "P-2", "P-1", "P-1"):
        kirim(nilai=nilai)
    kirim("+6281234567899")

    ((kunci, pada),) = tp.ganda(palsu.messages).items()

    assert kunci == (f"whatsapp:{WARGA}", "Kabar permohonan P-1 hari ini.")
    assert len(pada) == 3 and pada == sorted(pada)


# --- The dice --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peluang", "akibat", "diterima"),
    [
        ("sibuk_429", (429, 20429), 0),
        ("rusak_500", (500, 20500), 0),
        ("tutup_503", (503, 20503), 0),
        ("tolak", (400, 21211), 0),
        ("diam_sebelum", requests.ReadTimeout, 0),
        ("diam_sesudah", requests.ReadTimeout, 1),
        ("putus_sebelum", requests.ConnectionError, 0),
        ("putus_sesudah", requests.ConnectionError, 1),
    ],
)
def test_every_kind_of_trouble(peluang, akibat, diterima, palsu):
    palsu.acak = tp.GangguanAcak(tp.Peluang(**{peluang: 1}, kode_tolak=(21211,)))
    klien = sdk(palsu.base_url, palsu.account_sid, palsu.auth_token, timeout=0.4)

    def kirim() -> None:
        klien.messages.create(
            to=f"whatsapp:{WARGA}",
            from_=palsu.pengirim,
            content_sid=SID,
            content_variables='{"1": "P-1"}',
        )

    if isinstance(akibat, tuple):
        assert kode_dari(kirim) == akibat
    else:
        with pytest.raises(akibat):
            kirim()
    assert (len(palsu.messages), palsu.acak.hitung) == (diterima, {peluang: 1})


def test_look_ups_have_trouble_of_their_own(palsu, klien, kirim):
    sid = kirim().sid
    palsu.acak = tp.GangguanAcak(tp.Peluang(baca_503=1))

    assert kode_dari(klien.messages(sid).fetch) == (503, 20503)
    assert kirim().status == "queued"


def test_final_failures_by_chance(palsu, kirim, penampung):
    palsu.acak = tp.GangguanAcak(tp.Peluang(gagal=1, kode_gagal=(63032,)))

    kirim()

    tunggu(lambda: penampung.kode() == ["63032"], detik=10)
    assert palsu.acak.hitung == {"gagal": 1}


def _banyak(palsu: tp.TwilioPalsu, utas: int, masing: int) -> Counter[int]:
    """Plain calls from several threads; how many got which HTTP status."""
    alamat = f"{palsu.base_url}/2010-04-01/Accounts/{palsu.account_sid}/Messages.json"
    isi = {"From": palsu.pengirim, "ContentSid": SID, "ContentVariables": '{"1": "P-1"}'}
    hasil: Counter[int] = Counter()
    kunci = threading.Lock()

    def panggil(nomor: int) -> None:
        with requests.Session() as sesi:
            sesi.auth = (palsu.account_sid, palsu.auth_token)
            for n in range(masing):
                ke = f"whatsapp:+62812{nomor:04d}{n:04d}"
                status = sesi.post(alamat, isi | {"To": ke}, timeout=5).status_code
                with kunci:
                    hasil[status] += 1

    semua = [threading.Thread(target=panggil, args=(n,)) for n in range(utas)]
    for satu in semua:
        satu.start()
    for satu in semua:
        satu.join(60)
    return hasil


def test_counts_are_right_with_many_threads(palsu):
    palsu.acak = tp.GangguanAcak(tp.Peluang(sibuk_429=0.2, tutup_503=0.1, tolak=0.1), benih=5)

    hasil = _banyak(palsu, 8, 50)

    hitung = palsu.acak.hitung
    assert hasil == {
        201: len(palsu.messages),
        429: hitung["sibuk_429"],
        503: hitung["tutup_503"],
        400: hitung["tolak"],
    }
    assert sum(hasil.values()) == palsu.cacah("POST") == 400
    assert palsu.catatan["diterima"] == len(palsu.messages)
    assert 40 < hitung["sibuk_429"] < 120 and 15 < hitung["tutup_503"] < 70


def test_same_seed_throws_the_same_dice():
    peluang = tp.Peluang(sibuk_429=0.3, putus_sesudah=0.2, gagal=0.4, kabar_ganda=0.5)

    def lempar(benih: int) -> list[object]:
        dadu = tp.GangguanAcak(peluang, benih)
        return [f() for _ in range(50) for f in (dadu.panggilan, dadu.akhir, dadu.kabar)]

    assert lempar(1) == lempar(1) != lempar(2)


@pytest.mark.parametrize(
    ("isi", "sebab"),
    [
        ({"sibuk": 0.1}, "tidak dikenal: sibuk"),
        ({"sibuk_429": 1.2}, "bukan peluang"),
        ({"sibuk_429": -0.1}, "bukan peluang"),
        ({"sibuk_429": 0.6, "tolak": 0.6}, "melebihi 1"),
        ({"kabar_hilang": 0.6, "kabar_ganda": 0.6}, "melebihi 1"),
    ],
)
def test_plan_that_cannot_be_is_refused(isi, sebab):
    with pytest.raises(ValueError, match=sebab):
        tp.Peluang.dari(isi)


def test_plan_may_come_from_json():
    assert tp.Peluang.dari({"tolak": 0.1, "kode_tolak": [63003]}).kode_tolak == (63003,)


# --- Limits, latency, opting out -------------------------------------------------------------


def test_answers_can_take_their_time_at_once(palsu):
    palsu.latensi = (0.2, 0.3)
    awal = time.monotonic()

    assert _banyak(palsu, 10, 2) == {201: 20}

    assert 0.4 <= time.monotonic() - awal < 2, "each call waits, none for another"


def test_rate_limit_refuses_or_fails_later(palsu, kirim, penampung):
    palsu.laju.maks = 3
    for _ in range(3):
        kirim()
    assert kode_dari(kirim) == (429, 20429)

    palsu.laju.tolak = False
    assert kirim().status == "queued"
    tunggu(lambda: penampung.kode() == ["63018"], detik=10)
    time.sleep(1.05)
    kirim()
    assert [p.gagal and p.gagal.kode for p in palsu.messages] == [None] * 3 + [63018, None]


def test_two_messages_in_a_hurry_to_one_recipient(palsu, kirim, penampung):
    palsu.laju.jeda_penerima = 0.5
    for ke in (WARGA, WARGA, "+6281234567899"):
        assert kirim(ke).status == "queued"
    time.sleep(0.55)
    kirim()

    assert [p.gagal and p.gagal.kode for p in palsu.messages] == [None, 63018, None, None]
    tunggu(lambda: penampung.kode() == ["63018"], detik=10)


def test_number_that_wants_no_messages_is_refused(palsu, kirim):
    palsu.berhenti_langganan.add(WARGA)

    assert kode_dari(kirim) == (400, 21610)
    assert kirim("+6281234567899").status == "queued"
    assert len(palsu.messages) == 1


@pytest.mark.parametrize("lanjutan", [False, True])
def test_stop_is_the_applications_business_unless_told_otherwise(lanjutan, palsu, kirim, penampung):
    palsu.opt_out_lanjutan = lanjutan
    palsu.masuk(dari=WARGA, teks=" stop ")

    if lanjutan:
        assert kode_dari(kirim) == (400, 21610)
    else:
        kirim()
    palsu.masuk(dari=WARGA, teks="START")
    assert kirim().status == "queued"
    jenis = [isi.get("OptOutType") for _, _, isi in penampung.isi]
    assert jenis == (["STOP", "START"] if lanjutan else [None, None])


def test_caller_that_gives_up_frees_the_hanging_call(palsu):
    palsu.rencanakan(tp.DIAM_SESUDAH)
    klien = sdk(palsu.base_url, palsu.account_sid, palsu.auth_token, timeout=0.2)
    utas: list[threading.Thread] = []
    palsu.setelah_terima = lambda _: utas.append(threading.current_thread())

    with pytest.raises(requests.ReadTimeout):
        klien.messages.create(
            to=f"whatsapp:{WARGA}",
            from_=palsu.pengirim,
            content_sid=SID,
            content_variables='{"1": "P-1"}',
            status_callback=KABAR,
        )
    klien.http_client.session.close()

    (satu,) = utas
    satu.join(5)
    assert not satu.is_alive()


def test_refusal_without_a_plan_stays_what_it_was(palsu, klien):
    with pytest.raises(TwilioRestException) as tertangkap:
        klien.messages.create(to="whatsapp:+62", from_=palsu.pengirim, body="Halo")

    assert tertangkap.value.code == 21211
    assert palsu.catatan.semua()["ditolak_400"] == 1
