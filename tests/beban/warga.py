"""Who walks the site under load (a file for Locust). Forms are read from the pages before they are
sent; an answer that is not the page it should be is a failure, like any status over 399.

BEBAN_BEKAL: a JSON file with `situs` (addresses of web processes that take turns, as behind a
balancer), `warga` (NIKs), `pin`, `sandi` (of the accounts `operator` and `perbekel`), `sealamat`
(people behind one address of the network), `jeda` (seconds between two pages, from and to) and
`galat` (a file for what went wrong, as a JSON list), written by tests.beban.
"""

import io
import itertools
import json
import os
import random
import re
from pathlib import Path
from typing import Any

import requests
from locust import HttpUser, between, events, task
from locust.exception import RescheduleTask, StopUser

from tests.formulir import dengan_tombol

BEKAL: dict[str, Any] = json.loads(Path(os.environ["BEBAN_BEKAL"]).read_text(encoding="utf-8"))
_SITUS = itertools.cycle(BEKAL["situs"])
_NIK = iter(BEKAL["warga"])
# All of 127/8 is this machine: a proxy sees as many clients as there are addresses.
_ALAMAT = (
    f"127.{n // 62500 % 250 + 1}.{n // 250 % 250 + 1}.{n % 250 + 1}"
    for n in itertools.count()
    for _ in range(BEKAL["sealamat"])
)
_DIPEGANG: set[tuple[str, str]] = set()  # what a clerk has in hand, no other one takes


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


@events.quitting.add_listener
def catat_galat(environment: Any, **_: Any) -> None:
    jalan = environment.runner
    semua = [f"{e.occurrences}× {e.method} {e.name}: {e.error}" for e in jalan.errors.values()]
    semua += [f"{e['count']}× {e['msg']}\n{e['traceback']}" for e in jalan.exceptions.values()]
    Path(BEKAL["galat"]).write_text(json.dumps(semua), encoding="utf-8")


class Dari(requests.adapters.HTTPAdapter):
    """Connections from one of our own addresses."""

    def __init__(self, alamat: str) -> None:
        self._alamat = alamat
        super().__init__()

    def init_poolmanager(self, *argumen: Any, **lain: Any) -> None:
        super().init_poolmanager(*argumen, source_address=(self._alamat, 0), **lain)


class Peramban(HttpUser):
    """A browser that reads pages and sends forms."""

    abstract = True
    wait_time = between(*BEKAL["jeda"])

    def on_start(self) -> None:
        self.client.verify = False  # the certificate of a trial is signed by itself
        alamat = next(_ALAMAT)
        for awalan in ("http://", "https://"):
            self.client.mount(awalan, Dari(alamat))

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
    """Somebody who reads the first page and checks a letter; to try many codes is refused."""

    weight = 3

    @task(3)
    def beranda(self) -> None:
        self.buka("/", "/", "Masuk")

    @task(1)
    def cek(self) -> None:
        self.on_start()  # somebody else
        self.buka("/cek/", "/cek/", "Kode")
        self.buka("/cek/AAAAA22222/", "/cek/<kode>/", "Tidak dikenal", status=404)


class Warga(Peramban):
    """Logs in, asks for one letter with two photos, looks how far it is, and makes room for the
    next one as long as there is any."""

    weight = 16

    def on_start(self) -> None:
        self.nik = ""
        self.datang()

    def datang(self) -> None:
        if nik := next(_NIK, ""):
            self.client.cookies.clear()
            super().on_start()
            self.nik, self.nomor, self.dilihat = nik, "", 0
            self.masuk()
        elif not self.nik:
            raise StopUser

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
            self.dilihat += 1
            if self.dilihat == 3:
                self.datang()
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


class Petugas(Peramban):
    """Works off what waits: a list, a page, the buttons there."""

    abstract = True
    nama = ""

    def on_start(self) -> None:
        super().on_start()
        halaman = self.buka("/kelola/login/", "/kelola/login/", "Masuk")
        isi = {"username": self.nama, "password": BEKAL["sandi"]}
        hasil = self.kirim(halaman, "Masuk", "POST /kelola/login/", "Keluar", "Kode", isi=isi)
        if "Keluar" not in hasil.text:
            raise StopUser

    def ambil(self, daftar: str, pola: str, *kata: str) -> str:
        """The first address there that nobody has in hand. Raises RescheduleTask: none."""
        isi = self.buka(daftar, daftar, *kata).text
        for alamat in re.findall(pola, isi):
            if (daftar, alamat) not in _DIPEGANG:
                _DIPEGANG.add((daftar, alamat))
                return alamat
        raise RescheduleTask

    def tekan(self, halaman: requests.Response, tombol: str, kata: str, **isi: str) -> Any:
        self.wait()
        return self.kirim(halaman, tombol, f"POST {tombol.lower()}", kata, isi=isi)


class Operator(Petugas):
    """Decides and hands over. There are as many as finish the letters that are asked for."""

    weight = 7
    nama = "operator"

    def permohonan(self, status: str) -> requests.Response:
        daftar = f"/kelola/layanan/permohonan/?status={status}"
        pola = r'href="(/kelola/layanan/permohonan/\d+/change/)'
        alamat = self.ambil(daftar, pola, "P-20", "0 permohonan")
        return self.buka(alamat, "/kelola/…/permohonan/<n>/", "P-20")

    @task
    def putuskan(self) -> None:
        halaman = self.tekan(self.permohonan("DIAJUKAN"), "Proses", "sudah dicatat")
        isi = {"setujui-no_pengantar": "12/BD/XI/2026", "setujui-tgl_pengantar": "2026-11-20"}
        isi["setujui-alasan"] = "Pengukuran, bukan warga"
        self.tekan(halaman, "Setujui", "sudah dicatat", **isi)

    @task
    def serahkan(self) -> None:
        nama = {"serahkan-nama": "I Wayan Contoh"}
        self.tekan(self.permohonan("SIAP_DIAMBIL"), "Serahkan", "sudah dicatat", **nama)


class Perbekel(Petugas):
    """Signs."""

    weight = 3
    nama = "perbekel"

    @task
    def tandatangani(self) -> None:
        alamat = self.ambil("/meja/", r'href="(/meja/[^"]*P-[^"]*)"', "Menunggu tanda tangan")
        halaman = self.buka(alamat, "/meja/<nomor>/", "Tandatangani")
        self.tekan(halaman, "Tandatangani", "sudah ditandatangani")
