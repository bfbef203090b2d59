"""Measure all letters and write their numbers of pages into surat/jenis/jenis_bawaan/*.json:

    python -m tests.surat.kertas.ukur_halaman

To be run when the paper has changed, and only after looking at the sheets (make contoh-surat).
"""

import os
import re
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def utama() -> None:
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment

    from surat.jenis import bawaan
    from surat.jenis import berkas as berkas_jenis
    from tests.surat.kertas import peraga_semua

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    bawaan.muat()
    ukuran = {
        kunci: peraga_semua.cetak(*bahan).halaman
        for kunci, bahan in peraga_semua.susun_semua(berkas_jenis.lengkap()).items()
    }
    for berkas in sorted(bawaan.FOLDER.glob("*.json")):
        angka = {u: n for (kode, u), n in ukuran.items() if kode == berkas.stem}
        lama = berkas.read_text(encoding="utf-8")
        baru = re.sub(
            r'("halaman": \{)[^}]*\}',
            lambda cocok, angka=angka: (
                cocok[1] + ",".join(f'\n    "{u}": {n}' for u, n in angka.items()) + "\n  }"
            ),
            lama,
        )
        if baru != lama:
            berkas.write_text(baru, encoding="utf-8")
            sys.stdout.write(f"{berkas.name}: {angka}\n")


if __name__ == "__main__":
    utama()
