from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from penduduk.akun import sesi
from penduduk.models import Sesi
from tests.factories import PIN
from tests.halaman import sebagai

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_login_notes_whose_session_it_is_on_what_and_since_when(warga):
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0.0.0")

    client.post("/masuk/", {"nik": warga.penduduk.nik, "pin": PIN})

    satu = Sesi.objects.get()
    assert (satu.akun, satu.perangkat) == (warga, "Chrome di HP Android")
    assert satu.masuk_pada is not None


def test_login_at_the_office_notes_it_as_well(operator):
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/131.0")

    client.post("/kelola/login/", {"username": "operator", "password": "sandi-uji-panjang"})

    satu = Sesi.objects.get()
    assert (satu.akun, satu.perangkat) == (operator, "Firefox di komputer Windows")
    assert satu.masuk_pada is not None


def test_session_before_login_belongs_to_nobody(client):
    satu = client.session
    satu["draf"] = 1
    satu.save()

    assert Sesi.objects.get().akun is None


def test_milik_lists_what_has_not_run_out(warga, tetangga):
    lama, baru = sebagai(warga), sebagai(warga)
    sebagai(tetangga)
    kini = Sesi.objects.get(pk=baru.session.session_key).expire_date - timedelta(hours=1)
    Sesi.objects.filter(pk=lama.session.session_key).update(expire_date=kini)

    assert [s.pk for s in sesi.milik(warga, pada=kini)] == [baru.session.session_key]


def test_pegangan_is_not_the_key_and_differs(warga):
    for _ in range(2):
        sebagai(warga)

    semua = list(Sesi.objects.all())
    assert len({sesi.pegangan(s) for s in semua}) == 2
    assert not any(sesi.pegangan(s) in s.pk or s.pk in sesi.pegangan(s) for s in semua)


def test_akhiri_ends_all_but_one(warga, tetangga):
    sini = sebagai(warga)
    for akun in (warga, tetangga):
        sebagai(akun)

    jumlah = sesi.akhiri(warga, kecuali=sini.session.session_key)

    assert jumlah == 1
    assert {s.akun for s in Sesi.objects.all()} == {warga, tetangga}
    assert sini.get("/layanan/").context["user"] == warga
