"""A resident asks, an operator decides, the perbekel signs, everyone is told."""

from layanan.models.berkas import Berkas, JatahHarian, Lampiran
from layanan.models.jejak import Jejak, RantaiJejak
from layanan.models.kabar import (
    AnggaranPesan,
    AturanKabar,
    KabarBerkala,
    KeadaanSaluran,
    KodeKabari,
    LajuKirim,
    NomorWA,
    PengaturanPesan,
    PersetujuanWA,
    PilihanKabar,
    TemplatWA,
)
from layanan.models.kerja import AlasanSiap, CatatanKantor, Pegangan
from layanan.models.laporan import Rekap, RekapKabar
from layanan.models.percakapan import CatatanWarga, JawabanWarga, Percakapan, PesanMasuk
from layanan.models.permintaan import PermintaanPIN
from layanan.models.permohonan import Draf, HariLibur, Penyerahan, Permohonan, Riwayat, TahunLibur
from layanan.models.pesan import Denyut, Notifikasi, PesanSimulasi

__all__ = [
    "AlasanSiap",
    "AnggaranPesan",
    "AturanKabar",
    "Berkas",
    "CatatanKantor",
    "CatatanWarga",
    "Denyut",
    "Draf",
    "HariLibur",
    "JatahHarian",
    "JawabanWarga",
    "Jejak",
    "KabarBerkala",
    "KeadaanSaluran",
    "KodeKabari",
    "LajuKirim",
    "Lampiran",
    "NomorWA",
    "Notifikasi",
    "Pegangan",
    "PengaturanPesan",
    "Penyerahan",
    "Percakapan",
    "PermintaanPIN",
    "Permohonan",
    "PersetujuanWA",
    "PesanMasuk",
    "PesanSimulasi",
    "PilihanKabar",
    "RantaiJejak",
    "Rekap",
    "RekapKabar",
    "Riwayat",
    "TahunLibur",
    "TemplatWA",
]
