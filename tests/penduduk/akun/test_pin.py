from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from penduduk.akun import hashers, penjagaan, pin
from penduduk.models import Akun, PINTerpakai, Sesi
from tests import factories
from tests.halaman import sebagai

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NIK = "5107045203904182"
LAHIR = date(1990, 3, 12)
KUAT = "482915"
BERURUTAN = "PIN berurutan mudah ditebak. Pilih angka yang acak."
BERULANG = "PIN berulang mudah ditebak. Pilih angka yang acak."
TANGGAL = "PIN tidak boleh tanggal lahir Anda. Pilih angka yang acak."
BAGIAN_NIK = "PIN tidak boleh bagian dari NIK Anda. Pilih angka yang acak."


def terbitkan(**lain) -> tuple[Akun, str]:
    orang = factories.buat_penduduk(**{"nik": NIK, "tanggal_lahir": LAHIR} | lain)
    satu = pin.terbitkan(orang, pada=PADA)
    return Akun.objects.get(penduduk=orang), satu


@pytest.fixture
def hash_dihitung(monkeypatch) -> list[str]:
    """Names of the hashers that really computed an Argon2 hash, in order."""
    dihitung: list[str] = []
    for nama in ("encode", "verify"):
        asli = getattr(Argon2PasswordHasher, nama)

        def catat(self, *args, asli=asli):
            dihitung.append(self.algorithm)
            return asli(self, *args)

        monkeypatch.setattr(Argon2PasswordHasher, nama, catat)
    return dihitung


# --- Weak PINs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lemah", ["123456", "654321", "012345", "987654", "567890", "890123"])
def test_pin_in_counting_order_is_refused(lemah):
    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(lemah, nik=NIK, tanggal_lahir=LAHIR)

    assert str(galat.value) == BERURUTAN


@pytest.mark.parametrize(
    "lemah", ["111111", "000000", "121212", "123123", "112233", "998877", "447744", "222221"]
)
def test_pin_that_repeats_itself_is_refused(lemah):
    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(lemah, nik=NIK, tanggal_lahir=LAHIR)

    assert str(galat.value) == BERULANG


@pytest.mark.parametrize(
    "lemah",
    ["120390", "031290", "900312", "901203", "121990", "031990", "199003", "199012"],
)
def test_pin_that_is_the_birth_date_is_refused(lemah):
    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(lemah, nik="5107044203904182", tanggal_lahir=LAHIR)

    assert str(galat.value) == TANGGAL


@pytest.mark.parametrize("awal", range(11))
def test_pin_that_is_any_part_of_the_nik_is_refused(awal):
    lemah = NIK[awal : awal + 6]

    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(lemah, nik=NIK, tanggal_lahir=None)

    assert str(galat.value) == BAGIAN_NIK


@pytest.mark.parametrize("salah", ["", "12345", "4829155", "48291a", "٤٨٢٩١٥", "48 915", "-48291"])
def test_pin_that_is_not_six_digits_is_refused(salah):
    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(salah, nik=NIK, tanggal_lahir=LAHIR)

    assert str(galat.value) == "PIN harus 6 angka."


@pytest.mark.parametrize("kuat", [KUAT, "048291", "731946", "112234", "123457"])
def test_pin_without_pattern_is_accepted(kuat):
    assert pin.periksa_kekuatan(kuat, nik=NIK, tanggal_lahir=LAHIR) is None


@pytest.mark.parametrize(
    "lemah",
    [
        *("159753", "789456", "147258", "357951", "741852", "142536"),  # lines on the keys
        *("123321", "470074", "246802", "864208", "010203", "102030", "506070"),
        *("135790", "246810", "131420"),
    ],
)
def test_pin_that_many_people_choose_is_refused(lemah):
    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(lemah, nik=NIK, tanggal_lahir=LAHIR)

    assert str(galat.value) == "Pola angka ini sering dipakai orang. Pilih angka yang acak."


@pytest.mark.parametrize("lemah", ["170845", "311299", "450817", "081945", "194508"])
def test_pin_that_could_be_a_date_of_the_family_is_refused(lemah):
    with pytest.raises(pin.PINLemah) as galat:
        pin.periksa_kekuatan(lemah, nik=NIK, tanggal_lahir=LAHIR)

    assert str(galat.value) == (
        "PIN tidak boleh berupa tanggal: hari lahir keluarga mudah ditebak. Pilih angka yang acak."
    )


# --- Issue -------------------------------------------------------------------------------------


def test_acak_draws_again_until_the_pin_is_not_weak(monkeypatch):
    undian = iter([123456, 111111, 120390, 45203, 7, 48291])
    monkeypatch.setattr(pin.secrets, "randbelow", lambda batas: next(undian))

    hasil = pin.acak(nik=NIK, tanggal_lahir=LAHIR)

    assert hasil == "048291"


def test_acak_never_gives_a_weak_pin():
    for _ in range(2000):
        hasil = pin.acak(nik=NIK, tanggal_lahir=LAHIR)

        assert pin.periksa_kekuatan(hasil, nik=NIK, tanggal_lahir=LAHIR) is None


@pytest.mark.django_db
def test_terbitkan_opens_an_akun_with_a_one_time_pin():
    akun, satu = terbitkan()

    assert len(satu) == 6 and satu.isdigit()
    assert (akun.is_staff, akun.username, akun.is_active) == (False, None, True)
    assert (akun.wajib_ganti_pin, akun.pin_berlaku_sampai) == (True, PADA + timedelta(hours=72))
    assert pin.cocok(akun, satu, pada=PADA) is True


@pytest.mark.django_db
def test_terbitkan_again_replaces_the_pin_of_the_same_akun(warga):
    lama = warga.password

    baru = pin.terbitkan(warga.penduduk, pada=PADA)

    kini = Akun.objects.get()
    assert kini.pk == warga.pk
    assert kini.password != lama
    assert pin.cocok(kini, factories.PIN, pada=PADA) is False
    assert pin.cocok(kini, baru, pada=PADA) is True


@pytest.mark.django_db
@pytest.mark.parametrize("nik", [None, "", "5107041203900000", "0000000000000000", "51070412039"])
def test_terbitkan_refuses_a_penduduk_without_a_real_nik(nik):
    orang = factories.buat_penduduk(nik=nik)

    with pytest.raises(pin.TidakBisaMasuk) as galat:
        pin.terbitkan(orang, pada=PADA)

    assert str(galat.value) == (
        "NIK penduduk ini kosong atau sementara. Perbaiki NIK lebih dulu, lalu terbitkan PIN."
    )
    assert Akun.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("status", [2, 3, 4, 6, 9])
def test_terbitkan_refuses_a_penduduk_who_is_not_among_the_living(status):
    orang = factories.buat_penduduk(status_dasar=status)

    with pytest.raises(pin.TidakBisaMasuk) as galat:
        pin.terbitkan(orang, pada=PADA)

    assert str(galat.value) == ("Penduduk ini tidak berstatus hidup, jadi tidak dapat diberi PIN.")
    assert Akun.objects.count() == 0


@pytest.mark.django_db
def test_terbitkan_refuses_a_frozen_akun_and_says_what_comes_first(warga):
    penjagaan.bekukan(warga, sebab="PETUGAS", pada=PADA)

    with pytest.raises(pin.TidakBisaMasuk) as galat:
        pin.terbitkan(warga.penduduk, pada=PADA)

    assert str(galat.value) == (
        "Akun warga ini sedang dikunci. Pastikan siapa yang meminta, buka kuncinya, lalu "
        "terbitkan PIN."
    )


@pytest.mark.django_db
def test_akun_untuk_opens_an_akun_once():
    orang = factories.buat_penduduk()

    pertama, kedua = pin.akun_untuk(orang), pin.akun_untuk(orang)

    assert pertama == kedua == Akun.objects.get()
    assert pin.cocok(pertama, "", pada=PADA) is False


@pytest.mark.django_db
def test_terbitkan_ends_sessions_and_lets_a_new_phone_in_while_the_pin_is_valid(warga):
    sebagai(warga)
    akun = Akun.objects.filter(pk=warga.pk)
    akun.update(dijaga_pada=PADA)

    pin.terbitkan(warga.penduduk, pada=PADA)

    assert Sesi.objects.count() == 0
    assert akun.values_list("dijaga_pada", "dibuka_sampai").get() == (
        None,
        PADA + timedelta(hours=72),
    )


@pytest.mark.django_db
def test_terbitkan_records_no_event_and_ganti_does():
    akun, _ = terbitkan()

    pin.ganti(akun, KUAT, pada=PADA)
    pin.ganti(akun, "731946", pada=PADA + timedelta(days=1))

    assert list(akun.kejadian.order_by("pk").values_list("jenis", "pada", "rincian")) == [
        ("PIN_GANTI", PADA, "PIN pertama"),
        ("PIN_GANTI", PADA + timedelta(days=1), ""),
    ]


# --- Time --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_time_pin_is_good_for_exactly_72_hours():
    akun, satu = terbitkan()
    akhir = PADA + timedelta(hours=72)

    sebelum = pin.cocok(akun, satu, pada=akhir - timedelta(microseconds=1))
    tepat = pin.cocok(akun, satu, pada=akhir)

    assert (sebelum, tepat) == (True, False)


@pytest.mark.django_db
def test_used_one_time_pin_is_good_for_15_more_minutes():
    akun, satu = terbitkan()

    pin.catat_dipakai(akun, pada=PADA + timedelta(hours=1))

    akun.refresh_from_db()
    akhir = PADA + timedelta(hours=1, minutes=15)
    assert akun.pin_berlaku_sampai == akhir
    assert pin.cocok(akun, satu, pada=akhir - timedelta(microseconds=1)) is True
    assert pin.cocok(akun, satu, pada=akhir) is False


@pytest.mark.django_db
def test_second_use_never_lengthens_the_15_minutes():
    akun, _ = terbitkan()
    pin.catat_dipakai(akun, pada=PADA)

    pin.catat_dipakai(akun, pada=PADA + timedelta(minutes=10))

    akun.refresh_from_db()
    assert akun.pin_berlaku_sampai == PADA + timedelta(minutes=15)


@pytest.mark.django_db
def test_use_in_the_last_minutes_never_lengthens_the_72_hours():
    akun, _ = terbitkan()

    pin.catat_dipakai(akun, pada=PADA + timedelta(hours=71, minutes=59))

    akun.refresh_from_db()
    assert akun.pin_berlaku_sampai == PADA + timedelta(hours=72)


@pytest.mark.django_db
def test_use_of_a_chosen_pin_sets_no_end(warga):
    pin.catat_dipakai(warga, pada=PADA)

    warga.refresh_from_db()
    assert warga.pin_berlaku_sampai is None


# --- Change ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_ganti_ends_the_one_time_state():
    akun, satu = terbitkan()

    pin.ganti(akun, KUAT, pada=PADA)

    akun.refresh_from_db()
    nanti = PADA + timedelta(days=400)
    assert (akun.wajib_ganti_pin, akun.pin_berlaku_sampai) == (False, None)
    assert pin.cocok(akun, KUAT, pada=nanti) is True
    assert pin.cocok(akun, satu, pada=PADA) is False


@pytest.mark.django_db
@pytest.mark.parametrize("lemah", ["123456", "120390", NIK[4:10], "48291"])
def test_ganti_refuses_a_weak_pin_and_keeps_the_old_one(lemah):
    akun, satu = terbitkan()

    with pytest.raises(pin.PINLemah):
        pin.ganti(akun, lemah, pada=PADA)

    akun.refresh_from_db()
    assert akun.wajib_ganti_pin is True
    assert pin.cocok(akun, satu, pada=PADA) is True


@pytest.mark.django_db
def test_ganti_of_a_frozen_akun_is_refused(warga):
    intruder = Akun.objects.select_related("penduduk").get()  # read before the lock
    penjagaan.bekukan(warga, sebab="BUKAN_SAYA", pada=PADA)

    with pytest.raises(pin.TidakBisaMasuk) as galat:
        pin.ganti(intruder, KUAT, pada=PADA)

    assert str(galat.value) == "Akun ini sedang dikunci. Hubungi kantor desa."
    assert pin.cocok(Akun.objects.get(), KUAT, pada=PADA) is False


@pytest.mark.django_db
def test_ganti_changes_what_sessions_are_tied_to(warga):
    lama = warga.get_session_auth_hash()

    pin.ganti(warga, "731946", pada=PADA)

    assert warga.get_session_auth_hash() != lama


# --- PINs of before ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_first_pin_cannot_become_the_lasting_one():
    akun, satu = terbitkan()

    with pytest.raises(pin.PINLemah) as galat:
        pin.ganti(akun, satu, pada=PADA)

    akun.refresh_from_db()
    assert str(galat.value) == pin.PERNAH
    assert akun.wajib_ganti_pin is True
    assert akun.kejadian.count() == 0


@pytest.mark.django_db
def test_no_pin_that_the_account_ever_had_comes_back(warga):
    awal = pin.terbitkan(warga.penduduk, pada=PADA)
    akun = Akun.objects.select_related("penduduk").get()
    for baru in ("731946", "048291"):
        pin.ganti(akun, baru, pada=PADA)

    for lama in (factories.PIN, awal, "731946", "048291"):
        with pytest.raises(pin.PINLemah):
            pin.ganti(akun, lama, pada=PADA)
    assert pin.cocok(akun, "048291", pada=PADA) is True


@pytest.mark.django_db
def test_pin_of_before_is_known_also_after_bukan_saya(warga, operator):
    penjagaan.bekukan(warga, sebab="BUKAN_SAYA", pada=PADA)
    penjagaan.cairkan(warga, pada=PADA, oleh=operator)
    pin.terbitkan(warga.penduduk, pada=PADA)

    with pytest.raises(pin.PINLemah):
        pin.ganti(Akun.objects.get(pk=warga.pk), factories.PIN, pada=PADA)


@pytest.mark.django_db
def test_neighbour_may_have_the_same_pin(warga, tetangga):
    pin.ganti(warga, "731946", pada=PADA)
    pin.ganti(tetangga, "731946", pada=PADA)

    assert pin.cocok(tetangga, "731946", pada=PADA) is True


@pytest.mark.django_db
def test_new_issue_and_proposal_avoid_the_pins_of_before(warga, monkeypatch):
    undian = iter([int(factories.PIN), 731946, int(factories.PIN), 48291])
    monkeypatch.setattr(pin.secrets, "randbelow", lambda batas: next(undian))

    baru = pin.terbitkan(warga.penduduk, pada=PADA)
    usul, _ = pin.buat(Akun.objects.get())

    assert (baru, usul) == ("731946", "048291")


@pytest.mark.django_db
def test_pins_of_before_are_known_under_the_pepper_of_then(warga, settings):
    pin.ganti(warga, "731946", pada=PADA)
    settings.PIN_PEPPER_LAMA = [settings.PIN_PEPPER]
    settings.PIN_PEPPER = "pepper-baru-" + "z" * 40
    assert pin.cocok(warga, "731946", pada=PADA) is True  # and hashed anew

    for lama in (factories.PIN, "731946"):
        with pytest.raises(pin.PINLemah):
            pin.ganti(warga, lama, pada=PADA)


@pytest.mark.django_db
def test_current_pin_stays_known_when_the_old_pepper_is_thrown_away(warga, settings):
    lama, settings.PIN_PEPPER = settings.PIN_PEPPER, "pepper-baru-" + "z" * 40
    settings.PIN_PEPPER_LAMA = [lama]
    pin.cocok(warga, factories.PIN, pada=PADA)
    settings.PIN_PEPPER_LAMA = []
    pin.ganti(warga, "731946", pada=PADA)

    with pytest.raises(pin.PINLemah):
        pin.ganti(warga, factories.PIN, pada=PADA)


@pytest.mark.django_db
def test_pin_under_a_salt_of_a_former_release_is_known(warga):
    warga.pin_terpakai.all().delete()
    lama = make_password(f"{warga.pk}:{factories.PIN}", hasher="pin_argon2")
    PINTerpakai.objects.create(akun=warga, sandi=lama)

    with pytest.raises(pin.PINLemah):
        pin.ganti(warga, factories.PIN, pada=PADA)


@pytest.mark.django_db
def test_looking_back_costs_no_further_hash(warga, hash_dihitung):
    for n in range(5):
        pin.ganti(warga, f"73194{n}", pada=PADA)
    hash_dihitung.clear()

    pin.ganti(warga, "048291", pada=PADA)
    with pytest.raises(pin.PINLemah):
        pin.ganti(warga, "731942", pada=PADA)

    assert hash_dihitung == ["pin_argon2"] * 2


# --- Cost and storage --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("keadaan", ["benar", "salah", "kedaluwarsa", "pepper hilang"])
def test_cocok_costs_one_hash_for_an_akun_with_pin(keadaan, hash_dihitung, settings):
    akun, satu = terbitkan()
    hash_dihitung.clear()
    pada = PADA + timedelta(hours=73) if keadaan == "kedaluwarsa" else PADA
    if keadaan == "pepper hilang":
        settings.PIN_PEPPER = "pepper-lain-" + "z" * 40

    hasil = pin.cocok(akun, KUAT if keadaan == "salah" else satu, pada=pada)

    assert hasil is (keadaan == "benar")
    assert hash_dihitung == ["pin_argon2"]


@pytest.mark.parametrize("sandi", ["", "!", "!acak", "bukan hash", "md5$garam$00"])
def test_cocok_costs_one_hash_for_an_akun_without_pin(sandi, hash_dihitung):
    akun = Akun(pk=7, password=sandi)

    hasil = pin.cocok(akun, KUAT, pada=PADA)

    assert hasil is False
    assert hash_dihitung == ["pin_argon2"]


def test_cocok_costs_one_hash_without_an_akun(hash_dihitung):
    hasil = pin.cocok(None, KUAT, pada=PADA)

    assert hasil is False
    assert hash_dihitung == ["pin_argon2"]


@pytest.mark.django_db
def test_password_of_staff_is_never_accepted_as_pin(operator):
    operator.password = make_password(f"{operator.pk}:{KUAT}")

    hasil = pin.cocok(operator, KUAT, pada=PADA)

    assert hasil is False


@pytest.mark.django_db
def test_stored_hash_does_not_contain_the_pin(warga):
    algoritme, pepper, argon = warga.password.split("$", 2)

    assert (algoritme, len(pepper)) == ("pin_argon2", 8)
    assert argon.startswith("argon2id$")
    assert factories.PIN not in warga.password


@pytest.mark.django_db
def test_equal_pins_of_two_warga_never_share_a_hash_input(monkeypatch, warga, tetangga):
    masukan = []
    asli = hashers.PINHasher.encode
    monkeypatch.setattr(
        hashers.PINHasher,
        "encode",
        lambda self, sandi, garam: masukan.append(sandi) or asli(self, sandi, garam),
    )

    pin.ganti(warga, "731946", pada=PADA)
    pin.ganti(tetangga, "731946", pada=PADA)

    assert masukan == [f"{warga.pk}:731946", f"{tetangga.pk}:731946"]


@pytest.mark.django_db
def test_hash_copied_to_another_akun_opens_nothing(warga, tetangga):
    tetangga.password = warga.password

    assert pin.cocok(warga, factories.PIN, pada=PADA) is True
    assert pin.cocok(tetangga, factories.PIN, pada=PADA) is False


@pytest.mark.django_db
def test_pin_under_an_old_pepper_still_opens_and_is_hashed_anew(warga, settings):
    lama, baru = settings.PIN_PEPPER, "pepper-baru-" + "z" * 40
    settings.PIN_PEPPER, settings.PIN_PEPPER_LAMA = baru, [lama]

    pertama = pin.cocok(warga, factories.PIN, pada=PADA)
    settings.PIN_PEPPER_LAMA = []
    warga.refresh_from_db()
    kedua = pin.cocok(warga, factories.PIN, pada=PADA)

    assert (pertama, kedua) == (True, True)
    assert warga.password.split("$")[1] == hashers.tanda(baru)


@pytest.mark.django_db
def test_wrong_pin_under_an_old_pepper_changes_nothing(warga, settings):
    lama, sebelum = settings.PIN_PEPPER, warga.password
    settings.PIN_PEPPER, settings.PIN_PEPPER_LAMA = "pepper-baru-" + "z" * 40, [lama]

    hasil = pin.cocok(warga, "731946", pada=PADA)

    warga.refresh_from_db()
    assert hasil is False
    assert warga.password == sebelum
