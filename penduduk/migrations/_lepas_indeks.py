"""Taking the index of foreign keys away without making the table anew, as SQLite's AlterField does
for each of them: the largest table would be copied seven times."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, models


def lepas_indeks(model: str, **kolom: models.Field) -> migrations.SeparateDatabaseAndState:
    """`kolom`: the fields as they are from now on, with db_index=False."""
    return migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.AlterField(model_name=model, name=nama, field=field)
            for nama, field in kolom.items()
        ],
        database_operations=[
            migrations.RunPython(_atur(model, kolom, False), _atur(model, kolom, True))
        ],
    )


def _atur(model: str, kolom: dict[str, models.Field], ada: bool) -> Callable[[Any, Any], None]:
    def kerja(apps: Any, schema_editor: Any) -> None:
        tabel = next(m for m in apps.get_models() if m._meta.model_name == model)
        bernama = {x.name for x in (*tabel._meta.indexes, *tabel._meta.constraints)}
        for nama in kolom:
            field = tabel._meta.get_field(nama)
            if ada:
                schema_editor.execute(schema_editor._create_index_sql(tabel, fields=[field]))
                continue
            for satu in schema_editor._constraint_names(
                tabel, [field.column], index=True, unique=False, exclude=bernama
            ):
                schema_editor.execute(schema_editor._delete_index_sql(tabel, satu))

    return kerja
