"""Messages that are already there changed last when they were written, as far as anybody knows.

Apart from 0006, because PostgreSQL refuses to alter a table whose rows were just changed.
"""

from django.db import migrations
from django.db.models import F


def sejak_dibuat(apps, schema_editor):
    apps.get_model("layanan", "Notifikasi").objects.update(berubah_pada=F("dibuat_pada"))


class Migration(migrations.Migration):
    dependencies = [("layanan", "0006_kabar")]

    operations = [migrations.RunPython(sejak_dibuat, migrations.RunPython.noop)]
