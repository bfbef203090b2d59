"""Make a backup, and let old ones go."""

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from layanan.cadangan import basis
from layanan.kesehatan import penyimpanan
from layanan.models import Denyut
from penduduk.akun import hashers
from surat.models import BukuNomor

_POLA_WAKTU = "%Y%m%dT%H%M%SZ"
_SEMUA, _HARIAN = timedelta(days=2), timedelta(days=31)  # then one of each month for a year
_BULANAN = timedelta(days=366)
_JEDA_SERVER = timedelta(hours=1)
_RCLONE_MAKS = 3600  # seconds


class CadanganGagal(Exception):
    """No backup was made; the message says why and what to do."""


@dataclass(frozen=True)
class Ringkasan:
    """What a restore must know: when and of what it was made, and which secrets belong to it."""

    waktu: str
    mesin: str
    sidik: dict[str, list[str]]
    jumlah: dict[str, int]
    buku: list[tuple[str, int, int]]
    berkas: list[str]


def cadangkan(*, pada: datetime) -> Path:
    """A backup of this moment in CADANGAN_DIR; returns the file with the database. What has been
    copied once is not copied again. Raises CadanganGagal."""
    kunci = _kunci()
    rumah = settings.CADANGAN_DIR
    for satu in ("basis", "berkas"):
        (rumah / satu).mkdir(parents=True, exist_ok=True)
    nama = pada.astimezone(UTC).strftime(_POLA_WAKTU)
    hasil = rumah / "basis" / f"{nama}.age"
    try:
        with tempfile.TemporaryDirectory(dir=rumah) as folder:
            isi = Path(folder, "isi")
            # The rows first: a file that they name is kept for a day after it has been replaced.
            basis.simpan(Path(folder, "basis"))
            berkas = sorted(_salin(kunci, {nama for _, nama in penyimpanan.semua_nama()}))
            ringkasan = Ringkasan(
                pada.isoformat(),
                connection.vendor,
                hashers.sidik_rahasia(),
                basis.jumlah(),
                list(BukuNomor.objects.values_list("kode", "tahun", "terakhir")),
                berkas,
            )
            Path(folder, "ringkasan.json").write_text(json.dumps(asdict(ringkasan)))
            with tarfile.open(isi, "w") as arsip:
                for satu in ("ringkasan.json", "basis"):
                    arsip.add(Path(folder, satu), satu)
            pyrage.encrypt_file(str(isi), f"{hasil}.baru", [kunci])
        # Of this alone the sweep of old backups knows which copies are still needed.
        hasil.with_suffix(".json").write_text(json.dumps(berkas))
        Path(f"{hasil}.baru").rename(hasil)
    except (OSError, basis.AlatGagal, pyrage.EncryptError) as galat:
        raise CadanganGagal(f"Cadangan gagal dibuat: {galat}") from galat
    buang_lama(pada=pada)
    _ke_luar(rumah)
    Denyut.objects.update_or_create(nama=Denyut.CADANGAN, defaults={"pada": pada})
    return hasil


def sudah_waktunya(*, pada: datetime) -> bool:
    """Whether the next one is due. SQLite's copy is cheap, and all there is; PostgreSQL has its
    write-ahead log beside it (docs/operasi.md)."""
    if connection.vendor == "sqlite":
        return True
    return not Denyut.objects.filter(nama=Denyut.CADANGAN, pada__gt=pada - _JEDA_SERVER).exists()


def _kunci() -> pyrage.x25519.Recipient:
    if not settings.CADANGAN_KUNCI:
        raise CadanganGagal(
            "CADANGAN_KUNCI belum diisi. Buat pasangan kunci dengan `manage.py kunci_cadangan`."
        )
    try:
        return pyrage.x25519.Recipient.from_str(settings.CADANGAN_KUNCI)
    except pyrage.RecipientError:
        raise CadanganGagal("CADANGAN_KUNCI bukan kunci publik age (age1…).") from None


def salinan(nama: str) -> str:
    """Under which name in `berkas/` the copy of a stored file lies."""
    return f"{nama.replace('/', '_')}.age"


def _salin(kunci: pyrage.x25519.Recipient, semua: Iterable[str]) -> Iterable[str]:
    """Copy what has no copy yet; yields the names of all files that are there."""
    for nama in semua:
        ke = settings.CADANGAN_DIR / "berkas" / salinan(nama)
        if not ke.exists():
            try:
                with default_storage.open(nama) as dari, Path(f"{ke}.baru").open("wb") as tujuan:
                    pyrage.encrypt_io(dari, tujuan, [kunci])
            except FileNotFoundError:  # deleted a moment ago; periksa_berkas names what is lost
                Path(f"{ke}.baru").unlink(missing_ok=True)
                continue
            Path(f"{ke}.baru").rename(ke)
        yield nama


def semua() -> list[tuple[datetime, Path]]:
    """The complete backups, oldest first."""
    hasil = []
    for satu in sorted((settings.CADANGAN_DIR / "basis").glob("*.age")):
        if satu.with_suffix(".json").exists():
            waktu = datetime.strptime(satu.stem, _POLA_WAKTU).replace(tzinfo=UTC)
            hasil.append((waktu, satu))
    return hasil


def buang_lama(*, pada: datetime) -> None:
    """All of two days, the last of each day for a month, the last of each month for a year; and no
    copy of a file that none of these needs: so what was deleted leaves the backups too."""
    simpan: dict[str, Path] = {}
    for waktu, satu in semua():
        umur, hari = pada - waktu, timezone.localdate(waktu)
        if umur < _SEMUA:
            simpan[satu.stem] = satu
        elif umur < _HARIAN:
            simpan[f"{hari}"] = satu
        elif umur < _BULANAN:
            simpan[f"{hari:%Y-%m}"] = satu
    perlu = set()
    for satu in simpan.values():
        perlu |= {salinan(nama) for nama in json.loads(satu.with_suffix(".json").read_text())}
    for _, satu in semua():
        if satu not in simpan.values():
            satu.unlink()
            satu.with_suffix(".json").unlink()
    for satu in (settings.CADANGAN_DIR / "berkas").iterdir():
        if satu.name not in perlu:
            satu.unlink()


def _ke_luar(rumah: Path) -> None:
    """Off-site, where the village has named a place that rclone knows."""
    if not settings.CADANGAN_RCLONE:
        return
    try:
        subprocess.run(
            ["rclone", "sync", "--quiet", str(rumah), settings.CADANGAN_RCLONE],
            check=True,
            capture_output=True,
            timeout=_RCLONE_MAKS,
        )
    except (OSError, subprocess.SubprocessError) as galat:
        raise CadanganGagal(
            f"Cadangan ada di server, tetapi tidak sampai di luar: {type(galat).__name__}. "
            "Jalankan `rclone sync` sendiri untuk melihat sebabnya."
        ) from galat
