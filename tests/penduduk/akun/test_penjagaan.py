from datetime import UTC, datetime, timedelta

import pytest

from penduduk.akun import penjagaan, perangkat, pin, throttle
from penduduk.models import Akun, KejadianAkun, Perangkat, Percobaan, Sesi
from tests import factories, serentak
from tests.factories import PIN
from tests.halaman import sebagai
from tests.penduduk.akun.test_backends import buat_perangkat

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
J = KejadianAkun.Jenis
HP = "+6281234567890"

pytestmark = pytest.mark.django_db


def kejadian(akun: Akun | None = None) -> list[tuple]:
    """All events but those of the PIN that the factory made."""
    semua = KejadianAkun.objects.filter(akun=akun).exclude(jenis=J.PIN_DIGANTI).order_by("pk")
    return list(semua.values_list("jenis", "pada", "oleh__username", "rincian"))


def segar(akun: Akun) -> Akun:
    return Akun.objects.select_related("penduduk").get(pk=akun.pk)


# --- Freezing ----------------------------------------------------------------------------------


def test_bekukan_ends_sessions_and_makes_every_phone_a_stranger(warga, tetangga, operator):
    for akun in (warga, tetangga):
        sebagai(akun)
        buat_perangkat(akun)

    hasil = penjagaan.bekukan(warga, sebab="PETUGAS", pada=PADA, oleh=operator)

    akun = segar(warga)
    assert hasil is True
    assert (akun.dibekukan_pada, akun.sebab_beku) == (PADA, "PETUGAS")
    assert [s.akun for s in Sesi.objects.all()] == [tetangga]
    assert [p.akun for p in Perangkat.objects.all()] == [tetangga]
    assert kejadian(warga) == [("DIBEKUKAN", PADA, "operator", "dikunci petugas")]


def test_bekukan_again_changes_nothing(warga, operator):
    penjagaan.bekukan(warga, sebab="PETUGAS", pada=PADA, oleh=operator)

    hasil = penjagaan.bekukan(warga, sebab="BUKAN_SAYA", pada=PADA + timedelta(hours=1))

    akun = segar(warga)
    assert hasil is False
    assert (akun.dibekukan_pada, akun.sebab_beku) == (PADA, "PETUGAS")
    assert len(kejadian(warga)) == 1


@pytest.mark.parametrize(("sebab", "masih"), [("PETUGAS", True), ("BUKAN_SAYA", False)])
def test_pin_dies_only_where_it_may_be_an_intruders(warga, operator, sebab, masih):
    penjagaan.bekukan(warga, sebab=sebab, pada=PADA)
    penjagaan.cairkan(warga, pada=PADA, oleh=operator)

    assert pin.cocok(segar(warga), PIN, pada=PADA) is masih


def test_cairkan_opens_the_lock_once(warga, operator):
    penjagaan.bekukan(warga, sebab="PETUGAS", pada=PADA)

    hasil = [penjagaan.cairkan(warga, pada=PADA, oleh=operator) for _ in range(2)]

    akun = segar(warga)
    assert hasil == [True, False]
    assert (akun.dibekukan_pada, akun.sebab_beku) == (None, "")
    assert kejadian(warga)[1:] == [("DICAIRKAN", PADA, "operator", "")]


@pytest.mark.django_db(transaction=True)
def test_freezing_at_the_same_moment_is_one_event(warga):
    hasil = serentak.jalankan(
        lambda _: penjagaan.bekukan(segar(warga), sebab="BUKAN_SAYA", pada=PADA), range(6)
    )

    assert sorted(hasil) == [False] * 5 + [True]
    assert len(kejadian(warga)) == 1


# --- Opening -----------------------------------------------------------------------------------


@pytest.mark.parametrize("petugas", [True, False])
def test_buka_gives_some_tries_back_and_lets_pass_for_half_an_hour(warga, operator, petugas):
    kunci = throttle.sidik("nik", warga.penduduk.nik)
    Percobaan.objects.create(kunci=kunci, jenis="nik", gagal=throttle.PER_NIK.habis)
    Akun.objects.update(dijaga_pada=PADA)

    penjagaan.buka(segar(warga), pada=PADA, oleh=operator if petugas else None)

    akun = segar(warga)
    assert Percobaan.objects.get().gagal == throttle.PER_NIK.habis - throttle.DIBERI_LAGI
    assert (akun.dijaga_pada, akun.dibuka_sampai) == (None, PADA + timedelta(minutes=30))
    assert kejadian(warga) == [("DIBUKA", PADA, "operator" if petugas else None, "")]


def test_keluar_semua_keeps_only_the_phone_in_the_hand(warga):
    sebagai(warga)
    for kuki in ("a" * 43, "b" * 43):
        buat_perangkat(warga, kuki)
    ini = throttle.sidik("perangkat", "b" * 43)

    penjagaan.keluar_semua(warga, pada=PADA, perangkat_ini=ini)

    assert Sesi.objects.count() == 0
    assert [p.sidik for p in Perangkat.objects.all()] == [ini]
    assert kejadian(warga) == [("KELUAR", PADA, None, "")]


# --- What the guards noticed -------------------------------------------------------------------


def test_guarded_account_becomes_one_event_for_each_time(warga, tetangga):
    penjagaan.jaga(warga.penduduk.nik, pada=PADA)
    pertama = [penjagaan.catat_yang_dijaga(pada=PADA) for _ in range(2)]
    penjagaan.jaga(warga.penduduk.nik, pada=PADA + timedelta(hours=1))
    masih_ditahan = penjagaan.catat_yang_dijaga(pada=PADA)
    penjagaan.buka(segar(warga), pada=PADA)
    penjagaan.jaga(warga.penduduk.nik, pada=PADA + timedelta(days=2))
    lagi = penjagaan.catat_yang_dijaga(pada=PADA)

    assert (pertama, masih_ditahan, lagi) == ([1, 0], 0, 1)
    assert [k for k in kejadian(warga) if k[0] == "DIJAGA"] == [
        ("DIJAGA", PADA, None, ""),
        ("DIJAGA", PADA + timedelta(days=2), None, ""),
    ]
    assert kejadian(tetangga) == []


def test_unknown_nik_is_no_event():
    penjagaan.jaga("5107041203907777", pada=PADA)

    assert penjagaan.catat_yang_dijaga(pada=PADA) == 0


def semprot(pada: datetime) -> None:
    Percobaan.objects.filter(jenis="nik").delete()
    Percobaan.objects.bulk_create(
        Percobaan(kunci=f"{n}", jenis="nik", gagal=1, gagal_pada=pada)
        for n in range(throttle.SEMPROTAN_SEJAM)
    )


def test_spraying_is_told_once_a_day_of_the_village():
    jam = [datetime(2026, 11, 23, h, 30, tzinfo=UTC) for h in (1, 2, 15, 16)]  # 16 UTC: next day
    for pada in jam:
        semprot(pada)
        penjagaan.catat_yang_dijaga(pada=pada)

    assert [k[1] for k in kejadian(None)] == [jam[0], jam[3]]


def test_quiet_village_has_no_event():
    assert penjagaan.catat_yang_dijaga(pada=PADA) == 0
    assert KejadianAkun.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_write_each_event_once(warga):
    penjagaan.jaga(warga.penduduk.nik, pada=PADA)
    semprot(PADA)

    hasil = serentak.jalankan(lambda _: penjagaan.catat_yang_dijaga(pada=PADA), range(6))

    assert sum(hasil) == 2
    assert (len(kejadian(warga)), len(kejadian(None))) == (1, 1)


# --- "Bukan saya" ------------------------------------------------------------------------------


def test_bernomor_finds_residents_of_a_number_only(warga, tetangga, operator):
    Akun.objects.filter(pk=tetangga.pk).update(nomor_hp="+6281200000000")
    Akun.objects.filter(pk=operator.pk).update(nomor_hp=HP)
    tanpa_nomor = factories.buat_warga()
    Akun.objects.filter(pk=tanpa_nomor.pk).update(nomor_hp="")

    assert list(penjagaan.bernomor(HP)) == [warga]
    assert list(penjagaan.bernomor("")) == []


def test_baru_berganti_looks_back_seven_days(warga, tetangga):
    KejadianAkun.objects.all().delete()
    penjagaan.catat(warga, J.PIN_DITERBITKAN, pada=PADA)
    penjagaan.catat(tetangga, J.DIBUKA, pada=PADA)

    saat = [PADA + timedelta(days=7, seconds=s) for s in (-1, 0)]
    hasil = [penjagaan.baru_berganti([HP], pada=pada) for pada in saat]

    assert hasil == [[warga], []]


def test_link_names_its_account_for_seven_days_and_nothing_else(warga, settings):
    settings.PUBLIC_BASE_URL = "https://bugbug.example"
    satu = penjagaan.catat(warga, J.PIN_DITERBITKAN, pada=PADA)

    tautan = penjagaan.tautan_bukan_saya(satu)

    awal = "https://bugbug.example/pin/bukan-saya/"
    token = tautan.removeprefix(awal).removesuffix("/")
    akhir = PADA + timedelta(days=7)
    assert tautan.startswith(awal)
    assert not any(r in tautan for r in (warga.penduduk.nik, HP, "6281234567890"))
    assert penjagaan.kejadian_dari_token(token, pada=akhir - timedelta(seconds=1)).akun == warga
    assert penjagaan.kejadian_dari_token(token, pada=akhir) is None


@pytest.mark.parametrize("rusak", ["{}x", "x{}", "", "1", "1:abc", "{}:", "0{}"])
def test_forged_link_names_nobody(warga, rusak):
    satu = penjagaan.catat(warga, J.PIN_DITERBITKAN, pada=PADA)
    token = penjagaan.tautan_bukan_saya(satu).rstrip("/").rpartition("/")[2]

    assert penjagaan.kejadian_dari_token(rusak.format(token), pada=PADA) is None


def test_link_of_another_kind_of_event_names_nobody(warga):
    satu = penjagaan.catat(warga, J.DIBUKA, pada=PADA)
    token = penjagaan.tautan_bukan_saya(satu).rstrip("/").rpartition("/")[2]

    assert penjagaan.kejadian_dari_token(token, pada=PADA) is None


# --- Browsers in words -------------------------------------------------------------------------

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "kata"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME}", "Chrome di HP Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari di iPhone",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Edg/130.0.0.0",
            "Edge di komputer Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A146P) AppleWebKit/537.36 (KHTML, like "
            "Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet di HP Android",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
            "Firefox di komputer Linux",
        ),
        ("curl/8.5.0", "Peramban lain"),
        ("", "Peramban lain"),
    ],
)
def test_browser_in_a_few_words(user_agent, kata):
    assert perangkat.sebut(user_agent) == kata
    assert len(kata) <= 60
