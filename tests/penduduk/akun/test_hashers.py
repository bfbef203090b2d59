import time

import pytest
from django.contrib.auth.hashers import get_hasher

from penduduk.akun.hashers import PINHasher, tanda

PEPPER = "pepper-satu-" + "a" * 40
LAIN = "pepper-dua-" + "b" * 40
SANDI = "7:482915"


@pytest.fixture(autouse=True)
def _pepper(settings):
    settings.PIN_PEPPER, settings.PIN_PEPPER_LAMA = PEPPER, []


def test_real_cost_is_what_owasp_asks():
    hasher = PINHasher()

    awal = time.perf_counter()
    kode = hasher.encode(SANDI, hasher.salt())
    lama = time.perf_counter() - awal

    assert kode.startswith(f"pin_argon2${tanda(PEPPER)}$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify(SANDI, kode) is True
    assert lama > 0.005  # seconds: all PINs of one account take hours even with the pepper


def test_hash_fits_into_its_column():
    hasher = PINHasher()

    assert len(hasher.encode(SANDI, hasher.salt())) <= 128


def test_pin_hasher_is_among_the_hashers_of_the_site():
    assert isinstance(get_hasher("pin_argon2"), PINHasher)


def test_same_sandi_and_salt_give_the_same_hash_under_one_pepper_only(settings):
    hasher = get_hasher("pin_argon2")

    pertama, kedua = (hasher.encode(SANDI, "garam-uji-16-karakter") for _ in range(2))
    settings.PIN_PEPPER = LAIN
    ketiga = hasher.encode(SANDI, "garam-uji-16-karakter")

    assert pertama == kedua
    assert pertama.rsplit("$", 1)[1] != ketiga.rsplit("$", 1)[1]


@pytest.mark.parametrize("salah", ["7:482916", "8:482915", "482915", "", "7:482915 "])
def test_anything_but_the_sandi_is_refused(salah):
    hasher = get_hasher("pin_argon2")
    kode = hasher.encode(SANDI, hasher.salt())

    assert hasher.verify(salah, kode) is False


def test_stolen_table_is_worthless_without_the_pepper(settings):
    hasher = get_hasher("pin_argon2")
    kode = hasher.encode(SANDI, hasher.salt())
    settings.PIN_PEPPER = LAIN

    dengan_pepper_lain = hasher.verify(SANDI, kode)
    dinamai_ulang = hasher.verify(SANDI, kode.replace(tanda(PEPPER), tanda(LAIN)))

    assert (dengan_pepper_lain, dinamai_ulang) == (False, False)


def test_old_pepper_verifies_and_asks_for_an_update(settings):
    hasher = get_hasher("pin_argon2")
    kode = hasher.encode(SANDI, hasher.salt())
    settings.PIN_PEPPER, settings.PIN_PEPPER_LAMA = LAIN, [PEPPER]

    assert hasher.verify(SANDI, kode) is True
    assert hasher.verify("7:482916", kode) is False
    assert hasher.must_update(kode) is True
    assert hasher.must_update(hasher.encode(SANDI, hasher.salt())) is False


def test_higher_cost_asks_for_an_update(monkeypatch):
    hasher = get_hasher("pin_argon2")
    kode = hasher.encode(SANDI, hasher.salt())
    sebelum = hasher.must_update(kode)

    monkeypatch.setattr(type(hasher), "time_cost", 2)

    assert (sebelum, get_hasher("pin_argon2").must_update(kode)) == (False, True)


def test_decode_names_the_pepper_and_never_tells_it():
    hasher = get_hasher("pin_argon2")
    kode = hasher.encode(SANDI, hasher.salt())

    isi = hasher.decode(kode)

    assert (isi["algorithm"], isi["variety"], isi["pepper"]) == (
        "pin_argon2",
        "argon2id",
        tanda(PEPPER),
    )
    assert PEPPER not in kode and "482915" not in kode
