import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from penduduk.migrations._lepas_indeks import lepas_indeks


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0022_indeks_cari"),
        ("penduduk", "0012_indeks_yang_tetap_kecil"),
        ("surat", "0010_indeks_yang_tetap_kecil"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notifikasi",
            name="satu_pesan_per_kejadian_dan_petugas",
        ),
        migrations.RemoveConstraint(
            model_name="notifikasi",
            name="satu_pesan_per_kejadian_untuk_warga",
        ),
        migrations.RemoveConstraint(
            model_name="notifikasi",
            name="satu_pesan_berkala_per_petugas",
        ),
        migrations.RemoveConstraint(
            model_name="notifikasi",
            name="satu_pesan_berkala_tanpa_petugas",
        ),
        migrations.RemoveConstraint(
            model_name="permohonan",
            name="permohonan_satu_koreksi_per_surat",
        ),
        migrations.RemoveIndex(
            model_name="notifikasi",
            name="notifikasi_tak_sampai",
        ),
        lepas_indeks(
            "notifikasi",
            berkala=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifikasi",
                to="layanan.kabarberkala",
            ),
            ditangani_oleh=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
            kejadian=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="penduduk.kejadianakun",
            ),
            penerima=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
            permintaan=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifikasi",
                to="layanan.permintaanpin",
            ),
            riwayat=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifikasi",
                to="layanan.riwayat",
            ),
            templat=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="layanan.templatwa",
            ),
        ),
        lepas_indeks(
            "permohonan",
            menggantikan=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surat.surat",
            ),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(fields=["dibuat_pada"], name="notifikasi_menurut_waktu"),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(
                condition=models.Q(("permintaan__isnull", False)),
                fields=["permintaan"],
                name="notifikasi_permintaan",
            ),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(
                condition=models.Q(("penerima__isnull", False)),
                fields=["penerima"],
                name="notifikasi_penerima",
            ),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(
                condition=models.Q(("templat__isnull", False)),
                fields=["templat"],
                name="notifikasi_templat",
            ),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(
                condition=models.Q(("ditangani_oleh__isnull", False)),
                fields=["ditangani_oleh"],
                name="notifikasi_ditangani_oleh",
            ),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(
                condition=models.Q(("ditangani_pada__isnull", False)),
                fields=["ditangani_pada"],
                name="notifikasi_ditangani_pada",
            ),
        ),
        migrations.AddIndex(
            model_name="notifikasi",
            index=models.Index(
                condition=models.Q(
                    ("ditangani_pada__isnull", True),
                    ("keadaan__in", ["GAGAL", "PERLU_DICEK", "TANPA_WA"]),
                ),
                fields=["penerima", "berubah_pada"],
                name="notifikasi_tak_sampai",
            ),
        ),
        migrations.AddIndex(
            model_name="permohonan",
            index=models.Index(fields=["diajukan_pada", "id"], name="permohonan_menurut_waktu"),
        ),
        migrations.AddIndex(
            model_name="permohonan",
            index=models.Index(
                condition=models.Q(("menggantikan__isnull", False)),
                fields=["menggantikan"],
                name="permohonan_menggantikan",
            ),
        ),
        migrations.AddConstraint(
            model_name="notifikasi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kejadian__isnull", False)),
                fields=("kejadian", "penerima"),
                name="satu_pesan_per_kejadian_dan_petugas",
            ),
        ),
        migrations.AddConstraint(
            model_name="notifikasi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kejadian__isnull", False), ("penerima__isnull", True)),
                fields=("kejadian",),
                name="satu_pesan_per_kejadian_untuk_warga",
            ),
        ),
        migrations.AddConstraint(
            model_name="notifikasi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("berkala__isnull", False)),
                fields=("berkala", "penerima"),
                name="satu_pesan_berkala_per_petugas",
            ),
        ),
        migrations.AddConstraint(
            model_name="notifikasi",
            constraint=models.UniqueConstraint(
                condition=models.Q(("berkala__isnull", False), ("penerima__isnull", True)),
                fields=("berkala",),
                name="satu_pesan_berkala_tanpa_petugas",
            ),
        ),
        migrations.AddConstraint(
            model_name="permohonan",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["DITOLAK", "DIBATALKAN"]), _negated=True),
                    ("menggantikan__isnull", False),
                ),
                fields=("menggantikan",),
                name="permohonan_satu_koreksi_per_surat",
            ),
        ),
    ]
