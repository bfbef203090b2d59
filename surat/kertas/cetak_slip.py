"""Slips with a PIN awal on paper: the clear PINs go through a pipe and out on paper, and touch
neither disk nor database."""

from typing import Any

from surat.kertas import cetak_luar

_WAKTU_MAKS = 60  # seconds; a hundred slips take about five


class SlipTidakTercetak(Exception):
    """The PDF could not be made. Holds no detail: a traceback could quote a PIN."""


def cetak(data: dict[str, Any]) -> bytes:
    """PDF of `data` (see layanan.minta_pin.slip); raises SlipTidakTercetak."""
    try:
        return cetak_luar.cetak("slip", data, detik=_WAKTU_MAKS)
    except cetak_luar.TidakTercetak:
        raise SlipTidakTercetak from None
