import django.db.models.deletion
from django.db import migrations, models

from surat.migrations._beri_nomor import beri_nomor, tarik_nomor


def sumber(apps):
    surat, catatan = (apps.get_model("surat", m).objects.all() for m in ("Surat", "CatatanAgenda"))
    return [(surat, "diterbitkan_pada", "agenda"), (catatan, "dicatat_pada", "agenda")]


def nomori(apps, schema_editor):
    beri_nomor(apps, schema_editor, "AGENDA", sumber(apps))


def kembali(apps, schema_editor):
    tarik_nomor(apps, schema_editor, "AGENDA", sumber(apps))


def penunjuk(related_name, **lain):
    return models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="surat.entribuku",
        **lain,
    )


class Migration(migrations.Migration):
    """The running number of Buku Agenda is stored, not counted. That of Buku Ekspedisi follows in
    layanan, whose hand-overs stand in the same stream."""

    dependencies = [("surat", "0003_pertanyaan")]

    operations = [
        migrations.CreateModel(
            name="EntriBuku",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "buku",
                    models.CharField(
                        choices=[("AGENDA", "Buku Agenda"), ("EKSPEDISI", "Buku Ekspedisi")],
                        max_length=9,
                    ),
                ),
                ("tahun", models.PositiveSmallIntegerField()),
                ("urut", models.PositiveIntegerField()),
                ("hari", models.DateField(verbose_name="dicatat tanggal")),
            ],
            options={
                "verbose_name": "entri buku",
                "verbose_name_plural": "entri buku",
                "default_permissions": (),
                "indexes": [models.Index(fields=["buku", "hari"], name="entri_hari")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("buku", "tahun", "urut"), name="entri_urut_sekali_per_tahun"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urut__gte", 1)), name="entri_urut_mulai_dari_satu"
                    ),
                ],
            },
        ),
        migrations.AddField("surat", "agenda", penunjuk("surat", null=True)),
        migrations.AddField("catatanagenda", "agenda", penunjuk("catatan", null=True)),
        migrations.AddField("catatanagenda", "ekspedisi", penunjuk("catatan_keluar", null=True)),
        migrations.RunPython(nomori, kembali),
        migrations.AlterField("surat", "agenda", penunjuk("surat")),
        migrations.AlterField("catatanagenda", "agenda", penunjuk("catatan")),
        # Read only to count.
        migrations.RemoveIndex("surat", "surat_diterbitkan"),
        migrations.RemoveIndex("catatanagenda", "agenda_dicatat"),
    ]
