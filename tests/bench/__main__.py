"""Command line: see `python -m tests.bench --help`."""

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench import beban, cari, cetak, halaman, impor, masuk, panggung, pesan, waktu_masuk
from tests.bench.laporan import Baris, Rusak, kalibrasi, putusan, sasaran_maks, tabel

LAIN = ("tumbuh",)  # takes long: only when it is asked for
BAGIAN = ("halaman", "masuk", "waktu", "surat", "impor", "cari", "pesan")


@dataclass(frozen=True)
class Ukuran:
    """How long and how often; enough for medians, or just enough to see that all is well."""

    putaran: int = 3
    halaman: float = 4.0  # seconds of one round
    masuk: float = 5.0
    surat: float = 15.0
    ulang: int = 3  # cold starts
    antrean: int = 1000  # letters: enough to see memory grow
    waktu: int = 15  # blocks of failed logins
    cari: int = 40  # times that each search is repeated
    warga: int = 100_000
    impor: int = 10_000  # residents in one file
    pesan: float = 60.0  # seconds of steady steps
    pesan_laju: float = 80.0  # steps in a second, on servers: what WhatsApp takes of one number
    pesan_laju_bawaan: float = 40.0  # the same on the embedded default
    tumbuh: int = 100_000  # requests of the large village


CEPAT = Ukuran(
    putaran=1,
    halaman=1.0,
    masuk=1.0,
    surat=2.0,
    ulang=1,
    antrean=10,
    waktu=1,
    cari=5,
    warga=5_000,
    impor=500,
    pesan=5.0,
    pesan_laju=20.0,
    pesan_laju_bawaan=5.0,
    tumbuh=5_000,
)


def _argumen() -> argparse.Namespace:
    baca = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    baca.add_argument("--cepat", action="store_true", help="sekadar mencoba, sekitar 30 detik")
    baca.add_argument(
        "--server",
        action="store_true",
        help="juga di PostgreSQL + Redis (otomatis bila DATABASE_URL atau REDIS_URL terisi)",
    )
    baca.add_argument("--hanya-server", action="store_true", help="tanpa SQLite + folder")
    baca.add_argument("--bagian", default=",".join(BAGIAN), help="misalnya halaman,surat")
    baca.add_argument(
        "--tumbuh", type=int, metavar="PERMOHONAN", help="bagian tumbuh: sebanyak ini"
    )
    baca.add_argument("--tanpa-wrk", action="store_true", help="pembangkit beban sendiri")
    baca.add_argument("--json", type=Path, metavar="BERKAS", help="simpan semua angka di sini")
    pilihan = baca.parse_args()
    pilihan.bagian = pilihan.bagian.split(",")
    if asing := set(pilihan.bagian) - {*BAGIAN, *LAIN}:
        baca.error(f"bagian tidak dikenal: {', '.join(sorted(asing))}")
    return pilihan


def _tahap(
    tempat: panggung.Panggung, bagian: list[str], ukuran: Ukuran, pakai_wrk: bool
) -> list[tuple[str, Callable[[], list[Baris]]]]:
    def ukur_halaman() -> list[Baris]:
        return halaman.ukur(
            tempat, putaran=ukuran.putaran, detik=ukuran.halaman, pakai_wrk=pakai_wrk
        )

    def ukur_masuk() -> list[Baris]:
        return masuk.ukur(tempat, putaran=ukuran.putaran, detik=ukuran.masuk)

    def ukur_waktu() -> list[Baris]:
        return waktu_masuk.ukur(tempat, blok=ukuran.waktu)

    def ukur_surat() -> list[Baris]:
        tempat.tutup_web()
        return cetak.ukur(tempat, detik=ukuran.surat, ulang=ukuran.ulang, jumlah=ukuran.antrean)

    def ukur_impor() -> list[Baris]:
        tempat.tutup_web()
        return impor.ukur(tempat, jumlah=ukuran.impor, putaran=ukuran.putaran)

    def ukur_cari() -> list[Baris]:
        tempat.tutup_web()  # it may have been closed before; what it has in memory is old
        tempat.mulai_web()
        return cari.ukur(tempat, warga=ukuran.warga, ulang=ukuran.cari)

    def ukur_pesan() -> list[Baris]:
        tempat.tutup_web()
        server = bool(tempat.env["REDIS_URL"])
        laju = ukuran.pesan_laju if server else ukuran.pesan_laju_bawaan
        return pesan.ukur(server=server, per_detik=laju, detik=ukuran.pesan)

    def ukur_tumbuh() -> list[Baris]:
        tempat.tutup_web()
        return _tumbuh(tempat, ukuran.tumbuh)

    semua = {
        "tumbuh": ukur_tumbuh,
        "halaman": ukur_halaman,
        "masuk": ukur_masuk,
        "waktu": ukur_waktu,
        "surat": ukur_surat,
        "impor": ukur_impor,
        "cari": ukur_cari,
        "pesan": ukur_pesan,
    }
    return [(nama, semua[nama]) for nama in (*BAGIAN, *LAIN) if nama in bagian]


def _tumbuh(tempat: panggung.Panggung, jumlah: int) -> list[Baris]:
    """Each address and sweep with 1,000 requests and with `jumlah`; what grew most comes first."""
    waktu = []
    for n in (1000, jumlah):
        with panggung.buka(server=bool(tempat.env["REDIS_URL"])) as desa:
            desa.anak("tumbuh_isi", jumlah=n, habis=7200)
            waktu.append(desa.anak("tumbuh_ukur", habis=7200))
    hasil = []
    for nama in waktu[0].keys() & waktu[1].keys():
        (lama, _), (ms, kueri) = waktu[0][nama], waktu[1][nama]
        satu = Baris(f"Tumbuh ({jumlah} permohonan)", nama, ms, "ms", rasio=ms / lama)
        satu.terhadap, satu.catatan = "1000 permohonan", f"{kueri} kueri"
        satu.sasaran, satu.tercapai = sasaran_maks(ms / lama, 1.5, "x")
        hasil.append(satu)
    return sorted(hasil, key=lambda satu: -(satu.rasio or 0))


def _jalankan(*, server: bool, pilihan: argparse.Namespace, ukuran: Ukuran) -> dict[str, Any]:
    """All sections on one stage, and how fast the machine was between them."""
    hasil: list[Baris] = []
    rusak: list[str] = []
    with panggung.buka(server=server) as tempat:
        _kabar(f"{tempat.nama}: desa contoh dimuat")
        irama = [kalibrasi()]
        if {"halaman", "masuk", "waktu"} & set(pilihan.bagian):
            tempat.mulai_web()
        pakai_wrk = beban.ada_wrk() and not pilihan.tanpa_wrk
        for nama, ukur in _tahap(tempat, pilihan.bagian, ukuran, pakai_wrk):
            _kabar(f"{tempat.nama}: mengukur {nama}")
            try:
                hasil += ukur()
            except Rusak as galat:  # what was measured before is not lost
                rusak.append(f"{nama}: {galat}")
            irama.append(kalibrasi())
    print(tabel(tempat.nama, hasil))
    print(f"\nKalibrasi (putaran Python tetap): {', '.join(f'{x:.1f}' for x in irama)} ms")
    if max(irama) > 1.25 * min(irama):
        print("PERHATIAN: kecepatan mesin berubah selama pengukuran; percayai rasionya saja.")
    return {"latar": tempat.nama, "kalibrasi_ms": irama, "rusak": rusak, "hasil": hasil}


_AWAL = time.monotonic()


def _kabar(teks: str) -> None:
    print(f"[{time.monotonic() - _AWAL:4.0f} s] {teks}", file=sys.stderr, flush=True)


def _berhenti(*_: object) -> None:
    raise SystemExit(143)


def main() -> int:
    signal.signal(signal.SIGTERM, _berhenti)
    pilihan = _argumen()
    ukuran = CEPAT if pilihan.cepat else Ukuran()
    ukuran = replace(ukuran, tumbuh=pilihan.tumbuh or ukuran.tumbuh)
    pakai_server = pilihan.server or os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL")
    latar = [False] * (not pilihan.hanya_server)
    latar += [True] * bool(pakai_server or pilihan.hanya_server)
    pembangkit = "wrk" if beban.ada_wrk() and not pilihan.tanpa_wrk else "soket Python sendiri"
    print(f"Python {platform.python_version()}, {os.cpu_count()} inti; beban halaman: {pembangkit}")
    try:
        semua = [_jalankan(server=s, pilihan=pilihan, ukuran=ukuran) for s in latar]
    except Rusak as galat:
        print(f"GAGAL: {galat}", file=sys.stderr)
        return 1
    for kata in (kata for satu in semua for kata in satu["rusak"]):
        print(f"GAGAL: {kata}", file=sys.stderr)
    print(putusan([(satu["latar"], b) for satu in semua for b in satu["hasil"]]))
    if pilihan.json:
        isi = {
            "python": platform.python_version(),
            "inti": os.cpu_count(),
            "pembangkit": pembangkit,
            "cepat": pilihan.cepat,
            "panggung": semua,
        }
        pilihan.json.write_text(
            json.dumps(isi, ensure_ascii=False, indent=1, default=asdict) + "\n"
        )
    return 1 if any(satu["rusak"] for satu in semua) else 0


sys.exit(main())
