"""Whose phone it is, and what its quick buttons send: fictitious cards, and things that are none.

The cards name people of the demo village, so that the operator finds them in the register.
"""

import io
import math
import wave

from django.db import connection

from layanan.contoh import gambar
from layanan.contoh.data import KEPALA
from penduduk import desa
from penduduk.models import Akun, Penduduk

Media = tuple[str, bytes]

LOKASI = (-8.4982, 115.5985)  # the sea before Bugbug
STIKER: Media = ("image/webp", b"RIFF\x24\0\0\0WEBPVP8X" + b"\0" * 24)
KONTAK: Media = (
    "text/vcard",
    b"BEGIN:VCARD\nVERSION:3.0\nFN:Ni Luh Contoh\nTEL:+6281200009999\nEND:VCARD\n",
)


def suara() -> Media:
    """Half a second of a tone, which any browser plays."""
    keluar = io.BytesIO()
    with wave.open(keluar, "wb") as berkas:
        berkas.setnchannels(1)
        berkas.setsampwidth(1)
        berkas.setframerate(8000)
        berkas.writeframes(bytes(128 + round(60 * math.sin(n / 3)) for n in range(4000)))
    return "audio/wav", keluar.getvalue()


def pemilik(nomor_hp: str) -> str:
    """Name for the WhatsApp profile: an account with this number, or nobody in particular."""
    try:
        akun = Akun.objects.filter(nomor_hp=nomor_hp).select_related("penduduk").first()
        return (akun.penduduk.nama if akun.penduduk else akun.nama) if akun else "Warga Contoh"
    finally:
        connection.close()


def ktp(nomor_hp: str) -> Media:
    try:
        orang = _orang(nomor_hp)
        baris = ["NIK 0000000000000000", "Nama: CONTOH"]
        if orang:
            lahir = f"{orang.tanggal_lahir:%d-%m-%Y}" if orang.tanggal_lahir else ""
            baris = [
                f"NIK {orang.nik}",
                orang.nama,
                f"{orang.tempat_lahir}, {lahir}",
                orang.keluarga.alamat if orang.keluarga else "",
            ]
    finally:
        connection.close()
    return "image/jpeg", gambar.foto("CONTOH KTP-el", baris).read()


def kk(nomor_hp: str) -> Media:
    try:
        orang = _orang(nomor_hp)
        baris = ["Nomor KK 0000000000000000", "Kepala keluarga: CONTOH"]
        if orang and orang.keluarga:
            anggota = orang.keluarga.anggota.order_by("shdk", "pk")[:5]
            baris = [f"Nomor KK {orang.keluarga.no_kk}", *(a.nama for a in anggota)]
    finally:
        connection.close()
    return "image/jpeg", gambar.foto("CONTOH KK", baris).read()


def _orang(nomor_hp: str) -> Penduduk | None:
    """The owner of the number; else a head of family who has no account yet, by the number."""
    if not desa.ambil().contoh:
        return None  # real people are nobody's toy
    semua = Penduduk.objects.select_related("keluarga").filter(status_dasar=1)
    if pemilik := semua.filter(akun__nomor_hp=nomor_hp).order_by("pk").first():
        return pemilik
    baru = semua.filter(akun__isnull=True, shdk=KEPALA).order_by("pk")
    jumlah = baru.count()
    akhir = int("".join(filter(str.isdigit, nomor_hp))[-4:] or 0)
    return baru[akhir % jumlah] if jumlah else None
