"""The one truthful state, for an admin, a monitor and an alarm: each line with its reason.

It never takes a web process out of service; /sehat/siap/ says only whether this process can serve.
"""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet

from layanan.kabar import alarm
from layanan.kotak_keluar import saluran
from layanan.models import Berkas, Denyut, Notifikasi
from penduduk.akun import hashers
from penduduk.models import Akun
from surat.models import Cetakan

log = logging.getLogger(__name__)

MERAH_SETELAH = timedelta(minutes=5)
_DIKABARI = "merah_dikabari"
_PING_DETIK = 10
_DENYUT_BASI = timedelta(seconds=60)
_JAM_MAKS = timedelta(seconds=5)
_ANTREAN_MAKS = timedelta(minutes=10)
_DICOBA_MAKS = 4
_PESAN_TERLAMBAT = timedelta(minutes=15)
_CADANGAN_BASI = timedelta(hours=2)
_BELUM = "belum pernah dicoba"
_RUSAK_TAMPIL = 5
_CAKRAM_MIN = 0.1  # of the disk
_CAKRAM_MIN_BITA = 500 * 1024 * 1024


@dataclass(frozen=True)
class Butir:
    """One thing that is well or not. `nilai`: its figure, in the unit that `satuan` names."""

    nama: str
    baik: bool
    kalimat: str
    nilai: float | None = None
    satuan: str = ""


def periksa(*, pada: datetime) -> list[Butir]:
    """Everything, the worst first; needs the database."""
    semua = [
        _pekerja(pada),
        _antrean("surat", Cetakan.objects.filter(keadaan=Cetakan.Keadaan.MENUNGGU), pada),
        _antrean("unggahan", Berkas.objects.filter(keadaan=Berkas.Keadaan.DIPERIKSA), pada),
        _pesan(pada),
        _saluran(),
        *_cakram(),
        _jam(pada),
        *_cadangan(pada),
        _pepper(),
        _berkas_rusak(),
    ]
    return sorted(semua, key=lambda butir: butir.baik)


def lama(jeda: timedelta) -> str:
    """A span in words: "40 detik", "12 menit", "3 jam", "5 hari"."""
    detik = max(int(jeda.total_seconds()), 0)
    for batas, pembagi, kata in ((120, 1, "detik"), (7200, 60, "menit"), (172800, 3600, "jam")):
        if detik < batas:
            return f"{detik // pembagi} {kata}"
    return f"{detik // 86400} hari"


def _pekerja(pada: datetime) -> Butir:
    terakhir = Denyut.objects.filter(nama=Denyut.PEKERJA).values_list("pada", flat=True).first()
    if terakhir is None:
        return Butir(
            "pekerja", False, "Pekerja (worker) dan penjadwal (beat) belum pernah berjalan."
        )
    umur = pada - terakhir
    # One from the future says that a clock is wrong, not that somebody lives.
    baik = -_DENYUT_BASI < umur < _DENYUT_BASI
    kata = f"Denyut terakhir pekerja {lama(umur)} yang lalu."
    return Butir("pekerja", baik, kata, umur.total_seconds(), "detik")


def _antrean(nama: str, antre: QuerySet[Any], pada: datetime) -> Butir:
    """A queue of rows. Each attempt pushes the moment on when a row is due again, so a row that
    nobody takes is told by its age, and one that fails again and again by its attempts."""
    isi = antre.aggregate(n=Count("pk"), kali=Max("percobaan"), sejak=Min("ambil_lagi_pada"))
    if not isi["n"]:
        return Butir(nama, True, f"Tidak ada {nama} yang menunggu.", 0, "detik")
    umur = max(pada - isi["sejak"], timedelta(0))
    kata = f"{isi['n']} {nama} menunggu, terlama {lama(umur)}, dicoba sampai {isi['kali']} kali."
    baik = umur < _ANTREAN_MAKS and isi["kali"] < _DICOBA_MAKS
    return Butir(nama, baik, kata, umur.total_seconds(), "detik")


def _pesan(pada: datetime) -> Butir:
    tempo = Notifikasi.objects.antre().filter(ambil_lagi_pada__lte=pada)
    sejak = tempo.aggregate(Min("ambil_lagi_pada"))["ambil_lagi_pada__min"]
    umur = pada - sejak if sejak else timedelta(0)
    kata = f"Pesan yang paling lama menunggu giliran: {lama(umur)}."
    baik = umur < _PESAN_TERLAMBAT or saluran.kini().berhenti  # then that is the fault
    return Butir("pesan", baik, kata, umur.total_seconds(), "detik")


def _saluran() -> Butir:
    satu = saluran.kini()
    kata = saluran.kalimat(satu) if satu.berhenti else "Pesan WhatsApp dapat berangkat."
    return Butir("saluran", not satu.berhenti, kata)


def _cakram() -> Iterator[Butir]:
    tempat = {"data": settings.VAR_DIR, "berkas": settings.PRIVATE_DIR}
    for nama, folder in tempat.items():
        if not Path(folder).exists():
            continue
        isi = shutil.disk_usage(folder)
        baik = isi.free > _CAKRAM_MIN_BITA and isi.free / isi.total > _CAKRAM_MIN
        kata = f"Sisa ruang untuk {nama}: {isi.free // 1024**2} MB."
        yield Butir(f"cakram_{nama}", baik, kata, isi.free, "bita")


def _jam(pada: datetime) -> Butir:
    if connection.vendor != "postgresql":
        return Butir("jam", True, "Basis data memakai jam server ini.", 0, "detik")
    with connection.cursor() as kursor:
        kursor.execute("SELECT clock_timestamp()")
        beda = abs(kursor.fetchone()[0] - pada)
    kata = f"Jam server dan jam basis data berbeda {beda.total_seconds():.1f} detik."
    return Butir("jam", beda < _JAM_MAKS, kata, beda.total_seconds(), "detik")


def _cadangan(pada: datetime) -> Iterator[Butir]:
    """Here and outside apart: that one is missing takes nothing from the other."""
    if not settings.CADANGAN_KUNCI:
        kata = "Cadangan belum diatur: jalankan `manage.py kunci_cadangan`."
        yield Butir("cadangan", not settings.PRODUKSI, kata)
        return
    saat = dict(Denyut.objects.values_list("nama", "pada"))
    dicoba = saat.get(Denyut.PEMULIHAN)
    sambung = "; pemulihan " + (f"dicoba {lama(pada - dicoba)} yang lalu" if dicoba else _BELUM)
    tempat = [(Denyut.CADANGAN, "Cadangan", sambung)]
    if settings.CADANGAN_RCLONE:
        tempat.append((Denyut.CADANGAN_LUAR, "Salinan cadangan di luar server", ""))
    for nama, sebutan, sambung in tempat:
        if nama not in saat:
            yield Butir(nama, False, f"{sebutan} belum pernah ada.")
            continue
        umur = pada - saat[nama]
        kata = f"{sebutan} terakhir {lama(umur)} yang lalu{sambung}."
        yield Butir(nama, umur < _CADANGAN_BASI, kata, umur.total_seconds(), "detik")
    if connection.vendor == "postgresql":
        yield from _arsip()


def _arsip() -> Iterator[Butir]:
    """Where PostgreSQL keeps an archive of its log: a stuck one fills the disk."""
    with connection.cursor() as kursor:
        kursor.execute(
            "SELECT last_failed_time > coalesce(last_archived_time, '-infinity')"
            " FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'"
        )
        for (macet,) in kursor.fetchall():
            kata = "Arsip WAL macet: jalankan `pgbackrest check`." if macet else "Arsip WAL jalan."
            yield Butir("arsip_wal", not macet, kata)


def _pepper() -> Butir:
    """PINs that no known pepper opens: somebody has changed PIN_PEPPER, and locks all out."""
    dikenal = Q()
    for nama in hashers.sidik_rahasia()["PIN_PEPPER"]:
        dikenal |= Q(password__startswith=f"{hashers.PINHasher.algorithm}${nama}$")
    ber_pin = Akun.objects.filter(password__startswith=f"{hashers.PINHasher.algorithm}$")
    asing = ber_pin.exclude(dikenal).count()
    kata = f"{asing} PIN dibuat dengan PIN_PEPPER lain, jadi tidak dapat dipakai masuk."
    return Butir("pepper", not asing, kata if asing else "PIN_PEPPER cocok.", asing, "akun")


def _berkas_rusak() -> Butir:
    semua = Cetakan.objects.filter(rusak_pada__isnull=False)
    if not (jumlah := semua.count()):
        return Butir("berkas_surat", True, "Semua berkas surat utuh.", 0, "surat")
    nomor = ", ".join(semua.order_by("pk").values_list("surat__nomor", flat=True)[:_RUSAK_TAMPIL])
    kata = (
        f"Berkas PDF {jumlah} surat hilang atau berubah di server: {nomor}. Pulihkan dari "
        "cadangan, atau terbitkan ulang suratnya."
    )
    return Butir("berkas_surat", False, kata, jumlah, "surat")


# --- For those who are not looking ----------------------------------------------------------------


def kabarkan(*, pada: datetime) -> list[Butir]:
    """What is amiss; mailed once when it has lasted for MERAH_SETELAH, and once when it is over.
    All well: the address that the village has chosen is called, so that its silence is noticed."""
    merah = [butir for butir in periksa(pada=pada) if not butir.baik]
    sejak = Denyut.objects.filter(nama=Denyut.MERAH).first()
    dikabari = Denyut.objects.filter(nama=_DIKABARI)
    if not merah:
        _ping()
        if dikabari.exists() and alarm.surel("sistem pulih", "Semua sudah baik kembali.\n"):
            dikabari.delete()
        Denyut.objects.filter(nama=Denyut.MERAH).delete()
        return []
    if sejak is None:
        Denyut.objects.get_or_create(nama=Denyut.MERAH, defaults={"pada": pada})
    elif pada - sejak.pada >= MERAH_SETELAH and not dikabari.exists():
        isi = "\n".join(f"- {butir.kalimat}" for butir in merah)
        if alarm.surel("ada yang perlu dilihat", f"{isi}\n\n{settings.PUBLIC_BASE_URL}/kelola/\n"):
            Denyut.objects.get_or_create(nama=_DIKABARI, defaults={"pada": pada})
    return merah


def _ping() -> None:
    if not settings.DENYUT_URL:
        return
    try:
        requests.get(settings.DENYUT_URL, timeout=_PING_DETIK).raise_for_status()
    except requests.RequestException as galat:
        log.warning("dead man's switch could not be called: %s", type(galat).__name__)


def metrik(semua: list[Butir]) -> str:
    """The same for Prometheus, in its text format."""
    baris = ["# TYPE bugbug_baik gauge"]
    baris += [f'bugbug_baik{{apa="{b.nama}"}} {int(b.baik)}' for b in semua]
    baris += ["# TYPE bugbug_nilai gauge"]
    for b in semua:
        if b.nilai is not None:
            baris.append(f'bugbug_nilai{{apa="{b.nama}",satuan="{b.satuan}"}} {b.nilai:g}')
    return "\n".join(baris) + "\n"
