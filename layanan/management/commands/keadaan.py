"""`manage.py keadaan`: is all well? Exit code 1 when not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from layanan.kesehatan import keadaan


class Command(BaseCommand):
    help = "Tampilkan keadaan sistem; berakhir dengan kode 1 bila ada yang tidak baik."

    def handle(self, *args: Any, **pilihan: Any) -> None:
        semua = keadaan.periksa(pada=timezone.now())
        for butir in semua:
            self.stdout.write(f"{'baik ' if butir.baik else 'SALAH'} {butir.nama}: {butir.kalimat}")
        if salah := sum(not butir.baik for butir in semua):
            raise CommandError(f"{salah} hal perlu dilihat.")
