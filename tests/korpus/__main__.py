"""Clean a whole corpus and print what became of it; see the package."""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
from PIL import Image

from tests.korpus import foto, pdf
from tests.korpus.foto import HURUF, RAHASIA, Contoh
from tests.korpus.tinta import bagian_tersisa

PROGRAM = Path("layanan/permohonan/pembersih").resolve()
FONT = HURUF / "Arimo-Regular.ttf"
TANDA = "CONTOH · Hanya untuk layanan surat Desa Bugbug · 30 November 2026"
TINTA_MIN = 0.99
JAHAT = (
    RAHASIA,
    b"JavaScript",
    b"/Launch",
    b"/EmbeddedFile",
    b"/XFA",
    b"Exif\0",
    b"http://ns.adobe",
    b"/Metadata",
    b"/Annots",
    b"/OpenAction",
    b"/AcroForm",
    b"/Outlines",
    b"/Names",
)


Bersih = tuple[dict, bytes, bytes]  # verdict, clean copy, thumbnail


@dataclass(frozen=True)
class Hasil:
    """What became of one upload."""

    contoh: Contoh
    putusan: dict
    gagal: str
    tinta: float
    detik: float
    bita: int


def program(isi: bytes) -> Bersih:
    """Run the cleaner as the worker does. Raises CalledProcessError when it dies."""
    with tempfile.TemporaryDirectory() as folder:
        masuk, keluar, mini = (Path(folder, apa) for apa in ("masuk", "keluar", "mini"))
        masuk.write_bytes(isi)
        proses = subprocess.run(
            [sys.executable, "-I", PROGRAM, masuk, keluar, mini, FONT, TANDA],
            capture_output=True,
            timeout=120,
            check=True,
            env={},
        )
        putusan = json.loads(proses.stdout)
        if "alasan" in putusan:
            return putusan, b"", b""
        return putusan, keluar.read_bytes(), mini.read_bytes()


def bersihkan(contoh: Contoh, cara: Callable[[bytes], Bersih] = program) -> Hasil:
    """Clean it this way, and compare."""
    mulai = time.perf_counter()
    try:
        putusan, isi, mini = cara(contoh.isi)
    except subprocess.CalledProcessError as galat:
        lama = time.perf_counter() - mulai
        return Hasil(contoh, {}, f"mati: {galat.stderr[-300:]!r}", 0, lama, 0)
    lama = time.perf_counter() - mulai
    if "alasan" in putusan:
        return Hasil(contoh, putusan, "", 1, lama, 0)
    halaman = list(isi_halaman(isi))
    sisa = ada_jahat(isi) or ada_jahat(mini)
    gagal = f"tersisa {sisa!r}" if sisa else ""
    return Hasil(contoh, putusan, gagal, _tinta(contoh, halaman), lama, len(isi) // len(halaman))


def isi_halaman(isi: bytes) -> Iterator[bytes]:
    if isi[:3] == b"\xff\xd8\xff":
        yield isi
        return
    with pikepdf.open(io.BytesIO(isi)) as dokumen:
        for satu in dokumen.pages:
            yield satu.obj.Resources.XObject.Foto.read_raw_bytes()


def ada_jahat(isi: bytes) -> bytes:
    """The first thing that should have gone, also inside compressed streams; b"" when all has."""
    semua = [isi]
    if isi[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(isi)) as dokumen:
            for satu in dokumen.objects:
                semua.append(satu.unparse(resolved=True))
                if isinstance(satu, pikepdf.Stream):
                    semua.append(satu.read_raw_bytes())
                    if "/Filter" not in satu or "DCT" not in str(satu.Filter):
                        semua.append(satu.read_bytes())
    return next((tanda for tanda in JAHAT for satu in semua if tanda in satu), b"")


def _tinta(contoh: Contoh, halaman: list[bytes]) -> float:
    """The least share of ink that a page has kept. Parts of a long picture are put together."""
    gambar = [Image.open(io.BytesIO(satu)) for satu in halaman]
    asli = contoh.halaman
    if len(asli) == 1 and len(gambar) > 1:
        lebar = gambar[0].width
        tinggi = [round(g.height * lebar / g.width) for g in gambar]
        satu = Image.new("RGB", (lebar, sum(tinggi)))
        y = 0
        for g, t in zip(gambar, tinggi, strict=True):
            satu.paste(g.resize((lebar, t)), (0, y))
            y += t
        gambar = [satu]
    if len(asli) != len(gambar):
        return 0.0
    return min(_bagian(a, g) for a, g in zip(asli, gambar, strict=True))


def _bagian(asli: Image.Image, salinan: Image.Image) -> float:
    if max(asli.size) / min(asli.size) < 3:
        return bagian_tersisa(asli, salinan)
    salinan = salinan.resize(asli.size)
    tinggi = asli.width
    atas = range(0, asli.height, tinggi)
    kotak = [(0, y, asli.width, min(y + tinggi, asli.height)) for y in atas]
    return min(bagian_tersisa(asli.crop(k), salinan.crop(k)) for k in kotak if k[3] - k[1] > 300)


def benar(hasil: Hasil) -> bool:
    """Accepted with its ink, or refused with the expected word."""
    if hasil.gagal:
        return False
    alasan = hasil.putusan.get("alasan", "")
    if hasil.contoh.alasan:
        return hasil.contoh.alasan in alasan
    return not alasan and hasil.tinta >= TINTA_MIN


def laporan(hasil: list[Hasil]) -> Iterator[str]:
    kelompok = defaultdict(list)
    for satu in hasil:
        kelompok[satu.contoh.nama].append(satu)
    yield "| kind | n | accepted | refused | least ink | slowest s | KB a page |"
    yield "|---|---|---|---|---|---|---|"
    for nama, isi in sorted(kelompok.items()):
        terima = [h for h in isi if "jenis" in h.putusan]
        alasan = Counter(
            h.putusan["alasan"].split(".")[0][:60] for h in isi if "alasan" in h.putusan
        )
        tinta = f"{min(h.tinta for h in terima):.4f}" if terima else "–"
        kb = f"{max(h.bita for h in terima) // 1000}" if terima else "–"
        kata = "; ".join(f"{n}× {a}" for a, n in alasan.items())
        yield (
            f"| {nama} | {len(isi)} | {len(terima)} | {kata} | {tinta} | "
            f"{max(h.detik for h in isi):.1f} | {kb} |"
        )


def main() -> None:
    pilih = argparse.ArgumentParser(description=__doc__)
    pilih.add_argument("--foto", type=int, default=500)
    pilih.add_argument("--pdf", type=int, default=200)
    arg = pilih.parse_args()
    for nama, semua in (
        ("foto", map(foto.satu, range(arg.foto))),
        ("pdf", map(pdf.satu, range(arg.pdf))),
    ):
        hasil = []
        for satu in semua:
            ini = bersihkan(satu)
            hasil.append(replace(ini, contoh=replace(satu, isi=b"", halaman=())))  # memory
        print(f"\n## {nama}: {len(hasil)}\n")
        print("\n".join(laporan(hasil)))
        salah = [h for h in hasil if not benar(h)]
        mati = sum(h.gagal.startswith("mati") for h in hasil)
        print(f"\nwrong: {len(salah)}, crashes: {mati}")
        for h in salah:
            print("-", h.contoh.nama, h.gagal, h.putusan, f"{h.tinta:.4f}")


if __name__ == "__main__":
    main()
