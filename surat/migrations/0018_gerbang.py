"""A village that has numbered letters already is ready; so is a village of samples."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.utils import timezone


def _sudah_siap(apps, schema_editor):
    basis = schema_editor.connection.alias
    buku = apps.get_model("surat", "BukuNomor").objects.using(basis)
    surat = apps.get_model("surat", "Surat").objects.using(basis)
    contoh = apps.get_model("penduduk", "Desa").objects.using(basis).filter(contoh=True)
    bernomor = buku.exclude(kode__in=("PERMOHONAN", "AGENDA", "EKSPEDISI"))
    if surat.exists() or bernomor.filter(terakhir__gt=F("mulai_sesudah")).exists() or contoh:
        tata, _ = apps.get_model("surat", "TataNaskah").objects.using(basis).get_or_create(pk=1)
        tata.siap_pada = timezone.now()
        tata.save(update_fields=["siap_pada"])


class Migration(migrations.Migration):
    dependencies = [
        ("penduduk", "0001_initial"),
        ("surat", "0017_pengukuhan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="tatanaskah",
            name="dilewati",
            field=models.JSONField(
                default=list, db_default=models.Value([], models.JSONField()), editable=False
            ),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="contoh_dilihat_pada",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="siap_pada",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="tatanaskah",
            name="siap_oleh",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(_sudah_siap, migrations.RunPython.noop, elidable=True),
    ]
