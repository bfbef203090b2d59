"""Decode one upload and write a clean copy: a program of its own, with limits, without Django.

    python -I pembersih_berkas.py MIME IN OUT

Prints a JSON verdict: {"jenis", "halaman"} when OUT was written, {"alasan"} when the file is
refused. Images become JPEG of at most 1600 px without metadata; PDFs lose scripts, attachments
and metadata.
"""

import json
import resource
import sys
import warnings

SISI_MAKS = 1600  # px
PIKSEL_MAKS = 120_000_000
HALAMAN_MAKS = 20
MEMORI = 1_200_000_000  # bytes of address space
WAKTU_CPU = 20  # seconds

RUSAK = "Foto ini rusak dan tidak dapat dibuka. Ambil fotonya lagi."
PDF_RUSAK = "PDF ini rusak dan tidak dapat dibuka. Foto halamannya, lalu unggah."


class Ditolak(Exception):
    pass


def gambar(masuk: str, keluar: str) -> dict:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = PIKSEL_MAKS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(masuk, formats=["JPEG", "PNG", "WEBP"]) as foto:
            if min(foto.size) < 50:
                raise Ditolak("Foto ini terlalu kecil untuk dibaca. Ambil fotonya lagi.")
            foto.draft("RGB", (SISI_MAKS, SISI_MAKS))  # JPEG: decode at a fraction of the size
            bersih = ImageOps.exif_transpose(foto)
            bersih.thumbnail((SISI_MAKS, SISI_MAKS))
            if bersih.mode in ("RGBA", "LA", "PA", "P"):
                bersih = bersih.convert("RGBA")
                latar = Image.new("RGBA", bersih.size, "white")
                bersih = Image.alpha_composite(latar, bersih)
            bersih = bersih.convert("RGB")
            bersih.info.clear()  # EXIF, GPS, ICC, comments
            bersih.save(keluar, "JPEG", quality=78, optimize=True, progressive=True)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Ditolak("Foto ini terlalu besar. Ambil foto dengan ukuran lebih kecil.") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Ditolak(RUSAK) from None
    return {"jenis": "image/jpeg", "halaman": 1}


def pdf(masuk: str, keluar: str) -> dict:
    import pikepdf

    try:
        dokumen = pikepdf.open(masuk)
    except pikepdf.PasswordError:
        raise Ditolak(
            "PDF ini dikunci kata sandi. Buka kuncinya, atau foto halamannya, lalu unggah."
        ) from None
    except (pikepdf.PdfError, OSError, ValueError):
        raise Ditolak(PDF_RUSAK) from None
    with dokumen:
        jumlah = len(dokumen.pages)
        if jumlah == 0:
            raise Ditolak(PDF_RUSAK)
        if jumlah > HALAMAN_MAKS:
            raise Ditolak(f"PDF ini {jumlah} halaman; paling banyak {HALAMAN_MAKS} halaman.")
        for nama in ("/OpenAction", "/AA", "/AcroForm", "/Names", "/Metadata", "/Collection"):
            if nama in dokumen.Root:
                del dokumen.Root[nama]
        if "/Info" in dokumen.trailer:
            del dokumen.trailer["/Info"]
        for halaman in dokumen.pages:
            for nama in ("/AA", "/Annots", "/Metadata"):
                if nama in halaman.obj:
                    del halaman.obj[nama]
        dokumen.save(keluar)
    return {"jenis": "application/pdf", "halaman": jumlah}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORI, MEMORI))
    resource.setrlimit(resource.RLIMIT_CPU, (WAKTU_CPU, WAKTU_CPU))
    mime, masuk, keluar = sys.argv[1:4]
    try:
        hasil = pdf(masuk, keluar) if mime == "application/pdf" else gambar(masuk, keluar)
    except Ditolak as galat:
        hasil = {"alasan": str(galat)}
    sys.stdout.write(json.dumps(hasil))


if __name__ == "__main__":
    main()
