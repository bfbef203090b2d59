import json
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def isi_alasan(apps, schema_editor):
    """The sentences that we ship; from then on they are the village's own."""
    berkas = Path(__file__).parents[1] / "kerja" / "alasan.json"
    semua = json.loads(berkas.read_text(encoding="utf-8"))
    Alasan = apps.get_model("layanan", "AlasanSiap")
    Alasan.objects.bulk_create(
        Alasan(untuk=untuk, teks=teks) for untuk, kata in semua.items() for teks in kata
    )


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0030_laporan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="permohonan",
            name="dicetak_pada",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="riwayat",
            name="langkah",
            field=models.CharField(
                choices=[
                    ("ajukan", "Permohonan dikirim"),
                    ("proses", "Mulai diproses"),
                    ("minta_perbaikan", "Perbaikan diminta"),
                    ("ajukan_ulang", "Perbaikan dikirim"),
                    ("setujui", "Disetujui, surat diterbitkan"),
                    ("cetak", "Surat dicetak"),
                    ("kembalikan", "Dikembalikan penanda tangan"),
                    ("tarik_kembali", "Ditarik kembali ke meja operator"),
                    ("tandatangani", "Ditandatangani"),
                    ("serahkan", "Surat diserahkan"),
                    ("tolak", "Ditolak"),
                    ("batalkan", "Dibatalkan pemohon"),
                    ("cabut", "Surat dicabut"),
                    ("mendesak", "Ditandai mendesak"),
                    ("lepas_mendesak", "Tanda mendesak dilepas"),
                    ("cetak_kertas", "Dicetak di kertas"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="AlasanSiap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "untuk",
                    models.CharField(
                        choices=[
                            ("minta_perbaikan", "Minta perbaikan"),
                            ("tolak", "Tolak"),
                            ("kembalikan", "Kembalikan (penanda tangan)"),
                            ("tarik_kembali", "Tarik kembali"),
                        ],
                        max_length=20,
                    ),
                ),
                ("teks", models.CharField(max_length=200, verbose_name="alasan")),
            ],
            options={
                "verbose_name": "alasan siap pakai",
                "verbose_name_plural": "alasan siap pakai",
                "ordering": ["untuk", "teks"],
                "constraints": [
                    models.UniqueConstraint(fields=("untuk", "teks"), name="alasan_siap_sekali")
                ],
            },
        ),
        migrations.CreateModel(
            name="CatatanKantor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pada", models.DateTimeField()),
                ("teks", models.TextField(max_length=500, verbose_name="catatan")),
                (
                    "oleh",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "permohonan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="catatan_kantor",
                        to="layanan.permohonan",
                    ),
                ),
            ],
            options={
                "verbose_name": "catatan kantor",
                "verbose_name_plural": "catatan kantor",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["pada"], name="catatan_kantor_pada")],
            },
        ),
        migrations.CreateModel(
            name="Pegangan",
            fields=[
                (
                    "permohonan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pegangan",
                        serialize=False,
                        to="layanan.permohonan",
                    ),
                ),
                ("sejak_pada", models.DateTimeField()),
                ("terakhir_pada", models.DateTimeField()),
                (
                    "oleh",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pegangan",
                "verbose_name_plural": "pegangan",
            },
        ),
        migrations.RunPython(isi_alasan, migrations.RunPython.noop),
    ]
