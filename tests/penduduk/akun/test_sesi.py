from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from penduduk.akun import sesi
from penduduk.models import Sesi
from tests.factories import PIN
from tests.halaman import kata, sebagai

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


# --- How long ----------------------------------------------------------------------------------

KINI = timezone.now


def _berakhir(akun) -> datetime:
    return Sesi.objects.get(akun=akun).expire_date


def _majukan(akun, lama: timedelta) -> None:
    """Time passes: whatever the session knows lies so much further back."""
    for satu in Sesi.objects.filter(akun=akun):
        data = sesi.SessionStore().decode(satu.session_data)
        if sesi.MASUK_PADA in data:
            mulai = datetime.fromisoformat(data[sesi.MASUK_PADA]) - lama
            data[sesi.MASUK_PADA] = mulai.isoformat()
        satu.session_data = sesi.SessionStore().encode(data)
        satu.expire_date -= lama
        satu.save()


def _dekat(satu: datetime, lain: datetime) -> bool:
    return abs(satu - lain) < timedelta(minutes=2)


@pytest.mark.parametrize(("siapa", "diam"), [("warga", 120), ("operator", 30)])
def test_a_session_ends_after_so_long_without_work(request, siapa, diam):
    akun = request.getfixturevalue(siapa)
    client, alamat = _peramban(akun)

    assert _dekat(_berakhir(akun), KINI() + timedelta(minutes=diam))
    _majukan(akun, timedelta(minutes=diam - 2))
    assert client.get(alamat).status_code == 200
    _majukan(akun, timedelta(minutes=diam + 1))
    assert client.get(alamat).status_code == 302


@pytest.mark.parametrize(("siapa", "jam", "diam"), [("warga", 12, 120), ("operator", 10, 30)])
def test_work_prolongs_it_but_not_beyond_a_day_of_work(request, siapa, jam, diam):
    akun = request.getfixturevalue(siapa)
    client, alamat = _peramban(akun)
    mulai = KINI()

    lewat = timedelta()
    while client.get(alamat).status_code == 200:
        assert lewat < timedelta(jam + 1), "never ends"
        lewat += timedelta(minutes=diam - 5)
        _majukan(akun, timedelta(minutes=diam - 5))

    assert timedelta(hours=jam) <= lewat < timedelta(hours=jam, minutes=diam)
    assert KINI() - mulai < timedelta(minutes=5)


def test_a_busy_minute_costs_one_write(operator):
    client, _ = _peramban(operator)
    alamat = "/kelola/sesi/"
    _majukan(operator, timedelta(minutes=5))

    with CaptureQueriesContext(connection) as pertama:
        client.post(alamat)
    with CaptureQueriesContext(connection) as lagi:
        for _ in range(3):
            client.post(alamat)

    tulis = [q["sql"] for q in pertama if q["sql"].startswith("UPDATE")]
    assert len(tulis) == 1 and "penduduk_sesi" in tulis[0]
    assert not [q for q in lagi if q["sql"].startswith("UPDATE")]


@pytest.mark.parametrize(
    "alamat", ["/kelola/layanan/lencana/", "/kelola/sesi/", "/kelola/layanan/permohonan/?otomatis"]
)
def test_what_a_page_asks_by_itself_is_no_work(operator, alamat):
    client, _ = _peramban(operator)
    _majukan(operator, timedelta(minutes=20))
    sebelum = _berakhir(operator)

    assert client.get(alamat).status_code in (200, 302)

    assert _berakhir(operator) == sebelum
    client.get("/kelola/")
    assert _berakhir(operator) > sebelum


def test_the_head_of_the_office_says_until_when(operator, perbekel):
    for akun, alamat in ((operator, "/kelola/"), (perbekel, "/kelola/"), (perbekel, "/meja/")):
        client, _ = _peramban(akun)
        _majukan(akun, timedelta(minutes=10))
        halaman = kata(client.get(alamat))
        sampai = timezone.localtime(_berakhir(akun))
        assert f"Masuk sampai pukul {sampai:%H.%M}" in halaman
        Sesi.objects.filter(akun=akun).delete()


def test_the_button_of_the_warning_prolongs(operator):
    client, _ = _peramban(operator)
    _majukan(operator, timedelta(minutes=28))

    sisa = client.get("/kelola/sesi/").json()
    lanjut = client.post("/kelola/sesi/").json()

    assert 60 < sisa["sisa"] < 125
    assert 1790 < lanjut["sisa"] <= 1800


def test_own_data_lists_a_session_as_long_as_it_works(warga):
    lama, _ = _peramban(warga)
    _majukan(warga, timedelta(hours=1, minutes=50))
    lama.get("/layanan/")
    baru, _ = _peramban(warga)
    _majukan(warga, timedelta(hours=1, minutes=50))

    halaman = baru.get("/layanan/data-saya/")

    assert lama.get("/layanan/").status_code == 200
    assert len(halaman.context["sesi"]) == 2


def _peramban(akun) -> tuple[Client, str]:
    client = Client()
    if akun.is_staff:
        sandi = "sandi-uji-panjang"
        client.post("/kelola/login/", {"username": akun.username, "password": sandi})
        return client, "/kelola/"
    client.post("/masuk/", {"nik": akun.penduduk.nik, "pin": PIN})
    return client, "/layanan/"
