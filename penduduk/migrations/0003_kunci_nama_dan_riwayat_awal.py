"""Search keys and a first history row for residents who were here before both existed."""

from django.db import migrations
from django.utils import timezone

from penduduk.identitas import nama

_SEKALI = 1000
_ALASAN = "data sebelum riwayat dicatat"


def isi(apps, schema_editor):
    sekarang = timezone.now()
    for model, riwayat in (("Keluarga", "HistoricalKeluarga"), ("Penduduk", "HistoricalPenduduk")):
        Model, Riwayat = apps.get_model("penduduk", model), apps.get_model("penduduk", riwayat)
        kolom = [f.attname for f in Model._meta.concrete_fields if f.name in _nama_kolom(Riwayat)]
        potongan = []
        for satu in Model.objects.order_by("pk").iterator(chunk_size=_SEKALI):
            if model == "Penduduk":
                satu.nama_cari = nama.kunci(satu.nama)[:120]
            potongan.append(satu)
            if len(potongan) == _SEKALI:
                _tulis(Model, Riwayat, potongan, kolom, sekarang)
                potongan = []
        _tulis(Model, Riwayat, potongan, kolom, sekarang)


def _nama_kolom(Riwayat):
    return {f.name for f in Riwayat._meta.concrete_fields}


def _tulis(Model, Riwayat, potongan, kolom, sekarang):
    if hasattr(Model, "nama_cari"):
        Model.objects.bulk_update(potongan, ["nama_cari"])
    Riwayat.objects.bulk_create(
        Riwayat(
            history_date=sekarang,
            history_type="+",
            history_change_reason=_ALASAN,
            **{nama: getattr(satu, nama) for nama in kolom},
        )
        for satu in potongan
    )


class Migration(migrations.Migration):
    dependencies = [("penduduk", "0002_register_impor_keamanan")]

    operations = [migrations.RunPython(isi, migrations.RunPython.noop)]
