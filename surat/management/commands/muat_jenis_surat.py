from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surat.jenis import bawaan


class Command(BaseCommand):
    help = "Muat jenis surat bawaan yang baru atau berubah; perubahan desa tidak ditimpa."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dimuat, tetap = bawaan.muat()
        except bawaan.BawaanTidakSah as galat:
            raise CommandError(str(galat)) from galat
        self.stdout.write(f"Jenis surat: {dimuat} dimuat, {tetap} tetap.")
