import django.db.models.deletion
from django.db import migrations, models

from surat.migrations._beri_nomor import beri_nomor, tarik_nomor


def sumber(apps):
    serah = apps.get_model("layanan", "Penyerahan").objects.all()
    keluar = apps.get_model("surat", "CatatanAgenda").objects.filter(arah="KELUAR")
    return [(serah, "pada", "ekspedisi"), (keluar, "dicatat_pada", "ekspedisi")]


def nomori(apps, schema_editor):
    beri_nomor(apps, schema_editor, "EKSPEDISI", sumber(apps))


def kembali(apps, schema_editor):
    tarik_nomor(apps, schema_editor, "EKSPEDISI", sumber(apps))


def penunjuk(**lain):
    return models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="penyerahan",
        to="surat.entribuku",
        **lain,
    )


class Migration(migrations.Migration):
    """The running number of Buku Ekspedisi is stored, not counted."""

    dependencies = [
        ("layanan", "0010_pesan_dari_katalog"),
        ("surat", "0004_nomor_buku"),
    ]

    operations = [
        migrations.AddField("penyerahan", "ekspedisi", penunjuk(null=True)),
        migrations.RunPython(nomori, kembali),
        migrations.AlterField("penyerahan", "ekspedisi", penunjuk()),
    ]
