"""Chats so far were numbers; incoming messages were answered, or belong to a request for a PIN.
Messages that still wait to go out get the values that their new wording needs."""

from datetime import timedelta, timezone

from django.conf import settings
from django.db import migrations, models
from django.db.models import F

_JENIS = {
    "image/webp": "STIKER",
    "image/": "KERTAS",
    "application/pdf": "KERTAS",
    "audio/": "SUARA",
    "video/": "VIDEO",
    "lokasi": "LOKASI",
    "text/": "KONTAK",
}


def isi(apps, schema_editor):
    percakapan = apps.get_model("layanan", "Percakapan").objects
    percakapan.filter(nomor_hp="").update(nomor_hp=F("alamat"))
    masuk = apps.get_model("layanan", "PesanMasuk").objects
    lama = masuk.filter(keadaan__in=["SELESAI", "DIABAIKAN", "GAGAL"])
    lama.filter(permintaan__isnull=False).update(keadaan="PIN")
    lama.filter(permintaan__isnull=True).update(keadaan="DIJAWAB")
    for satu in masuk.filter(keadaan="MENUNGGU").exclude(media=[]):
        isi = satu.media[0]["jenis"]
        jenis = next((j for awal, j in _JENIS.items() if isi.startswith(awal)), "DOKUMEN")
        masuk.filter(pk=satu.pk).update(jenis=jenis)


# What a row of the outbox held, and what it holds from now on.
_LAMA = {
    "diterima": ["nomor", "situs"],
    "diproses": ["nomor", "kantor"],
    "menunggu_ttd": ["nomor", "kepala"],
    "siap_diambil": ["nomor", "kantor", "kode_ambil"],
    "perlu_perbaikan": ["nomor", "situs"],
    "ditolak": ["nomor", "situs"],
    "diserahkan": ["nomor", "kantor"],
    "belum_diambil": ["nomor", "kantor", "tanggal"],
    "surat_dicabut": ["nomor", "situs"],
}
_BARU = {
    "diterima": ["surat", "nomor", "janji", "tautan", "situs"],
    "diproses": ["surat", "nomor", "kantor", "tautan"],
    "menunggu_ttd": ["surat", "nomor", "kepala", "tautan"],
    "siap_diambil": ["surat", "nomor", "pengambil", "kantor", "kode_ambil", "tautan"],
    "perlu_perbaikan": ["surat", "nomor", "tautan", "situs"],
    "ditolak": ["surat", "nomor", "tautan", "situs"],
    "diserahkan": ["surat", "nomor", "kantor"],
    "belum_diambil": ["surat", "nomor", "pengambil", "kantor", "tanggal", "tautan"],
    "surat_dicabut": ["surat", "nomor", "tautan", "situs"],
}
_BULAN = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
_WITA = timezone(timedelta(hours=8))


def _nilai(permohonan):
    janji = permohonan.janji_pada.astimezone(_WITA)
    situs = settings.PUBLIC_BASE_URL.removeprefix("https://").removeprefix("http://")
    pengambil = "Anda sendiri"
    if permohonan.wakil_jenis == "PERANGKAT" and permohonan.wakil_pejabat:
        pejabat = permohonan.wakil_pejabat
        pengambil = f"{pejabat.nama} ({pejabat.jabatan}), yang mengantarnya kepada Anda"
    elif permohonan.wakil_jenis == "WAKIL":
        pengambil = f"{permohonan.wakil_nama}, wakil Anda"
    return {
        "surat": "surat" if permohonan.jenis.data_sensitif else permohonan.jenis.nama,
        "janji": f"{janji.day} {_BULAN[janji.month - 1]} {janji.year}",
        "pengambil": pengambil,
        "tautan": f"{situs}/layanan/permohonan/{permohonan.nomor}/",
    }


def lengkapi(apps, schema_editor):
    """Rows that may still go out, or be read out on the phone."""
    semua = apps.get_model("layanan", "Notifikasi").objects.filter(
        pesan__in=_LAMA,
        keadaan__in=["MENUNGGU", "SEMENTARA", "DIAMBIL", "GAGAL", "PERLU_DICEK", "TANPA_WA"],
        ditangani_pada__isnull=True,
    )
    tentang = "permohonan__jenis", "permohonan__wakil_pejabat"
    semua = semua.select_related(
        *(f"{sebab}__{satu}" for sebab in ("riwayat", "berkala") for satu in tentang)
    )
    for baris in semua.iterator():
        sebab = baris.riwayat or baris.berkala
        if sebab is None or sebab.permohonan is None:
            continue
        nama = _LAMA[baris.pesan]
        if len(baris.variabel) == len(nama):
            nilai = _nilai(sebab.permohonan) | dict(zip(nama, baris.variabel, strict=True))
            baris.variabel = [nilai[satu] for satu in _BARU[baris.pesan]]
            baris.save(update_fields=["variabel"])


class Migration(migrations.Migration):
    dependencies = [
        ("layanan", "0013_percakapan"),
    ]

    operations = [
        migrations.RunPython(isi, migrations.RunPython.noop),
        migrations.RunPython(lengkapi, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="pesanmasuk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("keadaan__in", ["MENUNGGU", "TANYA", "DIJAWAB"]),
                    models.Q(("keadaan", "PERMOHONAN"), ("permohonan__isnull", False)),
                    models.Q(("keadaan", "PIN"), ("permintaan__isnull", False)),
                    models.Q(("catatan__isnull", False), ("keadaan", "PETUGAS")),
                    _connector="OR",
                ),
                name="pesan_masuk_jadi_apa",
            ),
        ),
    ]
