"""Models are plain: what happens to a row stands in the function that does it."""

import ast

import pytest
from django.core.management import call_command

from tests.arsitektur.pemeriksa import diam_diam
from tests.arsitektur.rumah import MODEL, PRODUKSI, langgar


def test_no_signals_and_no_save_overrides():
    assert langgar(diam_diam, PRODUKSI) == {}


@pytest.mark.parametrize(
    "sumber",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save as sesudah",
        "from django.db.models import signals",
        "from django.contrib.auth import signals as masuk",
        "import django.core.signals",
        "class Surat(models.Model):\n    def save(self, *a, **k): ...",
        "class Surat(Dasar):\n    async def adelete(self): ...",
        "class SuratQuerySet(models.QuerySet):\n    def delete(self): ...",
    ],
)
def test_one_is_refused(sumber):
    assert list(diam_diam(ast.parse(sumber))) != []


@pytest.mark.parametrize(
    "sumber",
    [
        "class SuratAdmin(admin.ModelAdmin):\n    def save_model(self, *a): ...",
        "class SuratForm(forms.Form):\n    def save(self): ...",
        "class Surat(models.Model):\n    def tutup(self): ...",
        "from celery.signals import worker_ready\nworker_ready.connect(mulai)",
    ],
)
def test_other_methods_are_allowed(sumber):
    assert list(diam_diam(ast.parse(sumber))) == []


def test_every_model_has_indonesian_names_without_english_plural():
    banyak = {
        model._meta.label: (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
        for model in MODEL
    }

    beda = {nama for nama, (satu, semua) in banyak.items() if satu != semua}
    assert beda == {"layanan.PesanSimulasi"}  # its page is called by what it holds


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
