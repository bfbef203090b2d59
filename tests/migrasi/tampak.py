"""`python -m tests.migrasi.tampak`: brings the database of a village up to date, prints as JSON
what it shows then, and what the next things that are recorded there are called.

A process of its own, as in real life: migrations look at the one database of their process.
"""

import json
import sys
from datetime import UTC, date, datetime
from typing import Any

import django

PADA = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def _buku(tahun: int) -> dict[str, list[list[Any]]]:
    """[running number, kind, key] of each line, as the pages of the two books show them."""
    from layanan.permohonan import ekspedisi
    from surat.buku import agenda, entri, periode

    return {
        nama: [
            [b.urut, "catatan" if b.catatan else "surat", b.pk]
            for b in entri.seluruh(buku, periode.setahun(tahun))
        ]
        for nama, buku in (("agenda", agenda.BUKU), ("ekspedisi", ekspedisi.BUKU))
    }


def _hitung(model: str, kolom: str) -> dict[str, int]:
    from django.apps import apps
    from django.db.models import Count

    semua = apps.get_model(model)._base_manager.order_by()
    return dict(semua.values_list(kolom).annotate(n=Count("pk")))


def _izin() -> list[list[str]]:
    from django.contrib.auth.models import Group

    kolom = ("name", "permissions__content_type__app_label", "permissions__codename")
    return [list(satu) for satu in Group.objects.values_list(*kolom)]


def lihat() -> dict[str, Any]:
    from django.apps import apps
    from django.db.models import F

    from penduduk.akun import pin
    from penduduk.models import Akun, PINTerpakai
    from surat.models import Pertanyaan

    label = Pertanyaan.objects.filter(jenis__kode="usaha").values_list("label", flat=True)
    return {
        "buku": {str(tahun): _buku(tahun) for tahun in (2025, 2026)},
        "jumlah": {m._meta.label: m._base_manager.count() for m in apps.get_models()},
        "status": _hitung("layanan.Permohonan", "status"),
        "keadaan": _hitung("layanan.Notifikasi", "keadaan"),
        "pesan": _hitung("layanan.Notifikasi", "pesan"),
        "label_usaha": list(label),
        "ber_pin": Akun.objects.filter(pin.BER_PIN).count(),
        "pin_terpakai": PINTerpakai.objects.filter(sandi=F("akun__password")).count(),
        "izin": _izin(),
        "chat": _chat(),
        "tak_tersusun": _tak_tersusun(),
    }


def _chat_lama() -> None:
    """A chat as it was before chats had addresses that are no numbers; the village has none."""
    from django.db import connection

    with connection.cursor() as kursor:
        kursor.execute(
            "INSERT INTO layanan_percakapan (nomor_hp, nama_wa, terakhir_masuk_pada, balasan, "
            "jam_mulai_pada, jam_jumlah) VALUES (%s, 'Yan', %s, '', %s, 3)",
            ["+6281234567802", PADA, PADA],
        )
        kursor.execute("SELECT id FROM layanan_percakapan")
        pk = kursor.fetchone()[0]
        for ke, (keadaan, media) in enumerate(
            [
                ("SELESAI", "[]"),
                ("DIABAIKAN", "[]"),
                ("GAGAL", "[]"),
                ("MENUNGGU", '[{"url": "x", "jenis": "audio/ogg"}]'),
            ]
        ):
            kursor.execute(
                "INSERT INTO layanan_pesanmasuk (sid, percakapan_id, teks, media, keadaan, "
                "diterima_pada, ambil_lagi_pada, percobaan) VALUES (%s, %s, '', %s, %s, %s, %s, 0)",
                [f"SM{ke}", pk, media, keadaan, PADA, PADA],
            )


def _chat() -> list[list[str]]:
    from layanan.models import PesanMasuk

    kolom = "percakapan__alamat", "percakapan__nomor_hp", "jenis", "keadaan"
    return [list(satu) for satu in PesanMasuk.objects.order_by("pk").values_list(*kolom)]


def _tak_tersusun() -> list[str]:
    """Messages that still wait to go out, or to be read out, and no longer have their words."""
    from layanan.kata_pesan import katalog
    from layanan.models import Notifikasi

    semua = Notifikasi.objects.filter(ditangani_pada__isnull=True)
    semua = semua.filter(keadaan__in=[*Notifikasi.ANTRE, *Notifikasi.TAK_SAMPAI])
    return [n.pesan for n in semua if not katalog.dapat_disusun(n.pesan, n.variabel)]


def lanjutkan() -> dict[str, list[int]]:
    """The running numbers of a letter that comes in, one that the office sends, and a hand-over."""
    from layanan.models import Permohonan
    from layanan.permohonan import alur, dampak
    from penduduk.models import Akun
    from surat.buku import agenda

    operator = Akun.objects.get(username="operator")
    umum = {"isi_singkat": "Undangan", "oleh": operator, "pada": PADA}
    hari = date(2026, 12, 1)
    masuk = agenda.catat_masuk(
        nomor_surat="005/1", tanggal_surat=hari, diterima=hari, pengirim="Camat", **umum
    )
    keluar = agenda.catat_keluar(klasifikasi="005", tanggal_surat=hari, tujuan="Camat", **umum)
    siap = Permohonan.objects.filter(status="SIAP_DIAMBIL").order_by("pk")[0]
    diambil = dampak.Serahkan(penerima="PEMOHON", nama="Contoh", cara="KTP-el")
    alur.jalankan(siap, "serahkan", diambil, oleh=operator, pada=PADA)
    return {
        "agenda": [masuk.agenda.urut, keluar.agenda.urut],
        "ekspedisi": [keluar.ekspedisi.urut, siap.penyerahan.ekspedisi.urut],
    }


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", "layanan", "0012", verbosity=0)
    _chat_lama()
    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps(lihat() | {"lanjut": lanjutkan()}))
