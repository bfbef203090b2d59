from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0024_isi_yang_dilepas"),
        ("surat", "0012_formulir_resmi"),
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
