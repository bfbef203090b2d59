"""Letter types out of a file: looked at first, then taken over whole or not at all."""

import enum
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from penduduk import teks
from penduduk.models import Akun
from surat.jenis import beda as beda_jenis
from surat.jenis import berkas, penyuntingan
from surat.jenis.bentuk import JenisTidakSah, rapikan
from surat.migrations._penanda_lama import dari_lama
from surat.models import JenisSurat

BYTE_MAKS = 1024 * 1024
JENIS_MAKS = 200


class BerkasDitolak(ValueError):
    """The file as a whole cannot be read; the message says why."""


class Berubah(ValueError):
    """What was looked at is not what is there now: look again."""


class Nasib(enum.StrEnum):
    BARU = "baru"
    BEDA = "beda"
    SAMA = "sama"
    SALAH = "salah"


@dataclass(frozen=True)
class Baris:
    """What would become of one type of the file. `keadaan`: what it would replace, as a token;
    `tetap`: what the file does not know and the village keeps."""

    kode: str
    nama: str
    nasib: Nasib
    sebab: str = ""
    keadaan: str = ""
    ditawarkan: bool = False
    tetap: str = ""
    beda: list[beda_jenis.Bagian] = field(default_factory=list)


def baca(isi: bytes) -> list[Any]:
    """The types in a file: one, or a list. Raises BerkasDitolak."""
    if len(isi) > BYTE_MAKS:
        raise BerkasDitolak("Berkas ini lebih dari 1 MB. Bagi menjadi beberapa berkas.")
    try:
        data = json.loads(isi.decode("utf-8-sig"), parse_constant=_bukan_angka)
        json.dumps(data, ensure_ascii=False).encode()  # no half characters, not too deep
        data = teks.dalam(data)
    except (ValueError, RecursionError) as galat:
        raise BerkasDitolak(
            "Berkas ini bukan berkas jenis surat. Pilih berkas .json yang diunduh dari portal."
        ) from galat
    semua = data if isinstance(data, list) else [data]
    if not semua:
        raise BerkasDitolak("Berkas ini tidak berisi jenis surat.")
    if len(semua) > JENIS_MAKS:
        raise BerkasDitolak(f"Berkas ini berisi lebih dari {JENIS_MAKS} jenis surat.")
    return semua


def tulis(semua: list[Any]) -> str:
    """What was read, on one line, to be sent along with the answer to the dry run."""
    return json.dumps(semua, ensure_ascii=False, separators=(",", ":"))


def _bukan_angka(teks: str) -> Any:
    raise ValueError(teks)


def periksa(semua: list[Any]) -> list[Baris]:
    """A dry run: what applying would do, type by type. A constant number of queries."""
    kode = [d["kode"] for d in semua if isinstance(d, dict) and isinstance(d.get("kode"), str)]
    ada = {j.kode: j for j in berkas.lengkap().filter(kode__in=kode[:JENIS_MAKS])}
    return [_satu(data, ada, kode) for data in semua]


def _satu(data: Any, ada: Mapping[str, JenisSurat], kode: list[str]) -> Baris:
    sebut = _sebut(data)
    try:
        rapi = _rapi(data)
        berkas.periksa(rapi)
        if kode.count(rapi["kode"]) > 1:
            raise JenisTidakSah("Kode ini ada dua kali di berkas.")
    except (JenisTidakSah, RecursionError) as galat:
        sebab = str(galat) if isinstance(galat, JenisTidakSah) else "Isinya terlalu bertingkat."
        return Baris(*sebut, Nasib.SALAH, sebab=sebab)
    jenis = ada.get(rapi["kode"])
    if jenis is None:
        return Baris(*sebut, Nasib.BARU, ditawarkan=rapi.get("layanan_mandiri", True))
    lama, kini = _dari_rilis_lama(data), berkas.ekspor(jenis)
    beda = beda_jenis.bandingkan(kini, berkas.seragam(_lengkapi(rapi, lama, kini)))
    nasib, tetap = (Nasib.BEDA if beda else Nasib.SAMA), ", ".join(lama.values())
    return Baris(*sebut, nasib, keadaan=keadaan(jenis), tetap=tetap, beda=beda)


def _dari_rilis_lama(data: dict[str, Any]) -> dict[str, str]:
    """What came after the release that wrote this file, by key."""
    return {k: sebut for k, sebut in berkas.SUSUNAN.items() if k not in data}


def _lengkapi(rapi: dict[str, Any], lama: Collection[str], kini: dict[str, Any]) -> dict[str, Any]:
    """A file that says nothing of rules does not take them away: they stay where they fit."""
    cocok = berkas.yang_cocok(kini, rapi) if lama else {}
    return rapi | {k: cocok[k] for k in lama}


def _sebut(data: Any) -> tuple[str, str]:
    """Code and name as far as they can be read."""
    if not isinstance(data, dict):
        return "", "(bukan jenis surat)"
    kode, nama = (str(data.get(k) or "")[:120] for k in ("kode", "nama"))
    return kode, nama or kode or "(tanpa nama)"


def _rapi(data: Any) -> Any:
    """Wording as the editor would store it, where it has the right form at all."""
    if not isinstance(data, dict):
        return data
    rapi = dari_lama({k: v for k, v in data.items() if k != "sidik"})
    for bagian in ("pembuka", "penutup"):
        if isinstance(rapi.get(bagian), str):
            rapi[bagian] = rapikan(rapi[bagian])
    isi = rapi.get("isi")
    if isinstance(isi, list) and all(isinstance(x, str) for x in isi):
        rapi["isi"] = rapikan("\n\n".join(isi)).split("\n\n")
    return rapi


def keadaan(jenis: JenisSurat) -> str:
    """What a type is now, short: revision and version of the wording."""
    return f"{jenis.revisi}.{max(t.versi for t in jenis.templat.all())}"


@transaction.atomic
def terapkan(
    semua: list[Any], timpa: Mapping[str, str], *, oleh: Akun, pada: datetime
) -> tuple[list[JenisSurat], list[JenisSurat]]:
    """Take over the new types, and of the existing ones those in `timpa` (code → `keadaan` as it
    was looked at). Returns (new, replaced).

    Raises Berubah when anything is not as it was looked at; then nothing is changed.
    """
    baru: list[JenisSurat] = []
    diganti: list[JenisSurat] = []
    laporan = periksa(semua)
    if any(b.nasib is Nasib.SALAH for b in laporan):
        raise Berubah("Ada jenis surat yang tidak sah di berkas ini. Tidak ada yang diubah.")
    for data, baris in zip(semua, laporan, strict=True):
        try:
            if baris.nasib is Nasib.BARU:
                baru.append(penyuntingan.buat(_rapi(data), oleh=oleh, pada=pada, catatan="Impor"))
            elif baris.nasib is Nasib.BEDA and baris.kode in timpa:
                diganti.append(_ganti(data, timpa[baris.kode], oleh=oleh, pada=pada))
        except (penyuntingan.Keduluan, JenisTidakSah) as galat:
            raise Berubah(f"{baris.nama}: {galat} Tidak ada yang diubah.") from galat
    return baru, diganti


def _ganti(data: dict[str, Any], keadaan_: str, *, oleh: Akun, pada: datetime) -> JenisSurat:
    revisi, _, versi = keadaan_.partition(".")
    if not (revisi.isdecimal() and versi.isdecimal() and len(keadaan_) < 30):
        raise penyuntingan.Keduluan("Periksa lagi sebelum menerapkan.")
    jenis = berkas.lengkap().get(kode=data["kode"])
    data = _lengkapi(_rapi(data), _dari_rilis_lama(data), berkas.ekspor(jenis))
    return penyuntingan.timpa(
        jenis, data, revisi=int(revisi), dasar=int(versi), oleh=oleh, pada=pada, catatan="Impor"
    )
