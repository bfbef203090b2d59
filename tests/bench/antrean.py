"""Approved requests through the queue: a real worker renders, stores, takes the step, tells.

Runs in a process with Django. The requests walk the flow like any other, with papers that the
demo residents have uploaded before; their earlier messages have gone out before the clock starts.
"""

import itertools
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from layanan import contoh, tasks
from layanan.contoh.data import DIRI, KISAH, TERMUDA, TERTUA, Kisah
from layanan.kotak_keluar import jam, pengiriman
from layanan.models import Berkas, Notifikasi, PengaturanPesan, Permohonan, Riwayat
from layanan.permohonan import ajukan, alur, berkas, dampak, jatah, pengisian
from penduduk.models import Akun
from surat.models import Cetakan, JenisSurat, Mandat
from surat.naskah.susunan import Pengantar
from tests.bench import rincian
from tests.bench.laporan import Rusak
from tests.bench.panggung import Proses, perintah

S = Permohonan.Status


def _ajukan(akun: Akun, jenis: JenisSurat, jawaban: dict[str, Any]) -> Permohonan:
    """A request with the papers that the resident has already."""
    draf = pengisian.buka(akun, jenis, pada=timezone.now())
    draf.dibawa = [s.kode for s in jenis.syarat.all() if s.boleh_dibawa]
    draf.nomor_hp = akun.nomor_hp
    draf.save()
    for syarat in jenis.syarat.all():
        if syarat.wajib and not syarat.boleh_dibawa:
            lama = Berkas.objects.filter(pemilik=akun.penduduk, dokumen=syarat.kode, keadaan="SIAP")
            berkas.lampirkan(lama[0], syarat=syarat.kode, ke=draf)
    pengisian.simpan_isian(draf, jawaban, lengkap=True)
    return ajukan.dari_draf(draf, oleh=akun, pada=timezone.now())


def _dapat(akun: Akun, jenis: JenisSurat, kisah: Kisah) -> bool:
    """Whether this resident can tell that story: it names nobody by their place in the family, and
    the papers that may not be brought later were uploaded before."""
    punya = {b.dokumen for b in Berkas.objects.filter(pemilik=akun.penduduk, keadaan="SIAP")}
    perlu = {s.kode for s in jenis.syarat.all() if s.wajib and not s.boleh_dibawa}
    return perlu <= punya and not {DIRI, TERTUA, TERMUDA} & set(map(str, kisah.jawaban.values()))


@transaction.atomic
def _siapkan(jumlah: int) -> list[int]:
    """`jumlah` approved requests, in one transaction; the ids of their letters."""
    operator = Akun.objects.get(username=contoh.login().petugas["operator"].username)
    mandat = Mandat.objects.order_by("pk")[0]
    jenis = {j.kode: j for j in JenisSurat.objects.prefetch_related("syarat")}
    pemohon = Akun.objects.select_related("penduduk__keluarga").filter(
        penduduk__berkas__keadaan="SIAP", setuju_wa_pada__isnull=False
    )
    surat = []
    mungkin = [
        (akun, kisah)
        for akun in pemohon.distinct().order_by("pk")
        for kisah in KISAH
        if _dapat(akun, jenis[kisah.jenis], kisah)
    ]
    for akun, kisah in itertools.islice(itertools.cycle(mungkin), jumlah):
        satu = _ajukan(akun, jenis[kisah.jenis], kisah.jawaban)
        alur.jalankan(satu, "proses", oleh=operator, pada=timezone.now())
        pengantar = Pengantar(f"CONTOH/{satu.pk}", timezone.localdate())
        bahan = dampak.Setujui(mandat, pengantar, alasan="Pengukuran, bukan warga")
        alur.jalankan(satu, "setujui", bahan, oleh=operator, pada=timezone.now())
        surat.append(satu.surat_id)
    return surat


def _anak_pencetak(induk: int) -> Iterator[tuple[int, float]]:
    """Pool processes below `induk` that have loaded Pango (beat has not): pid and RSS in MB."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) != induk:
                continue
            if "libpango" in (folder / "maps").read_text():
                halaman = int((folder / "statm").read_text().split()[1])
                yield int(folder.name), halaman * os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass
class _Catatan:
    """What was seen while the worker worked. `memori`: by process, letters made and RSS in MB."""

    memori: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    cpu: list[tuple[int, float]] = field(default_factory=list)

    def lihat(self, pekerja: Proses, jadi: int) -> None:
        for pid, mb in _anak_pencetak(pekerja.pid):
            self.memori.setdefault(pid, []).append((jadi, mb))
        self.cpu.append((jadi, pekerja.cpu()))

    def cpu_ms(self) -> tuple[int, float]:
        """Of a letter, all processes and messages included but not their start: from which letter
        on this was measured, and the milliseconds."""
        akhir_jadi, akhir = self.cpu[-1]
        mulai_jadi, mulai = next(c for c in self.cpu if c[0] or c[0] == akhir_jadi)
        if mulai_jadi == akhir_jadi:  # too few letters to leave the start out
            mulai_jadi, mulai = 0, 0.0
        return mulai_jadi + 1, (akhir - mulai) / (akhir_jadi - mulai_jadi) * 1000


def _tunggu(pekerja: Proses, surat: list[int], batas: float, catatan: _Catatan) -> None:
    """Until every letter has its step and every message is handed over."""
    akhir = time.monotonic() + batas
    while True:
        pekerja.periksa()
        belum = Permohonan.objects.filter(surat__in=surat, status=S.DICETAK).count()
        catatan.lihat(pekerja, len(surat) - belum)
        kini = Q(keadaan="MENUNGGU", ambil_lagi_pada__lte=timezone.now()) & ~Q(pesan__in=jam.PESAN)
        kini |= Q(keadaan="DIAMBIL")  # at night, what is only for the office waits for the morning
        if not belum and not Notifikasi.objects.filter(kini):
            return
        if time.monotonic() > akhir:
            pesan = Counter(
                Notifikasi.objects.filter(kini).values_list("keadaan", "kode_galat", "percobaan")
            )
            sisa = f"{belum} surat, pesan {dict(pesan)}"
            raise Rusak(f"setelah {batas:.0f} detik masih {sisa}:\n{pekerja.catatan()}")
        time.sleep(0.5)


def _periksa(surat: list[int]) -> None:
    """Every letter rendered, stored, and moved on exactly once."""
    jumlah = len(surat)
    selesai = Cetakan.objects.filter(surat__in=surat, keadaan=Cetakan.Keadaan.SELESAI)
    langkah = Riwayat.objects.filter(surat__in=surat, langkah="cetak")
    maju = Permohonan.objects.filter(surat__in=surat, status=S.MENUNGGU_TTD)
    if not jumlah == selesai.count() == langkah.count() == maju.count():
        raise Rusak("ada surat yang hilang atau dicetak dua kali")
    for cetakan in selesai:
        with default_storage.open(cetakan.berkas) as isi:
            if isi.read(5) != b"%PDF-" or isi.size != cetakan.ukuran:
                raise Rusak(f"surat {cetakan.surat_id}: berkasnya bukan PDF")


def jalankan(jumlah: int, batas: float) -> dict[str, Any]:
    """Prepare, then start the worker of the Procfile and watch it; seconds from its start."""
    jatah.MAKS.update(
        dict.fromkeys(jatah.MAKS, 10**9)
    )  # a few residents ask for a thousand letters
    PengaturanPesan.objects.update_or_create(pk=1, defaults={"plafon_sehari": None})
    mulai_siap = time.perf_counter()
    while pengiriman.kirim_yang_menunggu():
        pass
    for _ in tasks.pencetakan.cetak_yang_menunggu():
        pass  # what the demo left for the worker
    langsung = min(jumlah, 20)
    _siapkan(langsung)
    simpan = rincian.penyimpanan(tasks.cetak_surat, langsung)
    surat = _siapkan(jumlah)
    while pengiriman.kirim_yang_menunggu():
        pass
    persiapan = time.perf_counter() - mulai_siap
    catatan = _Catatan()
    jadwal = ("var/celerybeat-schedule", f"{os.environ['VAR_DIR']}/jadwal-bench")
    mulai = datetime.now(UTC)
    for _ in range(2):  # what the approvals of two letters send
        tasks.cetak_surat.apply_async()
    pekerja = Proses(
        "pekerja",
        perintah(
            "pekerja",
            jadwal,
            ("bash bugbug/skrip/pamit.sh ", ""),
            ("--queues surat,berkas ", ""),  # one for everything, as what is measured wants it
        ),
        dict(os.environ),
    )
    try:
        _tunggu(pekerja, surat, batas, catatan)
    finally:
        pekerja.hentikan()
    _periksa(surat)
    sejak, cpu = catatan.cpu_ms()
    return _hasil(surat, mulai) | {
        "persiapan": persiapan,
        "simpan_ms": simpan,
        "cpu_sejak": sejak,
        "cpu_ms": cpu,
        "memori_mb": list(catatan.memori.values()),
    }


def _hasil(surat: list[int], mulai: datetime) -> dict[str, Any]:
    cetakan = Cetakan.objects.filter(surat__in=surat).order_by("selesai_pada")
    tercetak = list(cetakan.values_list("selesai_pada", flat=True))
    langkah = Riwayat.objects.filter(surat__in=surat, langkah="cetak").order_by("pada")
    pesan = Notifikasi.objects.filter(riwayat__in=langkah, dikirim_pada__isnull=False)
    terakhir = pesan.order_by("dikirim_pada").values_list("dikirim_pada", flat=True).last()
    if terakhir is None:
        raise Rusak("tidak ada pesan yang terkirim")

    def sejak(saat: datetime) -> float:
        return (saat - mulai).total_seconds()

    return {
        "per_detik": (len(tercetak) - 1) / (tercetak[-1] - tercetak[0]).total_seconds(),
        "sampai_pertama": sejak(tercetak[0]),
        "sampai_surat": sejak(tercetak[-1]),
        "sampai_langkah": sejak(langkah.values_list("pada", flat=True).last()),
        "sampai_pesan": sejak(terakhir),
    }
