"""The trail of opened papers becomes the trail of everything that is shown of a resident."""

from typing import Any

import django.db.models.deletion
import layanan.models.jejak
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Replace


def bawa(apps: Any, schema_editor: Any) -> None:
    """What was written before: the same views in the words of now. Names of permissions, so that
    no group loses one."""
    jejak = apps.get_model("layanan", "Jejak").objects
    jejak.filter(apa="BERKAS").update(apa="LIHAT", tabel="layanan.berkas")
    jejak.filter(apa="SURAT").update(apa="UNDUH", tabel="surat.surat")
    petugas = apps.get_model("penduduk", "Akun").objects.filter(is_staff=True)
    jejak.filter(oleh__in=petugas).update(peran="Petugas")
    jenis = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="layanan")
    jenis.filter(model="jejaklihat").update(model="jejak")
    izin = apps.get_model("auth", "Permission").objects.filter(codename__endswith="_jejaklihat")
    izin.update(codename=Replace(F("codename"), Value("jejaklihat"), Value("jejak")))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("layanan", "0027_janji"),
        ("penduduk", "0011_indeks_cari"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("jejaklihat", "jejak_pemilik"),
        # Table and columns keep their names: the last release still writes them.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("JejakLihat", "Jejak"),
                migrations.AlterModelTable("jejak", "layanan_jejaklihat"),
                migrations.RenameField("jejak", "pemilik", "warga"),
                migrations.AlterField(
                    "jejak",
                    "warga",
                    models.ForeignKey(
                        db_column="pemilik_id",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jejak",
                        to="penduduk.penduduk",
                    ),
                ),
            ]
        ),
        migrations.AlterModelOptions(
            "jejak",
            {"verbose_name": "jejak", "verbose_name_plural": "jejak"},
        ),
        migrations.AddField(
            "jejak", "peran", models.CharField(blank=True, db_default="", default="", max_length=60)
        ),
        migrations.AddField(
            "jejak", "tabel", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddField(
            "jejak", "jumlah", models.PositiveIntegerField(null=True, verbose_name="baris")
        ),
        migrations.AddField(
            "jejak",
            "sebab",
            models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AlterField("jejak", "objek", models.CharField(blank=True, max_length=40)),
        migrations.AlterField(
            "jejak",
            "warga",
            models.ForeignKey(
                db_column="pemilik_id",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="jejak",
                to="penduduk.penduduk",
            ),
        ),
        migrations.AlterField(
            "jejak",
            "oleh",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "jejak",
            "apa",
            models.CharField(
                choices=[
                    ("LIHAT", "membuka"),
                    ("DAFTAR", "melihat daftar"),
                    ("CARI", "mencari"),
                    ("RIWAYAT", "membuka riwayat"),
                    ("UNDUH", "mengambil"),
                    ("EKSPOR", "mengekspor semua"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="RantaiJejak",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hari", models.DateField()),
                ("sampai", models.BigIntegerField(verbose_name="jejak terakhir")),
                ("jumlah", models.PositiveIntegerField()),
                ("isi", models.CharField(max_length=64)),
                ("sebelum", models.CharField(max_length=64, unique=True)),
                ("sidik", models.CharField(max_length=64)),
            ],
            options={"verbose_name": "rantai jejak", "verbose_name_plural": "rantai jejak"},
        ),
        migrations.RunPython(bawa, migrations.RunPython.noop),
        migrations.AddIndex("jejak", models.Index(fields=["warga", "-pada"], name="jejak_warga")),
        migrations.AddIndex("jejak", models.Index(fields=["oleh", "-pada"], name="jejak_oleh")),
        migrations.AddIndex(
            "jejak",
            models.Index(
                condition=models.Q(("apa", "EKSPOR")), fields=["-pada"], name="jejak_semua"
            ),
        ),
        migrations.AddIndex(
            "jejak",
            layanan.models.jejak.IndeksTetap(fields=["pada"], hari=365, name="jejak_tetap"),
        ),
        migrations.AddIndex(
            "rantaijejak",
            layanan.models.jejak.IndeksTetap(fields=["hari"], hari=None, name="rantai_tetap"),
        ),
    ]
