from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0023_indeks_yang_tetap_kecil"),
        ("surat", "0011_formulir_resmi"),
    ]

    operations = [
        migrations.AddField(
            model_name="permohonan",
            name="formulir",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), default=dict, editable=False
            ),
        ),
    ]
