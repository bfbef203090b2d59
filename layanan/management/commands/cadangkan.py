"""`manage.py cadangkan`: a backup now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from layanan.cadangan import buat


class Command(BaseCommand):
    help = "Cadangkan basis data dan berkas sekarang, tersandi dengan CADANGAN_KUNCI."

    def handle(self, *args: Any, **pilihan: Any) -> None:
        try:
            hasil = buat.cadangkan(pada=timezone.now())
            self.stdout.write(f"Cadangan: {hasil}")
            buat.ke_luar(pada=timezone.now())
        except buat.CadanganGagal as galat:
            raise CommandError(str(galat)) from galat
        except OSError as galat:
            raise CommandError(f"Tempat cadangan tidak dapat dipakai: {galat}") from galat
