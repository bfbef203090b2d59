"""Whoever may sign today goes on signing: what stands in the mandates counts as confirmed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def _kukuhkan(apps, schema_editor):
    pada = timezone.now()
    basis = schema_editor.connection.alias
    semua = apps.get_model("surat", "Mandat").objects.using(basis)
    apps.get_model("surat", "Pengukuhan").objects.using(basis).bulk_create(
        apps.get_model("surat", "Pengukuhan")(
            mandat=mandat,
            akun_id=mandat.pejabat.akun_id,
            jabatan=mandat.pejabat.jabatan,
            sebagai=mandat.sebagai,
            dari=mandat.dari,
            sampai=mandat.sampai,
            diusulkan_pada=pada,
            dijawab_pada=pada,
            berlaku=True,
        )
        for mandat in semua.filter(pejabat__akun__isnull=False).select_related("pejabat")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("surat", "0016_susunan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pengukuhan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jabatan", models.CharField(max_length=80)),
                (
                    "sebagai",
                    models.CharField(
                        choices=[
                            ("DEFINITIF", "pejabat definitif"),
                            ("AN", "a.n. (atas nama)"),
                            ("UB", "u.b. (untuk beliau)"),
                            ("PLT", "Plt. (pelaksana tugas)"),
                            ("PLH", "Plh. (pelaksana harian)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("dari", models.DateField()),
                ("sampai", models.DateField(null=True)),
                ("diusulkan_pada", models.DateTimeField()),
                ("dijawab_pada", models.DateTimeField(null=True)),
                ("berlaku", models.BooleanField(default=False)),
                (
                    "akun",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pengukuhan",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dijawab_oleh",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "diusulkan_oleh",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pengukuhan",
                        to="surat.mandat",
                    ),
                ),
            ],
            options={
                "verbose_name": "pengukuhan",
                "verbose_name_plural": "pengukuhan",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("berlaku", True)),
                        fields=("mandat",),
                        name="pengukuhan_satu_pemegang",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("dijawab_pada", None)),
                        fields=("mandat",),
                        name="pengukuhan_satu_menunggu",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("berlaku", False),
                            models.Q(
                                ("dijawab_pada__isnull", False),
                                models.Q(
                                    ("diusulkan_oleh__isnull", True),
                                    models.Q(
                                        ("dijawab_oleh__isnull", False),
                                        models.Q(
                                            ("dijawab_oleh", models.F("diusulkan_oleh")),
                                            _negated=True,
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="pengukuhan_oleh_orang_lain",
                    ),
                ],
            },
        ),
        migrations.RunPython(_kukuhkan, migrations.RunPython.noop),
    ]
