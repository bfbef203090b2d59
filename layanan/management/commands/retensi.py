"""`manage.py retensi`: what is due by the rules of keeping; --jalankan lets it go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from layanan.retensi import jalan, pemberitahuan


class Command(BaseCommand):
    help = "Daftar data yang sudah lewat masa simpannya; --jalankan menghapusnya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jalankan", action="store_true", help="umumkan dan hapus sekarang")

    def handle(self, *args: Any, **pilihan: Any) -> None:
        for satu in jalan.tinjau(pada=timezone.now()):
            aturan = satu.aturan
            tertua = f", tertua {satu.tertua:%Y-%m-%d}" if satu.tertua and satu.baris else ""
            berkas = f", {satu.berkas} berkas" if aturan.berkas else ""
            self.stdout.write(
                f"{aturan.bagian:17} {aturan.tertulis:>9}  {satu.baris} baris{berkas}{tertua}"
            )
        if not pilihan["jalankan"]:
            self.stdout.write("Belum ada yang dihapus; --jalankan menghapusnya.")
            return
        pemberitahuan.umumkan(pada=timezone.now())
        while jalan.jalankan(pada=timezone.now()):
            pass
        self.stdout.write("Sudah dihapus.")
