"""Who walks the site under load (a file for Locust). Forms are read from the pages before they are
sent; an answer that is not the page it should be is a failure, like any status over 399.

BEBAN_BEKAL: a JSON file with `situs` (addresses of web processes that take turns, as behind a
balancer), `warga` (NIKs), `pin`, `petugas` (user name, password) and `jeda` (seconds between two
pages, from and to), written by tests.beban.
"""

import io
import itertools
import json
import os
import random
from pathlib import Path
from typing import Any

import requests
from locust import HttpUser, between, task
from locust.exception import RescheduleTask, StopUser

from tests.formulir import dengan_tombol

BEKAL: dict[str, Any] = json.loads(Path(os.environ["BEBAN_BEKAL"]).read_text(encoding="utf-8"))
_SITUS = itertools.cycle(BEKAL["situs"])
_NIK = itertools.cycle(BEKAL["warga"])
_ALAMAT = (f"10.{n // 65536 % 256}.{n // 256 % 256}.{n % 256}" for n in itertools.count(1))


def _foto() -> bytes:
    """A card as a phone of today sends it: 1600×1200, some 300 KB."""
    from PIL import Image, ImageDraw

    gambar = Image.effect_noise((1600, 1200), 18).convert("RGB")
    kuas = ImageDraw.Draw(gambar)
    for y in range(200, 1150, 40):
        kuas.line((60, y, 1500, y), fill="black", width=6)
    keluar = io.BytesIO()
    gambar.save(keluar, "JPEG", quality=70)
    return keluar.getvalue()


FOTO = _foto()


def _di(alamat: str) -> str:
    """That page on whichever web process has its turn."""
    potong = requests.compat.urlparse(alamat)
    return requests.compat.urljoin(next(_SITUS), potong._replace(scheme="", netloc="").geturl())


class Peramban(HttpUser):
    """A browser at an address of its own (our proxy says so) that reads pages and sends forms."""

    abstract = True
    wait_time = between(*BEKAL["jeda"])

    def on_start(self) -> None:
        self.client.verify = False  # the certificate of a trial is signed by itself
        self.client.headers["X-Forwarded-For"] = next(_ALAMAT)

    def buka(self, alamat: str, nama: str, *kata: str, status: int = 200) -> requests.Response:
        """GET; the page must hold one of `kata`. Raises RescheduleTask when it does not."""
        with self.client.get(_di(alamat), name=nama, catch_response=True) as jawaban:
            return self._lihat(jawaban, kata, status)

    def kirim(
        self,
        halaman: requests.Response,
        tombol: str,
        nama: str,
        *kata: str,
        isi: dict[str, str] | None = None,
        berkas: dict[str, bytes] | None = None,
    ) -> requests.Response:
        """Press `tombol` on that page; where it leads must hold one of `kata`."""
        form = dengan_tombol(halaman.text, tombol)
        data: dict[str, Any] = {**form.isi, **(isi or {})}
        _, bidang, nilai = next(t for t in form.tombol if t[0].startswith(tombol))
        if bidang:
            data[bidang] = nilai
        alamat = _di(requests.compat.urljoin(halaman.url, form.aksi or halaman.url))
        files = {k: ("foto.jpg", v, "image/jpeg") for k, v in (berkas or {}).items()}
        kepala = {"Referer": halaman.url}
        with self.client.post(
            alamat, data=data, files=files or None, headers=kepala, name=nama, catch_response=True
        ) as jawaban:
            return self._lihat(jawaban, kata)

    def _lihat(self, jawaban: Any, kata: tuple[str, ...], status: int = 200) -> requests.Response:
        if jawaban.status_code != status or not any(satu in jawaban.text for satu in kata):
            jawaban.failure(f"{jawaban.status_code} {jawaban.url}: {kata} tidak ada")
            raise RescheduleTask
        jawaban.success()
        return jawaban


class Pengunjung(Peramban):
    """Somebody who reads the first page and checks a letter."""

    weight = 3

    @task(3)
    def beranda(self) -> None:
        self.buka("/", "/", "Masuk")

    @task(1)
    def cek(self) -> None:
        self.buka("/cek/", "/cek/", "Kode")
        self.buka("/cek/AAAAA22222/", "/cek/<kode>/", "Tidak dikenal", status=404)


class Warga(Peramban):
    """Logs in, asks for one letter with two photos, then looks how far it is."""

    weight = 16

    def on_start(self) -> None:
        super().on_start()
        self.nik = next(_NIK)
        self.nomor = ""
        self.masuk()

    def masuk(self) -> None:
        halaman = self.buka("/masuk/", "/masuk/", "PIN")
        isi = {"nik": self.nik, "pin": BEKAL["pin"]}
        self.kirim(halaman, "Masuk", "POST /masuk/", "Layanan", isi=isi)

    @task(2)
    def beranda(self) -> None:
        self.buka("/layanan/", "/layanan/", "Keluar")

    @task(1)
    def pilih(self) -> None:
        self.buka("/layanan/surat/", "/layanan/surat/", "Domisili")

    @task(3)
    def mohon(self) -> None:
        if self.nomor:
            self.buka(self.nomor, "/layanan/permohonan/<nomor>/", "P-")
            return
        awal = self.buka("/layanan/surat/domisili/", "/layanan/surat/<kode>/", "Isi Form")
        form = dengan_tombol(awal.text, "Isi Form")
        foto = {nama: FOTO for nama in ("berkas-ktp", "berkas-kk") if nama in form.bidang}
        isi = {nama: "1" for nama in form.bidang if nama.startswith("bawa-")}
        isi |= {"nomor_hp": "081234567890", "setuju_wa": "ya"}
        isian = self.kirim(
            awal, "Isi Form", "POST dokumen (2 foto)", "Periksa, lalu kirim", isi=isi, berkas=foto
        )
        jawab = {
            "alamat_domisili": "Jalan CONTOH Nomor 7",
            "tinggal_sejak": "2015-04-01",
            "keperluan": f"membuka rekening bank {random.randrange(10**6)}",
        }
        periksa = self.kirim(isian, "Periksa", "POST isi", "Kirim", isi=jawab)
        selesai = self.kirim(periksa, "Kirim", "POST periksa (kirim)", "P-20")
        self.nomor = requests.compat.urlparse(selesai.url).path


class Operator(Peramban):
    """Looks through the queue and takes the oldest request that nobody has begun."""

    weight = 1

    def on_start(self) -> None:
        super().on_start()
        halaman = self.buka("/kelola/login/", "/kelola/login/", "Masuk")
        nama, sandi = BEKAL["petugas"]
        isi = {"username": nama, "password": sandi}
        hasil = self.kirim(halaman, "Masuk", "POST /kelola/login/", "Keluar", "Kode", isi=isi)
        if "Keluar" not in hasil.text:
            raise StopUser

    @task(2)
    def antrean(self) -> None:
        alamat = "/kelola/layanan/permohonan/?status=DIAJUKAN"
        self.buka(alamat, "/kelola/…/permohonan/", "P-20", "0 permohonan")

    @task(1)
    def beranda(self) -> None:
        self.buka("/kelola/", "/kelola/", "Keluar")
