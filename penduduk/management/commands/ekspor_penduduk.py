from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from penduduk.impor import keluar


class Command(BaseCommand):
    help = "Ekspor semua penduduk ke berkas Excel dalam format impor OpenSID (43 kolom)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("berkas", type=Path, help="berkas .xlsx yang akan ditulis")

    def handle(self, *args: Any, **pilihan: Any) -> None:
        jalur: Path = pilihan["berkas"]
        try:
            # For nobody but the one who asked: it is the whole register.
            jalur.touch(mode=0o600)
            with jalur.open("wb") as tujuan:
                for potong in keluar.ekspor():
                    tujuan.write(potong)
        except OSError as galat:
            raise CommandError(f"Berkas tidak dapat ditulis: {galat.strerror}") from galat
        self.stdout.write(f"Disimpan di {jalur}. Berkas ini berisi data pribadi; jaga baik-baik.")
