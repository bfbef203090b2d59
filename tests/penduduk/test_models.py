from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from penduduk.models import Akun, Banjar, Desa, Keluarga, Penduduk, Perangkat, Percobaan
from tests import factories

PADA = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


# --- One desa ----------------------------------------------------------------------------------


def test_there_is_only_one_desa():
    Desa.objects.create(pk=1)

    with pytest.raises(IntegrityError, match="hanya_satu_desa"), transaction.atomic():
        Desa.objects.create(pk=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Desa.objects.create(pk=1)

    assert Desa.objects.count() == 1


# --- Two kinds of akun -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "isi",
    [
        {"is_staff": True},
        {"is_staff": True, "username": "ganda", "penduduk": True},
        {"is_staff": True, "penduduk": True},
        {"is_superuser": True, "penduduk": True},
        {"is_superuser": True},
        {"username": "ganda", "penduduk": True},
        {"username": "ganda"},
        {},
    ],
)
def test_akun_that_is_neither_warga_nor_petugas_is_refused(isi):
    if isi.get("penduduk"):
        isi = isi | {"penduduk": factories.buat_penduduk()}

    with pytest.raises(IntegrityError, match="akun_warga_atau_petugas"), transaction.atomic():
        Akun.objects.create(**isi)

    assert Akun.objects.count() == 0


@pytest.mark.parametrize(
    "ubah", [{"is_staff": True}, {"is_superuser": True}, {"username": "ganda"}, {"penduduk": None}]
)
def test_warga_cannot_be_promoted_by_any_query(warga, ubah):
    with pytest.raises(IntegrityError, match="akun_warga_atau_petugas"), transaction.atomic():
        Akun.objects.filter(pk=warga.pk).update(**ubah)

    warga.refresh_from_db()
    assert (warga.is_staff, warga.is_superuser, warga.username) == (False, False, None)


@pytest.mark.parametrize("ubah", [{"is_staff": False}, {"username": None}])
def test_petugas_cannot_become_something_between(operator, ubah):
    with pytest.raises(IntegrityError, match="akun_warga_atau_petugas"), transaction.atomic():
        Akun.objects.filter(pk=operator.pk).update(**ubah)

    operator.refresh_from_db()
    assert (operator.is_staff, operator.username) == (True, "operator")


def test_petugas_never_gets_a_penduduk(operator):
    orang = factories.buat_penduduk()

    with pytest.raises(IntegrityError, match="akun_warga_atau_petugas"), transaction.atomic():
        Akun.objects.filter(pk=operator.pk).update(penduduk=orang)

    operator.refresh_from_db()
    assert operator.penduduk is None


def test_create_user_makes_a_petugas_and_create_superuser_a_superuser():
    biasa = Akun.objects.create_user("biasa", "sandi-uji-panjang")
    super_ = Akun.objects.create_superuser("super", "sandi-uji-panjang")

    assert (biasa.is_staff, biasa.is_superuser) == (True, False)
    assert (super_.is_staff, super_.is_superuser) == (True, True)
    assert biasa.check_password("sandi-uji-panjang") is True
    assert Akun.objects.get_by_natural_key("biasa") == biasa


# --- Once only ---------------------------------------------------------------------------------


def test_nik_is_unique_but_many_may_have_none():
    factories.buat_penduduk(nik="5107041203900001")
    factories.buat_penduduk(nik=None)
    factories.buat_penduduk(nik=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.buat_penduduk(nik="5107041203900001")

    assert Penduduk.objects.count() == 3


def test_no_kk_and_banjar_are_unique():
    factories.buat_keluarga(no_kk="5107040101010001")

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.buat_keluarga(no_kk="5107040101010001")
    with pytest.raises(IntegrityError), transaction.atomic():
        Banjar.objects.create(nama="Contoh Satu")

    assert (Keluarga.objects.count(), Banjar.objects.count()) == (1, 1)


def test_penduduk_has_one_akun(warga):
    with pytest.raises(IntegrityError), transaction.atomic():
        Akun.objects.create(penduduk=warga.penduduk)

    assert Akun.objects.count() == 1


def test_username_is_unique(operator):
    with pytest.raises(IntegrityError), transaction.atomic():
        Akun.objects.create_user("operator")

    assert Akun.objects.count() == 1


def test_percobaan_has_one_row_per_key():
    Percobaan.objects.create(kunci="k")

    with pytest.raises(IntegrityError), transaction.atomic():
        Percobaan.objects.create(kunci="k")

    assert Percobaan.objects.count() == 1


def test_perangkat_is_kept_once_per_akun(warga, tetangga):
    isi = {"sidik": "s", "dibuat_pada": PADA, "terakhir_pada": PADA}
    for akun in (warga, tetangga):
        Perangkat.objects.create(akun=akun, **isi)

    with pytest.raises(IntegrityError), transaction.atomic():
        Perangkat.objects.create(akun=warga, **isi)

    assert Perangkat.objects.count() == 2


# --- What hangs together -----------------------------------------------------------------------


@pytest.mark.parametrize("apa", ["penduduk", "keluarga", "banjar"])
def test_what_others_hang_on_is_not_deleted(warga, apa):
    orang = warga.penduduk
    target = {
        "penduduk": orang,
        "keluarga": orang.keluarga,
        "banjar": orang.keluarga.banjar,
    }[apa]

    with pytest.raises(ProtectedError):
        target.delete()

    assert Akun.objects.get().penduduk.keluarga.banjar.nama == "Contoh Satu"


def test_hidup_leaves_out_the_dead_and_the_departed():
    hidup = factories.buat_penduduk()
    for status in (2, 3, 4, 6, 9):
        factories.buat_penduduk(status_dasar=status)

    assert list(Penduduk.objects.hidup()) == [hidup]


def test_names_shown_to_people_tell_no_nik_and_no_whole_no_kk(warga, operator):
    keluarga = factories.buat_keluarga(no_kk="5107040101010042")

    assert [str(x) for x in (warga.penduduk, keluarga, operator, warga)] == [
        "I Wayan Contoh",
        "KK …0042",
        "Operator",
        f"akun {warga.pk}",
    ]
    assert (operator.get_short_name(), operator.get_full_name()) == ("Operator", "Operator")
