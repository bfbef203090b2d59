"""A new SECRET_KEY or PIN_PEPPER, changed as docs/operasi.md says: nothing is forgotten by it."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from penduduk.akun import hashers, penjagaan, perangkat
from penduduk.models import Perangkat, Percobaan
from tests import factories

pytestmark = pytest.mark.django_db
BARU = "kunci-baru-" + "q7" * 30


def _masuk(client: Client, akun, pin: str):
    isi = {"nik": akun.penduduk.nik, "pin": pin}
    return client.post(reverse("penduduk:masuk"), isi)


def _ganti(settings, monkeypatch) -> None:
    """As in the settings, and a start with them."""
    settings.SECRET_KEY_FALLBACKS, settings.KUNCI_SIDIK = [settings.SECRET_KEY], settings.SECRET_KEY
    settings.SECRET_KEY = BARU
    monkeypatch.setattr(penjagaan, "_TANDA", signing.Signer(salt="penduduk.bukan-saya"))


def test_new_secret_key_leaves_logins_devices_locks_and_links(warga, settings, monkeypatch):
    hp, asing = Client(), Client()
    assert _masuk(hp, warga, factories.PIN).status_code == 302
    for _ in range(5):
        _masuk(asing, warga, "938271")
    terkunci = set(Percobaan.objects.values_list("kunci", flat=True))
    kejadian = warga.kejadian.latest("pk")
    tautan = penjagaan.tautan_bukan_saya(kejadian)
    (perangkat_,) = Perangkat.objects.values_list("sidik", flat=True)

    _ganti(settings, monkeypatch)

    assert hp.get(reverse("layanan:beranda")).status_code == 200  # still logged in
    assert _masuk(asing, warga, factories.PIN).status_code == 200  # right, and still locked out
    assert terkunci == set(Percobaan.objects.values_list("kunci", flat=True))
    hp.post(reverse("penduduk:keluar"))
    assert _masuk(hp, warga, factories.PIN).status_code == 302  # known, so not locked out
    assert list(Perangkat.objects.values_list("sidik", flat=True)) == [perangkat_]
    assert Client().get(tautan).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    monkeypatch.setattr(penjagaan, "_TANDA", signing.Signer(salt="penduduk.bukan-saya"))
    assert Client().get(tautan).status_code == 404  # so the link did need the old one


def test_new_sidik_key_makes_every_phone_a_stranger(warga, settings):
    hp = Client()
    _masuk(hp, warga, factories.PIN)
    kuki = hp.cookies[perangkat.NAMA_KUKI].value
    minta = type("Minta", (), {"COOKIES": {perangkat.NAMA_KUKI: kuki}})()
    assert perangkat.kunci(minta, warga)

    settings.KUNCI_SIDIK = BARU

    assert perangkat.kunci(minta, warga) is None


def test_new_pepper_lets_everybody_in_and_moves_each_pin_at_its_next_use(warga, settings):
    lama, settings.PIN_PEPPER = settings.PIN_PEPPER, BARU
    settings.PIN_PEPPER_LAMA = [lama]
    assert warga.password.split("$")[1] == hashers.tanda(lama)

    assert _masuk(Client(), warga, factories.PIN).status_code == 302

    warga.refresh_from_db()
    assert warga.password.split("$")[1] == hashers.tanda(BARU)
    settings.PIN_PEPPER_LAMA = []
    assert _masuk(Client(), warga, factories.PIN).status_code == 302
    assert timezone.now() >= warga.last_login
