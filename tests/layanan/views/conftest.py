"""A request that was sent back, for the pages on which its owner reads of it and mends it."""

import pytest
from django.utils import timezone

from layanan.permohonan import alur, dampak

KTP = {"apa": "syarat", "kunci": "ktp", "label": "Foto/scan KTP-el pemohon"}
KEPERLUAN = {"apa": "isian", "kunci": "keperluan", "label": "Keperluan"}


@pytest.fixture
def perlu_perbaikan(permohonan, operator):
    """Asks for the KTP and the purpose once more."""
    buram = KTP | {"alasan": "Fotonya buram."}
    kurang_jelas = KEPERLUAN | {"alasan": "Sebut nama banknya."}
    alur.jalankan(
        permohonan,
        "minta_perbaikan",
        dampak.MintaPerbaikan([buram, kurang_jelas]),
        oleh=operator,
        pada=timezone.now(),
        catatan="Bawa juga aslinya.",
    )
    return permohonan
