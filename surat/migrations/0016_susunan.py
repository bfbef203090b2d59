from django.db import migrations, models

_ATURAN = "macam siapa nilai kekuatan kalimat bila_kunci bila_nilai".split()


def isi(apps, schema_editor):
    """The newest version of each type gets what belongs to it now; of former ones nobody knows."""
    for jenis in apps.get_model("surat", "JenisSurat").objects.prefetch_related("aturan"):
        semua = sorted(jenis.aturan.all(), key=lambda a: (a.urutan, a.pk))
        susunan = {
            "aturan": [{k: getattr(a, k) for k in _ATURAN} for a in semua],
            "penanda": jenis.penanda,
            "formulir": [b.strip() for b in jenis.formulir.splitlines() if b.strip()],
        }
        if terbaru := jenis.templat.order_by("-versi").first():
            terbaru.susunan = susunan
            terbaru.save(update_fields=["susunan"])


class Migration(migrations.Migration):
    dependencies = [("surat", "0015_penanda")]

    operations = [
        migrations.AddField("templat", "susunan", models.JSONField(null=True, editable=False)),
        migrations.RunPython(isi, migrations.RunPython.noop),
    ]
