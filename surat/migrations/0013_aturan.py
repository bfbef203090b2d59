import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Rules of letter types. What questions say in short (who may be meant, which dates) stays in
    their columns, and the same engine reads it: nothing of a village's own types has to move."""

    dependencies = [
        ("surat", "0012_formulir_resmi"),
    ]

    operations = [
        migrations.CreateModel(
            name="Aturan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("macam", models.CharField(max_length=20)),
                ("siapa", models.SlugField(max_length=40)),
                ("nilai", models.CharField(max_length=200)),
                (
                    "kekuatan",
                    models.CharField(
                        choices=[
                            ("TOLAK", "surat tidak dapat terbit"),
                            ("BERTENTANGAN", "terbit hanya dengan alasan petugas"),
                            ("PERHATIKAN", "hanya diingatkan"),
                        ],
                        default="BERTENTANGAN",
                        max_length=12,
                    ),
                ),
                ("kalimat", models.CharField(blank=True, max_length=300)),
                ("bila_kunci", models.SlugField(blank=True, max_length=40)),
                ("bila_nilai", models.CharField(blank=True, max_length=200)),
                ("urutan", models.PositiveSmallIntegerField(default=1)),
                (
                    "jenis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aturan",
                        to="surat.jenissurat",
                    ),
                ),
            ],
            options={
                "verbose_name": "aturan",
                "verbose_name_plural": "aturan",
                "ordering": ["urutan", "pk"],
            },
        ),
    ]
