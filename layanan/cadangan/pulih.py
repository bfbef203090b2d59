"""Restore a backup into an empty system, so that no number and no message comes twice."""

import json
import tarfile
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from layanan.cadangan import basis, buat
from layanan.kotak_keluar import keadaan
from layanan.models import Denyut, Notifikasi
from penduduk.akun import hashers
from penduduk.akun.sesi import SessionStore
from surat.models import BukuNomor, EntriBuku, Surat

_LONCAT_MIN = 20  # numbers, where nothing is known of the pace
_LONCAT_KALI = 3  # times the busiest day of the last month, for each day that is lost
_SEBULAN = timedelta(days=30)


class PemulihanGagal(Exception):
    """Nothing was restored; the message says why and what to do."""


@dataclass
class Laporan:
    """`dari`: the moment that was restored. `loncat`: book, year, last number known, last number
    that may have been used since. `tertahan`: messages that the provider is asked about first."""

    dari: datetime
    jumlah: dict[str, int]
    berkas: int = 0
    hilang: list[str] = field(default_factory=list)
    loncat: list[tuple[str, int, int, int]] = field(default_factory=list)
    tertahan: int = 0


def pulihkan(
    identitas: str, *, saat: datetime | None, loncat: int | None, pada: datetime
) -> Laporan:
    """Restore the newest backup in CADANGAN_DIR, or the newest up to `saat`. `identitas`: the
    private key (AGE-SECRET-KEY-…); `loncat`: by how many numbers each book of this year jumps.
    Raises PemulihanGagal."""
    if not basis.kosong():
        raise PemulihanGagal(
            "Basis data ini sudah berisi warga atau akun. Pemulihan hanya ke sistem yang kosong."
        )
    calon = [satu for waktu, satu in buat.semua() if saat is None or waktu <= saat]
    if not calon:
        raise PemulihanGagal(f"Tidak ada cadangan di {settings.CADANGAN_DIR} untuk saat itu.")
    try:
        kunci = pyrage.x25519.Identity.from_str(identitas.strip())
    except pyrage.IdentityError:
        raise PemulihanGagal("Kunci itu bukan kunci privat age (AGE-SECRET-KEY-…).") from None
    try:
        with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder:
            ringkasan = _buka(calon[-1], kunci, Path(folder))
            _cocok(ringkasan)
            basis.muat(Path(folder, "basis"))
    except (pyrage.DecryptError, tarfile.TarError, OSError, basis.AlatGagal) as galat:
        raise PemulihanGagal(f"Cadangan {calon[-1].stem} tidak dapat dibuka: {galat}") from galat
    laporan = Laporan(datetime.fromisoformat(ringkasan["waktu"]), ringkasan["jumlah"])
    call_command("migrate", interactive=False, verbosity=0)
    for nama in ringkasan["berkas"]:
        if _kembalikan(nama, kunci):
            laporan.berkas += 1
        else:
            laporan.hilang.append(nama)
    with transaction.atomic():
        _sesudah(laporan, loncat, pada)
    return laporan


def _buka(arsip: Path, kunci: pyrage.x25519.Identity, folder: Path) -> dict:
    pyrage.decrypt_file(str(arsip), str(folder / "isi"), [kunci])
    with tarfile.open(folder / "isi") as isi:
        isi.extractall(folder, filter="data")
    ringkasan: dict = json.loads((folder / "ringkasan.json").read_text())
    return ringkasan


def _cocok(ringkasan: dict) -> None:
    if ringkasan["mesin"] != connection.vendor:
        raise PemulihanGagal(
            f"Cadangan ini dari {ringkasan['mesin']}, sedangkan DATABASE_URL menunjuk "
            f"{connection.vendor}. Isi DATABASE_URL seperti dulu."
        )
    kini = hashers.sidik_rahasia()
    for nama, sidik in ringkasan["sidik"].items():
        if sidik[0] not in kini[nama]:
            raise PemulihanGagal(
                f"{nama} bukan yang dipakai saat cadangan dibuat: dengan yang ini semua PIN "
                "menjadi salah, atau semua perangkat menjadi asing. Isi dengan yang dulu."
            )


def _kembalikan(nama: str, kunci: pyrage.x25519.Identity) -> bool:
    """Whether the file lies where its row says."""
    if default_storage.exists(nama):
        return True
    with tempfile.NamedTemporaryFile(dir=settings.VAR_DIR) as sementara:
        try:
            salinan = settings.CADANGAN_DIR / "berkas" / buat.salinan(nama)
            pyrage.decrypt_file(str(salinan), sementara.name, [kunci])
        except (OSError, pyrage.DecryptError):
            return False
        with open(sementara.name, "rb") as isi:
            default_storage.save(nama, File(isi))
    return True


def _sesudah(laporan: Laporan, loncat: int | None, pada: datetime) -> None:
    """What happened after the backup is unknown: numbers may be on paper, messages on phones."""
    tahun = {laporan.dari.year, pada.year}
    for buku in BukuNomor.objects.select_for_update().filter(tahun__in=tahun).order_by("kode"):
        akhir = buku.terakhir + (_loncatan(buku, laporan.dari, pada) if loncat is None else loncat)
        laporan.loncat.append((buku.kode, buku.tahun, buku.terakhir, akhir))
        BukuNomor.objects.filter(pk=buku.pk).update(terakhir=akhir)
    laporan.tertahan = keadaan.pindah(
        Notifikasi.objects.filter(keadaan__in=Notifikasi.BELUM_DIAMBIL),
        "ambil",
        pada=pada,
        ambil_lagi_pada=pada,
        diambil_pada=laporan.dari,
    )
    SessionStore.get_model_class().objects.all().delete()
    Denyut.objects.update_or_create(nama=Denyut.PEMULIHAN, defaults={"pada": pada})


def _loncatan(buku: BukuNomor, dari: datetime, pada: datetime) -> int:
    """More numbers than this book can have given since `dari`."""
    sejak, sampai = timezone.localdate(dari), timezone.localdate(pada)
    surat = Surat.objects.filter(buku=buku, tanggal__gt=sejak - _SEBULAN)
    entri = EntriBuku.objects.filter(buku=buku.kode, hari__gt=sejak - _SEBULAN)
    hari = Counter(surat.values_list("tanggal", flat=True))
    hari.update(entri.values_list("hari", flat=True))
    tersibuk = max(hari.values(), default=0)
    return max(_LONCAT_MIN, _LONCAT_KALI * tersibuk * ((sampai - sejak).days + 1))
