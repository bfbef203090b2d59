"""One run of the drill: work, kill, destroy, restore, the account."""

import contextlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from simulator.atur import PENGIRIM, content_sids
from tests.bench import panggung as dasar
from tests.gangguan import panggung
from tests.proses import AKAR, Anak, Proses, Rusak, ambil, folder, port_bebas, tunggu_jawab
from tests.pulih import tempat as tempat_


@dataclass
class Neraca:
    """`rpo_detik`: from the last moment that came back to the kill; `rto_detik`: from an empty
    machine to the end of the restore. `hilang`: acts that came after that moment, so are lost;
    `hilang_sebelum`: acts before it that are not there all the same."""

    cara: str
    rpo_detik: float = 0.0
    rto_detik: float = 0.0
    cadangan_detik: list[float] = field(default_factory=list)
    permohonan: int = 0
    surat_diperiksa: int = 0
    rusak: list[str] = field(default_factory=list)
    hilang: int = 0
    hilang_sebelum: list[str] = field(default_factory=list)
    nomor_ganda: list[str] = field(default_factory=list)
    pesan: int = 0
    pesan_ganda: int = 0
    antre: int = 0
    galat: list[str] = field(default_factory=list)
    kata: str = ""  # what the restore said
    pepper_salah: str = ""
    hilang_disebut: bool = False

    @property
    def utuh(self) -> bool:
        """What must hold, however unlucky the moment."""
        buruk = (self.rusak, self.hilang_sebelum, self.nomor_ganda, self.pesan_ganda, self.galat)
        dikatakan = "PIN_PEPPER bukan yang dipakai" in self.pepper_salah and self.hilang_disebut
        return not any(buruk) and not self.antre and dikatakan and "ditanyakan dulu" in self.kata


@dataclass
class Mesin:
    """The machine that dies: its folder; and what is outside: backups, journal, provider."""

    var: Path
    luar: Path
    env: dict[str, str]
    kunci: Path

    def anak(self, tugas: str, **argumen: Any) -> Any:
        with Anak("tests.pulih.anak", self.env) as anak:
            return anak.tanya(tugas, **argumen)

    def pulihkan(self, *pilihan: str, **env: str) -> "subprocess.CompletedProcess[str]":
        baris = [sys.executable, "manage.py", "pulihkan", "--kunci", str(self.kunci), *pilihan]
        return subprocess.run(
            baris, env=self.env | env, cwd=AKAR, capture_output=True, text=True, check=False
        )

    def jurnal(self, *apa: str) -> list[dict[str, Any]]:
        semua = map(json.loads, (self.luar / "jurnal").read_text().splitlines())
        return [satu for satu in semua if satu["apa"] in apa]


def jalankan(
    *,
    cara: str,
    isi: int,
    detik: float,
    jeda: float,
    utas: int,
    benih: int,
    tunggu: int = 60,
) -> Neraca:
    """`cara`: see tempat.buka. `isi`: requests that are there before; `detik`: of work at least,
    then up to `jeda` more; `jeda`: seconds between two backups. Raises Rusak."""
    acak = random.Random(benih)
    with contextlib.ExitStack() as tumpukan:
        var = tumpukan.enter_context(folder())
        luar = tumpukan.enter_context(folder())
        rumah = tumpukan.enter_context(tempat_.buka(cara, var, tunggu))
        mesin = _mesin(var, luar, rumah.url)
        palsu = tumpukan.enter_context(_palsu(mesin))
        if isi:
            mesin.anak("isi", jumlah=isi)
        rumah.mulai()
        mati = _kerja_lalu_bunuh(mesin, rumah, detik + acak.random() * jeda, jeda, utas)
        rumah.hancurkan()
        shutil.rmtree(var / "berkas")
        hasil = Neraca(cara)
        _pulihkan(mesin, rumah, hasil)
        _hitung(mesin, palsu, mati, hasil)
        return hasil


def _mesin(var: Path, luar: Path, url: str) -> Mesin:
    pasangan = pyrage.x25519.Identity.generate()
    (luar / "kunci").write_text(f"{pasangan}\n")
    (luar / "jurnal").touch()
    env = dasar.lingkungan(var, port_bebas(), url=url, redis="")
    env |= {
        "KUNCI_SIDIK": env["SECRET_KEY"],
        "CADANGAN_KUNCI": str(pasangan.to_public()),
        "CADANGAN_DIR": str(luar / "cadangan"),
        "CADANGAN_RCLONE": "",
        "PULIH_JURNAL": str(luar / "jurnal"),
        "TWILIO_ACCOUNT_SID": "AC" + "9" * 32,
        "TWILIO_AUTH_TOKEN": "sandi-pulih",
        "TWILIO_FROM": PENGIRIM,
        "TWILIO_CONTENT_SIDS": json.dumps(content_sids()),
        "TWILIO_BASE_URL": f"http://127.0.0.1:{port_bebas()}",
        "SEWA_DETIK": "2",
        "TWILIO_TIMEOUT": "1.5",
        "KIRIM_JEDA_NOMOR": "0",
        "LOG_LEVEL": "CRITICAL",
    }
    return Mesin(var, luar, env, luar / "kunci")


@contextlib.contextmanager
def _palsu(mesin: Mesin) -> Any:
    """The provider, who outlives the machine; yields how to ask for its books."""
    env = mesin.env | {"VAR_DIR": str(mesin.luar)}
    baris = panggung.palsu(env, mesin.luar, "--latensi 0.01-0.1 --kabar ''")
    proses, port = Proses("palsu", baris, env), int(env["TWILIO_BASE_URL"].rpartition(":")[2])
    try:
        tunggu_jawab(port, "/palsu/laporan", proses)
        yield lambda: json.loads(ambil(port, "/palsu/laporan?rinci=1")[1])
    finally:
        proses.hentikan()


def _kerja_lalu_bunuh(
    mesin: Mesin, rumah: tempat_.Tempat, detik: float, jeda: float, utas: int
) -> float:
    """The moment of the kill: a backup is there, and `detik` have gone by."""
    with Anak("tests.pulih.anak", mesin.env) as anak:  # which ends with a kill -9
        anak.suruh("kerja", utas=utas, jeda_cadangan=jeda, arsip=rumah.arsip)
        mulai = None
        batas = time.monotonic() + detik + 600  # the first backup copies every file
        while mulai is None or time.monotonic() - mulai < detik:
            if mulai is None and _ada_bahan(mesin, rumah):
                mulai = time.monotonic()
            if anak.selesai() or time.monotonic() > batas:
                sebab = mesin.jurnal("galat", "terkunci")[-1:]
                raise Rusak(f"kerja berhenti atau tidak mulai: {sebab}")
            time.sleep(0.05)
    return time.time()


def _ada_bahan(mesin: Mesin, rumah: tempat_.Tempat) -> bool:
    """Whether a printed letter is in a backup; where that is not told, whether both are there."""
    langkah = mesin.jurnal("langkah")
    cetak = [satu["pada"] for satu in langkah if satu["nilai"].endswith("MENUNGGU_TTD")]
    cadangan = [float(satu["nilai"].split()[0]) for satu in mesin.jurnal("cadangan")]
    return bool(cetak and cadangan and (rumah.arsip or cadangan[-1] > cetak[0]))


def _pulihkan(mesin: Mesin, rumah: tempat_.Tempat, hasil: Neraca) -> None:
    """Wrong pepper first; a letter and a photo are missing in the backup; then it counts."""
    mulai = time.monotonic()
    rumah.kembalikan()
    lama = time.monotonic() - mulai
    pilihan = ("--basis-sudah",) if rumah.arsip else ()
    salah = mesin.pulihkan(*pilihan, PIN_PEPPER="salah-" + "p" * 40)
    hasil.pepper_salah = salah.stderr if salah.returncode else "diterima"
    salinan = sorted((mesin.luar / "cadangan" / "berkas").glob("surat_*.age"))[0]
    salinan.unlink()
    mulai = time.monotonic()
    jadi = mesin.pulihkan(*pilihan)
    hasil.rto_detik = lama + time.monotonic() - mulai
    hasil.kata = jadi.stdout
    if jadi.returncode:
        raise Rusak(f"pulihkan gagal: {jadi.stderr[-1500:]}")
    hilang = [baris for baris in jadi.stdout.splitlines() if baris.startswith("HILANG ")]
    nama = salinan.name.removesuffix(".age")
    hasil.hilang_disebut = nama in {b.removeprefix("HILANG ").replace("/", "_") for b in hilang}


def _hitung(mesin: Mesin, palsu: Any, mati: float, hasil: Neraca) -> None:
    sesudah = mesin.anak("periksa", surat_baru=5)
    pernah = mesin.jurnal("permohonan", "surat")
    lama = {nomor for semua in sesudah["lama"].values() for nomor in semua}
    hilang = [satu for satu in pernah if satu["nilai"] not in lama]
    cadangan = [satu["nilai"].split() for satu in mesin.jurnal("cadangan")]
    hasil.cadangan_detik = [float(berapa) for _, berapa in cadangan]
    kembali = float(cadangan[-1][0])
    if hasil.cara == "arsip":  # the last act that came back, where no backup says it
        kembali = max(
            satu["pada"]
            for satu in mesin.jurnal("langkah", "surat", "permohonan")
            if satu["nilai"].split()[0] in lama
        )
        hilang_awal = min((satu["pada"] for satu in hilang), default=mati)
        kembali = min(kembali, hilang_awal)
    hasil.rpo_detik = mati - kembali
    hasil.hilang = len(hilang)
    hasil.hilang_sebelum = [satu["nilai"] for satu in hilang if satu["pada"] < kembali]
    # Every number that anybody has ever seen: on the machine that died, and after the restore.
    baru = [n for apa in ("permohonan", "surat") for n in sesudah[apa] if n not in lama]
    semua = Counter({satu["nilai"] for satu in pernah} | lama)
    semua.update(baru)
    hasil.nomor_ganda = [nomor for nomor, kali in semua.items() if kali > 1]
    hasil.permohonan = len(sesudah["permohonan"])
    hasil.surat_diperiksa, hasil.rusak = sesudah["surat_diperiksa"], sesudah["rusak"]
    buku = palsu()
    hasil.pesan = len(buku["pesan"])
    hasil.pesan_ganda = buku["ganda"]["penerima_dan_teks"]
    hasil.antre = sesudah["antre"]
    hasil.galat = [satu["nilai"] for satu in mesin.jurnal("galat")]


def sebagai_json(hasil: Neraca) -> dict[str, Any]:
    return asdict(hasil) | {"utuh": hasil.utuh}
