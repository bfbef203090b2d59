from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("penduduk", "0011_indeks_cari"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="akun",
            index=models.Index(fields=["nomor_hp"], name="akun_nomor_hp"),
        ),
        migrations.AddIndex(
            model_name="akun",
            index=models.Index(
                condition=models.Q(("dijaga_pada__isnull", False)),
                fields=["dijaga_pada"],
                name="akun_dijaga_pada",
            ),
        ),
        migrations.AddIndex(
            model_name="akun",
            index=models.Index(
                condition=models.Q(("minta_kode_pada__isnull", False)),
                fields=["minta_kode_pada"],
                name="akun_minta_kode_pada",
            ),
        ),
        migrations.AddIndex(
            model_name="akun",
            index=models.Index(
                condition=models.Q(("dibekukan_pada__isnull", False)),
                fields=["dibekukan_pada"],
                name="akun_dibekukan_pada",
            ),
        ),
    ]
