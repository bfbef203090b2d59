"""A worker that hears nothing connects anew; one that works, or hears, is left alone."""

import time

import pytest
from celery.worker import state

from bugbug.broker.jaga import Penjaga


class _Konsumen:
    """What the signals bring along; its hub is run by hand."""

    def __init__(self) -> None:
        self.hub = self
        self.panggilan: list = []

    def call_soon(self, apa) -> None:
        self.panggilan.append(apa)


@pytest.fixture
def konsumen():
    return _Konsumen()


@pytest.fixture
def jaga():
    """Makes watchmen who go home after the test."""
    semua: list[Penjaga] = []

    def buat(batas: float) -> Penjaga:
        semua.append(Penjaga(batas))
        return semua[-1]

    yield buat
    for satu in semua:
        satu.berhenti()


def _tunggu(konsumen, *, detik: float) -> int:
    time.sleep(detik)
    return len(konsumen.panggilan)


def test_silence_ends_in_a_new_connection(konsumen, jaga):
    jaga(0.2).mulai(sender=konsumen)

    assert _tunggu(konsumen, detik=0.5) >= 1
    with pytest.raises(ConnectionResetError):
        konsumen.panggilan[0]()


def test_calls_that_come_in_keep_it_quiet(konsumen, jaga):
    penjaga = jaga(1.0)
    penjaga.mulai(sender=konsumen)
    for _ in range(15):
        time.sleep(0.1)
        penjaga.dengar()

    assert konsumen.panggilan == []


def test_worker_with_its_hands_full_is_not_disturbed(konsumen, monkeypatch, jaga):
    monkeypatch.setattr(state, "active_requests", {"a letter"})
    jaga(0.2).mulai(sender=konsumen)

    assert _tunggu(konsumen, detik=0.6) == 0


def test_broker_without_an_event_loop_is_not_watched(jaga):
    class Folder:
        hub = None

    penjaga = jaga(0.1)
    penjaga.mulai(sender=Folder())

    assert penjaga._utas is None


def test_after_a_new_connection_there_is_still_one_watchman(konsumen, jaga):
    penjaga = jaga(0.3)
    penjaga.mulai(sender=konsumen)
    utas = penjaga._utas
    baru = _Konsumen()
    penjaga.mulai(sender=baru)

    assert penjaga._utas is utas is not None
    assert _tunggu(baru, detik=0.6) >= 1
    assert konsumen.panggilan == []
