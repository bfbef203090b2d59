import hashlib
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from layanan import peran
from layanan.cadangan import basis, buat
from layanan.kesehatan import keadaan, penyimpanan
from layanan.kotak_keluar import pengiriman
from layanan.laporan import rekap
from layanan.models import Denyut
from surat.jenis import bawaan


class Command(BaseCommand):
    help = "Siapkan basis data, peran dan jenis surat; bukan di produksi: juga desa contoh, statis."

    def handle(self, *args: Any, **options: Any) -> None:
        # Each start comes by here: where nothing is to change, a backup must not stand in its way.
        if settings.CADANGAN_KUNCI and not keadaan.skema_siap() and not basis.kosong():
            try:
                buat.cadangkan(pada=timezone.now(), catat=False)
            except (buat.CadanganGagal, DatabaseError) as galat:
                kata = str(galat).partition("\n")[0]  # below it a database quotes the row
                raise CommandError(f"Tidak diperbarui tanpa cadangan: {kata}") from galat
        call_command("migrate", interactive=False, verbosity=0)
        peran.siapkan()
        bawaan.muat()
        rekap.lengkapi()
        if settings.PRODUKSI and penyimpanan.dikenal(Denyut.FOLDER_BERKAS) is None:
            nama = [satu for _, satu in penyimpanan.semua_nama()]
            if nama and not any(map(default_storage.exists, nama)):  # marked, it would be believed
                raise CommandError(penyimpanan.kata_asing(Denyut.FOLDER_BERKAS))
        penyimpanan.tandai(Denyut.FOLDER_BERKAS, pada=timezone.now())
        pengiriman.sisihkan_tiruan(pada=timezone.now())
        if settings.PRODUKSI:  # there the static files are part of the release
            call_command("check", deploy=True, databases=["default"])
            return
        try:
            call_command("contoh", stdout=self.stdout)
        except CommandError as galat:  # a village of its own, or a real provider: no demo
            self.stdout.write(str(galat))
        self._statis()

    def _statis(self) -> None:
        """collectstatic, but only when a file or the list of packages changed since last time."""
        cap, daftar = settings.STATIC_ROOT / ".cap", settings.STATIC_ROOT / "staticfiles.json"
        kini = self._sidik()
        if daftar.exists() and cap.exists() and cap.read_text() == kini:
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        cap.write_text(kini)

    def _sidik(self) -> str:
        jumlah = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
        for berkas in sorted((settings.BASE_DIR / "static").rglob("*")):
            if berkas.is_file():
                jumlah.update(str(berkas.relative_to(settings.BASE_DIR)).encode())
                jumlah.update(berkas.read_bytes())
        return jumlah.hexdigest()
