"""PINs of before are remembered as hashes, those in use now included."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


HASHER = "pin_argon2$"


def ingat_yang_dipakai(apps, schema_editor):
    PINTerpakai = apps.get_model("penduduk", "PINTerpakai")
    ber_pin = apps.get_model("penduduk", "Akun").objects.filter(password__startswith=HASHER)
    PINTerpakai.objects.bulk_create(
        [
            PINTerpakai(akun_id=pk, sandi=sandi)
            for pk, sandi in ber_pin.values_list("pk", "password")
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("penduduk", "0004_ketikan")]

    operations = [
        migrations.CreateModel(
            name="PINTerpakai",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sandi", models.CharField(max_length=128)),
                (
                    "akun",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pin_terpakai",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "PIN terpakai",
                "verbose_name_plural": "PIN terpakai",
                "constraints": [
                    models.UniqueConstraint(fields=("akun", "sandi"), name="pin_terpakai_sekali")
                ],
            },
        ),
        migrations.RunPython(ingat_yang_dipakai, migrations.RunPython.noop),
    ]
