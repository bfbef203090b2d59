from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from penduduk.akun import faktor, penjagaan
from penduduk.models import Akun


class Command(BaseCommand):
    help = (
        "Buka akun petugas yang ditahan karena terlalu banyak kata sandi salah, bila tidak ada "
        "admin yang dapat masuk. Warga dibuka lewat halamannya di /kelola/."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("nama", help="nama pengguna petugas")
        parser.add_argument(
            "--lepas-kode-kedua", action="store_true", help="HP dan kode kertasnya hilang"
        )

    def handle(self, *args: Any, nama: str, lepas_kode_kedua: bool, **pilihan: Any) -> None:
        akun = Akun.objects.filter(username=nama, is_staff=True).first()
        if akun is None:
            raise CommandError("Tidak ada akun petugas dengan nama pengguna itu.")
        penjagaan.buka_petugas(akun, pada=timezone.now())
        if lepas_kode_kedua:
            faktor.lepas(akun, oleh=None, pada=timezone.now())
        self.stdout.write("Sudah dibuka. Peramban baru boleh mencoba lagi sekarang.")
