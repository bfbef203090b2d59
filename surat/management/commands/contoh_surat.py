"""All letter types with fictitious data, to be looked at: one PDF and contact sheets of it."""

import io
import shutil
import subprocess
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from PIL import Image

from surat.jenis import berkas as berkas_jenis
from surat.kertas import pdf
from surat.models import JenisSurat
from surat.peraga import surat as peraga
from surat.peraga.surat import Ukuran

_KOLOM, _BARIS = 4, 2  # pages per contact sheet
_DPI = 60
_JARAK = 8  # pixels between pages


class Command(BaseCommand):
    help = "Cetak contoh semua jenis surat dengan data rekaan: satu PDF, dan lembar gambar."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jenis", nargs="+", metavar="kode", help="Hanya jenis surat ini.")
        parser.add_argument(
            "--ukuran",
            nargs="+",
            choices=[u.value for u in Ukuran],
            default=[Ukuran.WAJAR.value, Ukuran.TERPANJANG.value],
            help="Banyaknya data. Bila tidak ditulis: wajar dan terpanjang.",
        )
        parser.add_argument("--ke", type=Path, default=settings.VAR_DIR / "contoh-surat")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["ke"]
        folder.mkdir(parents=True, exist_ok=True)
        for lama in folder.glob("lembar-*.png"):
            lama.unlink()
        berkas = folder / "contoh-surat.pdf"
        daftar = self._cetak(_pilih(options["jenis"]), options["ukuran"], berkas)
        (folder / "daftar.txt").write_text("\n".join(daftar) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(daftar)} surat: {berkas} (daftarnya di daftar.txt)")
        if shutil.which("pdftoppm"):
            self.stdout.write(f"{_lembar(berkas)} lembar gambar: {folder}/lembar-*.png")
        else:
            self.stdout.write("Lembar gambar dilewati: pdftoppm (paket poppler-utils) belum ada.")

    def _cetak(self, jenis: list[JenisSurat], ukuran: list[str], ke: Path) -> list[str]:
        """Write all letters one after the other, with an outline; one line about each."""
        daftar = []
        with pikepdf.new() as semua:
            with semua.open_outline() as kerangka:
                for satu in jenis:
                    for besar in ukuran:
                        mulai = len(semua.pages)
                        halaman = _tambah(semua, satu, Ukuran(besar))
                        judul = f"{satu.nama} – {besar}"
                        kerangka.root.append(pikepdf.OutlineItem(judul, mulai))
                        daftar.append(f"{mulai + 1:4}  {halaman} hal.  {satu.kode}: {judul}")
            semua.save(ke)
        return daftar


def _pilih(kode: list[str] | None) -> list[JenisSurat]:
    semua = {j.kode: j for j in berkas_jenis.lengkap().order_by("urutan", "kode")}
    if asing := sorted(set(kode or ()) - set(semua)):
        raise CommandError(f"Jenis surat “{asing[0]}” tidak ada.")
    if not semua:
        kata = f"Belum ada jenis surat. Jalankan dulu: {settings.PERINTAH} muat_jenis_surat"
        raise CommandError(kata)
    return [j for j in semua.values() if not kode or j.kode in kode]


def _tambah(semua: pikepdf.Pdf, jenis: JenisSurat, ukuran: Ukuran) -> int:
    bahan = peraga.bahan(jenis, ukuran=ukuran, tanggal=timezone.localdate())
    isi, halaman = pdf.buat(peraga.surat_peraga(bahan, tanda_air="CONTOH"))
    with pikepdf.open(io.BytesIO(isi)) as surat:
        semua.pages.extend(surat.pages)
    return halaman


def _lembar(berkas: Path) -> int:
    """Several pages side by side per picture; the number of pictures."""
    with tempfile.TemporaryDirectory() as tempat:
        perintah = ["pdftoppm", "-r", str(_DPI), "-png", str(berkas), f"{tempat}/h"]
        subprocess.run(perintah, check=True, timeout=600)
        halaman = sorted(Path(tempat).glob("h-*.png"))
        kelompok = [
            halaman[i : i + _KOLOM * _BARIS] for i in range(0, len(halaman), _KOLOM * _BARIS)
        ]
        for nomor, satu in enumerate(kelompok, start=1):
            _gabung(satu).save(berkas.with_name(f"lembar-{nomor:02}.png"), optimize=True)
    return len(kelompok)


def _gabung(halaman: Iterable[Path]) -> Image.Image:
    gambar = [Image.open(h).convert("L") for h in halaman]
    lebar = max(g.width for g in gambar) + _JARAK
    tinggi = max(g.height for g in gambar) + _JARAK
    baris = -(-len(gambar) // _KOLOM)
    kolom = min(len(gambar), _KOLOM)
    lembar = Image.new("L", (kolom * lebar + _JARAK, baris * tinggi + _JARAK), 128)
    for i, satu in enumerate(gambar):
        lembar.paste(satu, (_JARAK + i % _KOLOM * lebar, _JARAK + i // _KOLOM * tinggi))
    return lembar
