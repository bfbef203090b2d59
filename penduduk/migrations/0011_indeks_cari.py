import penduduk.models.cari
from django.core.management.base import CommandError
from django.db import DatabaseError, migrations, models


def pasang_trigram(apps, schema_editor):
    """The owner of a database may; unless the administrator of PostgreSQL has forbidden it, or has
    not installed what comes with it."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as galat:
        nama = schema_editor.connection.settings_dict["NAME"]
        raise CommandError(
            f"PostgreSQL menolak memasang pg_trgm, yang dipakai pencarian ({galat}). Sebagai pengelola "
            f"PostgreSQL jalankan: psql -d {nama} -c 'CREATE EXTENSION pg_trgm' lalu ulangi. Bila "
            "dikatakan tidak ada, pasang dulu paket postgresql-contrib."
        ) from galat


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("penduduk", "0010_nomor_calon"),
    ]

    operations = [
        migrations.RunPython(pasang_trigram, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="akun",
            index=penduduk.models.cari.IndeksCari(fields=["nomor_hp"], name="akun_cari"),
        ),
        migrations.AddIndex(
            model_name="akun",
            index=models.Index(
                condition=models.Q(("is_staff", True)), fields=["username"], name="akun_petugas"
            ),
        ),
        migrations.AddIndex(
            model_name="keluarga",
            index=penduduk.models.cari.IndeksCari(fields=["no_kk", "alamat"], name="keluarga_cari"),
        ),
        migrations.AddIndex(
            model_name="penduduk",
            index=penduduk.models.cari.IndeksCari(
                fields=["nama_cari", "nik"], name="penduduk_cari"
            ),
        ),
    ]
