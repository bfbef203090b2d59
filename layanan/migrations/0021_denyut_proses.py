from django.db import migrations, models


def lupakan_denyut_bersama(apps, schema_editor):
    """One row stood for all workers; now each process has its own."""
    apps.get_model("layanan", "Denyut").objects.filter(nama="pekerja").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0020_retensi"),
    ]

    operations = [
        migrations.AddField(
            model_name="denyut",
            name="selisih",
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="denyut",
            name="versi",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="keadaansaluran",
            name="diam",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="denyut",
            name="nama",
            field=models.CharField(max_length=160, unique=True),
        ),
        migrations.RunPython(lupakan_denyut_bersama, migrations.RunPython.noop, elidable=True),
    ]
