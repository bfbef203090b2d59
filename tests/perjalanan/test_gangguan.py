"""`make gangguan` in small: faults injected into real workers, and every message accounted for."""

import os

import pytest
from django.db import connection

from tests.gangguan import hitung, jalan
from tests.proses import ada_redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lambat]


@pytest.mark.skipif(
    connection.vendor == "postgresql" and not ada_redis(),
    reason="DILEWATI: redis-server tidak terpasang",
)
@pytest.mark.skipif(
    connection.vendor == "sqlite" and os.environ.get("UJI_WAJIB_SERVER") == "1",
    reason="dijalankan di PostgreSQL + Redis",
)
def test_every_message_is_delivered_or_on_the_call_list_whatever_breaks():
    server = connection.vendor == "postgresql"

    hasil = jalan.jalankan(
        jumlah=120 if server else 40,
        per_detik=10 if server else 5,
        benih=2,
        bunuh=3,
        redis_mati=2,
        server=server,
        proses=1,
    )

    neraca = hasil["neraca"]
    assert hasil["pekerja_dibunuh"] == 3
    assert (hasil["akun_ditangguhkan"], hasil["alarm"]) == (1, 1), "one alarm, not one a message"
    assert hasil["redis_berhenti"] == (2 if server else 0)
    assert sum(hasil["penyedia"]["gangguan_acak"].values()) > 10, "the provider behaved too well"
    assert neraca["langkah"] == neraca["pesan"] == (120 if server else 40)
    assert neraca["hilang"] == []
    assert neraca["sampai"] + neraca["dihubungi"] == neraca["pesan"]
    assert neraca["palsu_sampai"] == 0, "delivered only when the provider says so"
    assert neraca["ganda"] == [], "the look-up decides in every one of these faults"


def test_account_finds_what_is_lost_doubled_or_wrongly_called_delivered():
    """The account itself: a check that could not fail would be none."""
    satu = {"percobaan": 1, "ditanya": 0, "kode": "", "dihubungi": False}
    baris = {
        "langkah": 4,
        "pesan": [
            satu | {"pk": 1, "nomor": "+621", "keadaan": "SAMPAI"},
            satu | {"pk": 2, "nomor": "+622", "keadaan": "TERKIRIM"},
            satu | {"pk": 3, "nomor": "+623", "keadaan": "DIBACA"},
            satu
            | {"pk": 4, "nomor": "+624", "keadaan": "GAGAL", "kode": "63024"}
            | {"dihubungi": True},
        ],
    }
    palsu = [
        {"ke": "+621", "teks": "a", "status": "delivered"},
        {"ke": "+621", "teks": "a", "status": "sent"},
        {"ke": "+623", "teks": "a", "status": "failed"},
    ]

    neraca = hitung.susun(baris, palsu)

    assert not neraca.utuh
    assert [p["pk"] for p in neraca.hilang] == [2]
    assert neraca.ganda == ["+621"]
    assert neraca.palsu_sampai == 1
    assert (neraca.sampai, neraca.dihubungi, neraca.sebab) == (2, 1, {"63024": 1})
