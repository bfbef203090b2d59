"""Measure all letters and write their numbers of pages into surat/jenis/jenis_bawaan/*.json:

    python -m tests.surat.kertas.ukur_halaman

To be run when the paper has changed, and only after looking at the sheets (make contoh-surat).
"""

import json
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
    ukuran = peraga_semua.halaman(berkas_jenis.lengkap())
    for berkas in sorted(bawaan.FOLDER.glob("*.json")):
        lama = berkas.read_text(encoding="utf-8")
        data = json.loads(lama)
        f4, a4 = (
            {u: n for (kode, u, k), n in ukuran.items() if (kode, k) == (berkas.stem, kertas)}
            for kertas in ("F4", "A4")
        )
        data["halaman"] = {"A4": a4, **f4}
        rapi = json.dumps(data["halaman"], indent=2).replace("\n", "\n  ")
        baru = re.sub(r'"halaman": \{.*?\n  \}', f'"halaman": {rapi}', lama, flags=re.DOTALL)
        if baru != lama:
            berkas.write_text(baru, encoding="utf-8")
            sys.stdout.write(f"{berkas.name}: {data['halaman']}\n")


if __name__ == "__main__":
    utama()
