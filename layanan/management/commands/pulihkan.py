"""`manage.py pulihkan`: a backup into an empty system; docs/operasi.md says when and how."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from layanan.cadangan import pulih
from layanan.kesehatan import keadaan
from surat.bahasa import tanggal as tgl


class Command(BaseCommand):
    help = "Pulihkan cadangan terbaru dari CADANGAN_DIR ke sistem yang kosong."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--kunci", type=Path, help="berkas berisi kunci privat; tanpa ini dibaca dari masukan"
        )
        parser.add_argument("--saat", help="cadangan terakhir sampai saat ini: 2026-11-30T09:00")
        parser.add_argument(
            "--loncat", type=int, help="berapa nomor dilompati tiap buku; biasanya dihitung sendiri"
        )
        parser.add_argument(
            "--basis-sudah",
            action="store_true",
            help="basis data sudah dipulihkan dengan pgBackRest atau litestream: urus sisanya",
        )
        parser.add_argument(
            "--dicoba", metavar="TANDA_TERIMA", help="catat di server desa percobaan di tempat lain"
        )

    def handle(self, *args: Any, **pilihan: Any) -> None:
        try:
            if pilihan["dicoba"]:
                kapan = pulih.catat_dicoba(pilihan["dicoba"])
                self.stdout.write(f"Pemulihan dicoba {tgl.panjang(tgl.di_wita(kapan))}: dicatat.")
                return
            self._laporkan(self._pulihkan(pilihan))
        except pulih.PemulihanGagal as galat:
            raise CommandError(str(galat)) from galat

    def _pulihkan(self, pilihan: dict[str, Any]) -> pulih.Laporan:
        kunci = pilihan["kunci"]
        try:
            identitas = kunci.read_text() if kunci else sys.stdin.read()
        except OSError as galat:
            raise CommandError(
                f"{kunci.absolute()} tidak dapat dibaca: {galat.strerror}. "
                f"Berikan lewat masukan: {settings.PERINTAH} pulihkan < {kunci}"
            ) from galat
        return pulih.pulihkan(
            identitas,
            saat=self._saat(pilihan["saat"]),
            loncat=pilihan["loncat"],
            pada=timezone.now(),
            basis_sudah=pilihan["basis_sudah"],
        )

    def _saat(self, teks: str | None) -> datetime | None:
        saat = parse_datetime(teks) if teks else None
        if teks and saat is None:
            raise CommandError("--saat tidak terbaca. Tulis seperti 2026-11-30T09:00.")
        return timezone.make_aware(saat) if saat and timezone.is_naive(saat) else saat

    def _laporkan(self, laporan: pulih.Laporan) -> None:
        cetak = self.stdout.write
        cetak(f"Dipulihkan ke {tgl.panjang(tgl.di_wita(laporan.dari))}: {laporan.dari:%H:%M:%S %Z}")
        cetak(f"Itu {keadaan.lama(laporan.pada - laporan.dari)} yang lalu; sesudahnya tidak ada.")
        for tabel, jumlah in laporan.jumlah.items():
            cetak(f"  {tabel}: {jumlah}")
        cetak(f"  berkas: {laporan.berkas}")
        for kode, tahun, lama, baru in laporan.loncat:
            if baru <= lama:  # --loncat 0
                continue
            cetak(
                f"Buku {kode} {tahun}: nomor {lama + 1} sampai {baru} dilompati, karena mungkin "
                "sudah terpakai. Cocokkan dengan kertas, lalu catat di buku agenda."
            )
        cetak(f"{laporan.tertahan} pesan ditanyakan dulu ke penyedia sebelum dikirim.")
        for nama in laporan.hilang:
            cetak(f"HILANG {nama}")
        for pk in laporan.berubah:
            cetak(f"BERUBAH surat {pk}: tidak dapat dibuat lagi, terbitkan ulang")
        if laporan.hilang:
            cetak("Surat yang hilang dibuat lagi, kecuali yang disebut BERUBAH.")
        for nama in laporan.sisa:
            cetak(f"SISA {nama}: lebih baru daripada basis data, dibiarkan")
        cetak(f"Bila ini percobaan, di server: bugbug pulihkan --dicoba {laporan.tanda_terima}")
