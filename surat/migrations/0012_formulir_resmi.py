import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surat", "0011_indeks_yang_jarang"),
    ]

    operations = [
        migrations.AddField(
            model_name="jenissurat",
            name="formulir",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="Satu baris satu formulir: kodenya, lalu syaratnya (docs/id/formulir-resmi.md).",
                verbose_name="formulir resmi",
            ),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="versi_formulir",
            field=models.CharField(
                choices=[("2019", "Permendagri 109/2019"), ("2026", "Permendagri 6/2026")],
                db_default="2019",
                default="2019",
                help_text="Tanyakan Disdukcapil sebelum memakai formulir tahun 2026.",
                max_length=4,
                verbose_name="formulir resmi yang berlaku",
            ),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="formulir_perbekel",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Tidak ada pada formulir resminya; hanya bila Disdukcapil memintanya.",
                verbose_name="tempat tanda tangan dan cap desa di formulir Disdukcapil",
            ),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="formulir_meterai",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="tempat meterai di SPTJM (F-2.03, F-2.04)",
            ),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="formulir_diperiksa",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), default=dict, editable=False
            ),
        ),
        migrations.CreateModel(
            name="FormulirSurat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kunci", models.SlugField(max_length=40)),
                ("data", models.JSONField()),
                ("sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                ("dibekukan_pada", models.DateTimeField()),
                (
                    "surat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="formulir",
                        to="surat.surat",
                    ),
                ),
            ],
            options={
                "verbose_name": "formulir surat",
                "verbose_name_plural": "formulir surat",
            },
        ),
        migrations.AddConstraint(
            model_name="formulirsurat",
            constraint=models.UniqueConstraint(
                fields=("surat", "kunci"), name="formulir_sekali_per_surat"
            ),
        ),
    ]
