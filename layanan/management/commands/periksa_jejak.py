"""`manage.py periksa_jejak`: has anybody altered, deleted or slipped in a row of the trail?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from layanan.jejak import rantai


class Command(BaseCommand):
    help = "Cocokkan jejak dengan sidik setiap hari; berakhir dengan kode 1 bila ada yang berubah."

    def handle(self, *args: Any, **pilihan: Any) -> None:
        rantai.tutup(pada=timezone.now())
        hasil = rantai.periksa(pada=timezone.now())
        rantai.tandai(hasil, pada=timezone.now())
        for satu in hasil.salah:
            self.stdout.write(f"BERUBAH  {satu}")
        self.stdout.write(f"{hasil.hari} hari, {hasil.baris} baris; hari ini belum ditutup.")
        if akhir := rantai.kepala():
            self.stdout.write(f"Sidik terakhir {akhir.hari:%d-%m-%Y}: {akhir.sidik}")
        if hasil.salah:
            raise CommandError("Jejak diubah di luar portal. Bandingkan dengan cadangan hari itu.")
