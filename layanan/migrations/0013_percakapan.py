"""A chat is an address that the provider has proven; the number of its person, its id and its
account are columns of their own. An incoming message says what became of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0012_lepas_mendesak"),
        ("penduduk", "0003_kunci_nama_dan_riwayat_awal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JawabanWarga",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("teks", models.TextField()),
                ("pada", models.DateTimeField()),
            ],
            options={
                "verbose_name": "jawaban petugas",
                "verbose_name_plural": "jawaban petugas",
            },
        ),
        migrations.RemoveConstraint(
            model_name="berkas",
            name="berkas_milik_satu",
        ),
        migrations.RemoveConstraint(
            model_name="notifikasi",
            name="notifikasi_satu_sebab",
        ),
        migrations.AddField(
            model_name="berkas",
            name="masuk",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="berkas",
                to="layanan.pesanmasuk",
            ),
        ),
        migrations.AddField(
            model_name="catatanwarga",
            name="lebih",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="percakapan",
            name="akun",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="percakapan",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RenameField(
            model_name="percakapan",
            old_name="nomor_hp",
            new_name="alamat",
        ),
        migrations.AlterField(
            model_name="percakapan",
            name="alamat",
            field=models.CharField(max_length=160, unique=True, verbose_name="alamat WhatsApp"),
        ),
        migrations.AddField(
            model_name="percakapan",
            name="nomor_hp",
            field=models.CharField(blank=True, default="", max_length=16, verbose_name="nomor HP"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="percakapan",
            name="id_wa",
            field=models.CharField(
                blank=True, default="", max_length=160, verbose_name="id WhatsApp"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="percakapan",
            name="pilihan",
            field=models.JSONField(default=list, verbose_name="pilihan yang ditanyakan"),
        ),
        migrations.AddField(
            model_name="percakapan",
            name="tanya_pada",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="percakapan",
            name="terhubung_cara",
            field=models.CharField(
                blank=True,
                choices=[("KABARI", "kode Kabari saya"), ("PETUGAS", "disambungkan petugas")],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="percakapan",
            name="terhubung_oleh",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="percakapan",
            name="terhubung_pada",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="permohonan",
            name="kabar_ke",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="layanan.percakapan",
            ),
        ),
        migrations.AddField(
            model_name="pesanmasuk",
            name="catatan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="masuk",
                to="layanan.catatanwarga",
            ),
        ),
        migrations.AddField(
            model_name="pesanmasuk",
            name="jenis",
            field=models.CharField(
                choices=[
                    ("TEKS", "tulisan"),
                    ("KERTAS", "foto atau PDF"),
                    ("STIKER", "stiker"),
                    ("SUARA", "pesan suara"),
                    ("VIDEO", "video"),
                    ("DOKUMEN", "berkas lain"),
                    ("LOKASI", "lokasi"),
                    ("KONTAK", "kontak"),
                    ("REAKSI", "reaksi"),
                    ("UBAHAN", "pesan yang diubah"),
                    ("HAPUSAN", "pesan yang dihapus"),
                    ("ASING", "pesan yang tidak dikenal"),
                ],
                default="TEKS",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="pesanmasuk",
            name="permohonan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="masuk",
                to="layanan.permohonan",
            ),
        ),
        migrations.AlterField(
            model_name="catatanwarga",
            name="teks",
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name="nomorwa",
            name="nomor_hp",
            field=models.CharField(max_length=160, unique=True, verbose_name="nomor HP"),
        ),
        migrations.AlterField(
            model_name="notifikasi",
            name="nomor_hp",
            field=models.CharField(max_length=160, verbose_name="nomor HP"),
        ),
        migrations.AlterField(
            model_name="permintaanpin",
            name="nomor_hp",
            field=models.CharField(max_length=160, verbose_name="nomor HP"),
        ),
        migrations.AlterField(
            model_name="persetujuanwa",
            name="nomor_hp",
            field=models.CharField(max_length=160, verbose_name="nomor HP"),
        ),
        migrations.AlterField(
            model_name="pesanmasuk",
            name="keadaan",
            field=models.CharField(
                choices=[
                    ("MENUNGGU", "menunggu dibaca mesin"),
                    ("TANYA", "menunggu jawaban warga, untuk apa fotonya"),
                    ("DIJAWAB", "dijawab"),
                    ("PERMOHONAN", "masuk ke permohonan"),
                    ("PIN", "masuk ke permintaan PIN"),
                    ("PETUGAS", "disampaikan ke petugas"),
                ],
                default="MENUNGGU",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="pesanmasuk",
            name="teks",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="pesansimulasi",
            name="nomor_hp",
            field=models.CharField(max_length=160, verbose_name="nomor HP"),
        ),
        migrations.AddConstraint(
            model_name="berkas",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pemilik__isnull", False), ("permintaan__isnull", True)),
                    models.Q(("pemilik__isnull", True), ("permintaan__isnull", False)),
                    models.Q(
                        ("masuk__isnull", False),
                        ("pemilik__isnull", True),
                        ("permintaan__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="berkas_milik_satu",
            ),
        ),
        migrations.AddConstraint(
            model_name="percakapan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("akun__isnull", True),
                        ("terhubung_cara", ""),
                        ("terhubung_pada__isnull", True),
                    ),
                    models.Q(
                        ("akun__isnull", False),
                        ("terhubung_pada__isnull", False),
                        models.Q(("terhubung_cara", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="percakapan_terhubung_ada_cara",
            ),
        ),
        migrations.AddConstraint(
            model_name="percakapan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("terhubung_oleh__isnull", True), ("terhubung_cara", "PETUGAS"), _connector="OR"
                ),
                name="percakapan_disambungkan_petugas",
            ),
        ),
        migrations.AddField(
            model_name="jawabanwarga",
            name="oleh",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="jawabanwarga",
            name="percakapan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="jawaban",
                to="layanan.percakapan",
            ),
        ),
        migrations.AddField(
            model_name="notifikasi",
            name="jawaban",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notifikasi",
                to="layanan.jawabanwarga",
            ),
        ),
        migrations.AddIndex(
            model_name="percakapan",
            index=models.Index(fields=["nomor_hp"], name="percakapan_nomor"),
        ),
        migrations.AddIndex(
            model_name="percakapan",
            index=models.Index(fields=["id_wa"], name="percakapan_id_wa"),
        ),
        migrations.AddConstraint(
            model_name="notifikasi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("berkala__isnull", True),
                        ("jawaban__isnull", True),
                        ("kejadian__isnull", True),
                        ("masuk__isnull", True),
                        ("permintaan__isnull", True),
                        ("riwayat__isnull", False),
                    ),
                    models.Q(
                        ("berkala__isnull", True),
                        ("jawaban__isnull", True),
                        ("kejadian__isnull", True),
                        ("masuk__isnull", True),
                        ("permintaan__isnull", False),
                        ("riwayat__isnull", True),
                    ),
                    models.Q(
                        ("berkala__isnull", True),
                        ("jawaban__isnull", True),
                        ("kejadian__isnull", False),
                        ("masuk__isnull", True),
                        ("permintaan__isnull", True),
                        ("riwayat__isnull", True),
                    ),
                    models.Q(
                        ("berkala__isnull", True),
                        ("jawaban__isnull", True),
                        ("kejadian__isnull", True),
                        ("masuk__isnull", False),
                        ("permintaan__isnull", True),
                        ("riwayat__isnull", True),
                    ),
                    models.Q(
                        ("berkala__isnull", False),
                        ("jawaban__isnull", True),
                        ("kejadian__isnull", True),
                        ("masuk__isnull", True),
                        ("permintaan__isnull", True),
                        ("riwayat__isnull", True),
                    ),
                    models.Q(
                        ("berkala__isnull", True),
                        ("jawaban__isnull", False),
                        ("kejadian__isnull", True),
                        ("masuk__isnull", True),
                        ("permintaan__isnull", True),
                        ("riwayat__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="notifikasi_satu_sebab",
            ),
        ),
    ]
