"""`python -m tests.bench.anak <tugas> <JSON>`: work that needs Django, one JSON line as answer.

The benchmark itself never loads Django: each stage has an environment of its own.
"""

import json
import signal
import sys
import time
from typing import Any

import django


def akun() -> dict[str, Any]:
    """Logins of the demo village."""
    from layanan import contoh

    return contoh.login().sebagai_dict()


def alamat() -> dict[str, str]:
    """What the addresses of single things need: the letter that the first demo resident is filling
    in, and a request of theirs."""
    from django.utils import timezone

    from layanan import contoh
    from layanan.models import Permohonan
    from layanan.permohonan import pengisian
    from penduduk.models import Akun
    from surat.models import JenisSurat

    akun = Akun.objects.get(penduduk__nik=contoh.login().warga[0].nik)
    pengisian.buka(akun, JenisSurat.objects.get(kode="domisili"), pada=timezone.now())
    satu = Permohonan.objects.filter(pemohon=akun.warga).order_by("pk")[0]
    return {"isi": "domisili", "nomor": satu.nomor, "pk": str(satu.pk)}


def kueri(halaman: list[tuple[str, dict[str, str]]]) -> dict[str, list[list[str]]]:
    """SQL of each page: [with an empty cache, right after]."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.laporan import Rusak

    hasil: dict[str, list[list[str]]] = {}
    for jalur, kuki in halaman:
        klien = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        klien.cookies.load(kuki)
        cache.clear()
        hasil[jalur] = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as tercatat:
                status = klien.get(jalur).status_code
            if status != 200:
                raise Rusak(f"{jalur}: status {status}")
            hasil[jalur].append([satu["sql"] for satu in tercatat.captured_queries])
    return hasil


def hash(mulai: float, detik: float) -> tuple[float, float]:
    """Checks of a PIN per second from the moment `mulai` on, and processor ms of each."""
    from penduduk.akun.hashers import PINHasher

    hasher = PINHasher()
    tersimpan = hasher.encode("1:482915", hasher.salt())
    time.sleep(max(0.0, mulai - time.time()))
    jumlah, awal, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - awal < detik:
        if not hasher.verify("1:482915", tersimpan):
            sys.exit("hash tidak cocok")
        jumlah += 1
    lama = time.perf_counter() - awal
    return jumlah / lama, (time.process_time() - cpu) / jumlah * 1000


def dingin() -> dict[str, float]:
    from tests.bench import cetak

    return cetak.dingin()


def draf() -> dict[str, Any]:
    from tests.bench import cetak

    return cetak.draf()


def hangat(detik: float) -> dict[str, Any]:
    from tests.bench import cetak

    return cetak.hangat(detik)


def antrean(jumlah: int, batas: float) -> dict[str, Any]:
    from tests.bench import antrean

    return antrean.jalankan(jumlah, batas)


def akun_tebakan(jumlah: int) -> list[str]:
    """NIKs of so many residents who hold a PIN and have never logged in."""
    from django.utils import timezone

    from penduduk.akun import pin
    from penduduk.models import Akun, Penduduk

    semua = Penduduk.objects.hidup().filter(akun=None, nik__isnull=False).order_by("pk")
    orang = [o for o in semua if not o.label_nik][:jumlah]
    for satu in orang:
        pin.terbitkan(satu, pada=timezone.now())
    Akun.objects.filter(penduduk__in=orang).update(dibuka_sampai=None)
    return [satu.nik or "" for satu in orang]


def atur_tebakan(ditahan: list[str], beku: list[str], penjaga: bool) -> bool:
    """All counters as new, but for the NIKs `ditahan`; the guard against spraying up or down."""
    from datetime import timedelta

    from django.utils import timezone

    from penduduk.akun import throttle
    from penduduk.models import Akun, Percobaan

    kini = timezone.now()
    Percobaan.objects.all().delete()
    Akun.objects.filter(penduduk__nik__in=beku).update(dibekukan_pada=kini, sebab_beku="PETUGAS")
    baris = [
        Percobaan(
            kunci=throttle.sidik("nik", nik),
            jenis="nik",
            gagal=throttle.PER_NIK.habis or 0,
            gagal_pada=kini,
        )
        for nik in ditahan
    ]
    if penjaga:
        baris += [
            Percobaan(kunci=f"lain-{n}", jenis="nik", gagal=1, gagal_pada=kini)
            for n in range(throttle.SEMPROTAN_SEJAM)
        ]
        baris += [
            Percobaan(
                kunci=throttle.kunci_semprotan(pada=kini + timedelta(hours=jam)),
                jenis="semprotan",
                gagal=throttle.PER_SEMPROTAN.jumlah,
                gagal_pada=kini,
                terkunci_sampai=kini + timedelta(hours=2),
            )
            for jam in (0, 1)
        ]
    Percobaan.objects.bulk_create(baris)
    return throttle.disemprot(pada=kini) is penjaga


def isi_register(jumlah: int) -> int:
    from tests.bench import cari

    return cari.isi_register(jumlah)


def cari(ulang: int) -> dict[str, list[float]]:
    from tests.bench import cari

    return cari.kueri(ulang)


def impor(cara: str, berkas: str) -> dict[str, Any]:
    from tests.bench import impor

    return impor.jalankan(cara, berkas)


def tumbuh_isi(jumlah: int) -> int:
    from tests.bench import tumbuh

    return tumbuh.bangun(jumlah)


def tumbuh_ukur() -> dict[str, tuple[float, int]]:
    from django.test.utils import setup_test_environment

    from tests.bench import tumbuh

    setup_test_environment()  # pages say what they were made of
    return tumbuh.ukur()


_DARI_SINI = (akun, alamat, kueri, hash, dingin, draf, hangat, antrean, akun_tebakan, atur_tebakan)
TUGAS = {
    satu.__name__: satu
    for satu in (*_DARI_SINI, impor, isi_register, cari, tumbuh_isi, tumbuh_ukur)
}


def _berhenti(*_: object) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _berhenti)  # so that a worker started here is stopped, too
    django.setup()
    print(json.dumps(TUGAS[sys.argv[1]](**json.loads(sys.argv[2]))))
