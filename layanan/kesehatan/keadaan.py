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
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min, Q, QuerySet

from layanan.jejak import rantai
from layanan.kabar import alarm
from layanan.kesehatan import penyimpanan, proses, sertifikat
from layanan.kotak_keluar import giliran, saluran
from layanan.models import Berkas, Denyut, Notifikasi, Riwayat
from penduduk.akun import hashers
from penduduk.models import Akun
from surat.models import Cetakan

log = logging.getLogger(__name__)

MERAH_SETELAH = timedelta(minutes=5)
_DIKABARI = "merah_dikabari"
_PING_DETIK = 10
_JAM_MAKS = timedelta(seconds=5)
_MASA_DEPAN = timedelta(minutes=1)  # a row written later than that has a wrong clock behind it
_SERTIFIKAT_MIN = timedelta(days=14)
_INGAT = 300  # seconds: what does not change from one look to the next
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
        *_proses(pada),
        _antrean("surat", Cetakan.objects.filter(keadaan=Cetakan.Keadaan.MENUNGGU), pada),
        _antrean("unggahan", Berkas.objects.filter(keadaan=Berkas.Keadaan.DIPERIKSA), pada),
        _pesan(pada),
        _saluran(pada),
        *_cakram(),
        _jam(pada),
        _skema(),
        *_sertifikat(pada),
        *_cadangan(pada),
        _pepper(),
        _berkas_rusak(),
        _berkas_hilang(),
        *_lain(pada),
    ]
    return sorted(semua, key=lambda butir: butir.baik)


def lama(jeda: timedelta) -> str:
    """A span in words: "40 detik", "12 menit", "3 jam", "5 hari"."""
    detik = max(int(jeda.total_seconds()), 0)
    for batas, pembagi, kata in ((120, 1, "detik"), (7200, 60, "menit"), (172800, 3600, "jam")):
        if detik < batas:
            return f"{detik // pembagi} {kata}"
    return f"{detik // 86400} hari"


def _proses(pada: datetime) -> Iterator[Butir]:
    """Each process with its age and release; then whether every queue has a worker, one beat
    calls, and all run the same release."""
    hidup: dict[str, list[str]] = {proses.BEAT: [], proses.PEKERJA: []}
    versi = set()
    for jenis, satu in proses.semua():
        umur = pada - satu.pada
        # One from the future says that a clock is wrong, not that somebody lives.
        if baik := -proses.MATI < umur < proses.MATI:
            apa, _, antrean = jenis.partition(" ")
            hidup.setdefault(apa, []).extend(antrean.split(","))
            versi.add(satu.versi or "?")
        tepat = abs(satu.selisih) < _JAM_MAKS.total_seconds()
        kata = f"Proses {satu.nama} {'hidup' if baik else 'mati atau macet'}: denyut terakhir "
        kata += f"{lama(umur)} yang lalu, versi {satu.versi or '?'}"
        kata += "." if tepat else f", jamnya {satu.selisih:+.0f} detik dari jam basis data."
        yield Butir(satu.nama, baik and tepat, kata, umur.total_seconds(), "detik")
    kurang = [nama for nama in settings.ANTREAN if nama not in hidup[proses.PEKERJA]]
    kata = f"Tidak ada pekerja (worker) untuk: {', '.join(kurang)}."
    yield Butir("pekerja", not kurang, kata if kurang else "Semua antrean ada pekerjanya.")
    n = len(hidup[proses.BEAT])
    yield Butir("penjadwal", n == 1, f"Penjadwal (beat) yang hidup: {n}, harus 1.", n, "proses")
    kata = f"Versi yang berjalan: {', '.join(sorted(versi)) or 'tidak ada'}."
    yield Butir("versi", len(versi) < 2, kata, len(versi), "versi")


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
    tempo = giliran.jatuh_tempo(pada)  # at night reminders wait, and nothing is wrong
    sejak = tempo.aggregate(Min("ambil_lagi_pada"))["ambil_lagi_pada__min"]
    umur = pada - sejak if sejak else timedelta(0)
    kata = f"Pesan yang paling lama menunggu giliran: {lama(umur)}."
    baik = umur < _PESAN_TERLAMBAT or saluran.kini().berhenti  # then that is the fault
    return Butir("pesan", baik, kata, umur.total_seconds(), "detik")


def _saluran(pada: datetime) -> Butir:
    satu = saluran.kini()
    kata = saluran.kalimat(satu) or "Pesan WhatsApp dapat berangkat."
    keluar = Notifikasi.objects.filter(dikirim_pada__isnull=False).order_by("-pk")
    if terakhir := keluar.values_list("dikirim_pada", flat=True).first():
        kata += f" Terakhir diterima penyedia {lama(pada - terakhir)} yang lalu."
    return Butir("saluran", not satu.berhenti, kata)


def _cakram() -> Iterator[Butir]:
    tempat = {"data": settings.VAR_DIR, "berkas": settings.PRIVATE_DIR}
    tempat |= {"cadangan": settings.CADANGAN_DIR} if settings.CADANGAN_KUNCI else {}
    for nama, folder in tempat.items():
        if not Path(folder).exists():
            continue
        isi = shutil.disk_usage(folder)
        baik = isi.free > _CAKRAM_MIN_BITA and isi.free / isi.total > _CAKRAM_MIN
        kata = f"Sisa ruang untuk {nama}: {isi.free // 1024**2} MB."
        yield Butir(f"cakram_{nama}", baik, kata, isi.free, "bita")


def _jam(pada: datetime) -> Butir:
    beda = abs(proses.selisih_jam(pada))
    kata = f"Jam server dan jam basis data berbeda {beda.total_seconds():.1f} detik."
    terbaru = Riwayat.objects.order_by("-pk").values_list("pada", flat=True).first() or pada
    if terbaru - pada > _MASA_DEPAN:
        kata += f" Catatan terbaru bertanggal {lama(terbaru - pada)} di depan: periksa jamnya."
        beda = max(beda, terbaru - pada)
    return Butir("jam", beda < _JAM_MAKS, kata, beda.total_seconds(), "detik")


def skema_siap() -> bool:
    """Whether the database has all tables of this release. Raises django.db.Error."""
    rencana = MigrationExecutor(connection)
    return not rencana.migration_plan(rencana.loader.graph.leaf_nodes())


def _skema() -> Butir:
    siap = cache.get_or_set("skema", skema_siap, _INGAT)
    kata = "Basis data sesuai versi ini." if siap else "Basis data belum dimutakhirkan: migrate."
    return Butir("skema", bool(siap), kata)


def _sertifikat(pada: datetime) -> Iterator[Butir]:
    for satu in Denyut.objects.filter(nama=Denyut.SERTIFIKAT):  # none without https
        sisa = satu.pada - pada
        kata = f"Sertifikat HTTPS berlaku {sisa.days} hari lagi."
        if sisa <= timedelta(0):
            kata = "Sertifikat HTTPS tidak sah atau sudah habis: peramban warga menolaknya."
        yield Butir("sertifikat", sisa > _SERTIFIKAT_MIN, kata, sisa.total_seconds(), "detik")


def _cadangan(pada: datetime) -> Iterator[Butir]:
    """Here and outside apart: that one is missing takes nothing from the other."""
    if not settings.CADANGAN_KUNCI:
        kata = f"Cadangan belum diatur: jalankan `{settings.PERINTAH} kunci_cadangan`."
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
        yield Butir(nama, abs(umur) < _CADANGAN_BASI, kata, umur.total_seconds(), "detik")
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
    asing = cache.get_or_set("pepper_asing", _pin_asing, _INGAT)  # a look at every account
    kata = f"{asing} PIN dibuat dengan PIN_PEPPER lain, jadi tidak dapat dipakai masuk."
    return Butir("pepper", not asing, kata if asing else "PIN_PEPPER cocok.", asing, "akun")


def _pin_asing() -> int:
    dikenal = Q()
    for nama in hashers.sidik_rahasia()["PIN_PEPPER"]:
        dikenal |= Q(password__startswith=f"{hashers.PINHasher.algorithm}${nama}$")
    ber_pin = Akun.objects.filter(password__startswith=f"{hashers.PINHasher.algorithm}$")
    return ber_pin.exclude(dikenal).count()


def _berkas_hilang() -> Butir:
    if Denyut.objects.filter(nama=Denyut.HILANG).exists():
        kata = f"Ada berkas warga yang hilang; `{settings.PERINTAH} periksa_berkas` menyebutnya. "
        return Butir("berkas_warga", False, f"{kata}Pulihkan dari cadangan, atau minta lagi.")
    return Butir("berkas_warga", True, "Berkas warga ada di tempatnya.")


def _lain(pada: datetime) -> Iterator[Butir]:
    for nama in (Denyut.FOLDER_BERKAS, Denyut.FOLDER_CADANGAN):
        if penyimpanan.dikenal(nama) is False:
            yield Butir(nama, False, penyimpanan.kata_asing(nama))
    for satu in Denyut.objects.filter(nama__startswith=Denyut.RETENSI).order_by("nama"):
        kata = f"Data lama tidak terhapus: {satu.nama} gagal sejak {lama(pada - satu.pada)} lalu. "
        kata += f"Sebabnya: `{settings.PERINTAH} retensi --jalankan`."
        yield Butir(satu.nama, False, kata)
    akhir = rantai.kepala()
    kata = (
        f"Jejak tertutup sampai {akhir.hari:%d-%m-%Y}, sidik {akhir.sidik[:12]}." if akhir else ""
    )
    if salah := Denyut.objects.filter(nama=Denyut.JEJAK).exists():
        kata = f"Jejak diubah di luar portal; `{settings.PERINTAH} periksa_jejak` menyebutnya."
    yield Butir("jejak", not salah, kata or "Jejak belum setua sehari.")


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
    sertifikat.periksa(pada=pada)
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
    elif abs(pada - sejak.pada) >= MERAH_SETELAH and not dikabari.exists():
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
