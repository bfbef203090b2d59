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
_SEMUA = {"sqlite": 72, "postgresql": 6}  # six hours, by _JEDA
_TINGKAT = (("%Y%m%d%H", 48), ("%Y%m%d", 31), ("%Y%m", 13))
_PENUH = ("No space left", "disk is full", "quota exceeded")  # the system, SQLite, a quota
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
    with _sendiri("cadangkan") as boleh:
        if not boleh:
            raise CadanganGagal("Cadangan lain sedang dibuat. Coba lagi sebentar.")
        hasil = _coba(kunci, pada)
        if catat:
            penyimpanan.tandai(Denyut.FOLDER_CADANGAN, pada=pada)
            Denyut.objects.update_or_create(nama=Denyut.CADANGAN, defaults={"pada": pada})
        buang_lama(pada=pada)
    return hasil


def _coba(kunci: pyrage.x25519.Recipient, pada: datetime) -> Path:
    """Again and again, as long as it does not fit and old ones can go. Raises CadanganGagal."""
    try:
        return _buat(kunci, pada)
    except (OSError, sqlite3.Error, basis.AlatGagal, pyrage.EncryptError) as galat:
        penuh = any(kata in str(galat) for kata in _PENUH)
        sisakan = max(sum(kapan <= pada for kapan, _ in semua()) * 3 // 4, 3)
        if not penuh or not buang_lama(pada=pada, sisakan=sisakan):
            raise CadanganGagal(f"Cadangan gagal dibuat: {galat}") from galat
    return _coba(kunci, pada)


def _buat(kunci: pyrage.x25519.Recipient, pada: datetime) -> Path:
    rumah = settings.CADANGAN_DIR
    hasil: Path = rumah / "basis" / f"{pada.astimezone(UTC):{_POLA_WAKTU}}.age"
    for sisa in rumah.glob(f"{_SEDANG}*"):  # whoever made it was killed
        shutil.rmtree(sisa)
    with tempfile.TemporaryDirectory(prefix=_SEDANG, dir=rumah) as sementara:
        isi = Path(sementara, "isi")
        with basis.sekejap() as saat:
            basis.simpan(Path(sementara, "basis"), saat)
            bernama = {nama for _, nama in penyimpanan.semua_nama()}
        # After the rows: a file that they name is kept for a day after its replacement.
        berkas = sorted(_salin(kunci, bernama))
        satu = Ringkasan(pada.isoformat(), connection.vendor, hashers.sidik_rahasia())
        Path(sementara, "ringkasan.json").write_text(json.dumps(asdict(satu)))
        with tarfile.open(isi, "w:gz", compresslevel=1) as arsip:
            for bagian in ("ringkasan.json", "basis"):
                arsip.add(Path(sementara, bagian), bagian)
        pyrage.encrypt_file(str(isi), f"{sementara}/age", [kunci])
        # Of this alone the sweep of old backups knows which copies are still needed.
        Path(sementara, "json").write_text(json.dumps(berkas))
        Path(sementara, "json").rename(hasil.with_suffix(".json"))
        Path(sementara, "age").rename(f"{hasil}.baru")
    _selesai([hasil])
    return hasil


@contextmanager
def _sendiri(nama: str) -> Iterator[bool]:
    """Whether nobody else is about this now, in any process; held until the end of the block.
    Raises CadanganGagal: the disk of the backups is not there."""
    if penyimpanan.dikenal(Denyut.FOLDER_CADANGAN) is False:
        raise CadanganGagal(penyimpanan.kata_asing(Denyut.FOLDER_CADANGAN))
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


def buang_lama(*, pada: datetime, sisakan: int | None = None) -> bool:
    """All of six hours, the last of each of 48 hours, of 31 days, of 13 months; and no copy of a
    file that none of these needs: so what was deleted leaves the backups too. Hours and days are
    those that have a backup, and what is later than `pada` stays: a wrong clock ages nothing.
    `sisakan`: no more of them than so many. Returns whether a backup went."""
    lalu = [satu for kapan, satu in semua() if kapan <= pada]
    simpan = set(lalu[-_SEMUA[connection.vendor] :])
    for bentuk, banyak in _TINGKAT:
        terakhir = {f"{timezone.localtime(waktu(satu)):{bentuk}}": satu for satu in lalu}
        simpan |= set([*terakhir.values()][-banyak:])
    simpan -= set(lalu[:-sisakan]) if sisakan else set()
    lama = [b for a in lalu if a not in simpan for b in (a, a.with_suffix(".json"))]
    perlu = set()
    for satu in {satu for _, satu in semua()} - {*lama}:
        perlu |= {salinan(nama) for nama in json.loads(satu.with_suffix(".json").read_text())}
    lepas = [a for a in (settings.CADANGAN_DIR / "berkas").iterdir() if a.name not in perlu]
    for satu in lama:  # first: on a full disk the list needs their room
        satu.unlink()
    if settings.CADANGAN_RCLONE:  # told before it is done: no file may stay outside unknown
        with (settings.CADANGAN_DIR / _DIBUANG).open("a") as daftar:
            daftar.writelines(f"{satu.parent.name}/{satu.name}\n" for satu in lama + lepas)
    for satu in lepas:
        satu.unlink()
    return bool(lama)


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
        # Of a CADANGAN_DIR that was lost the rotation knows nothing: a year holds there too, by a
        # clock that has not jumped ahead: there are backups of the days before.
        if len({kapan.date() for kapan, _ in semua() if abs(pada - kapan).days < 31}) > 27:
            _rclone("delete", "--include", "/basis/*", "--min-age", "366d", luar)


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
