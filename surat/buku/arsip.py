"""The register of past years out of Excel: understood, looked at, then kept to be searched.

Nothing of it is ours: it takes no number of a book, stands in no agenda, and the public check does
not know it. What no column is meant for stays in the remark; NIK and KK do not.
"""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet

from penduduk.impor import berkas, sel
from penduduk.models import Akun
from surat.models import ArsipSurat

BARIS_MAKS = 50_000
_KOLOM = json.loads((Path(__file__).parent / "arsip_kolom.json").read_text(encoding="utf-8"))
_BUANG = "tidak disimpan"
_NIK = re.compile(  # or KK; no NIP, no two dates: written with gaps it holds a day and a month
    r"(?<!\d)(?:\d{16}|\d\d\.\d\d\.\d\d\.\d{6}\.\d{4}"
    r"|\d{4}[ .-]?\d\d[ .-]?[0-7]\d[ .-]?[01]\d[ .-]?\d\d[ .-]?\d{4})(?!\d)"
)
_PANJANG = {k.name: k.max_length for k in ArsipSurat._meta.fields if k.max_length}


@dataclass
class Terbaca:
    """`kolom`: what each heading was taken for; `atas`: rows above it, or of a sheet without one;
    `lewat`: rows without a number; `kembar`: what the archive or the file has already."""

    muatan: uuid.UUID
    baris: list[ArsipSurat] = field(default_factory=list)
    kolom: dict[str, str] = field(default_factory=dict)
    atas: int = 0
    lewat: int = 0
    kembar: int = 0


def baca(isi: BinaryIO, *, oleh: Akun, pada: datetime) -> Terbaca:
    """The rows of a workbook, kept to be looked at: nobody finds them in the archive yet. Raises
    BerkasTidakTerbaca."""
    hasil, ada = Terbaca(uuid.uuid4()), set(_ada())
    for lembar in berkas.tabel_excel(isi):
        judul: dict[int, tuple[str, str]] = {}
        for nomor, isi_baris in lembar:
            if not judul:
                judul = _judul(isi_baris)
                hasil.atas += not judul
                hasil.kolom |= {kata: arti or "keterangan" for kata, arti in judul.values()}
                continue
            satu = _satu(isi_baris, judul)
            if satu is None:
                hasil.lewat += 1
                continue
            if satu.sidik in ada:
                hasil.kembar += 1
                continue
            ada.add(satu.sidik)
            satu.muatan, satu.baris = hasil.muatan, nomor
            satu.dimuat_oleh, satu.dimuat_pada = oleh, pada
            hasil.baris.append(satu)
            if len(hasil.baris) > BARIS_MAKS:
                raise berkas.BerkasTidakTerbaca(f"Lebih dari {BARIS_MAKS} baris. Bagi berkasnya.")
    if not hasil.baris and not hasil.kembar:
        raise berkas.BerkasTidakTerbaca(
            "Tidak ada baris yang dapat dibaca. Baris judul memuat “Nomor surat” dan paling "
            "sedikit satu dari: tanggal, jenis atau perihal, nama, keterangan."
        )
    ArsipSurat.objects.bulk_create(hasil.baris, batch_size=1000)
    return hasil


def _judul(baris: dict[int, Any]) -> dict[int, tuple[str, str]]:
    """Heading and meaning by column; empty when this row is no heading."""
    kata = {n: sel.teks_polos(isi) for n, isi in baris.items()}
    kunci = {n: "".join(c for c in k.casefold() if c.isalnum()) for n, k in kata.items()}
    arti = dict.fromkeys(kata, "")
    for makna, semua in _KOLOM.items():  # the likeliest first; a second one goes to the remark
        cocok = [n for satu in semua for n in kunci if kunci[n] == satu]
        arti |= dict.fromkeys(cocok if makna == _BUANG else cocok[:1], makna)
    dikenal = set(arti.values()) - {"", _BUANG}
    if "nomor" not in dikenal or len(dikenal) < 2:
        return {}
    return {n: (kata[n], arti[n]) for n in kata}


def _satu(baris: dict[int, Any], judul: dict[int, tuple[str, str]]) -> ArsipSurat | None:
    isi: dict[str, str] = {}
    sisa: list[str] = []
    tanggal: date | None = None
    for n, mentah in baris.items():
        kata, arti = judul.get(n, ("", ""))
        if not (teks := _NIK.sub("[NIK]", sel.teks_polos(mentah))) or arti == _BUANG:
            continue
        if arti == "tanggal":
            terbaca = sel.baca_tanggal(mentah).nilai
            tanggal = date.fromisoformat(terbaca) if isinstance(terbaca, str) else None
            if tanggal and not isinstance(mentah, str):  # a day of Excel's, counted from 1900
                teks = f"{tanggal:%d-%m-%Y}"
            arti = "tanggal_tertulis"
        if arti in _PANJANG:
            isi[arti] = teks[: _PANJANG[arti]]
        if arti not in _PANJANG or len(teks) > _PANJANG[arti]:
            sisa.append(teks if arti == "keterangan" or not kata else f"{kata}: {teks}")
    if not isi.get("nomor") or len(isi) + len(sisa) < 2:
        return None
    satu = ArsipSurat(tanggal=tanggal, keterangan="; ".join(sisa), **isi)
    kunci = (satu.nomor, satu.tanggal_tertulis, satu.perihal, satu.nama, satu.keterangan)
    satu.sidik = hashlib.sha256(json.dumps(kunci).encode()).hexdigest()
    return satu


@transaction.atomic
def sahkan(muatan: uuid.UUID) -> int:
    """Take a dry run into the archive, without what came there meanwhile; returns how many rows."""
    uji = ArsipSurat.objects.filter(muatan=muatan, sah=False)
    list(uji.select_for_update().values_list("pk", flat=True))  # two who press at once
    uji.filter(sidik__in=_ada()).delete()
    return uji.update(sah=True)


def _ada() -> QuerySet[ArsipSurat, str]:
    return ArsipSurat.objects.filter(sah=True).values_list("sidik", flat=True)
