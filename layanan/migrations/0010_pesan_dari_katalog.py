"""Which messages there are stands in layanan.kata_pesan.katalog alone; the table does not change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0009_keadaan_pesan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notifikasi",
            name="pesan",
            field=models.CharField(max_length=30),
        ),
    ]
