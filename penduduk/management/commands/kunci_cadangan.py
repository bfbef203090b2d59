"""`manage.py kunci_cadangan`: a new pair of keys for backups."""

from typing import Any

import pyrage
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Buat pasangan kunci cadangan. Yang privat dicetak sekali dan tidak disimpan di server."

    def handle(self, *args: Any, **pilihan: Any) -> None:
        kunci = pyrage.x25519.Identity.generate()
        self.stdout.write(f"# Simpan di luar server, di dua tempat: {kunci}")
        self.stdout.write(f"CADANGAN_KUNCI={kunci.to_public()}")
