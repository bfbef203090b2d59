"""One run: steps under trouble, then quiet, then the account."""

import time
from dataclasses import asdict
from typing import Any

from tests.gangguan import hitung, panggung
from tests.proses import Anak, Rusak

# What the provider does to us while the steps are taken (simulator/twilio_palsu/acak.py).
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
    bunuh: int,
    redis_mati: float,
    server: bool,
    proses: int = 2,
) -> dict[str, Any]:
    """One run; its account and figures as JSON. Raises Rusak when it cannot be carried out.

    `bunuh`: how often a worker is killed, `redis_mati`: seconds that Redis is away, twice; both
    while messages are on their way, so that a slow machine sees as much trouble as a fast one.
    `proses`: of each of the two workers.
    """
    with (
        panggung.buka(
            server=server, latensi="0.02-0.15", kabar="sent:0.2,delivered:0.4", benih=benih
        ) as tempat,
        Anak("tests.gangguan.anak", tempat.env) as kantor,
    ):
        tempat.tanya("permohonan", jumlah=jumlah)
        tempat.palsu("/palsu/gangguan", PELUANG)
        for nama, detak in (("satu", True), ("dua", False)):
            baris = panggung.pekerja(tempat.var, nama, detak=detak, proses=proses)
            tempat.mulai(nama, baris)
        ganggu = _Pengganggu(tempat, redis_mati)
        kantor.suruh("langkah", per_detik=per_detik)
        ganggu.selama(jumlah, bunuh=bunuh, batas=300 + jumlah / per_detik)
        tentang = kantor.jawaban()
        tempat.palsu("/palsu/gangguan", {})
        selesai = _tenangkan(tempat)
        laporan = tempat.palsu("/palsu/laporan?rinci=1")
        neraca = hitung.susun(tempat.tanya("hitung"), laporan.pop("pesan"))
        alarm = tempat.surel("berhenti")
    laporan.pop("kabar_ms_semua")
    return {
        "latar": "PostgreSQL + Redis" if server else "SQLite + folder",
        "langkah": tentang,
        "pekerja_dibunuh": ganggu.pekerja,
        "redis_berhenti": ganggu.redis,
        "akun_ditangguhkan": ganggu.akun,
        "alarm": alarm,
        "reda_detik": selesai,
        "penyedia": laporan,
        "neraca": asdict(neraca) | {"utuh": neraca.utuh},
    }


class _Pengganggu:
    """Kills workers in turn, stops Redis twice and the account once, whenever enough messages were
    tried."""

    def __init__(self, tempat: panggung.Panggung, redis_mati: float) -> None:
        self._tempat, self._mati = tempat, redis_mati
        self.pekerja = self.redis = self.akun = 0

    def selama(self, jumlah: int, *, bunuh: int, batas: float) -> None:
        """Until nine tenths of `jumlah` messages were tried. Raises Rusak after `batas` seconds."""
        padam = 2 if self._tempat.redis else 0
        saat = sorted(
            [(jumlah * 0.9 * (n + 1) / (bunuh + 1), self._bunuh) for n in range(bunuh)]
            + [(jumlah * (n + 0.5) / 3, self._padamkan) for n in range(padam)]
            + [(jumlah * 0.4, self._tangguhkan)],
            key=lambda satu: satu[0],
        )
        akhir = time.monotonic() + batas
        while (dicoba := self._dicoba()) < jumlah * 0.9 or saat:
            if saat and dicoba >= saat[0][0]:
                saat.pop(0)[1]()
            if time.monotonic() > akhir:
                raise Rusak(f"baru {dicoba} dari {jumlah} pesan dicoba setelah {batas:.0f} detik")
            time.sleep(0.1)

    def _dicoba(self) -> int:
        """Calls that the provider has had for new messages."""
        return self._tempat.palsu("/palsu/laporan")["cacah"].get("panggilan_POST", 0)

    def _bunuh(self) -> None:
        nama = ("satu", "dua")[self.pekerja % 2]
        self._tempat.bunuh(nama)
        self.pekerja += 1
        self._tempat.ulang(nama)

    def _tangguhkan(self) -> None:
        """The account is suspended: messages are accepted and fail, then the login is refused;
        then the balance is topped up."""
        self._tempat.palsu("/palsu/akun", {"gagal": 30002})
        telat = self._tempat.tanya("saluran_berhenti", detik=120)
        self._tempat.palsu("/palsu/akun", {"tolak": 20003})
        time.sleep(5)
        self._tempat.palsu("/palsu/akun", {})
        if telat or self._tempat.tanya("coba_saluran", detik=120):
            raise Rusak("saluran tidak berhenti, atau tidak jalan lagi")
        self.akun += 1

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
    for jam in (0.0, 25.0):
        tempat.tanya("reda", jam=jam, detik=awal + batas - time.monotonic())
    return time.monotonic() - awal
