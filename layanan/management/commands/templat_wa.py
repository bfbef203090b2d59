import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from layanan import tasks
from layanan.kata_pesan import daftar, templat
from layanan.transports import TransportError, konten
from penduduk.antrean import bangunkan

_TANPA_TWILIO = (
    "Twilio belum dihubungkan. Isi TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN dan TWILIO_FROM "
    "(docs/id/whatsapp.md), lalu jalankan lagi perintah ini."
)


class Command(BaseCommand):
    help = (
        "Buat templat pesan di Twilio, ajukan kepada WhatsApp, dan tanyakan keputusannya. "
        "Aman diulang kapan saja. --periksa hanya melihat."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--periksa",
            action="store_true",
            help="Ubah apa pun tidak; gagal bila ada pesan yang tidak dapat dikirim.",
        )
        parser.add_argument("--json", action="store_true", help="Cetak satu objek JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        pintu = konten.konten_kini()
        if pintu is None:
            raise CommandError(_TANPA_TWILIO)
        if options["periksa"]:
            self._periksa(pintu, options["json"])
        else:
            self._selaraskan(options["json"])

    def _selaraskan(self, sebagai_json: bool) -> None:
        hasil = templat.selaraskan(pada=timezone.now(), segera=True)
        bangunkan(tasks.selaraskan_templat)
        baris = daftar.daftar()
        self._cetak(baris, sebagai_json)
        for kalimat in hasil.galat:
            self.stderr.write(kalimat)
        if hasil.terhenti:
            raise CommandError(f"Belum selesai: {hasil.terhenti} Jalankan lagi perintah ini.")
        if not sebagai_json and any(b.masalah for b in baris):
            self.stdout.write(
                "\nWhatsApp memutuskan dalam beberapa menit sampai dua hari. Pekerja menanyakannya "
                "sendiri; jalankan lagi perintah ini untuk melihat hasilnya."
            )

    def _periksa(self, pintu: konten.KontenTwilio, sebagai_json: bool) -> None:
        try:
            baris = daftar.periksa(pintu)
        except TransportError as galat:
            raise CommandError(f"Tidak dapat diperiksa: {galat.pesan}") from galat
        self._cetak(baris, sebagai_json)
        if macet := sorted({b.pesan for b in baris if b.masalah}):
            raise CommandError(
                f"{len(macet)} pesan tidak dapat dikirim di luar jendela 24 jam: "
                f"{', '.join(macet)}."
            )
        if not sebagai_json:
            self.stdout.write("\nSemua pesan dapat dikirim.")

    def _cetak(self, baris: list[daftar.Baris], sebagai_json: bool) -> None:
        if sebagai_json:
            semua = {"pesan": [asdict(b) for b in baris]}
            self.stdout.write(json.dumps(semua, ensure_ascii=False, indent=1))
            return
        judul = ("pesan", "versi", "nama di WhatsApp", "keadaan", "keterangan")
        isi = [
            (b.pesan, b.versi, b.nama, b.keadaan, " ".join(filter(None, _keterangan(b))))
            for b in baris
        ]
        lebar = [max(len(satu[ke]) for satu in (judul, *isi)) for ke in range(4)]
        for satu in (judul, *isi):
            kolom = [teks.ljust(lebar[ke]) for ke, teks in enumerate(satu[:4])]
            self.stdout.write("  ".join([*kolom, satu[4]]).rstrip())


def _keterangan(baris: daftar.Baris) -> tuple[str, ...]:
    """What the column of states does not say yet."""
    masalah = baris.masalah
    if masalah.rstrip(".").lower() == baris.keadaan.lower():
        masalah = ""
    return masalah, baris.alasan, baris.catatan
