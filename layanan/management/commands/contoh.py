import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from layanan import contoh
from layanan.contoh.data import PETUGAS
from layanan.permohonan.alur import LangkahTidakSah


class Command(BaseCommand):
    help = "Muat desa contoh (sekali) dan tampilkan akun untuk mencobanya; --json untuk program."
    requires_system_checks = []  # loading all views and the admin costs more than the rest

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="Cetak akun sebagai satu objek JSON."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            hasil = contoh.muat(pada=timezone.now())
        except (contoh.ContohDitolak, contoh.ContohTidakUtuh, LangkahTidakSah) as galat:
            raise CommandError(str(galat)) from galat
        login = contoh.login()
        if options["json"]:
            self.stdout.write(json.dumps(login.sebagai_dict(), ensure_ascii=False, indent=1))
            return
        if hasil.baru:
            self.stdout.write(
                f"Desa contoh dimuat: {hasil.penduduk} penduduk rekaan, "
                f"{hasil.permohonan} permohonan."
            )
        self._tabel(login)

    def _tabel(self, login: contoh.Login) -> None:
        situs = settings.PUBLIC_BASE_URL
        awal = {w.nik for w in login.warga_pin_awal}
        baris = [
            "",
            "Desa CONTOH: semua orang, nomor dan surat di dalamnya rekaan.",
            "",
            f"Warga masuk di {situs}/",
            f"  {'NIK':<18}{'PIN':<8}Nama",
        ]
        baris += [
            f"  {w.nik:<18}{w.pin:<8}{w.nama}{' (PIN pertama, wajib diganti)' * (w.nik in awal)}"
            for w in (*login.warga, *login.warga_pin_awal)
        ]
        baris += ["", "Petugas", f"  {'Nama pengguna':<15}{'Kata sandi':<27}Masuk di"]
        baris += [
            f"  {p.username:<15}{p.password:<27}{situs}{p.masuk_di}  ({p.nama})" for p in PETUGAS
        ]
        if settings.SIMULATOR_WA_URL:
            baris += ["", f"WhatsApp warga dimainkan di {settings.SIMULATOR_WA_URL}"]
        self.stdout.write("\n".join([*baris, ""]))
