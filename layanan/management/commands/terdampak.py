"""`manage.py terdampak`: whose data somebody has touched, as far as it is written down."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from layanan.models import CatatanWarga, JawabanWarga, Jejak, PermintaanPIN, Riwayat
from penduduk.impor import keluar
from penduduk.models import Akun, KejadianAkun, Keluarga, Penduduk

# What is written down, by whom, when, and whose it is: a key, and the column that it is found by.
_JEJAK: tuple[tuple[str, Any, str, str, str, str], ...] = (
    ("dilihat", Jejak, "oleh", "pada", "warga", "pk"),
    ("permohonan dikerjakan", Riwayat, "oleh", "pada", "permohonan__pemohon", "pk"),
    ("akun diurus", KejadianAkun, "oleh", "pada", "akun", "akun"),
    ("permintaan PIN diputus", PermintaanPIN, "diputus_oleh", "diputus_pada", "penduduk", "pk"),
    ("pesan dibaca", CatatanWarga, "dibaca_oleh", "dibaca_pada", "percakapan__akun", "akun"),
    ("pesan dijawab", JawabanWarga, "oleh", "pada", "percakapan__akun", "akun"),
    ("data diubah", Penduduk.riwayat.model, "history_user", "history_date", "id", "pk"),
    ("keluarga diubah", Keluarga.riwayat.model, "history_user", "history_date", "id", "keluarga"),
    ("semua data diekspor", Jejak, "oleh", "pada", "", ""),
)


class Command(BaseCommand):
    help = (
        "Tulis nama dan nomor HP yang datanya dilihat atau disentuh ke BERKAS.xlsx. Orang lain "
        "yang disebut di surat, buku dan arsip lama tidak tercatat: bila ragu, --semua."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        hari = datetime.fromisoformat
        parser.add_argument("berkas", type=Path, help="berkas .xlsx baru")
        cara = parser.add_mutually_exclusive_group(required=True)
        cara.add_argument("--semua", action="store_true", help="setiap orang di data penduduk")
        cara.add_argument("--sejak", type=hari, help="hari pertama: 2026-11-30")
        parser.add_argument("--sampai", type=hari, help="hari terakhir; kosong: hari ini")
        parser.add_argument("--akun", help="hanya oleh petugas dengan nama pengguna ini")

    def handle(self, *args: Any, berkas: Path, semua: bool, **pilihan: Any) -> None:
        orang = Penduduk.objects.order_by("nama", "pk")
        sebab, tanpa = ({}, 0) if semua else _tercatat(orang, **pilihan)
        baris = [
            (nama, nomor, ", ".join(sebab.get(pk, ["seluruh data penduduk"])))
            for pk, nama, nomor in orang.values_list("pk", "nama", "akun__nomor_hp")
            if semua or pk in sebab
        ]
        try:
            berkas.touch(mode=0o600, exist_ok=False)
            berkas.write_bytes(b"".join(keluar.buku(["nama", "nomor HP", "sebab"], baris)))
        except OSError as galat:
            raise CommandError(
                f"{berkas.absolute()} tidak dapat ditulis: {galat.strerror}. "
                f"Sebutkan tempat lain, misalnya {settings.VAR_DIR / berkas.name}"
            ) from galat
        self.stdout.write(f"Ditulis di {berkas.absolute()}")
        self.stdout.write(
            f"{len(baris)} orang; {tanpa} jejak tanpa orang yang dikenal. {self.help}"
        )


def _tercatat(
    orang: Any, *, sejak: datetime, sampai: datetime | None, akun: str | None, **lain: Any
) -> tuple[dict[int, list[str]], int]:
    """Why each person stands there, and how many traces name nobody. Raises CommandError."""
    if akun and not Akun.objects.filter(username=akun, is_staff=True).exists():
        raise CommandError("Tidak ada akun petugas dengan nama pengguna itu.")
    awal = timezone.make_aware(sejak)
    akhir = timezone.make_aware(sampai) + timedelta(days=1) if sampai else timezone.now()
    sebab: dict[int, list[str]] = {}
    tanpa = 0
    for kata, tabel, oleh, pada, milik, lewat in _JEJAK:
        jejak = tabel.objects.filter(**{f"{pada}__gte": awal, f"{pada}__lt": akhir})
        jejak = jejak.filter(**{f"{oleh}__username": akun}) if akun else jejak
        if not milik:
            ada = jejak.filter(apa=Jejak.Apa.EKSPOR).exists()
            kena = orang if ada else orang.none()
        else:
            kunci = list(jejak.values_list(milik, flat=True))
            tanpa += kunci.count(None)
            kena = orang.filter(**{f"{lewat}__in": {*kunci} - {None}})
        for pk in kena.values_list("pk", flat=True):
            sebab.setdefault(pk, []).append(kata)
    return sebab, tanpa
