import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.crypto import get_random_string

from layanan import peran
from penduduk.models import Akun

_HURUF = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


class Command(BaseCommand):
    help = (
        "Buat admin desa yang pertama. Yang tidak disebut ditanyakan. Kata sandi sekali pakai "
        "dicetak sekali ini saja, kecuali diberikan lewat --sandi-stdin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", default="", help="nama pengguna, misalnya admin")
        parser.add_argument("--nama", default="", help="nama orangnya")
        parser.add_argument(
            "--sandi-stdin",
            action="store_true",
            help="baca kata sandi sekali pakai dari baris pertama stdin; tidak dicetak",
        )

    def handle(
        self, *args: Any, username: str, nama: str, sandi_stdin: bool, **pilihan: Any
    ) -> None:
        self._periksa_baru(username)
        sandi = (
            sys.stdin.readline().rstrip("\r\n") if sandi_stdin else get_random_string(15, _HURUF)
        )
        if not sandi:
            raise CommandError("Kata sandi dari stdin kosong. Tulis di baris pertama.")
        username = username or self._tanya("Nama pengguna", "admin")
        nama = nama or self._tanya("Nama orangnya", "")
        self._buat(username, nama, sandi)
        self.stdout.write(f"Nama pengguna: {username}")
        if not sandi_stdin:
            self.stdout.write(f"Kata sandi sekali pakai: {sandi}")
        self.stdout.write(
            f"Berikutnya: buka {settings.PUBLIC_BASE_URL}/kelola/, masuk, ganti kata sandinya, "
            "lalu tekan Lanjutkan di Meja. Halaman Mulai menuntun sampai surat pertama."
        )

    def _tanya(self, apa: str, usul: str) -> str:
        """Without a terminal nobody can be asked; what has no usual answer has to be given."""
        if sys.stdin.isatty():
            return (
                input(f"{apa}{f' [{usul}]' if usul else ''}: ").strip()
                or usul
                or self._tanya(apa, usul)
            )
        if not usul:
            raise CommandError(f"Sebutkan namanya: {settings.PERINTAH} desa_baru admin --nama …")
        return usul

    def _periksa_baru(self, username: str) -> None:
        admin = Akun.objects.filter(groups__name=peran.ADMIN_DESA, is_active=True)
        sama = Akun.objects.filter(username=username) if username else Akun.objects.none()
        if ada := admin.first() or sama.first():
            raise CommandError(
                f"Sudah ada akun {ada.username}. Ganti kata sandinya: "
                f"{settings.PERINTAH} changepassword {ada.username}"
            )

    @transaction.atomic
    def _buat(self, username: str, nama: str, sandi: str) -> None:
        self._periksa_baru(username)
        akun = Akun(username=username, nama=nama, is_staff=True)
        try:
            akun.full_clean(exclude=["password"])
            validate_password(sandi)
        except ValidationError as galat:
            raise CommandError(" ".join(galat.messages)) from galat
        akun.set_password(sandi)
        akun.wajib_ganti_pin = True  # the next page asks for a password of their own
        akun.save()
        akun.groups.set(peran.Group.objects.filter(name=peran.ADMIN_DESA))
