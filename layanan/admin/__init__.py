"""The office: queue of requests, letters, hand-overs, requests for a PIN, messages, reports."""

from layanan.admin import (
    cari,
    jejak,
    koreksi,
    laporan,
    libur,
    loket,
    panduan,
    penduduk,
    pengambilan,
    permintaan,
    permohonan,
    pesan,
    slip,
)

__all__ = [
    "cari",
    "jejak",
    "koreksi",
    "laporan",
    "libur",
    "loket",
    "panduan",
    "penduduk",
    "pengambilan",
    "permintaan",
    "permohonan",
    "pesan",
    "slip",
]
