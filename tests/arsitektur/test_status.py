"""A request's status is written in one module, whose table says what may follow what."""

import ast
from functools import partial

import pytest
from django.core.management import call_command

from layanan.models import Permohonan
from tests.arsitektur.pemeriksa import penulis_kolom
from tests.arsitektur.rumah import PRODUKSI, langgar

PENULIS = "layanan/permohonan/alur.py"
periksa = partial(penulis_kolom, kolom="status", model="Permohonan")


def test_only_alur_writes_a_status():
    assert list(langgar(periksa, PRODUKSI)) == [PENULIS]


def test_status_can_stand_in_no_form():
    assert Permohonan._meta.get_field("status").editable is False


def test_diagram_is_up_to_date():
    call_command("diagram_alur", "--periksa")


@pytest.mark.parametrize(
    "sumber",
    [
        'permohonan.status = "SELESAI"',
        'permohonan.status, x = "SELESAI", 1',
        'for permohonan.status in ("SELESAI",): pass',
        'permohonan.status += "X"',
        'Permohonan.objects.filter(pk=1).update(status="SELESAI")',
        'Permohonan.objects.filter(pk=1).update(**{"status": "SELESAI"})',
        'ubah = {"status": "SELESAI"}\nPermohonan.objects.update(**ubah)',
        'ubah = {}\nubah["status"] = "SELESAI"',
        'ubah = dict(status="SELESAI")\nPermohonan.objects.update(**ubah)',
        'ubah = dict([("status", "SELESAI")])',
        'ubah = dict.fromkeys(["status"], "SELESAI")',
        'ubah.setdefault("status", "SELESAI")',
        'tulis = partial(Permohonan.objects.filter(pk=1).update, status="SELESAI")',
        'ubah |= {"pada": pada, "status": "SELESAI"}',
        'Permohonan.objects.update(status=F("lama"))',
        'Permohonan.objects.update_or_create(pk=1, defaults={"status": "SELESAI"})',
        'Permohonan.objects.get_or_create(pk=1, status="SELESAI")',
        'await Permohonan.objects.aupdate(status="SELESAI")',
        'Permohonan(nomor="1", status="SELESAI").save()',
        'setattr(permohonan, "status", "SELESAI")',
        'object.__setattr__(permohonan, "status", "SELESAI")',
        "for kolom, isi in x.items(): setattr(permohonan, kolom, isi)",
        'Permohonan.objects.bulk_update(semua, ["status"])',
        'Permohonan.objects.bulk_update(semua, fields=("mendesak", "status"))',
        'permohonan.save(update_fields=["status"])',
    ],
)
def test_every_way_of_writing_one_is_refused(sumber):
    assert list(periksa(ast.parse(sumber))) != []


@pytest.mark.parametrize(
    "sumber",
    [
        'Permohonan.objects.filter(status="SELESAI").update(mendesak=True)',
        'if permohonan.status == "SELESAI": kabar = permohonan.status',
        "HttpResponse(status=403)",
        'queryset.values_list("status").annotate(n=Count("pk"))',
        'setattr(berkas, "alasan", "x")',
    ],
)
def test_reading_it_is_allowed(sumber):
    assert list(periksa(ast.parse(sumber))) == []
