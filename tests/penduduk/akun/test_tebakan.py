"""Guessing, thought through to the end: a year of it, the odds, and what a stranger can tell."""

import itertools
import random
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layanan.retensi import jalan
from penduduk.akun import backends, penjagaan, perangkat, pin, throttle
from penduduk.models import Akun, Percobaan
from tests import factories
from tests.bench import waktu_masuk
from tests.factories import PIN
from tests.penduduk.akun.test_backends import KUKI, buat_perangkat, gagal, masuk
from tests.penduduk.conftest import permintaan

pytestmark = [pytest.mark.sekali, pytest.mark.django_db]

SALAH = "000000"
KEAMANAN = settings.BASE_DIR / "docs/keamanan.md"


def sidik_nik(akun: Akun) -> str:
    return throttle.sidik("nik", akun.penduduk.nik)


def habiskan(akun: Akun, jam) -> None:
    """Strangers use up all that unknown devices may try, one address and browser each."""
    for n in range(throttle.PER_NIK.habis + 1):
        masuk(akun, SALAH, dari=f"198.51.100.{n}", kuki=f"{n:043}")
        jam.maju(minutes=20)


@pytest.fixture
def semprot(jam) -> None:
    """So many other NIKs had a failure lately that the guard is up."""
    Percobaan.objects.bulk_create(
        Percobaan(kunci=f"nik-{n}", jenis="nik", gagal=1, gagal_pada=jam.pada)
        for n in range(throttle.SEMPROTAN_SEJAM)
    )


# --- A year of guessing at one NIK -------------------------------------------------------------


def setahun(akun: Akun, jam, *, dibuka: int = 0) -> None:
    """A stranger with a new address and browser for each guess, at it all year, now every minute,
    now after days; `dibuka` times somebody opens the account for a new phone."""
    acak = random.Random(7)
    akhir = jam.pada + timedelta(days=365)
    buka = sorted(acak.sample(range(1, 365), dibuka))
    awal = jam.pada
    for n in itertools.count():
        masuk(akun, SALAH, dari=f"2001:db8:{n % 65536:x}::1", kuki=f"{n:043}")
        if buka and jam.pada >= awal + timedelta(days=buka[0]):
            penjagaan.buka(akun, pada=jam.pada)
            del buka[0]
        if jam.maju(minutes=acak.choice((1, 15, 60, 24 * 60, 4 * 24 * 60))) > akhir:
            return


SEKALI = pytest.mark.sekali  # the longest of them, with the same queries, runs on both


@pytest.mark.lambat
@pytest.mark.parametrize(
    "dibuka", [pytest.param(0, marks=SEKALI), pytest.param(1, marks=SEKALI), 4]
)
def test_a_year_of_guessing_compares_no_more_than_the_cap(warga, jam, diperiksa, dibuka):
    setahun(warga, jam, dibuka=dibuka)

    assert len(diperiksa) == throttle.PER_NIK.habis + throttle.DIBERI_LAGI * dibuka


@pytest.mark.lambat
def test_logins_on_the_known_phone_give_strangers_nothing_back(warga, jam, diperiksa):
    buat_perangkat(warga)
    for n in range(52):
        for m in range(3):
            masuk(warga, SALAH, dari=f"198.51.{n}.{m}", kuki=f"{n:020}{m:023}")
        assert masuk(warga, kuki=KUKI) == warga
        jam.maju(days=7)

    assert diperiksa.count(SALAH) == throttle.PER_NIK.habis
    assert diperiksa.count(PIN) == 52


def test_success_on_a_new_phone_gives_back_its_own_failures_and_no_others(warga, jam):
    gagal(warga, 2, dari="198.51.100.1", kuki="x" * 43)
    gagal(warga, 2, kuki=KUKI)

    assert masuk(warga, kuki=KUKI) == warga

    assert Percobaan.objects.get(kunci=sidik_nik(warga)).gagal == 2


def test_own_failures_of_days_ago_are_not_given_back(warga, jam):
    gagal(warga, 3, kuki=KUKI)
    jam.maju(hours=25)
    gagal(warga, 1, kuki=KUKI)

    assert masuk(warga, kuki=KUKI) == warga

    assert Percobaan.objects.get(kunci=sidik_nik(warga)).gagal == 3


def test_failures_of_one_browser_on_two_niks_are_kept_apart(warga, tetangga, jam):
    gagal(warga, 2, kuki=KUKI)
    gagal(tetangga, 2, kuki=KUKI)

    assert masuk(warga, kuki=KUKI) == warga

    sisa = [Percobaan.objects.get(kunci=sidik_nik(a)).gagal for a in (warga, tetangga)]
    assert sisa == [0, 2]


def test_counter_of_a_nik_is_remembered_for_a_year(warga, jam, diperiksa):
    habiskan(warga, jam)
    jam.maju(days=300)
    jalan.jalankan(pada=jam.pada)

    gagal(warga, 3)

    assert len(diperiksa) == throttle.PER_NIK.habis


def test_known_phone_goes_on_working_when_strangers_have_used_up_everything(warga, jam):
    buat_perangkat(warga)
    habiskan(warga, jam)
    jam.maju(days=30)

    assert masuk(warga) is None
    assert masuk(warga, kuki=KUKI) == warga


def test_known_phone_that_fails_too_often_is_a_stranger(warga, jam, diperiksa):
    buat_perangkat(warga)
    for _ in range(throttle.PER_PERANGKAT.habis + 2 * throttle.PER_NIK.habis):
        masuk(warga, SALAH, kuki=KUKI)
        jam.maju(days=2)

    assert masuk(warga, kuki=KUKI) is None
    assert len(diperiksa) == throttle.PER_PERANGKAT.habis + throttle.PER_NIK.habis


def test_new_pin_makes_such_a_phone_known_again(warga, jam):
    buat_perangkat(warga)
    kunci = perangkat.kunci(permintaan(kuki=KUKI), warga)
    Percobaan.objects.create(kunci=kunci, jenis="perangkat", gagal=throttle.PER_PERANGKAT.habis)

    assert masuk(warga, kuki=KUKI) == warga

    assert Percobaan.objects.get(kunci=kunci).gagal == 0


# --- Told once ---------------------------------------------------------------------------------


def test_account_is_marked_when_the_last_try_is_used_up(warga, jam):
    gagal(warga, 5)
    sebelum = Akun.objects.get(pk=warga.pk).dijaga_pada
    pada = jam.maju(minutes=15)
    gagal(warga, 1)
    jam.maju(hours=1)
    gagal(warga, 3)

    assert (sebelum, Akun.objects.get(pk=warga.pk).dijaga_pada) == (None, pada)


def test_last_try_that_is_right_leaves_no_mark(warga, jam):
    gagal(warga, 5)
    jam.maju(minutes=15)

    assert masuk(warga) == warga

    assert Akun.objects.get(pk=warga.pk).dijaga_pada is None
    assert Percobaan.objects.get(kunci=sidik_nik(warga)).gagal == 5


def test_opening_lets_a_new_phone_in_and_ends_the_episode(warga, jam):
    habiskan(warga, jam)
    ditahan = masuk(warga)
    penjagaan.buka(warga, pada=jam.pada)

    assert (ditahan, masuk(warga)) == (None, warga)
    assert Akun.objects.get(pk=warga.pk).dijaga_pada is None


# --- Spraying ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jumlah", "umur", "terjaga"),
    [
        (throttle.SEMPROTAN_SEJAM - 1, 0, False),
        (throttle.SEMPROTAN_SEJAM, 59, True),
        (throttle.SEMPROTAN_SEJAM, 60, False),
        (throttle.SEMPROTAN_SEHARI - 1, 61, False),
        (throttle.SEMPROTAN_SEHARI, 23 * 60, True),
        (throttle.SEMPROTAN_SEHARI, 24 * 60, False),
    ],
)
def test_guard_is_up_while_many_niks_had_a_failure(jam, jumlah, umur, terjaga):
    pada = jam.pada - timedelta(minutes=umur)
    Percobaan.objects.bulk_create(
        Percobaan(kunci=f"{n}", jenis="nik", gagal=1, gagal_pada=pada) for n in range(jumlah)
    )
    Percobaan.objects.bulk_create(
        Percobaan(kunci=f"alamat-{n}", jenis="alamat", gagal=9, gagal_pada=jam.pada)
        for n in range(200)
    )

    assert throttle.disemprot(pada=jam.pada) is terjaga


def test_logins_that_succeed_never_raise_the_guard(jam):
    for n in range(throttle.SEMPROTAN_SEJAM + 5):
        assert masuk(factories.buat_warga(), dari=f"198.51.100.{n}")

    assert throttle.disemprot(pada=jam.pada) is False


def test_under_the_guard_unknown_phones_share_a_trickle(jam, semprot, diperiksa):
    desa = [factories.buat_warga() for _ in range(throttle.PER_SEMPROTAN.jumlah + 2)]

    for n, satu in enumerate(desa):
        gagal(satu, 1, dari=f"198.51.100.{n}")
    sejam = len(diperiksa)
    jam.maju(hours=1)
    Percobaan.objects.filter(kunci__startswith="nik-").update(gagal_pada=jam.pada)
    gagal(desa[-1], 1)

    assert (sejam, len(diperiksa)) == (throttle.PER_SEMPROTAN.jumlah, sejam + 1)


def test_guesses_refused_by_the_guard_use_up_nobodys_tries(jam, semprot):
    desa = [factories.buat_warga() for _ in range(throttle.PER_SEMPROTAN.jumlah + 3)]
    for n, satu in enumerate(desa):
        gagal(satu, 1, dari=f"198.51.100.{n}")

    gagal_ = [Percobaan.objects.get(kunci=sidik_nik(a)).gagal for a in desa]

    assert gagal_ == [1] * throttle.PER_SEMPROTAN.jumlah + [0] * 3


@pytest.fixture
def tanpa_tetes(jam, semprot) -> None:
    """The guard is up, and somebody has taken the trickle of this hour."""
    kunci = throttle.kunci_semprotan(pada=jam.pada)
    for _ in range(throttle.PER_SEMPROTAN.jumlah):
        throttle.sisihkan(kunci, throttle.PER_SEMPROTAN, pada=jam.pada)


def test_under_the_guard_known_phones_are_not_touched(warga, jam, tanpa_tetes):
    buat_perangkat(warga)

    assert masuk(warga) is None
    assert masuk(warga, kuki=KUKI) == warga


def test_opened_account_passes_the_guard_for_half_an_hour(warga, jam, tanpa_tetes):
    tertutup = masuk(warga)
    penjagaan.buka(warga, pada=jam.pada)

    jam.maju(minutes=29)
    terbuka = masuk(warga)
    jam.maju(minutes=1)
    kemudian = masuk(warga)

    assert (tertutup, terbuka, kemudian) == (None, warga, None)


def test_new_pin_passes_the_guard_as_long_as_it_is_valid(jam, tanpa_tetes):
    orang = factories.buat_penduduk()
    satu = pin.terbitkan(orang, pada=jam.pada)

    assert masuk(orang.nik, satu) == Akun.objects.get(penduduk=orang)


def test_under_the_guard_the_office_works_on(operator, jam, tanpa_tetes):
    masuk_ = authenticate(permintaan(), username="operator", password="sandi-uji-panjang")

    assert masuk_ == operator


# --- The odds ----------------------------------------------------------------------------------


def pin_yang_boleh() -> int:
    """How many PINs a resident may have: dates are out for everybody, whosever they are."""

    def sah(satu: str) -> bool:
        try:
            pin.periksa_kekuatan(satu, nik="5107045203904182", tanggal_lahir=None)
        except pin.PINLemah:
            return False
        return True

    return sum(sah(f"{n:06}") for n in range(10**pin.PANJANG))


def peluang(tebakan: int, jumlah_pin: int) -> str:
    """As written in the document: 6.5 per million."""
    return f"{tebakan / jumlah_pin * 1e6:.1f} per million"


@pytest.mark.lambat
@pytest.mark.sekali
def test_odds_stand_in_the_document_as_they_are_and_below_one_in_100000():
    boleh, habis, lagi = pin_yang_boleh(), throttle.PER_NIK.habis, throttle.DIBERI_LAGI
    dokumen = " ".join(KEAMANAN.read_text(encoding="utf-8").split())

    assert (habis + lagi) / boleh < 1e-5
    assert f"**{boleh:,} PINs**" in dokumen
    for dibuka in (0, 1, 2):
        assert f"| {habis + lagi * dibuka} | {peluang(habis + lagi * dibuka, boleh)} |" in dokumen


# --- What a stranger can tell ------------------------------------------------------------------


def bentuk(client: Client, nik: str) -> list[str]:
    """The kinds of SQL that one failed login takes, in order, without its values."""
    isi = {"nik": nik, "pin": SALAH}
    with CaptureQueriesContext(connection) as tercatat:
        jawab = client.post("/masuk/", isi, REMOTE_ADDR=f"192.0.2.{random.randrange(250)}")
    assert jawab.status_code == 200
    nilai = re.compile(r"('[^']*'|\b\d+(\.\d+)?\b|\bNULL\b)(::\w+)?")
    return [nilai.sub("?", q["sql"]) for q in tercatat if "SAVEPOINT" not in q["sql"]]


def _tak_dikenal() -> str:
    return "5107041203907777"


def _salah() -> str:
    return factories.buat_warga().penduduk.nik


def _tak_ber_akun() -> str:
    return factories.buat_penduduk().nik


def _dijaga(nik: str) -> str:
    kunci = throttle.sidik("nik", nik)
    Percobaan.objects.create(
        kunci=kunci, jenis="nik", gagal=throttle.PER_NIK.habis, gagal_pada=backends.timezone.now()
    )
    return nik


def _dijeda() -> str:
    nik, kini = _salah(), backends.timezone.now()
    nanti = kini + timedelta(minutes=9)
    kunci = throttle.sidik("nik", nik)
    Percobaan.objects.create(
        kunci=kunci, jenis="nik", gagal=5, gagal_pada=kini, terkunci_sampai=nanti
    )
    return nik


def _dibekukan() -> str:
    akun = factories.buat_warga()
    penjagaan.bekukan(akun, sebab="BUKAN_SAYA", pada=backends.timezone.now())
    return akun.penduduk.nik


def _terakhir(nik: str) -> str:
    Percobaan.objects.create(
        kunci=throttle.sidik("nik", nik), jenis="nik", gagal=throttle.PER_NIK.habis - 1
    )
    return nik


KEADAAN = {
    "NIK tidak dikenal": _tak_dikenal,
    "penduduk tanpa akun": _tak_ber_akun,
    "PIN salah": _salah,
    "dijeda": _dijeda,
    "dijaga": lambda: _dijaga(_salah()),
    "dijaga, tidak dikenal": lambda: _dijaga(_tak_dikenal()),
    "dibekukan": _dibekukan,
}


@pytest.mark.parametrize("penjaga", ["turun", "naik", "tanpa tetes"])
def test_every_refusal_takes_the_same_queries_in_the_same_order(jam, request, penjaga):
    if penjaga != "turun":
        request.getfixturevalue("tanpa_tetes" if penjaga == "tanpa tetes" else "semprot")
    nik = {nama: buat() for nama, buat in KEADAAN.items()}
    client = Client()
    client.get("/")  # the village is in memory from here on

    hasil = {nama: bentuk(client, satu) for nama, satu in nik.items()}

    baku = hasil["NIK tidak dikenal"]
    assert len(baku) > 8
    assert hasil == dict.fromkeys(KEADAAN, baku)


def test_the_attempt_that_uses_up_the_tries_takes_the_same_queries_for_every_nik(jam):
    nik = [_terakhir(_tak_dikenal()), _terakhir(_salah())]
    client = Client()
    client.get("/")

    tidak_dikenal, dikenal = (bentuk(client, satu) for satu in nik)

    assert tidak_dikenal == dikenal
    assert any('UPDATE "penduduk_akun"' in q for q in dikenal)
    assert Akun.objects.filter(dijaga_pada__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("a", "b", "hasil"),
    [([1, 2], [3, 4], 1.0), ([3, 4], [1, 2], 0.0), ([1, 2], [1, 2], 0.5), ([1, 3], [2, 2], 0.5)],
)
def test_bench_tells_times_apart_that_differ(a, b, hasil):
    assert waktu_masuk.auc(a, b) == hasil
