import django.db.models.deletion
from django.db import migrations, models


def ganti_izin(apps, schema_editor):
    """The permissions of the model follow its name, so that no group loses them meanwhile."""
    izin = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="surat")
    for satu in izin.filter(codename__endswith="_isian"):
        satu.codename = satu.codename.removesuffix("isian") + "pertanyaan"
        satu.name = satu.name.replace("isian", "pertanyaan")
        satu.save()


def kembalikan_izin(apps, schema_editor):
    izin = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="surat")
    for satu in izin.filter(codename__endswith="_pertanyaan"):
        satu.codename = satu.codename.removesuffix("pertanyaan") + "isian"
        satu.name = satu.name.replace("pertanyaan", "isian")
        satu.save()


class Migration(migrations.Migration):
    """A question of a letter type is called so; `isian` are the answers."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("surat", "0002_tata_naskah_dan_agenda"),
    ]

    operations = [
        migrations.RenameModel("Isian", "Pertanyaan"),
        migrations.AlterModelOptions(
            name="pertanyaan",
            options={
                "ordering": ["urutan", "pk"],
                "verbose_name": "pertanyaan",
                "verbose_name_plural": "pertanyaan",
            },
        ),
        migrations.AlterField(
            model_name="pertanyaan",
            name="jenis",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pertanyaan",
                to="surat.jenissurat",
            ),
        ),
        migrations.AlterField(
            model_name="pertanyaan",
            name="bila_kunci",
            field=models.SlugField(
                blank=True,
                help_text="Kunci pertanyaan lain.",
                max_length=40,
                verbose_name="hanya bila pertanyaan",
            ),
        ),
        migrations.AlterField(
            model_name="pertanyaan",
            name="tidak_sebelum",
            field=models.SlugField(
                blank=True,
                help_text="Kunci pertanyaan tanggal yang harus lebih dulu.",
                max_length=40,
            ),
        ),
        migrations.RunPython(ganti_izin, kembalikan_izin),
    ]
