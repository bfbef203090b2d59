import penduduk.models.cari
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0021_denyut_proses"),
        ("penduduk", "0011_indeks_cari"),
        ("surat", "0008_arsip"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="penyerahan",
            index=penduduk.models.cari.IndeksCari(fields=["nama"], name="penyerahan_cari"),
        ),
        migrations.AddIndex(
            model_name="permohonan",
            index=penduduk.models.cari.IndeksCari(
                fields=["nomor", "nomor_hp", "kode_ambil"], name="permohonan_cari"
            ),
        ),
    ]
