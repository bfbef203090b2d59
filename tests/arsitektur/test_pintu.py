"""One door for each kind of row that counts as a record."""

import ast
from functools import partial

import pytest

from layanan.models import Notifikasi, Penyerahan, Permohonan, PersetujuanWA, Riwayat
from penduduk.models import KejadianAkun
from surat.models import Cetakan, Surat, TandaTangan
from tests.arsitektur.pemeriksa import pembuat_baris
from tests.arsitektur.rumah import PRODUKSI, langgar

PINTU = {
    KejadianAkun: {"penduduk/akun/penjagaan.py"},
    Surat: {
        "surat/terbit/penerbitan.py",
        "surat/peraga/surat.py",  # a sample that is printed and never saved
    },
    Cetakan: {"surat/terbit/penerbitan.py"},
    TandaTangan: {"layanan/permohonan/dampak.py"},
    Penyerahan: {"layanan/permohonan/dampak.py"},
    Permohonan: {"layanan/permohonan/alur.py"},
    Riwayat: {"layanan/permohonan/alur.py"},
    Notifikasi: {
        "layanan/kotak_keluar/keadaan.py",  # makes it, where its life begins
        "layanan/kotak_keluar/notifikasi.py",
    },
    PersetujuanWA: {"layanan/kotak_keluar/persetujuan.py"},
}


@pytest.mark.parametrize("model", PINTU, ids=lambda model: model.__name__)
def test_one_door_for_each_kind_of_row(model):
    balik = {k.remote_field.get_accessor_name() for k in model._meta.fields if k.remote_field}
    periksa = partial(pembuat_baris, model=model.__name__, lewat=balik)

    assert set(langgar(periksa, PRODUKSI)) == PINTU[model]


@pytest.mark.parametrize(
    "sumber",
    [
        "Surat.objects.create(nomor=1)",
        "Surat.objects.bulk_create(semua)",
        "Surat.objects.get_or_create(nomor=1)",
        "Surat.objects.update_or_create(nomor=1)",
        "Surat._base_manager.create(nomor=1)",
        'Surat.objects.using("lain").filter(x=1).create(nomor=1)',
        "await Surat.objects.acreate(nomor=1)",
        "Surat(nomor=1).save()",
        "satu = models.Surat(nomor=1)\nsatu.save()",
        "from surat.models import Surat as S\nS(nomor=1).save()",
        "from surat.models import Surat as S\nS.objects.create(nomor=1)",
        "jenis.surat.create(nomor=1)",
        "permohonan.jenis.surat.get_or_create(nomor=1)",
    ],
)
def test_every_way_of_making_one_is_refused(sumber):
    assert list(pembuat_baris(ast.parse(sumber), "Surat", lewat={"surat"})) != []


@pytest.mark.parametrize(
    "sumber",
    [
        "Surat.objects.filter(nomor=1).update(batal_alasan='x')",
        "Cetakan.objects.create(surat=surat)",
        "surat.save(update_fields=['batal_pada'])",
        "isinstance(x, Surat)",
        "keadaan.Surat.KELUAR",
    ],
)
def test_what_makes_no_row_is_allowed(sumber):
    assert list(pembuat_baris(ast.parse(sumber), "Surat", lewat={"surat"})) == []
