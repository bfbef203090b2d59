import penduduk.models.cari
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("penduduk", "0011_indeks_cari"),
        ("surat", "0008_arsip"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="arsipsurat",
            index=penduduk.models.cari.IndeksCari(
                fields=["nomor", "tanggal_tertulis", "perihal", "nama", "keterangan"],
                name="arsip_cari",
            ),
        ),
        migrations.AddIndex(
            model_name="catatanagenda",
            index=penduduk.models.cari.IndeksCari(
                fields=["nomor", "pihak", "isi_singkat", "keterangan"], name="agenda_cari"
            ),
        ),
        migrations.AddIndex(
            model_name="surat",
            index=penduduk.models.cari.IndeksCari(fields=["nomor", "nama"], name="surat_cari"),
        ),
    ]
