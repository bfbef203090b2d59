"""Make a backup, and let old ones go."""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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

_POLA_WAKTU = "%Y%m%dT%H%M%SZ"
_SEMUA, _PER_JAM = timedelta(hours=6), timedelta(days=2)
_HARIAN, _BULANAN = timedelta(days=31), timedelta(days=366)
_JEDA = {"sqlite": timedelta(minutes=5), "postgresql": timedelta(hours=1)}
_SEDANG = "sedang-"  # where a backup is being made, rows lie open
_LONGGAR = timedelta(seconds=30)  # the beat is not that exact
_RCLONE_MAKS = 3600  # seconds
_SALINAN = ("berkas/*.age", "basis/*.{age,json}")  # files before the rows that name them
_DIBUANG = "dibuang"  # names that the rotation has let go, and that are still outside


class CadanganGagal(Exception):
    """No backup was made; the message says why and what to do."""


@dataclass(frozen=True)
class Ringkasan:
    """What a restore must know: when and of what it was made, and which secrets belong to it."""

    waktu: str
    mesin: str
    sidik: dict[str, list[str]]


def cadangkan(*, pada: datetime, catat: bool = True) -> Path:
    """A backup of this moment in CADANGAN_DIR; returns the file with the database. What has been
    copied once is not copied again. `catat`: note in the database that there is one; not while its
    tables are still those of another release. Raises CadanganGagal."""
    kunci = _kunci()
    if basis.kosong():  # it would stand before the one that is to be restored here
        raise CadanganGagal("Belum ada akun dan warga di sini: tidak ada yang dicadangkan.")
    rumah = settings.CADANGAN_DIR
    nama = pada.astimezone(UTC).strftime(_POLA_WAKTU)
    hasil = rumah / "basis" / f"{nama}.age"
    with _sendiri("cadangkan") as boleh:
        if not boleh:
            raise CadanganGagal("Cadangan lain sedang dibuat. Coba lagi sebentar.")
        try:
            for sisa in rumah.glob(f"{_SEDANG}*"):  # whoever made it was killed
                shutil.rmtree(sisa)
            with tempfile.TemporaryDirectory(prefix=_SEDANG, dir=rumah) as folder:
                isi = Path(folder, "isi")
                with basis.sekejap() as saat:
                    basis.simpan(Path(folder, "basis"), saat)
                    bernama = {nama for _, nama in penyimpanan.semua_nama()}
                # After the rows: a file that they name is kept for a day after its replacement.
                berkas = sorted(_salin(kunci, bernama))
                satu = Ringkasan(pada.isoformat(), connection.vendor, hashers.sidik_rahasia())
                Path(folder, "ringkasan.json").write_text(json.dumps(asdict(satu)))
                with tarfile.open(isi, "w:gz", compresslevel=1) as arsip:
                    for bagian in ("ringkasan.json", "basis"):
                        arsip.add(Path(folder, bagian), bagian)
                pyrage.encrypt_file(str(isi), f"{hasil}.baru", [kunci])
            # Of this alone the sweep of old backups knows which copies are still needed.
            hasil.with_suffix(".json").write_text(json.dumps(berkas))
            _selesai([hasil])
        except (OSError, sqlite3.Error, basis.AlatGagal, pyrage.EncryptError) as galat:
            raise CadanganGagal(f"Cadangan gagal dibuat: {galat}") from galat
        if catat:
            Denyut.objects.update_or_create(nama=Denyut.CADANGAN, defaults={"pada": pada})
        buang_lama(pada=pada)
    return hasil


@contextmanager
def _sendiri(nama: str) -> Iterator[bool]:
    """Whether nobody else is about this now, in any process; held until the end of the block."""
    for satu in ("basis", "berkas"):
        (settings.CADANGAN_DIR / satu).mkdir(parents=True, exist_ok=True)
    with (settings.CADANGAN_DIR / f"{nama}.kunci").open("ab") as berkas:
        try:
            fcntl.flock(berkas, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def sudah_waktunya(*, pada: datetime) -> bool:
    """Whether the next one is due. SQLite's copy is cheap, and all there is; PostgreSQL has its
    write-ahead log beside it (docs/operasi.md)."""
    baru = (pada - _JEDA[connection.vendor] + _LONGGAR, pada + _LONGGAR)  # no later: a wrong clock
    return not (semua() and Denyut.objects.filter(nama=Denyut.CADANGAN, pada__range=baru).exists())


def salin_berkas() -> None:
    """The files between two backups: what else restores the rows finds them there."""
    with _sendiri("cadangkan") as boleh:
        if boleh:
            _salin(_kunci(), {nama for _, nama in penyimpanan.semua_nama()})


def _kunci() -> pyrage.x25519.Recipient:
    if not settings.CADANGAN_KUNCI:
        buat = f"{settings.PERINTAH} kunci_cadangan"
        raise CadanganGagal(f"CADANGAN_KUNCI belum diisi. Buat pasangan kunci dengan `{buat}`.")
    try:
        return pyrage.x25519.Recipient.from_str(settings.CADANGAN_KUNCI)
    except pyrage.RecipientError:
        raise CadanganGagal("CADANGAN_KUNCI bukan kunci publik age (age1…).") from None


def salinan(nama: str) -> str:
    """Under which name in `berkas/` the copy of a stored file lies."""
    return f"{nama.replace('/', '_')}.age"


def _salin(kunci: pyrage.x25519.Recipient, semua: Iterable[str]) -> list[str]:
    """Copy what has no copy yet; the names of all files that are there."""
    ada, baru = [], []
    for nama in semua:
        ke = settings.CADANGAN_DIR / "berkas" / salinan(nama)
        if not ke.exists():
            try:
                with default_storage.open(nama) as dari, Path(f"{ke}.baru").open("wb") as tujuan:
                    pyrage.encrypt_io(dari, tujuan, [kunci])
            except FileNotFoundError:  # deleted a moment ago; periksa_berkas names what is lost
                continue
            baru.append(ke)
        ada.append(nama)
    _selesai(baru)
    return ada


def _selesai(semua: list[Path]) -> None:
    """Give them their names: from then on they are taken for whole, so they are on the disk before.
    One call for all: a call for each takes minutes when thousands are new."""
    if semua:
        os.sync()
    for satu in semua:
        Path(f"{satu}.baru").rename(satu)


def semua() -> list[tuple[datetime, Path]]:
    """The complete backups, oldest first."""
    hasil = []
    for satu in sorted((settings.CADANGAN_DIR / "basis").glob("*.age")):
        if satu.with_suffix(".json").exists():
            hasil.append((waktu(satu), satu))
    return hasil


def waktu(satu: Path) -> datetime:
    return datetime.strptime(satu.stem, _POLA_WAKTU).replace(tzinfo=UTC)


def buang_lama(*, pada: datetime) -> None:
    """All of six hours, the last of each hour for two days, of each day for a month, of each month
    for a year; and no copy of a file that none of these needs: so what was deleted leaves the
    backups too."""
    simpan: dict[str, Path] = {}
    for kapan, satu in semua():
        umur, lokal = pada - kapan, timezone.localtime(kapan)
        if umur < _SEMUA:
            simpan[satu.stem] = satu
        elif umur < _PER_JAM:
            simpan[f"{lokal:%Y-%m-%d %H}"] = satu
        elif umur < _HARIAN:
            simpan[f"{lokal:%Y-%m-%d}"] = satu
        elif umur < _BULANAN:
            simpan[f"{lokal:%Y-%m}"] = satu
    perlu = set()
    for satu in simpan.values():
        perlu |= {salinan(nama) for nama in json.loads(satu.with_suffix(".json").read_text())}
    lama = [b for _, a in semua() if a not in simpan.values() for b in (a, a.with_suffix(".json"))]
    lama += [a for a in (settings.CADANGAN_DIR / "berkas").iterdir() if a.name not in perlu]
    if settings.CADANGAN_RCLONE:  # told before it is done: nothing may stay outside unknown
        with (settings.CADANGAN_DIR / _DIBUANG).open("a") as daftar:
            daftar.writelines(f"{satu.parent.name}/{satu.name}\n" for satu in lama)
    for satu in lama:
        satu.unlink()


def ke_luar(*, pada: datetime) -> None:
    """Off-site, where the village has named a place that rclone knows, and where something new is
    here. Only what the rotation has let go is deleted there: a CADANGAN_DIR that somebody has
    emptied empties nothing else. Raises CadanganGagal; what is here stays a backup."""
    rumah, luar = settings.CADANGAN_DIR, settings.CADANGAN_RCLONE
    if not luar:
        return
    with _sendiri("ke_luar") as boleh:
        # A folder's time is that of the last name that came or went.
        baru = max((rumah / satu).stat().st_mtime for satu in ("basis", "berkas"))
        sejak = Denyut.objects.filter(nama=Denyut.CADANGAN_LUAR).first()
        if not boleh or (sejak and baru < sejak.pada.timestamp() <= pada.timestamp()):
            return
        for pola in _SALINAN:
            _rclone("copy", "--include", f"/{pola}", str(rumah), luar)
        Denyut.objects.update_or_create(nama=Denyut.CADANGAN_LUAR, defaults={"pada": pada})
        # Aside first: the rotation may write down more while this lasts.
        sedang = rumah / f"{_DIBUANG}.sedang"
        if not sedang.exists() and (rumah / _DIBUANG).exists():
            (rumah / _DIBUANG).rename(sedang)
        if sedang.exists():
            hilang = [b for b in sedang.read_text().splitlines() if not (rumah / b).exists()]
            sedang.write_text("\n".join(hilang))
            _rclone("delete", "--files-from-raw", str(sedang), luar)
            sedang.unlink()
        # Of a CADANGAN_DIR that was lost the rotation knows nothing: a year holds there too.
        umur = f"{_BULANAN.days}d"
        _rclone("delete", "--include", "/basis/*", "--min-age", umur, luar)


def _rclone(*pilihan: str) -> None:
    try:
        subprocess.run(
            ["rclone", "--quiet", *pilihan], check=True, capture_output=True, timeout=_RCLONE_MAKS
        )
    except (OSError, subprocess.SubprocessError) as galat:
        raise CadanganGagal(
            f"Cadangan ada di server, tetapi tidak sampai di luar: {type(galat).__name__}. "
            f"Jalankan `rclone {pilihan[0]}` sendiri untuk melihat sebabnya."
        ) from galat
