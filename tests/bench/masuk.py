"""Logins: the whole POST with NIK and PIN, in turns with nothing but the hash."""

import json
import re
import subprocess
import sys
import time
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

from tests.bench import beban
from tests.bench.beban import KLIEN, Hasil, Jawaban
from tests.bench.laporan import Baris, Rusak, sasaran_min
from tests.bench.panggung import AKAR, Panggung

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def _kirim(
    host: str, jalur: str, isian: dict[str, str], perangkat: str = ""
) -> tuple[bytes, Jawaban]:
    """Fetch the form, then send it filled in: the bytes of that POST and its answer."""
    tanpa_gzip = f"GET {jalur} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    halaman = beban.minta(host, tanpa_gzip)
    token = _TOKEN.search(halaman.isi)
    if not token:
        raise Rusak(f"{jalur}: tidak ada token CSRF di halaman")
    kuki = {"csrf": halaman.kuki()["csrf"]} | ({"perangkat": perangkat} if perangkat else {})
    isi = urlencode({"csrfmiddlewaretoken": token.group(1).decode(), **isian}).encode()
    pesan = beban.permintaan(host, jalur, kuki=kuki, isi=isi)
    jawaban = beban.minta(host, pesan)
    if jawaban.status != 302 or "sesi" not in jawaban.kuki():
        raise Rusak(f"{jalur}: tidak dapat masuk (status {jawaban.status})")
    return pesan, jawaban


def sesi_warga(panggung: Panggung) -> dict[str, str]:
    """Cookies of a resident's browser after a real login."""
    satu = panggung.akun["warga"][0]
    _, jawaban = _kirim(panggung.situs, "/masuk/", {"nik": satu["nik"], "pin": satu["pin"]})
    return {k: v for k, v in jawaban.kuki().items() if k in {"sesi", "csrf"}}


def sesi_petugas(panggung: Panggung, siapa: str) -> dict[str, str]:
    satu = panggung.akun[siapa]
    isian = {"username": satu["username"], "password": satu["password"]}
    _, jawaban = _kirim(panggung.situs, "/kelola/login/?next=/kelola/", isian)
    return {k: v for k, v in jawaban.kuki().items() if k in {"sesi", "csrf"}}


def _permintaan(panggung: Panggung, *, dikenal: bool) -> list[bytes]:
    """One POST for each client. A client keeps to one resident, so at most three clients share a
    NIK and the throttle, which counts an attempt before it knows its end, never locks."""
    warga, hasil = panggung.akun["warga"], []
    for ke in range(KLIEN):
        satu = warga[ke % len(warga)]
        isian = {"nik": satu["nik"], "pin": satu["pin"]}
        pesan, jawaban = _kirim(panggung.situs, "/masuk/", isian)
        if dikenal:  # the cookie of a phone that has been here before
            perangkat = jawaban.kuki()["perangkat"]
            pesan, _ = _kirim(panggung.situs, "/masuk/", isian, perangkat)
        hasil.append(pesan)
    return hasil


def _betul(jawaban: Jawaban) -> bool:
    return (
        jawaban.status == 302
        and jawaban.kepala_("location") == "/layanan/"
        and "sesi" in jawaban.kuki()
    )


def _hash(panggung: Panggung, detik: float) -> tuple[float, float]:
    """Checks of a PIN per second by two processes that do nothing else; ms of processor each."""
    mulai = time.time() + 2
    baris = [sys.executable, "-m", "tests.bench.anak", "hash"]
    baris.append(f'{{"mulai": {mulai}, "detik": {detik}}}')
    dua: list[Any] = [
        subprocess.Popen(baris, env=panggung.env, cwd=AKAR, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        keluar = [satu.communicate(timeout=60 + detik)[0] for satu in dua]
    finally:
        for satu in dua:
            satu.kill()
    if any(satu.returncode for satu in dua):
        raise Rusak("anak hash gagal")
    angka = [json.loads(x) for x in keluar]
    return sum(a[0] for a in angka), median(a[1] for a in angka)


def ukur(panggung: Panggung, *, putaran: int, detik: float) -> list[Baris]:
    jenis = {
        "HP baru": _permintaan(panggung, dikenal=False),
        "HP yang sudah dikenal": _permintaan(panggung, dikenal=True),
    }
    hash_: list[tuple[float, float]] = []
    hasil: dict[str, list[Hasil]] = {nama: [] for nama in jenis}
    for _ in range(putaran):
        hash_.append(_hash(panggung, detik / 2))
        for nama, pesan in jenis.items():
            beri = partial(beban.soket, panggung.situs, pesan, detik=detik, betul=_betul)
            hasil[nama].append(panggung.beban(panggung.situs, beri))
    polos = Baris(
        f"Masuk (POST NIK + PIN, {KLIEN} klien)",
        "  hash PIN saja, 2 proses",
        median(per_detik for per_detik, _ in hash_),
        "/s",
        cpu=median(cpu for _, cpu in hash_),
        rinci={"putaran": hash_},
    )
    semua = [polos]
    for nama, daftar in hasil.items():
        ini = beban.baris(polos.bagian, f"masuk, {nama}", daftar, "/s")
        ini.rasio = median(m.per_detik / h for m, (h, _) in zip(daftar, hash_, strict=True))
        ini.terhadap = "hash saja"
        ini.sasaran, ini.tercapai = sasaran_min(ini.nilai, 60, "/s")
        semua.append(ini)
    return semua
