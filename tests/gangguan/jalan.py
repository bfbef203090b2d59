"""One run: steps under trouble, then quiet, then the account."""

import time
from dataclasses import asdict
from typing import Any

from tests.gangguan import hitung, panggung

# What the provider does to us while the steps are taken (tests/twilio_palsu/acak.py).
PELUANG = {
    "sibuk_429": 0.03,
    "rusak_500": 0.02,
    "tutup_503": 0.02,
    "diam_sebelum": 0.01,
    "diam_sesudah": 0.02,
    "putus_sebelum": 0.01,
    "putus_sesudah": 0.02,
    "tolak": 0.02,
    "baca_503": 0.1,
    "baca_diam": 0.02,
    "gagal": 0.05,
    "kabar_hilang": 0.05,
    "kabar_ganda": 0.1,
    "kabar_terbalik": 0.1,
    "kabar_terlambat": 0.1,
}


def jalankan(
    *,
    jumlah: int,
    per_detik: float,
    benih: int,
    bunuh_tiap: float,
    redis_mati: float,
    server: bool,
) -> dict[str, Any]:
    """One run; its account and figures as JSON. Raises Rusak when it cannot be carried out."""
    with panggung.buka(
        server=server, latensi="0.02-0.15", kabar="sent:0.2,delivered:0.4", benih=benih
    ) as tempat:
        tempat.tanya("permohonan", jumlah=jumlah)
        tempat.palsu("/palsu/gangguan", PELUANG)
        tempat.mulai("satu", panggung.pekerja(tempat.var, "satu", detak=True))
        tempat.mulai("dua", panggung.pekerja(tempat.var, "dua", detak=False))
        ganggu = _Pengganggu(tempat, bunuh_tiap=bunuh_tiap, redis_mati=redis_mati)
        langkah = tempat.anak("langkah", per_detik=per_detik)
        ganggu.selama(langkah, perkiraan=jumlah / per_detik)
        tentang = panggung.jawaban(langkah, "langkah")
        tempat.palsu("/palsu/gangguan", {})
        selesai = _tenangkan(tempat)
        laporan = tempat.palsu("/palsu/laporan?rinci=1")
        neraca = hitung.susun(tempat.tanya("hitung"), laporan.pop("pesan"))
    laporan.pop("kabar_ms_semua")
    return {
        "latar": "PostgreSQL + Redis" if server else "SQLite + folder",
        "langkah": tentang,
        "pekerja_dibunuh": ganggu.pekerja,
        "redis_berhenti": ganggu.redis,
        "reda_detik": selesai,
        "penyedia": laporan,
        "neraca": asdict(neraca) | {"utuh": neraca.utuh},
    }


class _Pengganggu:
    """Kills workers in turn, and stops Redis twice."""

    def __init__(self, tempat: panggung.Panggung, *, bunuh_tiap: float, redis_mati: float) -> None:
        self._tempat, self._tiap, self._mati = tempat, bunuh_tiap, redis_mati
        self.pekerja = self.redis = 0

    def selama(self, proses: Any, *, perkiraan: float) -> None:
        """Until `proses` has ended; `perkiraan`: seconds that it takes without trouble."""
        awal = time.monotonic()
        padam = [perkiraan / 3, perkiraan * 2 / 3] if self._tempat.redis else []
        berikut = self._tiap
        while proses.poll() is None:
            time.sleep(0.2)
            lewat = time.monotonic() - awal
            if padam and lewat > padam[0]:
                padam.pop(0)
                self._padamkan()
            elif lewat > berikut:
                berikut += self._tiap
                self._bunuh()

    def _bunuh(self) -> None:
        nama = ("satu", "dua")[self.pekerja % 2]
        self._tempat.bunuh(nama)
        self.pekerja += 1
        self._tempat.ulang(nama)

    def _padamkan(self) -> None:
        redis = self._tempat.redis
        if redis:
            redis.berhenti()
            time.sleep(self._mati)
            redis.mulai()
            self.redis += 1


def _tenangkan(tempat: panggung.Panggung, *, batas: float = 300) -> float:
    """Let pauses and questions fall due until nothing waits any more, then more than a day pass
    for those that nobody has news of; seconds that it took."""
    awal = time.monotonic()

    def tunggu(jam: float) -> None:
        while True:
            sisa = tempat.tanya("lewat", jam=jam)
            jam = 0.0
            if not sisa["antre"] and not sisa["di_penyedia"]:
                return
            if time.monotonic() - awal > batas:
                return  # what is left is counted as lost
            if not sisa["antre"] and time.monotonic() - awal > batas / 3:
                return  # only receipts that will never come
            time.sleep(2)

    tunggu(0.0)
    tunggu(25.0)
    return time.monotonic() - awal
