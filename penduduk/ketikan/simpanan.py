"""Forms that came too late: kept, found again by the same account in the same browser, forgotten.

The row comes first and goes last, and it names its files beforehand: wherever a process dies, the
sweep finds the row, and with it whatever was written.
"""

import logging
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from penduduk.models import Akun, Ketikan, Perangkat

log = logging.getLogger(__name__)

LAMA = timedelta(minutes=30)
ACUAN = "_ketikan"  # hidden field of a filled form: names the row whose files go with it
PER_AKUN = 5
TEKS_MAKS = 512 * 1024  # characters of one form
BERKAS_MAKS = settings.UNGGAH_MAKS  # bytes of one form's files together
BERKAS_BANYAK = 12
_SEBUT_MAKS = 50  # names of files that had no room
_FOLDER = "ketikan"
_GARAM = "penduduk.ketikan"
# Whoever typed at this browser within this time may be whose page it is.
_BERGANTIAN = timedelta(hours=24)
_BUKAN_ISI = (ACUAN, "csrfmiddlewaretoken")  # belongs to its page
# A secret is typed anew.
_RAHASIA = re.compile(r"(?:^|[^a-z])(?:pin|sandi|password\d?|passwd|otp)(?:[^a-z]|$)")


@dataclass(frozen=True)
class Formulir:
    """What arrived."""

    alamat: str
    halaman: str
    isi: Mapping[str, list[str]]
    berkas: list[tuple[str, UploadedFile]]


def pemilik(*, sidik: str, petugas: bool | None, pasti: bool, pada: datetime) -> Akun | None:
    """Whose form a browser sends that is not logged in (any more): one of staff, of a resident,
    or of either (None). None: nobody's that we know.

    `pasti`: its token is that of the last login here, so the page was made for that account.
    Otherwise it may be an earlier one's, and where people take turns nobody can tell.
    """
    baris = Perangkat.objects.filter(sidik=sidik).select_related("akun")
    if petugas is not None:
        baris = baris.filter(akun__is_staff=petugas)
    terakhir = list(baris.order_by("-terakhir_pada")[:2])
    if not terakhir:
        return None
    if not pasti and len(terakhir) == 2 and terakhir[1].terakhir_pada > pada - _BERGANTIAN:
        return None
    return terakhir[0].akun


def simpan(
    akun: Akun, kiriman: Formulir, *, sidik: str, sesi_berakhir: bool, pada: datetime
) -> Ketikan | None:
    """Keep a form, its secrets left out; of a mere button, that it was pressed. None: nothing but
    secrets, or too much."""
    semua = {nama: nilai for nama, nilai in kiriman.isi.items() if nama not in _BUKAN_ISI}
    isi = {
        _tanpa_nol(nama): [_tanpa_nol(satu) for satu in nilai]
        for nama, nilai in semua.items()
        if not _RAHASIA.search(nama.lower())
    }
    besar = sum(len(nama) + sum(map(len, nilai)) for nama, nilai in isi.items())
    if (semua and not isi and not kiriman.berkas) or besar > TEKS_MAKS:
        return None
    if max(len(kiriman.alamat), len(kiriman.halaman)) > 500:
        return None
    berkas, lebih = _layak(kiriman.berkas)
    hapus(Ketikan.objects.filter(akun=akun, sidik=sidik, alamat=kiriman.alamat))
    satu, baru = Ketikan.objects.get_or_create(
        akun=akun,
        sidik=sidik,
        alamat=kiriman.alamat,
        defaults={
            "halaman": kiriman.halaman,
            "isi": isi,
            "berkas": [
                *(_keterangan(bidang, satu) for bidang, satu in berkas),
                *(_keterangan(bidang, satu) | {"berkas": ""} for bidang, satu in lebih),
            ],
            "sesi_berakhir": sesi_berakhir,
            "pada": pada,
        },
    )
    if baru:  # else pressed twice: the other press is keeping the same form
        _tulis(satu, berkas)
    lama = Ketikan.objects.filter(akun=akun).order_by("-pada", "-pk")[PER_AKUN:]
    hapus(lama)
    return satu


def _tanpa_nol(teks: str) -> str:
    return teks.replace("\0", "")  # which PostgreSQL does not take


def _layak(
    berkas: list[tuple[str, UploadedFile]],
) -> tuple[list[tuple[str, UploadedFile]], list[tuple[str, UploadedFile]]]:
    """The files that hold anything and that there is room for, and the others, of which only the
    names are kept."""
    muat: list[tuple[str, UploadedFile]] = []
    lebih: list[tuple[str, UploadedFile]] = []
    besar = 0
    for bidang, satu in berkas:
        ukuran = satu.size or 0
        if ukuran and len(muat) < BERKAS_BANYAK and besar + ukuran <= BERKAS_MAKS:
            muat.append((bidang, satu))
            besar += ukuran
        else:
            lebih.append((bidang, satu))
    return muat, lebih[:_SEBUT_MAKS]


def _keterangan(bidang: str, satu: UploadedFile) -> dict[str, object]:
    return {
        "bidang": bidang,
        "nama": _tanpa_nol(satu.name or "")[:120],
        "jenis": _tanpa_nol(satu.content_type or "")[:80],
        "ukuran": satu.size or 0,
        "berkas": f"{_FOLDER}/{uuid.uuid4().hex}",
    }


def _tulis(satu: Ketikan, berkas: list[tuple[str, UploadedFile]]) -> None:
    try:
        for ket, (_, unggahan) in zip(satu.berkas, berkas, strict=False):
            unggahan.seek(0)
            default_storage.save(ket["berkas"], unggahan)
    except OSError as galat:  # the disk is full: the words are worth keeping all the same
        log.warning("files of a late form were not kept: %s", type(galat).__name__)
        buang_berkas(satu)
        nama_saja = [ket | {"berkas": ""} for ket in satu.berkas]
        Ketikan.objects.filter(pk=satu.pk).update(berkas=nama_saja)


def milik(akun: Akun, *, sidik: str, pada: datetime) -> QuerySet[Ketikan]:
    """What is still kept for `akun` in this browser, the latest first."""
    baris = Ketikan.objects.filter(akun=akun, sidik=sidik, pada__gt=pada - LAMA)
    return baris.order_by("-pada", "-pk")


def menunggu(*, sidik: str, halaman: str, pada: datetime) -> Ketikan | None:
    """The form of `halaman` that is kept for somebody in this browser; None: there is none."""
    baris = Ketikan.objects.filter(sidik=sidik, halaman=halaman, pada__gt=pada - LAMA)
    return baris.order_by("pada").last()


def utuh(satu: Ketikan) -> list[dict]:
    """Those of its files that were written to the end."""
    return [k for k in satu.berkas if k["berkas"] and _ukuran(k["berkas"]) == k["ukuran"]]


def tertinggal(satu: Ketikan) -> list[dict]:
    """The files that came along and are not kept: empty, without room, or not written whole."""
    ada = utuh(satu)
    return [ket for ket in satu.berkas if ket not in ada]


def _ukuran(nama: str) -> int:
    try:
        return default_storage.size(nama)
    except OSError:
        return -1


def buka(satu: Ketikan, *, kecuali: Iterable[str]) -> Iterable[tuple[str, UploadedFile]]:
    """Its files as a form would bring them, name of the field and file, but for those fields
    that have one already: another choice, unless it makes up for what was not kept."""
    ada = set(kecuali) - {ket["bidang"] for ket in tertinggal(satu)}
    for ket in utuh(satu):
        if ket["bidang"] in ada:
            continue
        isi = default_storage.open(ket["berkas"])
        yield ket["bidang"], UploadedFile(isi, ket["nama"], ket["jenis"], ket["ukuran"])


def acuan(satu: Ketikan) -> str:
    """What a filled form carries to name its row."""
    return signing.dumps(satu.pk, salt=_GARAM)


def dari_acuan(teks: str) -> int | None:
    """The row that a filled form names; None: not of our making, or too old."""
    try:
        return signing.loads(teks, salt=_GARAM, max_age=LAMA)
    except signing.BadSignature:
        return None


def buang_berkas(satu: Ketikan) -> None:
    """Its files have been taken, or cannot be had."""
    for ket in satu.berkas:
        if ket["berkas"]:
            default_storage.delete(ket["berkas"])
    Ketikan.objects.filter(pk=satu.pk).update(berkas=[])


def hapus(baris: QuerySet[Ketikan]) -> None:
    for satu in baris:
        buang_berkas(satu)
        satu.delete()


def bersihkan(*, pada: datetime) -> None:
    """Forget what nobody came back for, and files whose row is gone (with its account)."""
    hapus(Ketikan.objects.filter(pada__lte=pada - LAMA))
    try:
        semua = default_storage.listdir(_FOLDER)[1]
    except FileNotFoundError:  # nothing has ever been kept
        return
    for nama in (f"{_FOLDER}/{satu}" for satu in semua):
        if default_storage.get_modified_time(nama) <= pada - 2 * LAMA:
            default_storage.delete(nama)
