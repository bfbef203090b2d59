from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layanan.kotak_keluar import keadaan
from layanan.kotak_keluar.keadaan import BELUM_DITERIMA, PERPINDAHAN, Perpindahan
from layanan.permohonan.langkah import LANGKAH, PENGAJUAN, PERISTIWA, Langkah, Siapa, Tindakan
from layanan.retensi.aturan import ATURAN

_MULAI, _SELESAI = "<!-- begin: generated -->\n", "<!-- end: generated -->\n"
_ASAL = "Made from `{}` by `manage.py diagram_alur --tulis`; do not edit."


def alur() -> str:
    """docs/alur.md, from the tables of steps and events."""
    baris = ["# The flow of a request", "", _ASAL.format("layanan/permohonan/langkah.py"), ""]
    baris += gambar(LANGKAH.values())
    baris += [
        "",
        "| step | from | to | by | message to the applicant | note |",
        "|---|---|---|---|---|---|",
    ]
    for langkah in LANGKAH.values():
        dari = ", ".join(langkah.dari) or "—"
        siapa = {langkah.siapa} if langkah.dari else {x.siapa for x in PENGAJUAN.values()}
        baris.append(f"| {langkah.nama} | {dari} | {langkah.ke} | {_ekor(langkah, siapa)} |")
    baris += [
        "",
        "What happens to a request without moving it:",
        "",
        "| event | in states | by | message to the applicant | note |",
        "|---|---|---|---|---|",
    ]
    for peristiwa in PERISTIWA.values():
        ekor = _ekor(peristiwa, {peristiwa.siapa})
        baris.append(f"| {peristiwa.nama} | {', '.join(peristiwa.dari)} | {ekor} |")
    baris += ["", "Who needs which permission:", "", "| who | permission |", "|---|---|"]
    baris += [f"| {x.sebutan} | {f'`{x.izin}`' if x.izin else '—'} |" for x in Siapa]
    return "\n".join(baris) + "\n"


def _ekor(tindakan: Tindakan, siapa: set[Siapa]) -> str:
    """The columns that steps and events share: by whom, the message, whether a note is needed."""
    oleh = ", ".join(x.sebutan for x in Siapa if x in siapa)
    return f"{oleh} | {tindakan.pesan or '—'} | {'required' if tindakan.butuh_catatan else '—'}"


def pesan() -> str:
    """docs/pesan.md, with the table of moves."""
    return _sisipkan("pesan", _perpindahan())


def keamanan() -> str:
    """docs/keamanan.md, with the rules of keeping."""
    baris = [_ASAL.format("layanan/retensi/aturan.toml"), ""]
    baris += ["| data | disimpan | sejak | dasar |", "|---|---|---|---|"]
    baris += [f"| {a.data} | {a.tertulis} | {a.sejak} | {a.sebab} |" for a in ATURAN]
    return _sisipkan("keamanan", "\n".join(baris) + "\n")


def _sisipkan(nama: str, isi: str) -> str:
    """The document as it stands, with `isi` between the marks."""
    sebelum, mulai, sisa = _berkas(nama).read_text(encoding="utf-8").partition(_MULAI)
    _, selesai, sesudah = sisa.partition(_SELESAI)
    if not (mulai and selesai):
        raise CommandError(f"docs/{nama}.md tidak memuat {_MULAI.strip()} dan {_SELESAI.strip()}.")
    return f"{sebelum}{mulai}{isi}{selesai}{sesudah}"


def _perpindahan() -> str:
    penyedia = keadaan.Siapa.PENYEDIA
    semua = PERPINDAHAN.values()
    baris = [_ASAL.format("layanan/kotak_keluar/keadaan.py"), "", "What we do ourselves:", ""]
    baris += gambar(p for p in semua if p.siapa is not penyedia)
    baris += ["", f"What the provider says, beginning with {', '.join(BELUM_DITERIMA)}:", ""]
    baris += gambar((p for p in semua if p.siapa is penyedia), mulai=BELUM_DITERIMA)
    baris += ["", "| move | from | to | by | why |", "|---|---|---|---|---|"]
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


DOKUMEN = {"alur": alur, "pesan": pesan, "keamanan": keamanan}


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
