"""A resident asks, an operator decides, the perbekel signs, everyone is told."""

from layanan.models.berkas import Berkas, JejakLihat, Lampiran
from layanan.models.permintaan import Percakapan, PermintaanPIN, PesanMasuk
from layanan.models.permohonan import Draf, HariLibur, Penyerahan, Permohonan, Riwayat
from layanan.models.pesan import Denyut, Notifikasi, PesanSimulasi

__all__ = [
    "Berkas",
    "Denyut",
    "Draf",
    "HariLibur",
    "JejakLihat",
    "Lampiran",
    "Notifikasi",
    "Penyerahan",
    "Percakapan",
    "PermintaanPIN",
    "Permohonan",
    "PesanMasuk",
    "PesanSimulasi",
    "Riwayat",
]
