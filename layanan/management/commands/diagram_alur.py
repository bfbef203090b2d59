from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layanan.kotak_keluar.keadaan import BELUM_DITERIMA, PERPINDAHAN, Perpindahan, Siapa
from layanan.permohonan.alur import LANGKAH, Langkah

_MULAI, _SELESAI = "<!-- mulai: diagram -->\n", "<!-- selesai: diagram -->\n"
_ASAL = "Dibuat dari `{}` oleh `manage.py diagram_alur --tulis`; jangan disunting."


def alur() -> str:
    """docs/alur.md, from the table of steps."""
    baris = ["# Alur permohonan", "", _ASAL.format("layanan/permohonan/alur.py"), ""]
    baris += gambar(LANGKAH.values())
    baris += [
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


def pesan() -> str:
    """docs/pesan.md: as it stands, with the part between the marks from the table of moves."""
    sebelum, mulai, sisa = _berkas("pesan").read_text(encoding="utf-8").partition(_MULAI)
    _, selesai, sesudah = sisa.partition(_SELESAI)
    if not (mulai and selesai):
        raise CommandError(f"docs/pesan.md tidak memuat {_MULAI.strip()} dan {_SELESAI.strip()}.")
    return f"{sebelum}{mulai}{_perpindahan()}{selesai}{sesudah}"


def _perpindahan() -> str:
    semua = PERPINDAHAN.values()
    baris = [_ASAL.format("layanan/kotak_keluar/keadaan.py"), "", "Yang kita kerjakan:", ""]
    baris += gambar(p for p in semua if p.siapa is not Siapa.PENYEDIA)
    baris += ["", f"Yang dikatakan penyedia, mulai dari {', '.join(BELUM_DITERIMA)}:", ""]
    baris += gambar((p for p in semua if p.siapa is Siapa.PENYEDIA), mulai=BELUM_DITERIMA)
    baris += ["", "| perpindahan | dari | ke | oleh | sebab |", "|---|---|---|---|---|"]
    for p in semua:
        dari = ", ".join(p.dari) or "—"
        baris.append(f"| {p.nama} | {dari} | {p.ke} | {p.siapa.value} | {p.sebab} |")
    return "\n".join(baris) + "\n"


def gambar(semua: Iterable[Langkah | Perpindahan], *, mulai: tuple[str, ...] = ()) -> list[str]:
    """Lines of a picture: one arrow for each (from, to), with the names of all that go there.
    `mulai`: states that are drawn as the beginning, for the same leads on from each of them."""
    panah: dict[tuple[str, str], dict[str, None]] = {}
    for satu in semua:
        for asal in satu.dari or ("[*]",):
            dari = "[*]" if asal in mulai else asal
            panah.setdefault((dari, satu.ke), {})[satu.nama] = None
    isi = [f"    {dari} --> {ke}: {', '.join(nama)}" for (dari, ke), nama in panah.items()]
    return ["```mermaid", "stateDiagram-v2", *isi, "```"]


def _berkas(nama: str) -> Path:
    return Path(settings.BASE_DIR) / "docs" / f"{nama}.md"


DOKUMEN = {"alur": alur, "pesan": pesan}


class Command(BaseCommand):
    help = "Cetak diagram alur dan pesan; --tulis ke docs/; --periksa gagal bila berbeda."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tulis", action="store_true")
        parser.add_argument("--periksa", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        for nama, isi in DOKUMEN.items():
            berkas = _berkas(nama)
            if options["tulis"]:
                berkas.write_text(isi(), encoding="utf-8")
            elif options["periksa"]:
                if not berkas.exists() or berkas.read_text(encoding="utf-8") != isi():
                    raise CommandError(f"docs/{nama}.md tidak sama dengan kode: `make fix`.")
            else:
                self.stdout.write(isi())
