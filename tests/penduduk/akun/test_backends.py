from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.signals import user_login_failed

from penduduk.akun import backends, penjagaan, perangkat, pin, throttle
from penduduk.models import Akun, Perangkat, Percobaan
from tests import factories, serentak
from tests.factories import PIN
from tests.penduduk.conftest import IP, permintaan

SALAH = "000000"
SANDI = "sandi-uji-panjang"
KUKI = "k" * 43

pytestmark = pytest.mark.django_db


def masuk(akun: Akun | str, sandi: str = PIN, *, dari: str = IP, **lain: str) -> Akun | None:
    nik = akun if isinstance(akun, str) else akun.penduduk.nik
    return authenticate(permintaan(dari, **lain), nik=nik, password=sandi)


def gagal(akun: Akun | str, kali: int, **lain: str) -> None:
    for _ in range(kali):
        assert masuk(akun, SALAH, **lain) is None


def buat_perangkat(akun: Akun, kuki: str = KUKI) -> None:
    Perangkat.objects.create(
        akun=akun,
        sidik=throttle.sidik("perangkat", kuki),
        dibuat_pada=akun.dibuat_pada,
        terakhir_pada=akun.dibuat_pada,
    )


def penuhi_alamat(*permintaan_terakhir: dict[str, str]) -> None:
    """Guesses on many NIKs until the address is locked; the last ones as told, else from IP."""
    akhir = permintaan_terakhir or ({},)
    throttle.sisihkan(sidik_alamat(), throttle.PER_ALAMAT, pada=backends.timezone.now())
    Percobaan.objects.filter(kunci=sidik_alamat()).update(gagal=30 - len(akhir))
    for n, satu in enumerate(akhir, start=1):
        gagal(f"510704120380{n:04}", 1, **satu)
    assert throttle.terkunci(sidik_alamat(), pada=backends.timezone.now()) is True


def sidik_alamat(alamat: str = IP) -> str:
    return throttle.sidik("alamat", alamat)


# --- The right PIN -----------------------------------------------------------------------------


def test_right_nik_and_pin_open_the_akun(warga, jam):
    assert masuk(warga) == warga


@pytest.mark.parametrize("sandi", ["", SALAH, PIN[:-1], PIN + "1", f" {PIN}", "1:" + PIN, "\0"])
def test_wrong_pin_opens_nothing(warga, jam, sandi):
    assert masuk(warga, sandi) is None


def test_pin_of_a_neighbour_opens_nothing(jam):
    warga = factories.buat_warga(pin_="731946")
    factories.buat_warga(pin_="482915")

    assert masuk(warga, "482915") is None
    assert masuk(warga, "731946") == warga


def test_one_time_pin_of_an_unanswered_login_is_good_for_15_minutes_more(jam):
    orang = factories.buat_penduduk()
    satu = pin.terbitkan(orang, pada=jam.pada)
    akun = Akun.objects.get()
    pertama = masuk(akun, satu)

    jam.maju(minutes=14, seconds=59)
    kedua = masuk(akun, satu)
    jam.maju(seconds=1)
    ketiga = masuk(akun, satu)

    assert (pertama, kedua, ketiga) == (akun, akun, None)


def test_expired_one_time_pin_opens_nothing(jam):
    orang = factories.buat_penduduk()
    satu = pin.terbitkan(orang, pada=jam.pada)

    jam.maju(hours=72)

    assert masuk(orang.nik, satu) is None


@pytest.mark.parametrize("sebab", ["nonaktif", "meninggal", "dibekukan"])
def test_closed_akun_stays_closed_for_the_right_pin(warga, jam, sebab):
    if sebab == "nonaktif":
        Akun.objects.update(is_active=False)
    elif sebab == "dibekukan":
        penjagaan.bekukan(warga, sebab="PETUGAS", pada=jam.pada)
    else:
        warga.penduduk.status_dasar = 2
        warga.penduduk.save()

    assert masuk(warga) is None


# --- Two kinds of people -----------------------------------------------------------------------


def test_warga_cannot_enter_as_petugas(warga, jam):
    nik = warga.penduduk.nik

    hasil = [authenticate(permintaan(), username=x, password=PIN) for x in (nik, "", str(warga.pk))]

    assert hasil == [None, None, None]
    assert masuk(warga) == warga


def test_petugas_cannot_enter_as_warga(operator, jam):
    hasil = [masuk(x, SANDI) for x in ("operator", "", str(operator.pk))]

    assert hasil == [None, None, None]
    assert authenticate(permintaan(), username="operator", password=SANDI) == operator


def test_each_backend_knows_only_its_own_kind(warga, operator):
    warga_saja, petugas_saja = backends.NIKBackend(), backends.PetugasBackend()

    assert (warga_saja.get_user(warga.pk), warga_saja.get_user(operator.pk)) == (warga, None)
    assert (petugas_saja.get_user(warga.pk), petugas_saja.get_user(operator.pk)) == (
        None,
        operator,
    )


def test_session_of_an_akun_ends_when_it_is_made_inactive(warga, operator):
    Akun.objects.update(is_active=False)

    assert backends.NIKBackend().get_user(warga.pk) is None
    assert backends.PetugasBackend().get_user(operator.pk) is None


def test_session_of_an_akun_ends_when_it_is_frozen(warga, operator, jam):
    for akun in (warga, operator):
        penjagaan.bekukan(akun, sebab="PETUGAS", pada=jam.pada)

    assert backends.NIKBackend().get_user(warga.pk) is None
    assert backends.PetugasBackend().get_user(operator.pk) is None


def test_frozen_petugas_cannot_enter(operator, jam):
    penjagaan.bekukan(operator, sebab="PETUGAS", pada=jam.pada)

    assert authenticate(permintaan(), username="operator", password=SANDI) is None


def test_warga_has_no_permissions(warga):
    izin = backends.NIKBackend().get_all_permissions(warga)

    assert izin == set()
    assert warga.has_perm("layanan.proses_permohonan") is False


def test_credentials_of_the_other_kind_cost_no_attempt(warga, operator, jam):
    masuk(warga)
    authenticate(permintaan(), username="operator", password=SANDI)

    assert {p.gagal for p in Percobaan.objects.all()} == {0}


# --- Lock of a NIK -----------------------------------------------------------------------------


def test_after_five_wrong_pins_the_right_one_is_refused_for_15_minutes(warga, jam):
    gagal(warga, 5)

    segera = masuk(warga)
    jam.maju(minutes=14, seconds=59)
    hampir = masuk(warga)
    jam.maju(seconds=1)
    akhirnya = masuk(warga)

    assert (segera, hampir, akhirnya) == (None, None, warga)


@pytest.mark.parametrize("putaran", [2, 3])
def test_pause_of_a_device_doubles_after_each_further_five_wrong_pins(warga, jam, putaran):
    buat_perangkat(warga)
    jeda = 15
    for _ in range(putaran - 1):
        gagal(warga, 5, kuki=KUKI)
        jam.maju(minutes=jeda)
        jeda *= 2
    gagal(warga, 5, kuki=KUKI)

    jam.maju(minutes=jeda, seconds=-1)
    hampir = masuk(warga, kuki=KUKI)
    jam.maju(seconds=1)
    akhirnya = masuk(warga, kuki=KUKI)

    assert (hampir, akhirnya) == (None, warga)


def test_pause_of_petugas_is_never_longer_than_a_day_and_never_for_good(operator, jam):
    def coba(sandi: str) -> Akun | None:
        return authenticate(permintaan(), username="operator", password=sandi)

    coba("salah")
    Percobaan.objects.update(gagal=1000)
    jam.maju(days=2)
    coba("salah")

    jam.maju(hours=24, seconds=-1)
    hampir = coba(SANDI)
    jam.maju(seconds=1)
    akhirnya = coba(SANDI)

    assert (hampir, akhirnya) == (None, operator)


def test_success_resets_the_count_of_its_own_browser(warga, jam):
    gagal(warga, 4, kuki=KUKI)
    assert masuk(warga, kuki=KUKI) == warga
    gagal(warga, 4, kuki=KUKI)

    assert masuk(warga, kuki=KUKI) == warga


def test_success_after_a_pause_resets_the_ladder(warga, jam):
    gagal(warga, 5, kuki=KUKI)
    jam.maju(minutes=15)
    assert masuk(warga, kuki=KUKI) == warga
    gagal(warga, 5, kuki=KUKI)

    jam.maju(minutes=15)

    assert masuk(warga, kuki=KUKI) == warga


def test_lock_of_one_nik_leaves_the_neighbour_alone(warga, tetangga, jam):
    gagal(warga, 6)

    assert masuk(tetangga) == tetangga


@pytest.mark.parametrize("kuki", ["", KUKI, "x" * 43, "pendek", "y" * 5000])
def test_cookies_and_headers_of_the_client_do_not_reset_the_lock(warga, jam, kuki):
    gagal(warga, 5)

    hasil = masuk(
        warga,
        kuki=kuki,
        HTTP_X_FORWARDED_FOR="198.51.100.1",
        HTTP_X_REAL_IP="198.51.100.1",
        HTTP_FORWARDED="for=198.51.100.1",
        HTTP_CLIENT_IP="198.51.100.1",
        HTTP_USER_AGENT="lain",
    )

    assert hasil is None


def test_lock_holds_from_every_address(warga, jam):
    for n in range(5):
        gagal(warga, 1, dari=f"198.51.100.{n}")

    assert masuk(warga, dari="192.0.2.99") is None


def test_operators_opening_opens_at_once(warga, operator, jam):
    gagal(warga, 5)

    penjagaan.buka(warga, pada=jam.pada, oleh=operator)

    assert masuk(warga) == warga


def test_unknown_nik_is_locked_like_a_known_one(jam):
    nik = "5107041203909999"

    gagal(nik, 6)

    baris = Percobaan.objects.get(kunci=throttle.sidik("nik", nik))
    assert (baris.gagal, baris.terkunci_sampai) == (5, jam.pada + timedelta(minutes=15))


@pytest.mark.parametrize("keadaan", ["salah", "terkunci", "tak dikenal", "kedaluwarsa"])
def test_every_refusal_costs_one_hash(warga, jam, monkeypatch, keadaan):
    nik, sandi = warga.penduduk.nik, PIN
    if keadaan == "salah":
        sandi = SALAH
    elif keadaan == "terkunci":
        gagal(warga, 5)
    elif keadaan == "tak dikenal":
        nik = "5107041203909999"
    else:
        sandi = pin.terbitkan(warga.penduduk, pada=jam.pada)
        jam.maju(hours=73)
    dihitung = []
    hasher = type(get_hasher("pin_argon2"))
    for nama in ("encode", "verify"):
        asli = getattr(hasher, nama)
        monkeypatch.setattr(
            hasher, nama, lambda self, *a, asli=asli: dihitung.append(1) or asli(self, *a)
        )

    hasil = masuk(nik, sandi)

    assert hasil is None
    assert len(dihitung) == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_compared_at_most_five_times(warga, jam, diperiksa):
    sandi = [f"{n:06}" for n in range(20)]

    hasil = serentak.jalankan(lambda satu: masuk(warga, satu), sandi)

    assert hasil == [None] * 20
    assert len(diperiksa) == 5
    assert masuk(warga) is None


@pytest.mark.django_db(transaction=True)
def test_guesses_from_many_addresses_are_compared_at_most_five_times(warga, jam, diperiksa):
    hasil = serentak.jalankan(lambda n: masuk(warga, SALAH, dari=f"198.51.100.{n}"), range(20))

    assert hasil == [None] * 20
    assert len(diperiksa) == 5


# --- Known devices -----------------------------------------------------------------------------


def test_stranger_locks_the_nik_and_the_known_device_still_enters(warga, jam):
    buat_perangkat(warga)
    gagal(warga, 6, dari="198.51.100.1")

    hasil = masuk(warga, kuki=KUKI)

    assert hasil == warga
    assert masuk(warga, dari="198.51.100.1") is None


def test_known_device_has_a_lock_of_its_own(warga, jam):
    buat_perangkat(warga)
    gagal(warga, 5, kuki=KUKI)

    dari_perangkat = masuk(warga, kuki=KUKI)
    dari_tempat_lain = masuk(warga, dari="198.51.100.1")
    jam.maju(minutes=15)
    kemudian = masuk(warga, kuki=KUKI)

    assert (dari_perangkat, dari_tempat_lain, kemudian) == (None, warga, warga)


def test_success_on_a_known_device_resets_only_its_own_count(warga, jam):
    buat_perangkat(warga)
    gagal(warga, 5, dari="198.51.100.1")
    gagal(warga, 4, kuki=KUKI)
    assert masuk(warga, kuki=KUKI) == warga
    gagal(warga, 4, kuki=KUKI)

    assert masuk(warga, kuki=KUKI) == warga
    assert masuk(warga, dari="198.51.100.1") is None


def test_device_known_to_one_akun_is_a_stranger_to_another(warga, tetangga, jam):
    buat_perangkat(tetangga)
    gagal(warga, 5)

    assert masuk(warga, kuki=KUKI) is None
    assert masuk(tetangga, kuki=KUKI) == tetangga


def test_family_phone_is_locked_for_each_akun_apart(warga, tetangga, jam):
    buat_perangkat(warga)
    buat_perangkat(tetangga)
    gagal(warga, 5, kuki=KUKI)

    assert masuk(warga, kuki=KUKI) is None
    assert masuk(tetangga, kuki=KUKI) == tetangga


def test_known_device_enters_from_a_locked_address(warga, jam):
    buat_perangkat(warga)
    gagal(warga, 1)
    penuhi_alamat()

    assert masuk(warga) is None
    assert masuk(warga, kuki=KUKI) == warga


# --- Lock of an address ------------------------------------------------------------------------


def test_locked_address_refuses_an_akun_that_failed_before(warga, jam):
    gagal(warga, 1)
    penuhi_alamat()

    di_sana = masuk(warga)
    di_tempat_lain = masuk(warga, dari="198.51.100.1")

    assert (di_sana, di_tempat_lain) == (None, warga)


def test_locked_address_never_locks_out_a_village(jam):
    desa = [factories.buat_warga() for _ in range(8)]
    gagal(desa[0], 1)
    for n in range(29):
        gagal(f"510704120380{n + 1:04}", 1)

    hasil = [masuk(w) for w in desa]

    assert throttle.terkunci(sidik_alamat(), pada=jam.pada) is True
    assert hasil == [None, *desa[1:]]


def test_first_try_beyond_the_limit_must_be_right(warga, jam):
    penuhi_alamat()

    pertama = masuk(warga, SALAH)
    kedua = masuk(warga)
    jam.maju(minutes=15)
    kemudian = masuk(warga)

    assert (pertama, kedua, kemudian) == (None, None, warga)


def test_first_try_comes_back_after_a_day(warga, jam):
    gagal(warga, 1)
    jam.maju(hours=24)
    penuhi_alamat()

    assert masuk(warga) == warga


def test_beyond_the_limit_each_akun_is_compared_once(jam, diperiksa):
    penuhi_alamat()
    desa = [factories.buat_warga() for _ in range(3)]

    for w in desa:
        gagal(w, 4)

    assert len(diperiksa) == 3


def test_success_does_not_open_the_address_for_the_guesser(warga, tetangga, jam):
    gagal(tetangga, 1)
    penuhi_alamat()

    for _ in range(3):
        assert masuk(warga) == warga

    asal = Percobaan.objects.get(kunci=sidik_alamat())
    assert (asal.gagal, asal.terkunci_sampai) == (30, jam.pada + timedelta(minutes=15))
    assert masuk(tetangga) is None


def test_logins_that_succeed_never_fill_the_address(jam):
    desa = [factories.buat_warga() for _ in range(2)]
    gagal("5107041203809999", 29)

    for _ in range(3):
        assert [masuk(w) for w in desa] == desa

    asal = Percobaan.objects.get(kunci=sidik_alamat())
    assert (asal.gagal, asal.terkunci_sampai) == (29, None)


def test_phones_of_one_ipv6_net_share_their_count(warga, jam):
    gagal(warga, 1)
    for n in range(30):
        throttle.sisihkan(
            throttle.sidik("alamat", throttle.alamat(permintaan(f"2001:db8:1:2::{n + 1:x}"))),
            throttle.PER_ALAMAT,
            pada=jam.pada,
        )

    satu_jaringan = masuk(warga, dari="2001:db8:1:2:ffff::1")
    jaringan_lain = masuk(warga, dari="2001:db8:1:3::1")

    assert (satu_jaringan, jaringan_lain) == (None, warga)


def test_spoofed_header_does_not_spread_guesses_over_addresses(warga, jam):
    gagal(warga, 1)
    penuhi_alamat(*({"HTTP_X_FORWARDED_FOR": f"198.51.100.{n}"} for n in range(3)))

    assert masuk(warga, HTTP_X_FORWARDED_FOR="192.0.2.1") is None


def test_behind_our_proxy_only_the_rightmost_value_counts(warga, jam, settings):
    settings.TRUSTED_PROXIES = 1
    gagal(warga, 1, HTTP_X_FORWARDED_FOR=IP)
    penuhi_alamat(
        *({"dari": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"198.51.100.{n}, {IP}"} for n in range(3))
    )

    dari_penebak = masuk(warga, dari="10.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.200, {IP}")
    dari_rumah = masuk(warga, dari="10.0.0.1", HTTP_X_FORWARDED_FOR=f"{IP}, 198.51.100.7")

    assert (dari_penebak, dari_rumah) == (None, warga)


def test_login_without_a_request_is_counted_by_nik_alone(warga, jam):
    for _ in range(5):
        assert authenticate(nik=warga.penduduk.nik, password=SALAH) is None

    assert authenticate(nik=warga.penduduk.nik, password=PIN) is None
    assert Percobaan.objects.count() == 1


# --- Petugas -----------------------------------------------------------------------------------


def test_petugas_are_locked_like_warga(operator, jam):
    def masuk_petugas(sandi: str, nama: str = "operator") -> Akun | None:
        return authenticate(permintaan(), username=nama, password=sandi)

    salah = [
        masuk_petugas("salah", x) for x in ("operator", "OPERATOR", "Operator", *2 * ["operator"])
    ]

    segera = masuk_petugas(SANDI)
    jam.maju(minutes=15)
    kemudian = masuk_petugas(SANDI)
    assert salah == [None] * 5
    assert (segera, kemudian) == (None, operator)


def test_petugas_success_resets_the_count(operator, jam):
    for _ in range(3):
        for _ in range(4):
            assert authenticate(permintaan(), username="operator", password="salah") is None
        assert authenticate(permintaan(), username="operator", password=SANDI) == operator

    assert Percobaan.objects.get(kunci=throttle.sidik("petugas", "operator")).gagal == 0


def test_inactive_petugas_cannot_enter(operator, jam):
    Akun.objects.update(is_active=False)

    assert authenticate(permintaan(), username="operator", password=SANDI) is None


def test_petugas_without_password_cannot_enter(jam):
    factories.buat_operator()
    Akun.objects.update(password="!")

    hasil = [authenticate(permintaan(), username="operator", password=x) for x in ("", "!", SANDI)]

    assert hasil == [None, None, None]


# --- Nothing leaks -----------------------------------------------------------------------------


def test_login_failed_signal_never_carries_the_pin(warga, jam):
    diterima = []

    def dengar(sender, credentials, **lain):
        diterima.append(credentials)

    user_login_failed.connect(dengar)
    try:
        masuk(warga, "731946")
        masuk("5107041203909999", "731946")
        authenticate(permintaan(), username="operator", password="731946")
    finally:
        user_login_failed.disconnect(dengar)

    assert len(diterima) == 3
    assert {c["password"] for c in diterima} == {"********************"}
    assert "731946" not in repr(diterima)


def test_percobaan_holds_neither_nik_nor_address_nor_name_in_clear(warga, operator, jam):
    buat_perangkat(warga)
    gagal(warga, 1)
    gagal(warga, 1, kuki=KUKI)
    authenticate(permintaan(), username="operator", password="salah")

    kunci = list(Percobaan.objects.values_list("kunci", flat=True))

    assert len(kunci) == 4
    assert {len(k) for k in kunci} == {64}
    rahasia = (warga.penduduk.nik, IP, "operator", KUKI, PIN)
    assert not any(r in k for r in rahasia for k in kunci)


def test_attempts_leave_no_secret_in_the_log(warga, jam, caplog):
    gagal(warga, 6)
    masuk(warga)

    assert not any(r in caplog.text for r in (warga.penduduk.nik, PIN, SALAH, IP))


def test_device_cookie_is_stored_as_digest_only(warga):
    buat_perangkat(warga)

    satu = Perangkat.objects.get()
    assert perangkat.kunci(permintaan(kuki=KUKI), warga) is not None
    assert KUKI not in satu.sidik and len(satu.sidik) == 64
