"""Turn one upload into pictures of its pages: a program of its own, with limits, without Django.

    python -I pembersih IN OUT THUMB FONT TEXT

Prints a JSON verdict: {"jenis", "halaman", "catatan"} when OUT and THUMB were written, {"alasan"}
when the file is refused; both are read by the resident. One page becomes a JPEG, several a PDF
that holds nothing but our JPEGs. TEXT is the watermark. Out of time, or crashed: no verdict.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # -I leaves only the libraries

from layanan.permohonan.pembersih import foto, halaman, pdf
from layanan.permohonan.pembersih.jenis import (
    AWAL,
    JPEG,
    PDF,
    PDF_RUSAK,
    RUSAK,
    TERLALU_BERAT,
    Ditolak,
    kenali,
    mulai,
)

MEMORI = 1_600_000_000  # bytes of address space
WAKTU_CPU = 40  # seconds


def periksa(isi: bytes, font: str, teks: str) -> tuple[dict[str, Any], bytes, bytes]:
    """The verdict; where the file can be used, also the clean copy and its thumbnail."""
    try:
        hasil, bersih, kecil = _gambari(isi, font, teks)
    except Ditolak as galat:
        return {"alasan": str(galat)}, b"", b""
    except ImportError:
        raise  # a fault of ours
    except MemoryError:  # of its own limit, which is far below what the machine has
        return {"alasan": TERLALU_BERAT}, b"", b""
    except Exception:  # whatever a parser trips over is a fault of the file
        return {"alasan": PDF_RUSAK if b"%PDF-" in isi[:AWAL] else RUSAK}, b"", b""
    mini = io.BytesIO()
    kecil.save(mini, "JPEG", quality=70, optimize=True)
    return hasil, bersih, mini.getvalue()


def _gambari(isi: bytes, font: str, teks: str) -> tuple[dict[str, Any], bytes, Image.Image]:
    """The verdict, the clean copy and its thumbnail. Raises Ditolak."""
    jenis = kenali(isi[:AWAL])
    isi = mulai(isi, jenis)
    catatan: list[str] = []
    gambar: list[bytes] = []
    ukuran, temuan = [], []
    semua = pdf.halaman_pdf(isi, catatan) if jenis == PDF else foto.halaman_foto(isi, jenis)
    for satu in semua:
        temuan.append(halaman.cela(satu))
        if not gambar:
            kecil = satu.copy()
            kecil.thumbnail((halaman.MINI, halaman.MINI))
        gambar.append(halaman.jpeg(halaman.beri_tanda(satu, font, teks)))
        ukuran.append(satu.size)
    halaman.nilai(temuan, jenis, catatan)
    kecil.info.clear()
    bersih = gambar[0] if len(gambar) == 1 else halaman.satukan(gambar, ukuran)
    hasil = {"jenis": JPEG if len(gambar) == 1 else PDF, "halaman": len(gambar)}
    return hasil | {"catatan": " ".join(catatan)[:200]}, bersih, kecil


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORI, MEMORI))
    resource.setrlimit(resource.RLIMIT_CPU, (WAKTU_CPU, WAKTU_CPU))
    masuk, keluar, mini, font, teks = sys.argv[1:6]
    ImageFont.truetype(font)  # a fault of ours must not look like one of the file
    hasil, bersih, kecil = periksa(Path(masuk).read_bytes(), font, teks)
    if bersih:
        Path(keluar).write_bytes(bersih)
        Path(mini).write_bytes(kecil)
    sys.stdout.write(json.dumps(hasil))


if __name__ == "__main__":
    main()
