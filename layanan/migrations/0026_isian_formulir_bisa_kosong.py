from django.db import migrations, models
from django.db.models.functions import Coalesce

KOSONG = models.Value({}, models.JSONField())


def kosongkan(apps, schema_editor):
    """Requests for which nothing was typed: nothing, instead of an empty choice."""
    permohonan = apps.get_model("layanan", "Permohonan")
    permohonan.objects.filter(formulir={}).update(formulir=None)


def kembalikan(apps, schema_editor):
    permohonan = apps.get_model("layanan", "Permohonan")
    permohonan.objects.update(formulir=Coalesce("formulir", KOSONG))


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0025_formulir_resmi"),
        ("penduduk", "0012_indeks_yang_tetap_kecil"),
        ("surat", "0015_penanda"),
    ]

    operations = [
        migrations.AlterField(
            model_name="permohonan",
            name="formulir",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.RunPython(kosongkan, kembalikan),
        migrations.AddIndex(
            model_name="permohonan",
            index=models.Index(
                fields=["diperbarui_pada"],
                condition=models.Q(formulir__isnull=False),
                name="permohonan_isian_formulir",
            ),
        ),
    ]
