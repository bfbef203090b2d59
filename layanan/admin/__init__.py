"""The office: queue of requests, letters, hand-overs, requests for a PIN, messages, reports."""

from layanan.admin import (
    belum_diambil,
    cari,
    ekspedisi,
    formulir,
    jejak,
    koreksi,
    laporan,
    libur,
    loket,
    penduduk,
    permintaan,
    permohonan,
    pesan,
    slip,
)

__all__ = [
    "belum_diambil",
    "cari",
    "ekspedisi",
    "formulir",
    "jejak",
    "koreksi",
    "laporan",
    "libur",
    "loket",
    "penduduk",
    "permintaan",
    "permohonan",
    "pesan",
    "slip",
]
