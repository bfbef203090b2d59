"""What an upload is, by its content, and the sentences on what cannot be used. No Django."""

HALAMAN_MAKS = 20
AWAL = 8192  # bytes that are looked at to tell the kind

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
HEIF, AVIF, TIFF, GIF, BMP = "image/heif", "image/avif", "image/tiff", "image/gif", "image/bmp"
_AWALAN = {
    b"\x89PNG\r\n\x1a\n": PNG,
    b"II*\0": TIFF,
    b"MM\0*": TIFF,
    b"II+\0": TIFF,
    b"MM\0+": TIFF,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
}
# Also behind some junk, such as the head of an HTTP answer or zeros of a broken card.
_DI_DALAM = {
    b"%PDF-": (PDF, AWAL),
    b"\xff\xd8\xff": (JPEG, 1024),
    b"\x89PNG\r\n\x1a\n": (PNG, 1024),
}
_MEREK_VIDEO = tuple(b"isom iso2 iso4 iso5 iso6 mp4 mmp4 M4V qt 3gp 3g2 avc1".split())

FOTO_LAGI = "Foto lagi kertasnya di tempat terang, lalu unggah."
TERLALU_BERAT = "Berkas ini terlalu berat untuk dibuka. Foto kertasnya dengan HP, lalu unggah."
RUSAK = f"Foto ini rusak dan tidak dapat dibuka. {FOTO_LAGI}"
PDF_RUSAK = f"PDF ini rusak dan tidak dapat dibuka. {FOTO_LAGI}"
TERPOTONG = "Foto ini terpotong, bagian bawahnya tidak sampai. Unggah lagi, tunggu sampai selesai."
TERKUNCI = "PDF ini dikunci kata sandi. Buka kuncinya, atau foto halamannya, lalu unggah."
BUKAN_FOTO = "Berkas ini bukan foto (JPG, PNG) atau PDF. Pilih berkas lain."
VIDEO = f"Berkas ini video, bukan foto. {FOTO_LAGI}"
DOKUMEN = "Berkas ini dokumen Word, Excel, atau ZIP. Simpan sebagai PDF, atau foto kertasnya."
STIKER = f"Ini stiker, bukan foto. {FOTO_LAGI}"
XFA = "PDF ini formulir khusus Adobe yang tidak terbaca di sini. Foto kertasnya, lalu unggah."


class Ditolak(Exception):
    """The file cannot be used; the text says why and what to do."""


def kenali(awal: bytes) -> str:
    """MIME type by the beginning of the content, whatever the name says. Raises Ditolak."""
    for tanda, jenis in _AWALAN.items():
        if awal.startswith(tanda):
            return jenis
    if awal[:4] == b"RIFF" and awal[8:12] == b"WEBP":
        return WEBP
    if awal[:2] == b"BM" and awal[6:10] == b"\0\0\0\0":
        return BMP
    if awal[4:8] == b"ftyp":
        if awal[8:12].startswith(_MEREK_VIDEO):
            raise Ditolak(VIDEO)
        return AVIF if awal[8:12] in (b"avif", b"avis") else HEIF
    if awal[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise Ditolak(DOKUMEN)
    tempat = {awal[:batas].find(tanda): jenis for tanda, (jenis, batas) in _DI_DALAM.items()}
    tempat.pop(-1, None)
    if not tempat:
        raise Ditolak(BUKAN_FOTO)
    return tempat[min(tempat)]


def mulai(isi: bytes, jenis: str) -> bytes:
    """The content without what stands before it."""
    for tanda, (ini, batas) in _DI_DALAM.items():
        if ini == jenis:
            return isi[max(0, isi[:batas].find(tanda)) :]
    return isi


def periksa_jumlah(jumlah: int) -> None:
    """Raises Ditolak: more pages than anybody looks through."""
    if jumlah > HALAMAN_MAKS:
        raise Ditolak(
            f"Berkas ini {jumlah} halaman; paling banyak {HALAMAN_MAKS} halaman. "
            "Unggah halaman yang diminta saja."
        )
