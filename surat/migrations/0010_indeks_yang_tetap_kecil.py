import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from penduduk.migrations._lepas_indeks import lepas_indeks


class Migration(migrations.Migration):
    dependencies = [
        ("penduduk", "0012_indeks_yang_tetap_kecil"),
        ("surat", "0009_indeks_cari"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="surat",
            name="surat_diganti_sekali",
        ),
        lepas_indeks(
            "surat",
            batal_oleh=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
            dicabut_oleh=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
            jenis=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="surat",
                to="surat.jenissurat",
            ),
            menggantikan=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pengganti",
                to="surat.surat",
            ),
        ),
        migrations.AddIndex(
            model_name="surat",
            index=models.Index(fields=["jenis", "tanggal"], name="surat_per_jenis"),
        ),
        migrations.AddIndex(
            model_name="surat",
            index=models.Index(
                condition=models.Q(("menggantikan__isnull", False)),
                fields=["menggantikan"],
                name="surat_menggantikan",
            ),
        ),
        migrations.AddIndex(
            model_name="surat",
            index=models.Index(
                condition=models.Q(("batal_oleh__isnull", False)),
                fields=["batal_oleh"],
                name="surat_batal_oleh",
            ),
        ),
        migrations.AddIndex(
            model_name="surat",
            index=models.Index(
                condition=models.Q(("dicabut_oleh__isnull", False)),
                fields=["dicabut_oleh"],
                name="surat_dicabut_oleh",
            ),
        ),
        migrations.AddConstraint(
            model_name="surat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("batal_pada__isnull", True), ("menggantikan__isnull", False)),
                fields=("menggantikan",),
                name="surat_diganti_sekali",
            ),
        ),
    ]
