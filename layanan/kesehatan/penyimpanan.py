"""Stored files and the rows that name them: what is missing, left over, or changed."""

import logging
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from layanan.models import Berkas, Denyut
from penduduk.models import Impor, Ketikan
from surat.models import Cetakan
from surat.terbit import pencetakan

log = logging.getLogger(__name__)

_BARU = timedelta(hours=1)  # a younger file may still get its row
_TANDA = "tanda-folder"  # a file in each folder that the village knows
_CONTOH = 200  # letters of one night
_KOLOM = ((Berkas, "mentah"), (Berkas, "berkas"), (Berkas, "mini"), (Cetakan, "berkas"))


@dataclass
class Temuan:
    """`hilang`: row and name of files that are not there; `sisa`: names of files that no row has;
    `berubah`: keys of letters whose PDF cannot be made again as it was."""

    diperiksa: int = 0
    hilang: list[tuple[str, str]] = field(default_factory=list)
    sisa: list[str] = field(default_factory=list)
    berubah: list[int] = field(default_factory=list)


def periksa(*, pada: datetime, baru: timedelta = _BARU) -> Temuan:
    """Compare everything. Letters are read and hashed, and made again where that can be done.
    A file without a row counts once it is older than `baru`."""
    hasil = Temuan()
    bernama: set[str] = set()
    for baris, nama in semua_nama():
        bernama.add(nama)
        hasil.diperiksa += 1
        if not default_storage.exists(nama):
            hasil.hilang.append((baris, nama))
    lama = pada - baru
    catat_hilang([baris for baris, _ in hasil.hilang], pada=pada)
    hasil.sisa = [satu for satu in _semua_berkas() if satu not in bernama and _tua(satu, lama)]
    hasil.berubah = _berubah(_tercetak(), pada)
    return hasil


def periksa_contoh(*, pada: datetime) -> int:
    """Each night some letters, from a place drawn by lot; returns how many are not as they were."""
    semua = _tercetak().order_by("pk")  # by place: keys jump after a restore
    mulai = secrets.randbelow(max(semua.count() - _CONTOH, 0) + 1)
    return len(_berubah(semua[mulai : mulai + _CONTOH], pada))


def periksa_ada(*, pada: datetime) -> None:
    """Each night: are all files there that rows name? Their content is not read."""
    catat_hilang([b for b, nama in semua_nama() if not default_storage.exists(nama)], pada=pada)


def catat_hilang(baris: list[str], *, pada: datetime) -> None:
    """Keep in mind that papers are missing (letters are made again)."""
    if jumlah := sum(not satu.startswith("cetakan ") for satu in baris):
        log.error("%d papers are not where their rows say", jumlah)
        Denyut.objects.get_or_create(nama=Denyut.HILANG, defaults={"pada": pada})
    else:
        Denyut.objects.filter(nama=Denyut.HILANG).delete()


def hapus_kosong(*, pada: datetime) -> int:
    """Delete files without a byte that no row names: what a full disk left behind. Returns how
    many. What has content is never deleted by itself: after a restore it may be all there is."""
    lama = pada - _BARU
    kosong = [n for n in _semua_berkas() if default_storage.size(n) == 0 and _tua(n, lama)]
    bernama = {nama for _, nama in semua_nama()} if kosong else set()
    for nama in (sisa := [satu for satu in kosong if satu not in bernama]):
        default_storage.delete(nama)
    return len(sisa)


def _tercetak() -> QuerySet[Cetakan]:
    selesai = Cetakan.objects.filter(keadaan=Cetakan.Keadaan.SELESAI)
    return selesai.select_related("surat").defer("surat__data")


def _berubah(semua: QuerySet[Cetakan], pada: datetime) -> list[int]:
    rusak = [
        satu.surat_id for satu in semua.iterator(100) if not pencetakan.pastikan(satu, pada=pada)
    ]
    if rusak:
        log.error("%d letters are not as they were made", len(rusak))
    return rusak


def _folder(nama: str) -> Path:
    return Path(default_storage.path("")) if nama == Denyut.FOLDER_BERKAS else settings.CADANGAN_DIR


def dikenal(nama: str) -> bool | None:
    """Whether the folder of that name (Denyut.FOLDER_…) is the one that the village knows: the id
    in it stands in the database. A disk that is not mounted has none. None: none is known yet."""
    semua = Denyut.objects.filter(nama=nama)
    if not semua.exists():  # no other column: before an update the tables are older
        return None
    try:
        return semua.get().versi == (_folder(nama) / _TANDA).read_text()
    except (OSError, ValueError):
        return False


def tandai(nama: str, *, pada: datetime, ganti: bool = False) -> None:
    """From now on the village knows this one, unless it knows one already; `ganti`: instead. Of two
    processes at once the second changes nothing. One that cannot be written changes nothing. The
    id that is in it stays: a database beside this one, or the server in a drill, may know it."""
    tanda = _folder(nama) / _TANDA
    try:
        ada = tanda.read_text(errors="replace") if tanda.exists() else ""
        isi = {"pada": pada, "versi": ada if len(ada) == 32 else secrets.token_hex(16)}
        with transaction.atomic():
            Denyut.objects.filter(nama=nama if ganti else "").delete()
            if Denyut.objects.get_or_create(nama=nama, defaults=isi)[1] and ada != isi["versi"]:
                tanda.parent.mkdir(parents=True, exist_ok=True)
                baru = tanda.with_name(f"{_TANDA}.baru")
                baru.write_text(str(isi["versi"]))
                baru.replace(tanda)
    except OSError as galat:
        log.error("a folder cannot be marked: %s", type(galat).__name__)


def kata_asing(nama: str) -> str:
    """What is wrong where it is another folder, and what to do."""
    return (
        f"{_folder(nama)} bukan {nama} desa ini: semua proses harus memakai folder yang sama, "
        "dengan cakramnya terpasang (mount). Bila memang folder baru, atau isinya hilang: "
        f"{settings.PERINTAH} periksa_berkas --terima {nama}."
    )


def semua_nama() -> Iterator[tuple[str, str]]:
    """Row and name of every file that a row names."""
    for model, kolom in _KOLOM:
        isi = model._default_manager.exclude(**{kolom: ""}).values_list("pk", kolom)
        for pk, nama in isi.iterator(2000):
            yield f"{model._meta.model_name} {pk} {kolom}", nama
    for pk, nama in Impor.objects.exclude(berkas="").values_list("pk", "berkas"):
        yield f"impor {pk}", nama
    for pk, berkas in Ketikan.objects.values_list("pk", "berkas"):
        for satu in berkas:
            if satu["berkas"]:
                yield f"ketikan {pk}", satu["berkas"]


def _semua_berkas(folder: str = "") -> Iterator[str]:
    try:
        sub, nama = default_storage.listdir(folder or ".")
    except (FileNotFoundError, PermissionError):  # nothing was ever stored; a disk's lost+found
        return
    for satu in (n for n in nama if n != _TANDA):
        yield f"{folder}/{satu}".lstrip("/")
    for satu in sub:
        yield from _semua_berkas(f"{folder}/{satu}".lstrip("/"))


def _tua(nama: str, sebelum: datetime) -> bool:
    try:
        return default_storage.get_modified_time(nama) < sebelum
    except FileNotFoundError:  # deleted meanwhile
        return False
