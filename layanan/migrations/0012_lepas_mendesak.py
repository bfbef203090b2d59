"""To unmark an urgent request is an event with a name of its own; so far the history told it as
"mendesak" with a mark in `rincian`."""

from django.db import migrations, models


def beri_nama(apps, schema_editor):
    riwayat = apps.get_model("layanan", "Riwayat").objects
    lepas = riwayat.filter(langkah="mendesak", rincian__dilepas=True)
    lepas.update(langkah="lepas_mendesak", rincian={})


def kembalikan(apps, schema_editor):
    riwayat = apps.get_model("layanan", "Riwayat").objects
    lepas = riwayat.filter(langkah="lepas_mendesak")
    lepas.update(langkah="mendesak", rincian={"dilepas": True})


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0011_nomor_ekspedisi"),
    ]

    operations = [
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
                    ("tandatangani", "Ditandatangani"),
                    ("serahkan", "Surat diserahkan"),
                    ("tolak", "Ditolak"),
                    ("batalkan", "Dibatalkan pemohon"),
                    ("cabut", "Surat dicabut"),
                    ("mendesak", "Ditandai mendesak"),
                    ("lepas_mendesak", "Tanda mendesak dilepas"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(beri_nama, kembalikan),
    ]
