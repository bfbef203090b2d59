"""Command line: see `python -m tests.gangguan --help`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.gangguan import jalan
from tests.proses import Rusak


def _argumen() -> argparse.Namespace:
    baca = argparse.ArgumentParser(prog="python -m tests.gangguan", description=__doc__)
    baca.add_argument("--jumlah", type=int, default=2000, help="langkah, masing-masing satu pesan")
    baca.add_argument("--per-detik", type=float, default=30.0)
    baca.add_argument("--benih", type=int, default=1)
    baca.add_argument("--bunuh", type=int, default=12, help="kali kill -9 sebuah pekerja")
    baca.add_argument("--redis-mati", type=float, default=5.0, help="detik Redis berhenti")
    baca.add_argument("--bawaan", action="store_true", help="SQLite + folder, tanpa server")
    baca.add_argument("--json", type=Path, metavar="BERKAS")
    return baca.parse_args()


def _cetak(hasil: dict[str, Any]) -> None:
    neraca, penyedia = hasil["neraca"], hasil["penyedia"]
    sebab = ", ".join(f"{k} {n}" for k, n in sorted(neraca["sebab"].items()))
    acak = ", ".join(f"{k} {n}" for k, n in penyedia["gangguan_acak"].items())
    print(f"\n## {hasil['latar']}: {neraca['langkah']} langkah\n")
    print(f"pekerja dibunuh {hasil['pekerja_dibunuh']}×, Redis berhenti {hasil['redis_berhenti']}×")
    print(f"akun ditangguhkan {hasil['akun_ditangguhkan']}×, alarm {hasil['alarm']}×")
    print(f"gangguan penyedia: {acak}")
    print(f"pesan {neraca['pesan']}: sampai {neraca['sampai']}, dihubungi {neraca['dihubungi']}")
    print(f"  dihubungi karena: {sebab or '-'}")
    print(f"  sebenarnya sudah sampai: {neraca['dihubungi_sia_sia']}")
    print(f"hilang {len(neraca['hilang'])}, sampai palsu {neraca['palsu_sampai']}")
    print(f"ganda {len(neraca['ganda'])}")
    print(f"percobaan kirim {neraca['percobaan']}, ditanya {neraca['ditanya']}")
    print(f"reda dalam {hasil['reda_detik']:.0f} detik setelah langkah terakhir")
    for satu in neraca["hilang"][:10]:
        print(f"  HILANG: pesan {satu['pk']} {satu['keadaan']} {satu['kode']}")


def main() -> int:
    pilihan = _argumen()
    try:
        hasil = jalan.jalankan(
            jumlah=pilihan.jumlah,
            per_detik=pilihan.per_detik,
            benih=pilihan.benih,
            bunuh=pilihan.bunuh,
            redis_mati=pilihan.redis_mati,
            server=not pilihan.bawaan,
        )
    except Rusak as galat:
        print(f"GAGAL: {galat}", file=sys.stderr)
        return 1
    _cetak(hasil)
    if pilihan.json:
        pilihan.json.write_text(json.dumps(hasil, ensure_ascii=False, indent=1) + "\n")
    return 0 if hasil["neraca"]["utuh"] and hasil["alarm"] == hasil["akun_ditangguhkan"] else 1


if __name__ == "__main__":
    sys.exit(main())
