"""Staff whom strangers try to lock out: who is held back, who gets in, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from penduduk.akun import backends, kode_masuk, penjagaan, pin, throttle
from penduduk.akun.hashers import PetugasHasher, PINHasher
from penduduk.models import Akun, KejadianAkun, KodeMasuk, Percobaan
from tests import factories, serentak
from tests.penduduk.akun.test_backends import KUKI, SANDI, buat_perangkat
from tests.penduduk.conftest import IP, permintaan

pytestmark = pytest.mark.django_db
J = KejadianAkun.Jenis


def masuk(
    sandi: str = SANDI, *, nama: str = "operator", token: str = "", dari: str = IP, **lain: str
) -> Akun | None:
    return authenticate(permintaan(dari, **lain), username=nama, password=sandi, token=token)


def kunci(*, nama: str = "operator", kali: int = throttle.PER_PETUGAS.jumlah) -> None:
    """Strangers guess, each from an address of his own."""
    for n in range(kali):
        assert masuk("salah", nama=nama, dari=f"198.51.100.{n}") is None


def penuhi_alamat(pada) -> None:
    kunci_ = throttle.sidik("alamat", IP)
    Percobaan.objects.create(
        kunci=kunci_, jenis="alamat", gagal=30, terkunci_sampai=pada + timedelta(minutes=9)
    )


# --- Held back, and told -------------------------------------------------------------------------


def test_account_held_back_by_strangers_is_marked_and_told_once(operator, jam):
    kunci()
    penjagaan.catat_yang_dijaga(pada=jam.pada)
    penjagaan.catat_yang_dijaga(pada=jam.pada)

    assert Akun.objects.get(pk=operator.pk).dijaga_pada == jam.pada
    assert list(operator.kejadian.values_list("jenis", flat=True)) == [J.DIJAGA]


def test_guesses_at_staff_are_told_at_most_once_a_day(operator, jam):
    for _ in range(6):  # held, opened, held again, …
        kunci()
        penjagaan.catat_yang_dijaga(pada=jam.pada)
        penjagaan.buka_petugas(operator, pada=jam.pada)
        jam.maju(hours=3)

    assert operator.kejadian.filter(jenis=J.DIJAGA).count() == 1
    jam.maju(hours=24)
    kunci()
    penjagaan.catat_yang_dijaga(pada=jam.pada)
    assert operator.kejadian.filter(jenis=J.DIJAGA).count() == 2


def test_fifth_attempt_that_is_right_leaves_no_mark(operator, jam):
    kunci(kali=4)

    assert masuk() == operator
    assert Akun.objects.get(pk=operator.pk).dijaga_pada is None


def test_known_browser_gets_in_while_others_are_held_back(operator, jam):
    buat_perangkat(operator)
    kunci()

    assert (masuk(), masuk(kuki=KUKI)) == (None, operator)


@pytest.mark.parametrize("jenis", [J.DIBUKA, J.SANDI_DIGANTI])
def test_opening_and_a_new_password_let_new_browsers_try_again(operator, jam, jenis):
    kunci()
    ditahan = masuk()

    penjagaan.buka_petugas(operator, pada=jam.pada, jenis=jenis)

    assert (ditahan, masuk()) == (None, operator)
    assert Akun.objects.get(pk=operator.pk).dijaga_pada is None
    assert operator.kejadian.get().jenis == jenis


# --- Codes ---------------------------------------------------------------------------------------


@pytest.fixture
def kode(operator, jam) -> str:
    kunci()
    return kode_masuk.terbitkan(operator, pada=jam.pada)


def test_code_beside_the_password_passes_the_pause_once(operator, jam, kode):
    hasil = [masuk(token=kode), KodeMasuk.objects.count()]
    kunci()

    assert hasil == [operator, 0]
    assert masuk(token=kode) is None


def test_code_alone_opens_nothing_and_is_not_spoilt_by_strangers(operator, jam, kode):
    for n in range(20):
        assert masuk("salah", token=kode, dari=f"192.0.2.{n}") is None

    assert masuk(token=kode) == operator


def test_code_is_spoilt_by_five_wrong_ones_beside_the_right_password(operator, jam, kode):
    for n in range(kode_masuk.COBA_MAKS):
        assert masuk(token=f"{(int(kode) + n + 1) % 10**6:06}", dari=f"192.0.2.{n}") is None

    assert masuk(token=kode) is None


@pytest.mark.parametrize(("menit", "masih"), [(14, True), (15, False)])
def test_code_is_good_for_a_quarter_of_an_hour(operator, jam, kode, menit, masih):
    jam.maju(minutes=menit)

    assert (masuk(token=kode) == operator) is masih


def test_second_code_kills_the_first(operator, jam, kode):
    baru = kode_masuk.terbitkan(operator, pada=jam.pada)

    assert (masuk(token=kode), masuk(token=baru)) == (None, operator)


def test_code_of_another_opens_nothing(operator, jam, kode):
    factories.buat_petugas("sekdes")

    assert masuk(nama="sekdes", token=kode) is None


def test_code_is_kept_as_hash_only(operator, jam, kode):
    baris = KodeMasuk.objects.get()

    assert baris.sandi.startswith("pin_argon2$")
    assert kode not in baris.sandi


def test_code_is_for_staff_who_may_come_in(operator, warga, jam):
    penjagaan.bekukan(operator, sebab="PETUGAS", pada=jam.pada)
    for akun in (operator, warga):
        with pytest.raises(pin.TidakBisaMasuk):
            kode_masuk.terbitkan(akun, pada=jam.pada)


def test_code_opens_no_frozen_account(operator, jam, kode):
    penjagaan.bekukan(operator, sebab="PETUGAS", pada=jam.pada)

    assert masuk(token=kode) is None


def test_code_works_from_an_address_that_is_flooded(operator, jam, kode):
    penuhi_alamat(jam.pada)

    assert (masuk(), masuk(token=kode)) == (None, operator)


@pytest.mark.django_db(transaction=True)
def test_code_used_at_the_same_moment_opens_once_each_guess_counted(operator, jam):
    satu = kode_masuk.terbitkan(operator, pada=jam.pada)
    salah = [f"{(int(satu) + n) % 10**6:06}" for n in range(1, 9)]

    hasil = serentak.jalankan(lambda t: masuk(token=t, dari=f"192.0.2.{salah.index(t)}"), salah)

    assert hasil == [None] * 8
    assert KodeMasuk.objects.get().gagal == kode_masuk.COBA_MAKS
    assert masuk(token=satu) is None


# --- Asking for one ------------------------------------------------------------------------------


def minta(sandi: str = SANDI, nama: str = "operator", dari: str = IP, *, pada) -> int:
    backends.minta_kode(permintaan(dari), nama=nama, sandi=sandi, pada=pada)
    return kode_masuk.catat_yang_diminta(pada=pada)


def test_only_who_knows_the_password_causes_a_code(operator, jam):
    kunci()

    salah = [minta("salah", pada=jam.pada), minta(nama="tidakada", pada=jam.pada)]

    assert (salah, minta(pada=jam.pada)) == ([0, 0], 1)
    assert operator.kejadian.get(jenis=J.KODE_MASUK).oleh is None


def test_codes_are_few_a_day_and_not_two_at_once(operator, jam):
    segera = [minta(pada=jam.pada), minta(pada=jam.pada)]
    for n in range(8):
        minta(dari=f"192.0.2.{n}", pada=jam.maju(minutes=10))

    assert segera == [1, 0]
    assert operator.kejadian.filter(jenis=J.KODE_MASUK).count() == kode_masuk.SEHARI
    assert minta(pada=jam.maju(hours=24)) == 1


def test_staff_without_a_number_get_no_code_by_whatsapp(jam):
    factories.buat_operator(nomor_hp="")

    assert minta(pada=jam.pada) == 0
    assert Akun.objects.get().minta_kode_pada is None


def _bentuk(panggil) -> list[str]:
    """The kinds of SQL that something takes, in order, without its values."""
    with CaptureQueriesContext(connection) as tercatat:
        panggil()
    polos = (q["sql"].split("WHERE")[0].split("VALUES")[0][:60] for q in tercatat)
    return [re.sub(r"\d+", "?", satu) for satu in polos if "SAVEPOINT" not in satu]


def test_asking_takes_the_same_queries_whoever_asks(operator, jam):
    bentuk = [
        _bentuk(
            lambda n=nama, s=sandi: backends.minta_kode(
                permintaan(f"192.0.2.{len(n + s)}"), nama=n, sandi=s, pada=jam.pada
            )
        )
        for nama, sandi in (("operator", SANDI), ("operator", "salah"), ("tidakada", SANDI))
    ]

    assert bentuk[0] == bentuk[1] == bentuk[2]


# --- What it costs -------------------------------------------------------------------------------


@pytest.fixture
def dihitung(monkeypatch, settings) -> list[str]:
    """Costs of the Argon2 hashes that are really computed."""
    settings.PASSWORD_HASHERS = [
        "penduduk.akun.hashers.PetugasHasher",
        "penduduk.akun.hashers.PINHasher",
    ]
    tercatat: list[str] = []
    for nama in ("encode", "verify"):
        asli = getattr(Argon2PasswordHasher, nama)

        def catat(self, sandi, lain, asli=asli):
            tercatat.append(lain.rsplit("$", 2)[0] if "$" in lain else self._kini())
            return asli(self, sandi, lain)

        monkeypatch.setattr(Argon2PasswordHasher, nama, catat)
    monkeypatch.setattr(
        Argon2PasswordHasher,
        "_kini",
        lambda self: (
            f"argon2$argon2id$v=19$m={self.memory_cost},t={self.time_cost},p={self.parallelism}"
        ),
        raising=False,
    )
    return tercatat


MURAH = "argon2$argon2id$v=19$m=19456,t=2,p=1"


def _lama(akun: Akun) -> str:
    """Give `akun` a hash of a former release; its cost."""
    lama = type("Lama", (Argon2PasswordHasher,), {"time_cost": 1, "memory_cost": 256})()
    akun.password = lama.encode(SANDI, lama.salt())
    akun.save()
    return akun.password.rsplit("$", 2)[0]


def test_staff_passwords_cost_what_pins_cost():
    petugas, warga = PetugasHasher(), PINHasher()

    assert [(h.time_cost, h.memory_cost, h.parallelism) for h in (petugas, warga)] == [
        (2, 19456, 1)
    ] * 2


def test_every_refusal_costs_one_hash_of_each_kind_in_use(operator, jam, dihitung):
    lama = _lama(factories.buat_petugas("sekdes"))
    operator.set_password(SANDI)
    operator.save()
    mahal = []
    for nama, sandi in (("operator", "salah"), ("sekdes", "salah"), ("tidakada", "salah")):
        dihitung.clear()
        assert masuk(sandi, nama=nama) is None
        mahal.append(sorted(dihitung))

    assert mahal == [sorted([lama, MURAH])] * 3


def test_old_hash_is_made_anew_at_the_next_login(operator, jam, dihitung):
    _lama(operator)

    assert masuk() == operator
    assert Akun.objects.get(pk=operator.pk).password.startswith(MURAH)
    dihitung.clear()
    assert (masuk("salah"), masuk("salah", nama="tidakada")) == (None, None)
    assert dihitung == [MURAH] * 2


@pytest.mark.parametrize("nama", ["operator", "tidakada"])
@pytest.mark.parametrize("token", ["", "482915"])
def test_address_over_its_limit_is_refused_before_any_hash(operator, jam, dihitung, nama, token):
    penuhi_alamat(jam.pada)
    Percobaan.objects.create(
        kunci=throttle.sidik("alamat-kode", IP),
        jenis="alamat",
        gagal=30,
        terkunci_sampai=jam.pada + timedelta(minutes=9),
    )
    dihitung.clear()

    assert masuk(nama=nama, token=token) is None
    backends.minta_kode(permintaan(), nama=nama, sandi=SANDI, pada=jam.pada)

    assert dihitung == []


def test_known_browser_gets_in_from_a_flooded_address(operator, jam):
    buat_perangkat(operator)
    penuhi_alamat(jam.pada)

    assert masuk(kuki=KUKI) == operator


def test_attempts_refused_for_the_address_use_up_nobodys_tries(operator, jam):
    penuhi_alamat(jam.pada)
    for _ in range(9):
        masuk("salah")

    assert masuk(dari="192.0.2.1") == operator


@pytest.mark.parametrize("token", ["", "482915"])
def test_every_refusal_takes_the_same_queries(operator, jam, token):
    factories.buat_petugas("mati", is_active=False)
    kode_masuk.terbitkan(operator, pada=jam.pada)
    bentuk = [
        _bentuk(lambda n=nama, s=sandi: masuk(s, nama=n, token=token, dari=f"192.0.2.{len(n)}"))
        for nama, sandi in (("operator", "salah"), ("tidakada", SANDI), ("mati", SANDI))
    ]

    assert bentuk[0] == bentuk[1] == bentuk[2]


def test_hasher_of_staff_is_the_first_of_the_site():
    assert isinstance(get_hasher("pin_argon2"), PetugasHasher)
