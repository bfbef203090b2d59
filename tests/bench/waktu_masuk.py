"""Does the time of a refused login tell whether a NIK has an account?

Failed logins over real HTTP, one after the other in random order, so that a busy machine slows all
kinds alike. Each kind is compared with an unknown NIK by the best that a guesser with one
stopwatch reading can do: the area under the ROC curve (0.5: no better than a coin).
"""

import random
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlencode

from tests.bench import beban
from tests.bench.laporan import Baris, Rusak, persentil
from tests.bench.panggung import Panggung

PER_BLOK = 20  # readings of each kind between two resets of the counters
_PER_NIK = 4  # fewer than cause a pause
_ULANG = 400  # resamples of the bootstrap
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
PEMBANDING = "NIK tidak dikenal"

Waktu = dict[str, list[float]]


def auc(a: list[float], b: list[float]) -> float:
    """Chance that a reading of `b` is longer than one of `a`; ties count half."""
    urut = sorted(a)
    lebih = sum(bisect_left(urut, x) + bisect_right(urut, x) for x in b)
    return lebih / (2 * len(a) * len(b))


def selang(a: list[float], b: list[float], *, acak: random.Random) -> tuple[float, float]:
    """99 % of the AUCs of resampled readings (percentile bootstrap)."""
    semua = sorted(auc(acak.choices(a, k=len(a)), acak.choices(b, k=len(b))) for _ in range(_ULANG))
    return semua[int(_ULANG * 0.005)], semua[int(_ULANG * 0.995) - 1]


def _nik_asing() -> Iterator[str]:
    for n in range(1, 10000):
        yield f"340507410150{n:04}"


class _Pintu:
    """A browser at the login page that changes its address with every attempt."""

    def __init__(self, panggung: Panggung) -> None:
        self.host = panggung.situs
        halaman = beban.minta(
            self.host, f"GET /masuk/ HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()
        )
        token = _TOKEN.search(halaman.isi)
        if not token:
            raise Rusak("/masuk/: tidak ada token CSRF di halaman")
        self.token, self.kuki = token.group(1).decode(), {"csrf": halaman.kuki()["csrf"]}
        self.soket = beban.sambung(self.host)
        self.ke = 0

    def coba(self, nik: str) -> float:
        """Milliseconds of one refused login."""
        self.ke += 1
        isi = urlencode({"csrfmiddlewaretoken": self.token, "nik": nik, "pin": "000000"}).encode()
        lewat = f"10.{self.ke >> 16 & 255}.{self.ke >> 8 & 255}.{self.ke & 255}"
        pesan = beban.permintaan(self.host, "/masuk/", kuki=self.kuki, isi=isi, lewat=lewat)
        mulai = time.perf_counter()
        jawaban = beban.tanya(self.soket, pesan)
        lama = (time.perf_counter() - mulai) * 1000
        if jawaban.status != 200 or "sesi" in jawaban.kuki():
            raise Rusak(f"/masuk/: bukan penolakan (status {jawaban.status})")
        return lama


def _blok(pintu: _Pintu, nik: dict[str, list[str]], acak: random.Random, waktu: Waktu) -> None:
    """PER_BLOK readings of each kind, in random order."""
    for n in range(PER_BLOK):
        giliran = list(nik)
        acak.shuffle(giliran)
        for nama in giliran:
            lama = pintu.coba(nik[nama][n // _PER_NIK])
            waktu.setdefault(nama, []).append(lama)


def _baris(bagian: str, waktu: Waktu, acak: random.Random) -> list[Baris]:
    dasar, hasil = waktu[PEMBANDING], []
    for nama, semua in waktu.items():
        satu = Baris(bagian, nama, median(semua), "ms", p50=median(semua), p95=persentil(semua, 95))
        satu.rinci = {"jumlah": len(semua), "ms": [round(x, 3) for x in semua]}
        if nama != PEMBANDING:
            rendah, tinggi = selang(dasar, semua, acak=acak)
            satu.rasio, satu.terhadap = median(semua) / median(dasar), "tidak dikenal"
            satu.sasaran, satu.tercapai = "AUC 0,5 dalam selang 99%", rendah <= 0.5 <= tinggi
            beda = median(semua) - median(dasar)
            satu.catatan = (
                f"AUC {auc(dasar, semua):.3f} ({rendah:.3f}-{tinggi:.3f}), "
                f"beda median {beda:+.2f} ms, n={len(semua)}"
            )
        hasil.append(satu)
    return hasil


def ukur(panggung: Panggung, *, blok: int) -> list[Baris]:
    acak = random.Random()  # another order each time: what one order favours, the next does not
    per_blok = PER_BLOK // _PER_NIK
    dikenal = panggung.anak("akun_tebakan", jumlah=3 * per_blok)
    if len(dikenal) < 3 * per_blok:
        raise Rusak("desa contoh kekurangan penduduk tanpa akun")
    asing = _nik_asing()
    salah, beku, jaga = (dikenal[i : i + per_blok] for i in range(0, 3 * per_blok, per_blok))
    jaga_asing = [next(asing) for _ in range(per_blok)]
    hasil = []
    for penjaga, judul in ((False, "biasa"), (True, "saat semprotan ditahan")):
        waktu: Waktu = {}
        pintu = _Pintu(panggung)
        for ke in range(blok + 1):
            if not panggung.anak(
                "atur_tebakan", ditahan=[*jaga, *jaga_asing], beku=beku, penjaga=penjaga
            ):
                raise Rusak("penjaga semprotan tidak seperti yang diminta")
            nik = {
                PEMBANDING: [next(asing) for _ in range(per_blok)],
                "NIK dikenal, PIN salah": salah,
                "NIK dikenal, ditahan": jaga,
                "NIK tidak dikenal, ditahan": jaga_asing,
                "NIK dikenal, akun dikunci": beku,
            }
            _blok(pintu, nik, acak, waktu if ke else {})  # the first one warms up
        pintu.soket.close()
        hasil += _baris(f"Masuk ditolak, {judul}", waktu, acak)
    return hasil
