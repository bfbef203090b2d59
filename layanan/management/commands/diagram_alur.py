from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layanan.permohonan.langkah import LANGKAH, PENGAJUAN, PERISTIWA, Siapa, Tindakan


def diagram() -> str:
    """docs/alur.md, from the tables of steps and events."""
    baris = [
        "# Alur permohonan",
        "",
        "Dibuat dari `layanan/permohonan/langkah.py` oleh `manage.py diagram_alur --tulis`; "
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
        "| langkah | dari | ke | oleh | pesan kepada pemohon | catatan |",
        "|---|---|---|---|---|---|",
    ]
    for langkah in LANGKAH.values():
        dari = ", ".join(langkah.dari) or "—"
        siapa = {langkah.siapa} if langkah.dari else {x.siapa for x in PENGAJUAN.values()}
        baris.append(f"| {langkah.nama} | {dari} | {langkah.ke} | {_ekor(langkah, siapa)} |")
    baris += [
        "",
        "Yang terjadi pada permohonan tanpa memindahkannya:",
        "",
        "| peristiwa | pada status | oleh | pesan kepada pemohon | catatan |",
        "|---|---|---|---|---|",
    ]
    for peristiwa in PERISTIWA.values():
        ekor = _ekor(peristiwa, {peristiwa.siapa})
        baris.append(f"| {peristiwa.nama} | {', '.join(peristiwa.dari)} | {ekor} |")
    baris += ["", "Siapa memerlukan izin apa:", "", "| siapa | izin |", "|---|---|"]
    baris += [f"| {x.sebutan} | {f'`{x.izin}`' if x.izin else '—'} |" for x in Siapa]
    return "\n".join(baris) + "\n"


def _ekor(tindakan: Tindakan, siapa: set[Siapa]) -> str:
    """The columns that steps and events share: by whom, the message, whether a note is needed."""
    oleh = ", ".join(x.sebutan for x in Siapa if x in siapa)
    return f"{oleh} | {tindakan.pesan or '—'} | {'wajib' if tindakan.butuh_catatan else '—'}"


class Command(BaseCommand):
    help = "Cetak diagram alur; --tulis ke docs/alur.md; --periksa gagal bila berbeda."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--tulis", action="store_true")
        parser.add_argument("--periksa", action="store_true")

    def handle(self, *args, **options) -> None:
        berkas: Path = settings.BASE_DIR / "docs" / "alur.md"
        if options["tulis"]:
            berkas.write_text(diagram(), encoding="utf-8")
        elif options["periksa"]:
            if not berkas.exists() or berkas.read_text(encoding="utf-8") != diagram():
                raise CommandError("docs/alur.md tidak sama dengan alur: jalankan `make fix`.")
        else:
            self.stdout.write(diagram())
