"""Frozen letters made by hand, and what a reader, a reading machine and an eye find in the PDF."""

import copy
import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from surat.kertas import lambang, pdf

AKSARA = ["ᬓᬩᬸᬧᬢᬾᬦ᭄ ᬓᬭᬂᬳᬲᭂᬫ᭄", "ᬓᭂᬘᬫᬢᬦ᭄ ᬓᬭᬂᬳᬲᭂᬫ᭄", "ᬤᬾᬲ ᬩᬸᬕ᭄ᬩᬸᬕ᭄"]
_DASAR: dict[str, Any] = {
    "tata": {"kertas": "F4", "margin": [15, 22, 22, 28], "huruf": "ARIMO", "ukuran": "11.5"},
    "kop": {
        "baris": ["Kabupaten Contoh", "Kecamatan Contoh", "Desa Contoh"],
        "aksara": [],
        "alamat": "Jalan Contoh 1",
        "lambang": "",
    },
    "tanda_air": "",
    "contoh": False,
    "naskah": "keterangan",
    "judul": "SURAT KETERANGAN CONTOH",
    "nomor": "400.12.2.1/007/X/2026",
    "kode_cek": "ABCDE-FGHJK",
    "url_cek": "https://contoh.id/cek/ABCDEFGHJK/",
    "pembuka": "Perbekel menerangkan dengan sebenarnya bahwa:",
    "identitas": [["Nama", "I Wayan Contoh"], ["NIK", "5107041203900042"]],
    "isi": [{"macam": "alinea", "html": "Orang tersebut tinggal di sini."}],
    "berlaku_sampai": "",
    "penutup": "Demikian surat ini dibuat.",
    "menggantikan": None,
    "tempat_tanggal": "Contoh, 23 November 2026",
    "ttd": {"baris": ["Perbekel Contoh,"], "nama": "I Nyoman Perbekel", "nip": ""},
    "pemegang": "",
    "menyatakan": None,
    "saksi": [],
    "mengetahui": [],
    "tembusan": [],
    "desa": "Contoh",
}
KELIAN = {"baris": ["Kelian Banjar Dinas Satu,"], "nama": "I Ketut Kelian"}
CAMAT = {"baris": ["Camat Contoh,"], "nama": ""}


def data(**lain: Any) -> dict[str, Any]:
    """A short letter; dictionaries are filled in, everything else is replaced."""
    hasil = copy.deepcopy(_DASAR)
    for kunci, nilai in lain.items():
        lama = hasil.get(kunci)
        hasil[kunci] = lama | nilai if isinstance(lama, dict) else nilai
    return hasil


def alinea(teks: str) -> dict[str, str]:
    return {"macam": "alinea", "html": teks}


def perisai(warna: str = "darkgreen") -> str:
    """Address of a small emblem."""
    keluar = BytesIO()
    Image.new("RGBA", (300, 340), warna).save(keluar, "PNG")
    return lambang.alamat(lambang.bersihkan(keluar.getvalue()).png)


class Kertas:
    """A letter on paper."""

    def __init__(self, isi: dict[str, Any], folder: Path) -> None:
        self.byte, self.jumlah = pdf.buat(isi)
        self._berkas = folder / f"{len(list(folder.iterdir()))}.pdf"
        self._berkas.write_bytes(self.byte)
        self.pdf = pikepdf.open(BytesIO(self.byte))
        self._dijawab: dict[tuple[str, ...], bytes] = {}

    def _jalankan(self, *perintah: str) -> bytes:
        """What a program of poppler says of the paper; it is asked the same thing only once."""
        if perintah not in self._dijawab:
            hasil = subprocess.run(perintah, capture_output=True, check=True)
            self._dijawab[perintah] = hasil.stdout
        return self._dijawab[perintah]

    def halaman(self, ke: int) -> str:
        """What an eye reads on page `ke` from top to bottom, spaces made single."""
        pilih = ("-f", str(ke), "-l", str(ke), "-layout")
        teks = self._jalankan("pdftotext", *pilih, str(self._berkas), "-").decode()
        return " ".join(teks.split())

    def halaman_dari(self, teks: str) -> list[int]:
        """Numbers of the pages on which `teks` stands."""
        return [n for n in range(1, self.jumlah + 1) if teks in self.halaman(n)]

    def dibaca(self) -> str:
        """What a reading machine reads, in its order: the tree of tags, without artifacts."""
        pohon = self._jalankan("pdfinfo", "-struct-text", str(self._berkas)).decode()
        return " ".join(" ".join(re.findall(r'^ *"(.*)"$', pohon, re.M)).split())

    def kotak(self, ke: int = 1) -> list[tuple[float, float, float, float]]:
        """Boxes of all words of a page, in mm: left, top, right, bottom."""
        pilih = ("-f", str(ke), "-l", str(ke), "-bbox")
        html = self._jalankan("pdftotext", *pilih, str(self._berkas), "-").decode()
        pola = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"'
        return [tuple(float(x) / 72 * 25.4 for x in k) for k in re.findall(pola, html)]

    def ukuran(self) -> tuple[int, int]:
        _, _, lebar, tinggi = (float(x) / 72 * 25.4 for x in self.pdf.pages[0].mediabox)
        return round(lebar), round(tinggi)

    def gambar(self, ke: int = 1) -> Image.Image:
        """The page as a picture in greys, 40 points to the inch."""
        pilih = ("-r", "40", "-gray", "-png", "-f", str(ke), "-l", str(ke))
        return Image.open(BytesIO(self._jalankan("pdftoppm", *pilih, str(self._berkas))))

    def unsur(self, simpul: Any = None) -> list[Any]:
        """All elements of the tree of tags, from the first to the last."""
        simpul = self.pdf.Root.StructTreeRoot.K if simpul is None else simpul
        if isinstance(simpul, pikepdf.Array):
            return [u for anak in simpul for u in self.unsur(anak)]
        if not isinstance(simpul, pikepdf.Dictionary):
            return []
        return [simpul, *(self.unsur(simpul.K) if "/K" in simpul else [])]

    def tanda(self) -> list[str]:
        return [str(u.S) for u in self.unsur() if "/S" in u]

    def huruf(self) -> dict[str, Any]:
        """Descriptors of the fonts by name without the mark of the subset."""
        hasil = {}
        for halaman in self.pdf.pages:
            for fon in halaman.Resources.Font.values():
                uraian = fon.DescendantFonts[0].FontDescriptor
                hasil[str(fon.BaseFont).split("+")[1]] = uraian
        return hasil
