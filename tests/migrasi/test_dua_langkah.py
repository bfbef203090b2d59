"""An update is two steps: while the new code starts, that of the last release still writes.

So what it writes has to fit the new schema: whatever is new there may be empty, or has a default in
the database.
"""

import json
from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader

from layanan.models import Permohonan
from tests import factories
from tests.migrasi.rilis import BERKAS

RILIS = json.loads(BERKAS.read_text(encoding="utf-8"))
TABEL: dict[str, list[str]] = RILIS["tabel"]
_DITULIS = migrations.RenameField, migrations.RemoveField, migrations.RenameModel


# --- The migrations since -------------------------------------------------------------------------


def sejak_rilis() -> Iterator[tuple[str, migrations.operations.base.Operation]]:
    peta = MigrationLoader(None)
    lama = {kunci for ujung in RILIS["migrasi"] for kunci in peta.graph.forwards_plan(tuple(ujung))}
    dulu = {app for app, _ in RILIS["migrasi"]}  # whoever has come since has tables of its own
    for kunci in sorted(k for k in set(peta.graph.nodes) - lama if k[0] in dulu):
        for operasi in peta.get_migration(*kunci).operations:
            yield ".".join(kunci), operasi


def keluhan(operasi: migrations.operations.base.Operation) -> str:
    """Why the last release could not write any more after this; "" when it can."""
    if isinstance(operasi, migrations.AddField):
        kolom = operasi.field
        if isinstance(kolom, models.ManyToManyField) or kolom.null or kolom.has_db_default():
            return ""
        return f"{operasi.model_name}.{operasi.name} needs db_default"
    if isinstance(
        operasi, migrations.RenameField | migrations.RemoveField | migrations.RenameModel
    ):
        return f"{operasi.describe()}: the last release still writes it"
    return ""


def test_migrations_since_the_last_release_let_its_code_write():
    assert [f"{di}: {apa}" for di, op in sejak_rilis() if (apa := keluhan(op))] == []


@pytest.mark.parametrize(
    ("operasi", "sah"),
    [
        (migrations.AddField("a", "b", models.IntegerField(default=0)), False),
        (migrations.AddField("a", "b", models.IntegerField(default=0, db_default=0)), True),
        (migrations.AddField("a", "b", models.IntegerField(null=True)), True),
        (migrations.AddField("a", "b", models.CharField(max_length=9)), False),
        (migrations.RenameField("a", "b", "c"), False),
        (migrations.RemoveField("a", "b"), False),
    ],
)
def test_a_migration_that_would_stop_the_last_release_is_refused(operasi, sah):
    assert bool(keluhan(operasi)) is not sah


# --- Its inserts ----------------------------------------------------------------------------------


def kolom_kini(tabel: str) -> dict[str, bool]:
    """The columns of a table, and whether one may be left out."""
    with connection.cursor() as kursor:
        if connection.vendor == "sqlite":
            kursor.execute(
                f"SELECT name, \"notnull\", dflt_value, pk FROM pragma_table_info('{tabel}')"
            )
            return {n: not wajib or bawaan is not None or pk for n, wajib, bawaan, pk in kursor}
        kursor.execute(
            "SELECT column_name, is_nullable = 'YES' OR column_default IS NOT NULL OR"
            " is_identity = 'YES' FROM information_schema.columns WHERE table_name = %s",
            [tabel],
        )
        return dict(kursor.fetchall())


def tulis_ulang(tabel: str, kolom: list[str]) -> bool:
    """Put a row of this table in once more, of these columns alone; False: there is none. The keys
    between tables are looked at when a transaction ends, and this one is undone."""
    nama = ", ".join(f'"{satu}"' for satu in kolom)
    with transaction.atomic(), connection.cursor() as kursor:
        kursor.execute(f'CREATE TEMPORARY TABLE lama AS SELECT {nama} FROM "{tabel}"')
        kursor.execute(f'DELETE FROM "{tabel}"')
        kursor.execute(f'INSERT INTO "{tabel}" ({nama}) SELECT {nama} FROM lama')
        jumlah = kursor.rowcount
        transaction.set_rollback(True)
    return jumlah > 0


@pytest.mark.django_db
def test_every_column_that_is_new_may_be_left_out():
    for tabel, kolom in TABEL.items():
        kini = kolom_kini(tabel)

        assert set(kolom) <= set(kini), tabel
        assert [n for n, boleh in kini.items() if n not in kolom and not boleh] == [], tabel


@pytest.mark.django_db
def test_rows_as_the_last_release_writes_them_are_taken(permohonan, operator, perbekel):
    factories.jalankan_sampai(
        permohonan, Permohonan.Status.SELESAI, operator=operator, perbekel=perbekel
    )

    diisi = {tabel for tabel, kolom in TABEL.items() if tulis_ulang(tabel, kolom)}

    inti = "penduduk surat permohonan riwayat lampiran berkas notifikasi akun entribuku penyerahan"
    assert {f"{t.partition('_')[2]}" for t in diisi} >= set(inti.split())


@pytest.mark.django_db
def test_a_new_column_without_default_would_be_noticed(permohonan):
    kolom = [satu for satu in TABEL["layanan_permohonan"] if satu != "status"]

    with pytest.raises(Exception, match=r"(?i)not.null"):
        tulis_ulang("layanan_permohonan", kolom)
