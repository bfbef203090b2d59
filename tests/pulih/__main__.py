"""Command line: see `python -m tests.pulih --help`."""

import argparse
import json
import sys
from pathlib import Path

from tests.proses import Rusak
from tests.pulih import jalan, tempat


def _argumen() -> argparse.Namespace:
    baca = argparse.ArgumentParser(prog="python -m tests.pulih", description=__doc__)
    baca.add_argument("--cara", nargs="+", choices=["sqlite", "dump", "arsip"], default=None)
    baca.add_argument("--isi", type=int, default=5000, help="permohonan yang sudah ada")
    baca.add_argument("--detik", type=float, default=60.0, help="lama bekerja sebelum dibunuh")
    baca.add_argument("--jeda", type=float, default=15.0, help="detik antara dua cadangan")
    baca.add_argument("--utas", type=int, default=3)
    baca.add_argument("--benih", type=int, default=1)
    baca.add_argument("--tunggu", type=int, default=60, help="archive_timeout")
    baca.add_argument("--json", type=Path, metavar="BERKAS")
    return baca.parse_args()


def main() -> int:
    pilihan = _argumen()
    cara = pilihan.cara or ["sqlite", "dump", *(["arsip"] if tempat.ada_pgbackrest() else [])]
    semua = []
    for satu in cara:
        try:
            hasil = jalan.jalankan(
                cara=satu,
                isi=pilihan.isi,
                detik=pilihan.detik,
                jeda=pilihan.jeda,
                utas=pilihan.utas,
                benih=pilihan.benih,
                tunggu=pilihan.tunggu,
            )
        except Rusak as galat:
            print(f"GAGAL: {satu}: {galat}", file=sys.stderr)
            return 1
        semua.append(hasil)
        cadangan = f"{max(hasil.cadangan_detik):.1f} detik" if hasil.cadangan_detik else "-"
        print(f"\n## {satu}: {'utuh' if hasil.utuh else 'TIDAK UTUH'}")
        print(f"RPO {hasil.rpo_detik:.1f} detik, RTO {hasil.rto_detik:.1f} detik")
        print(f"{len(hasil.cadangan_detik)} cadangan, terlama {cadangan}")
        print(f"{hasil.permohonan} permohonan, {hasil.surat_diperiksa} surat dicocokkan sidiknya")
        print(f"hilang sesudah cadangan {hasil.hilang}, sebelum {len(hasil.hilang_sebelum)}")
        print(
            f"nomor ganda {len(hasil.nomor_ganda)}, pesan {hasil.pesan}, ganda {hasil.pesan_ganda}"
        )
        if not hasil.utuh:
            print(json.dumps(jalan.sebagai_json(hasil), ensure_ascii=False, indent=1))
    if pilihan.json:
        isi = [jalan.sebagai_json(satu) for satu in semua]
        pilihan.json.write_text(json.dumps(isi, ensure_ascii=False, indent=1) + "\n")
    return 0 if all(satu.utuh for satu in semua) else 1


if __name__ == "__main__":
    sys.exit(main())
