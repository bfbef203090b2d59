from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.crypto import get_random_string

from layanan import peran
from penduduk.models import Akun

_HURUF = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


class Command(BaseCommand):
    help = "Buat akun admin desa yang pertama; kata sandi sekali pakainya dicetak sekali ini saja."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="nama pengguna, misalnya admin")
        parser.add_argument("--nama", default="", help="nama orangnya")

    @transaction.atomic
    def handle(self, *args: Any, username: str, nama: str, **pilihan: Any) -> None:
        admin = Akun.objects.filter(groups__name=peran.ADMIN_DESA, is_active=True)
        if ada := (admin | Akun.objects.filter(username=username)).first():
            raise CommandError(
                f"Sudah ada akun {ada.username}. Ganti kata sandinya: "
                f"{settings.PERINTAH} changepassword {ada.username}"
            )
        sandi = get_random_string(15, _HURUF)
        akun = Akun.objects.create_user(username, sandi, nama=nama)
        akun.groups.set(peran.Group.objects.filter(name=peran.ADMIN_DESA))
        akun.wajib_ganti_pin = True  # the next page asks for a password of their own
        akun.save(update_fields=["wajib_ganti_pin"])
        self.stdout.write(f"Nama pengguna: {username}\nKata sandi sekali pakai: {sandi}")
