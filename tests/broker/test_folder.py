"""The embedded broker hands over whole messages, or none."""

import os
from queue import Empty

import pytest
from kombu import Connection

from bugbug.broker import folder as folder_
from bugbug.celery import app

pytestmark = pytest.mark.broker


@pytest.fixture
def channel(tmp_path):
    masuk = tmp_path / "masuk"
    masuk.mkdir()
    folder = {"data_folder_in": str(masuk), "data_folder_out": str(masuk)}
    folder |= {"control_folder": str(tmp_path / "kendali")}
    with Connection(transport=folder_.Transport, transport_options=folder) as sambungan:
        yield sambungan.channel()


def test_message_is_not_there_until_it_is_complete(channel, monkeypatch):
    ganti, terlihat = os.replace, []

    def lihat_dulu(*jalur):
        try:
            terlihat.append(channel._get("surat"))
        except Empty:
            terlihat.append("kosong")
        ganti(*jalur)

    monkeypatch.setattr(folder_.os, "replace", lihat_dulu)
    channel._put("surat", {"isi": "pertama"})

    assert terlihat == ["kosong"]
    assert channel._get("surat") == {"isi": "pertama"}
    with pytest.raises(Empty):
        channel._get("surat")


def test_messages_of_other_queues_stay(channel):
    channel._put("surat", {"isi": "satu"})

    with pytest.raises(Empty):
        channel._get("pesan")
    assert channel._get("surat") == {"isi": "satu"}


def test_table_of_queues_keeps_what_others_have_bound(channel):
    channel._queue_bind("celery", "a", "", "surat")
    channel._queue_bind("celery", "b", "", "pesan")

    assert {q.queue for q in channel.get_table("celery")} == {"surat", "pesan"}
    assert channel.get_table("belum") == []


def test_product_uses_it_when_there_is_no_redis(settings):
    with app.connection_for_write() as sambungan:
        dipakai = isinstance(sambungan.transport, folder_.Transport)
    assert dipakai == (not settings.REDIS_URL)
