"""What stood in the register before RT and RW had one form."""

from importlib import import_module

import pytest
from django.apps import apps

from penduduk.models import Keluarga
from tests.penduduk.impor import contoh
from tests.penduduk.impor.contoh import orang

pytestmark = pytest.mark.django_db
satukan = import_module("penduduk.migrations.0009_satu_bentuk_rt").satukan


@pytest.mark.parametrize(
    ("lama", "baru"),
    [
        (("1", "2"), ("001", "002")),
        (("RT 01", "RW.2"), ("001", "002")),
        (("002/003", ""), ("002", "003")),
        (("0", "000"), ("", "")),
        (("Utara", "1A"), ("Utara", "1A")),
    ],
)
def test_register_gets_the_one_form(lama, baru):
    keluarga = Keluarga.objects.create(rt=lama[0], rw=lama[1])

    satukan(apps, None)

    keluarga.refresh_from_db()
    assert (keluarga.rt, keluarga.rw) == baru


def test_import_from_before_can_still_be_taken_back():
    contoh.impor_jadi(orang(1))
    impor = contoh.impor_jadi(orang(1, rt="005"))
    # As an older version wrote it.
    Keluarga.objects.update(rt="5", rw="1")
    satu = impor.baris.get()
    impor.baris.update(perubahan=satu.perubahan | {"rt": ["2", "RT 05"]})

    satukan(apps, None)

    contoh.urungkan(impor)
    assert (impor.keadaan, impor.alasan) == ("DIURUNGKAN", "")
    assert Keluarga.objects.get().rt == "002"
