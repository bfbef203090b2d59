"""Claim, hold, put back, wake: what all queues of rows have in common. Imports stand for all."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from penduduk import antrean
from penduduk.antrean import SEWA
from penduduk.models import Impor

PADA = datetime(2026, 11, 23, 9, tzinfo=UTC)
SESAAT = timedelta(microseconds=1)
K = Impor.Keadaan


def antre(pada: datetime = PADA, **lain: object) -> Impor:
    return Impor.objects.create(diunggah_pada=pada, ambil_lagi_pada=pada, **lain)


def ambil(pada: datetime = PADA) -> Impor | None:
    return antrean.ambil(Impor.objects.filter(keadaan=K.DIUNGGAH), pada=pada)


# --- Claim -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_are_claimed_in_the_order_in_which_they_fell_due():
    dua, satu, tiga, _ = antre(), antre(PADA - SESAAT), antre(), antre(PADA + SESAAT)

    assert [ambil() for _ in range(4)] == [satu, dua, tiga, None]


@pytest.mark.django_db
def test_claim_counts_the_attempt_and_lasts_for_the_lease():
    antre()

    hasil = [ambil(PADA + lama) for lama in (SEWA - SEWA, SEWA - SESAAT, SEWA)]

    assert [satu and (satu.percobaan, satu.ambil_lagi_pada) for satu in hasil] == [
        (1, PADA + SEWA),
        None,
        (2, PADA + 2 * SEWA),
    ]
    kini = Impor.objects.get()
    assert (kini.percobaan, kini.ambil_lagi_pada) == (2, PADA + 2 * SEWA)


@pytest.mark.django_db
def test_row_of_a_clock_that_was_two_hours_ahead_is_due():
    maju, wajar = antre(PADA + timedelta(hours=2)), antre(PADA + antrean.JEDA_TERLAMA)

    assert [ambil(), ambil()] == [maju, None]
    assert ambil(PADA + antrean.JEDA_TERLAMA) in (maju, wajar)


@pytest.mark.django_db
def test_queue_may_give_each_row_a_lease_of_its_own():
    antre(total=5)

    satu = antrean.ambil(Impor.objects.all(), pada=PADA, sewa=lambda i: timedelta(days=i.total))

    assert satu.ambil_lagi_pada == PADA + timedelta(days=5)


@pytest.mark.django_db
def test_claim_between_our_reading_and_our_writing_makes_us_take_the_next_row(monkeypatch):
    direbut, lain = antre(PADA - SESAAT), antre()
    pegang, perebut = antrean.pegang, []

    def didahului(baris, *, sampai):
        if not perebut:
            perebut.append(Impor.objects.get(pk=baris.pk))
            assert pegang(perebut[0], sampai=sampai + SEWA)
        return pegang(baris, sampai=sampai)

    monkeypatch.setattr(antrean, "pegang", didahului)

    assert ambil() == lain
    direbut.refresh_from_db()
    assert (direbut.percobaan, direbut.ambil_lagi_pada) == (1, PADA + 2 * SEWA)


@pytest.mark.django_db
def test_row_that_moved_on_meanwhile_is_not_claimed():
    satu = antre()
    Impor.objects.update(keadaan=K.DIBUANG)

    assert antrean.pegang(satu, sampai=PADA + SEWA) is False
    assert (satu.percobaan, satu.ambil_lagi_pada) == (0, PADA)
    assert Impor.objects.get().percobaan == 0


# --- Hold and put back ------------------------------------------------------------------------


@pytest.mark.django_db
def test_worker_that_overslept_can_write_nothing():
    antre()
    tertidur = ambil()
    kini = ambil(PADA + SEWA)

    bisa = [
        antrean.geser(tertidur, PADA),
        antrean.lepas(tertidur, pada=PADA, jeda=SEWA),
        antrean.milik(tertidur).exists(),
    ]

    assert bisa == [False, False, False]
    assert antrean.milik(kini).get() == kini
    assert tertidur.ambil_lagi_pada == PADA + SEWA


@pytest.mark.django_db
def test_sign_of_life_keeps_the_row_and_writes_with_it():
    antre()
    satu = ambil()

    assert [antrean.geser(satu, PADA + n * SEWA, kemajuan=n) for n in (2, 3)] == [True, True]

    assert ambil(PADA + 3 * SEWA - SESAAT) is None
    assert Impor.objects.get().kemajuan == 3


@pytest.mark.django_db
def test_pauses_double_with_each_attempt_up_to_ten_minutes():
    antre()
    pada, jeda = PADA, []

    for n in range(12):
        satu = ambil(pada)
        assert antrean.lepas(satu, pada=pada, jeda=timedelta(seconds=10), kemajuan=n)
        jeda.append((satu.ambil_lagi_pada - pada).total_seconds())
        pada = satu.ambil_lagi_pada

    assert jeda == [20, 40, 80, 160, 320, *[600] * 7]
    assert (Impor.objects.get().kemajuan, Impor.objects.get().percobaan) == (11, 12)


# --- Wake --------------------------------------------------------------------------------------


class Tugas:
    def __init__(self, galat: Exception | None = None) -> None:
        self.panggilan: list[dict] = []
        self.galat = galat

    def apply_async(self, **cara: object) -> None:
        self.panggilan.append(cara)
        if self.galat:
            raise self.galat


@pytest.mark.django_db(transaction=True)
def test_workers_are_woken_only_when_the_rows_are_there_to_be_seen():
    satu, dua = Tugas(), Tugas()

    with transaction.atomic():
        antrean.bangunkan(satu, dua)
        sebelum = [*satu.panggilan, *dua.panggilan]
    antrean.bangunkan(dua, nanti=30)
    antrean._pemanggil().join()

    segera = {"ignore_result": True, "countdown": None, "expires": 60}
    assert sebelum == []
    assert satu.panggilan == [segera]
    assert dua.panggilan == [segera, segera | {"countdown": 30, "expires": 90}]


@pytest.mark.django_db(transaction=True)
def test_broken_broker_costs_nothing_but_a_line_in_the_log(caplog):
    mati, lain = Tugas(OSError("redis://rahasia")), Tugas()

    antrean.bangunkan(mati, lain)
    antrean._pemanggil().join()

    assert (len(mati.panggilan), len(lain.panggilan)) == (1, 1)
    assert [r.getMessage() for r in caplog.records] == ["wake-up call failed: OSError"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_broker_that_does_not_answer():
    """Calls that find no room are let go: beat calls again."""
    mulai, jawab = threading.Event(), threading.Event()

    class Diam(Tugas):
        def apply_async(self, **cara: object) -> None:
            super().apply_async(**cara)
            mulai.set()
            assert jawab.wait(30)

    diam = Diam()
    antrean.bangunkan(diam)
    assert mulai.wait(30)
    for _ in range(100):
        antrean.bangunkan(diam)  # would stand here for ever if it waited
    assert len(diam.panggilan) == 1
    jawab.set()
    antrean._pemanggil().join()

    assert len(diam.panggilan) == 1 + antrean._PANGGILAN_MAKS
