from django.db import migrations, models


class Migration(migrations.Migration):
    """How often the provider was asked about a message is no question of a letter's form."""

    dependencies = [
        ("layanan", "0008_kata"),
    ]

    operations = [
        migrations.RenameField(
            model_name="notifikasi",
            old_name="pertanyaan",
            new_name="ditanya",
        ),
        migrations.AlterField(
            model_name="notifikasi",
            name="ditanya",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="ditanyakan ke penyedia"
            ),
        ),
    ]
