"""The office: queue of requests, letters, hand-overs, requests for a PIN, slips, messages."""

from layanan.admin import (
    belum_diambil,
    cari,
    ekspedisi,
    formulir,
    koreksi,
    loket,
    panduan,
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
    "koreksi",
    "loket",
    "panduan",
    "penduduk",
    "permintaan",
    "permohonan",
    "pesan",
    "slip",
]
