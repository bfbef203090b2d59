"""`manage.py periksa_berkas`: rows without files, files without rows, altered letters."""

from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from layanan.kesehatan import penyimpanan
from layanan.models import Denyut


class Command(BaseCommand):
    help = "Cocokkan semua berkas dengan baris yang menyebutnya, dan sidik semua surat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hapus-sisa",
            action="store_true",
            help="hapus berkas yang tidak disebut baris mana pun (jangan sesudah pemulihan)",
        )

        parser.add_argument(
            "--terima",
            choices=[Denyut.FOLDER_BERKAS, Denyut.FOLDER_CADANGAN],
            help="PRIVATE_DIR atau CADANGAN_DIR sekarang memang folder lain daripada sebelumnya",
        )

    def handle(self, *args: Any, **pilihan: Any) -> None:
        if pilihan["terima"]:
            penyimpanan.tandai(pilihan["terima"], pada=timezone.now(), ganti=True)
            if not penyimpanan.dikenal(pilihan["terima"]):
                raise CommandError("Tidak dapat ditulis: betulkan pemilik atau cakramnya, ulangi.")
            self.stdout.write(f"{pilihan['terima']} diterima.")
            return
        hasil = penyimpanan.periksa(pada=timezone.now())
        for baris, nama in hasil.hilang:
            self.stdout.write(f"HILANG   {nama} ({baris})")
        for nama in hasil.sisa:
            self.stdout.write(f"SISA     {nama}")
            if pilihan["hapus_sisa"]:
                default_storage.delete(nama)
        for pk in hasil.berubah:
            self.stdout.write(f"BERUBAH  surat {pk}: PDF-nya tidak sama dengan saat dibuat")
        self.stdout.write(
            f"{hasil.diperiksa} berkas disebut, {len(hasil.hilang)} hilang, "
            f"{len(hasil.sisa)} sisa, {len(hasil.berubah)} surat berubah."
        )
        if hasil.hilang or hasil.berubah:
            raise CommandError("Pulihkan yang hilang dan berubah dari cadangan.")
