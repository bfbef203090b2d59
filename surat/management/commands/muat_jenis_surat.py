from typing import Any

from django.core.management.base import BaseCommand

from surat.jenis import bawaan


class Command(BaseCommand):
    help = "Muat jenis surat bawaan yang belum ada; perubahan desa tidak ditimpa."

    def handle(self, *args: Any, **options: Any) -> None:
        baru, ada = bawaan.muat()
        self.stdout.write(f"Jenis surat: {baru} baru, {ada} sudah ada.")
