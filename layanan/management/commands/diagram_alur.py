from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layanan.permohonan.alur import LANGKAH


def diagram() -> str:
    """docs/alur.md, from the table of steps."""
    baris = [
        "# Alur permohonan",
        "",
        "Dibuat dari `layanan/permohonan/alur.py` oleh `manage.py diagram_alur --tulis`; "
        "jangan disunting.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    for langkah in LANGKAH.values():
        for dari in langkah.dari or ("[*]",):
            baris.append(f"    {dari} --> {langkah.ke}: {langkah.nama}")
    baris += [
        "```",
        "",
        "| langkah | dari | ke | oleh | pesan kepada pemohon |",
        "|---|---|---|---|---|",
    ]
    for langkah in LANGKAH.values():
        dari = ", ".join(langkah.dari) or "—"
        baris.append(
            f"| {langkah.nama} | {dari} | {langkah.ke} | {langkah.siapa.value} "
            f"| {langkah.pesan or '—'} |"
        )
    return "\n".join(baris) + "\n"


class Command(BaseCommand):
    help = "Cetak diagram alur; --tulis ke docs/alur.md; --periksa gagal bila berbeda."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tulis", action="store_true")
        parser.add_argument("--periksa", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        berkas: Path = settings.BASE_DIR / "docs" / "alur.md"
        if options["tulis"]:
            berkas.write_text(diagram(), encoding="utf-8")
        elif options["periksa"]:
            if not berkas.exists() or berkas.read_text(encoding="utf-8") != diagram():
                raise CommandError("docs/alur.md tidak sama dengan alur: jalankan `make fix`.")
        else:
            self.stdout.write(diagram())
