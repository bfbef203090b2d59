"""What SQL calls odd is what the labels and warnings call odd."""

from datetime import date

import pytest

from penduduk import mutu
from penduduk.identitas import nik as nik_
from penduduk.models import Penduduk
from tests import factories

pytestmark = pytest.mark.django_db

# NIK, birth date, sex
KOTOR = [
    ("5107041203909901", date(1990, 3, 12), 1),  # nothing odd
    ("5107045203909902", date(1990, 3, 12), 2),
    ("5107044103909902", date(1990, 3, 1), 2),
    ("5107047103909902", date(1990, 3, 31), 2),
    ("5107041203909903", date(1990, 3, 12), 2),  # sex
    ("5107045203909904", date(1990, 3, 12), 1),
    ("5107041303909905", date(1990, 3, 12), 1),  # day, month, year
    ("5107042203909905", date(1990, 3, 12), 1),
    ("5107041204909906", date(1990, 3, 12), 1),
    ("5107041203919907", date(1990, 3, 12), 1),
    ("5107045203909908", date(1990, 3, 2), 1),  # both
    ("5107041203909909", None, 1),
    ("5107041203909910", None, 2),
    ("5107041203909911", date(1990, 3, 12), None),
    ("5107041303909912", date(1990, 3, 12), None),
    ("5107041203909913", None, None),
    (None, date(1990, 3, 12), 1),
    ("", date(1990, 3, 12), 1),
    ("0", date(1990, 3, 12), 1),
    ("0510704200100001", date(1990, 3, 12), 1),
    ("0000000000000000", date(1990, 3, 12), 2),
    ("510704120390990", date(1990, 3, 12), 1),
    ("510704120390990A", date(1990, 3, 12), 1),
    ("ABCDEFGHIJKLMNOP", date(1990, 3, 12), 1),
    ("9907041203909914", date(1990, 3, 12), 1),
    ("5107043203909915", date(1990, 3, 12), 1),
    ("5107047203909915", date(1990, 3, 12), 2),
    ("5107040003909915", date(1990, 3, 12), 1),
    ("5107041213909916", date(1990, 3, 12), 1),
    ("5107041200909916", date(1990, 3, 12), 1),
    ("5107041203900000", date(1990, 3, 12), 1),
    ("1111111111111111", date(2011, 11, 11), 1),
]


@pytest.fixture
def kotor(db) -> list[Penduduk]:
    keluarga = factories.buat_keluarga()
    return [
        factories.buat_penduduk(nik=nik, tanggal_lahir=lahir, jenis_kelamin=jk, keluarga=keluarga)
        for nik, lahir, jk in KOTOR
    ]


def pilih(syarat) -> set[int]:
    return set(mutu.uraikan(Penduduk.objects.all()).filter(syarat).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("syarat", "label"),
    [
        (mutu.TANPA_NIK, "Belum ada NIK"),
        (mutu.SEMENTARA, "NIK sementara"),
        (mutu.TIDAK_SAH, "NIK tidak sah"),
    ],
    ids=["tanpa", "sementara", "tidak sah"],
)
def test_labels_agree_with_the_database(kotor, syarat, label):
    berlabel = {o.pk for o in kotor if o.label_nik == label}

    assert pilih(syarat) == berlabel
    assert len(berlabel) >= 2


def test_warnings_agree_with_the_database(kotor):
    diperingatkan = {
        o.pk
        for o in kotor
        if not o.label_nik
        and nik_.peringatan(o.nik, tanggal_lahir=o.tanggal_lahir, jenis_kelamin=o.jenis_kelamin)
    }

    assert pilih(mutu.BEDA) == diperingatkan
    assert len(diperingatkan) == 9
