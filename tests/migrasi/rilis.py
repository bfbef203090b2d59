"""`python -m tests.migrasi.rilis`: write down which columns this release writes, in rilis.json.

Run when a release is made (docs/operasi.md): until the next one, its web processes and workers may
still run on the schema of the code that comes after it.
"""

import json
from pathlib import Path

import django

BERKAS = Path(__file__).parent / "rilis.json"


def tertulis() -> dict[str, object]:
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    model = apps.get_models(include_auto_created=True)
    semua = {m._meta.db_table: sorted(k.column for k in m._meta.local_fields) for m in model}
    return {
        "migrasi": sorted(map(list, MigrationLoader(None).graph.leaf_nodes())),
        "tabel": dict(sorted(semua.items())),
    }


if __name__ == "__main__":
    django.setup()
    BERKAS.write_text(json.dumps(tertulis(), indent=1) + "\n", encoding="utf-8")
