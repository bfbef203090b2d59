"""Status callbacks that come by themselves: in order, or as the dice will have it."""

import threading
import time
from collections import Counter

import pytest

from simulator import twilio_palsu as tp
from tests.perjalanan.pekerja import tunggu


def tenang(palsu: tp.TwilioPalsu) -> bool:
    return palsu.sisa_kabar() == 0


@pytest.mark.parametrize(
    ("peluang", "status"),
    [
        ({}, ["sent", "delivered", "read"]),
        ({"kabar_hilang": 1}, []),
        ({"kabar_ganda": 1}, ["sent", "sent", "delivered", "delivered", "read", "read"]),
    ],
)
def test_callbacks_get_lost_or_come_twice(peluang, status, palsu, klien, kirim, penampung):
    palsu.kabar_otomatis = [(0.01, "sent"), (0.01, "delivered"), (0.01, "read")]
    palsu.acak = tp.GangguanAcak(tp.Peluang(**peluang))

    sid = kirim().sid
    tunggu(lambda: klien.messages(sid).fetch().status == "read" and tenang(palsu), detik=10)

    assert penampung.status() == status
    assert palsu.acak.hitung == dict.fromkeys(peluang, 3)


def test_callbacks_come_in_the_wrong_order(palsu, kirim, penampung):
    palsu.kabar_otomatis = [(0.01, "sent"), (0.01, "delivered"), (0.01, "read")]
    # Held back is whoever is on its way; held back twice, the first waits for the second only.
    palsu.acak = tp.GangguanAcak(tp.Peluang(kabar_terbalik=0.5), benih=1)
    for n in range(20):
        kirim(f"+62812000000{n:02d}")
    tunggu(lambda: len(penampung.isi) == 60 and tenang(palsu), detik=20)

    urutan: dict[str, list[str]] = {}
    for _, _, isi in penampung.isi:
        urutan.setdefault(isi["To"], []).append(isi["MessageStatus"])
    assert all(sorted(u) == ["delivered", "read", "sent"] for u in urutan.values()), "none is lost"
    assert len({tuple(u) for u in urutan.values()}) > 1
    assert ["delivered", "sent", "read"] in urutan.values()
    assert palsu.acak.hitung["kabar_terbalik"] > 10
    assert {p.status for p in palsu.messages} == {"read"}


def test_late_callback_is_overtaken(palsu, klien, kirim, penampung):
    palsu.kabar_otomatis = [(0.01, "sent"), (0.2, "delivered")]
    palsu.acak = tp.GangguanAcak(tp.Peluang(kabar_terlambat=1, terlambat=(0.6, 0.7)))
    awal = time.monotonic()

    sid = kirim().sid
    tunggu(lambda: klien.messages(sid).fetch().status == "delivered", detik=10)
    assert penampung.isi == []
    palsu.acak.peluang = tp.Peluang()
    kirim()
    tunggu(lambda: len(penampung.isi) == 4 and tenang(palsu), detik=10)

    assert penampung.status()[0] == "sent" and time.monotonic() - awal > 0.6
    assert Counter(penampung.status()) == {"sent": 2, "delivered": 2}


@pytest.mark.parametrize("rusak", [None, ConnectionRefusedError(), TimeoutError()])
def test_callback_that_is_not_taken_is_given_up(rusak, palsu, kirim, penampung):
    palsu.kabar_otomatis = [(0.01, "sent"), (0.01, "delivered")]
    penampung.jawab, penampung.rusak = 503, rusak

    kirim()
    tunggu(lambda: palsu.messages[0].status == "delivered" and tenang(palsu), detik=10)

    assert penampung.status() == ["sent", "delivered"], "once each"
    assert palsu.catatan["kabar_tak_dijawab" if rusak else "kabar_ditolak_503"] == 2


def test_many_callbacks_at_once_wait_for_no_slow_site(palsu, klien, kirim, penampung):
    """150 a second are asked for; here 300 answers of 50 ms each."""

    def lambat(url: str, isi: bytes, kepala: dict[str, str]) -> int:
        time.sleep(0.05)
        return penampung(url, isi, kepala)

    palsu.pengantar = lambat
    palsu.kabar_otomatis = [(0.2, "sent"), (0, "delivered")]
    sebelum = threading.active_count()
    for n in range(150):
        kirim(f"+6281200000{n:03d}")
    awal = time.monotonic()

    tunggu(lambda: len(penampung.isi) == 300 and tenang(palsu), detik=20)

    assert time.monotonic() - awal < 2
    assert threading.active_count() - sebelum < 70, "a few threads, not one for each message"


def test_what_waits_is_dropped_at_the_end(palsu, kirim, penampung):
    palsu.kabar_otomatis = [(0.5, "sent")]
    kirim()
    assert palsu.sisa_kabar() == 1
    awal = time.monotonic()

    palsu.stop()
    assert time.monotonic() - awal < 3
    palsu.start()

    assert palsu.sisa_kabar() == 0
    time.sleep(0.6)
    assert penampung.isi == []
