"""`python -m tests.surat.buku.penerbit <JSON>`: issues letters without end, until it is killed.

Prints a line for each letter that is committed. Every third one is given up after its number was
taken.
"""

import json
import os
import sys
from datetime import datetime

import django


class _Urung(Exception):
    """Rolls a letter back."""


def main(pemohon: int, mandat: int, oleh: int, pada: str) -> None:
    from django.db import transaction

    from penduduk.models import Akun, Penduduk
    from surat.models import JenisSurat, Mandat, TataNaskah
    from surat.naskah import susunan
    from tests.surat import terbitan

    siap = {"siap_pada": datetime.fromisoformat(pada)}
    TataNaskah.objects.get_or_create(pk=1, defaults=siap)  # no guide was gone through here
    bahan = {
        "jenis": JenisSurat.objects.get(kode="domisili"),
        "pemohon": Penduduk.objects.get(pk=pemohon),
        "jawaban": {
            "alamat_domisili": "Jalan Contoh 7",
            "tinggal_sejak": "2015-04-01",
            "keperluan": "membuka rekening bank",
        },
        "mandat": Mandat.objects.get(pk=mandat),
        "pengantar": susunan.Pengantar(),
        "oleh": Akun.objects.get(pk=oleh),
        "pada": datetime.fromisoformat(pada),
    }
    ke = 0
    while True:
        ke += 1
        try:
            with transaction.atomic():
                terbitan.terbitkan(**bahan)
                if ke % 3 == 0:
                    raise _Urung
            os.write(1, b"terbit\n")
        except _Urung:
            continue


if __name__ == "__main__":
    django.setup()
    main(**json.loads(sys.argv[1]))
