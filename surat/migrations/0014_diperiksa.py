from django.db import migrations, models


class Migration(migrations.Migration):
    """How often letters were checked, and what the village has had checked."""

    dependencies = [("surat", "0013_aturan")]

    operations = [
        migrations.AddField("surat", "dicek", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("surat", "dicek_pada", models.DateTimeField(null=True)),
        migrations.AddField(
            "jenissurat",
            "klasifikasi_pasti",
            models.BooleanField(
                "kode klasifikasi sudah dipastikan", default=False, db_default=False, editable=False
            ),
        ),
        migrations.AlterField(
            "tatanaskah",
            "aksara_diperiksa",
            models.CharField(
                "aksara diperiksa oleh",
                max_length=120,
                blank=True,
                help_text="Nama Penyuluh Bahasa Bali, dan tanggalnya. Kosong: aksara belum dicetak.",
            ),
        ),
        migrations.AlterField(
            "tatanaskah",
            "aksara",
            models.BooleanField(
                "aksara Bali di atas baris kop",
                default=True,
                help_text="Hanya baris yang terisi di bawah ini, dan sesudah diperiksa.",
            ),
        ),
    ]
