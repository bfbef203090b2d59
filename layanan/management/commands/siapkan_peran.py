from typing import Any

from django.core.management.base import BaseCommand

from layanan import peran


class Command(BaseCommand):
    help = "Buat grup Operator, Penanda tangan dan Admin desa dengan izinnya."

    def handle(self, *args: Any, **options: Any) -> None:
        peran.siapkan()
        self.stdout.write(f"Peran siap: {', '.join(peran.IZIN)}.")
