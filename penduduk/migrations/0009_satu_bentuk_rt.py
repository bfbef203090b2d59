"""RT and RW in one form: three digits. What imports have written, and may take back, as well."""

from django.db import migrations

from penduduk.identitas import rt as rt_

SEKALIGUS = 1000


def satukan(apps, schema_editor):
    _keluarga(apps.get_model("penduduk", "Keluarga"))
    for nama in ("rt", "rw"):
        _impor(apps.get_model("penduduk", "BarisImpor"), nama)


def _keluarga(Keluarga):
    berubah = []
    for satu in Keluarga.objects.exclude(rt="", rw="").iterator(chunk_size=SEKALIGUS):
        rt, rw, _ = rt_.rapikan(satu.rt, satu.rw)
        if (rt, rw) != (satu.rt, satu.rw):
            satu.rt, satu.rw = rt[:10], rw[:10]
            berubah.append(satu)
    Keluarga.objects.bulk_update(berubah, ["rt", "rw"], batch_size=SEKALIGUS)


def _impor(BarisImpor, nama):
    """Undoing compares with what stands in the register now."""
    berubah = []
    semua = BarisImpor.objects.filter(perubahan__has_key=nama)
    for satu in semua.iterator(chunk_size=SEKALIGUS):
        satu.perubahan[nama] = [_satu(nama, isi) for isi in satu.perubahan[nama]]
        berubah.append(satu)
    BarisImpor.objects.bulk_update(berubah, ["perubahan"], batch_size=SEKALIGUS)


def _satu(nama, isi):
    if isi is None:
        return None
    rt, rw, _ = rt_.rapikan(isi, "") if nama == "rt" else rt_.rapikan("", isi)
    return (rt if nama == "rt" else rw) or None


class Migration(migrations.Migration):
    dependencies = [("penduduk", "0008_bentrok_impor")]

    operations = [migrations.RunPython(satukan, migrations.RunPython.noop)]
