"""An ordinary letter of any type, and what makes it another one: the rows of bertentangan.toml."""

import copy
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from penduduk.models import Keluarga, Penduduk
from surat.isian import aturan
from surat.isian.aturan import Temuan
from surat.isian.macam import Kasus
from surat.models import Aturan, JenisSurat
from surat.naskah.susunan import Bahan
from surat.peraga import surat as peraga
from surat.peraga.orang import Ukuran

HARI = date(2026, 11, 23)
_ISI = tomllib.loads(Path(__file__).with_name("bertentangan.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Baris:
    """`orang`: columns of the register, or typed facts, by pemohon or key of a question; `isian`:
    answers; `register`: whom a typed NIK belongs to; `pengantar`: number and date."""

    kode: str
    kuat: str
    kata: str
    isian: dict[str, Any]
    orang: dict[str, dict[str, Any]]
    register: dict[str, dict[str, Any]]
    pengantar: list[str] | None

    def __str__(self) -> str:
        apa = [*self.isian, *self.orang, *self.register, *(["pengantar"] if self.pengantar else [])]
        return f"{self.kode}: {', '.join(apa)} → {self.kata}"


def semua() -> list[Baris]:
    kosong = {"isian": {}, "orang": {}, "register": {}, "pengantar": None}
    return [Baris(kode, **kosong | b) for kode, baris in _ISI.items() for b in baris]


def bahan(jenis: JenisSurat, *, ukuran: Ukuran = Ukuran.WAJAR, tanggal: date = HARI) -> Bahan:
    return peraga.bahan(jenis, ukuran=ukuran, tanggal=tanggal)


def orang_dari(satu: Bahan, kunci: str) -> Any:
    """The person whom `kunci` names: a row of the register, or the typed answer itself."""
    if kunci == "pemohon":
        return satu.pemohon
    nilai = satu.jawaban[kunci]
    if isinstance(nilai, list):
        return nilai[0] if isinstance(nilai[0], dict) else satu.penduduk[nilai[0]]
    pk = nilai.get("pk") if isinstance(nilai, dict) else int(nilai)
    return satu.penduduk[pk] if pk else nilai


def _kolom(nama: str, nilai: Any) -> tuple[str, Any]:
    """A column of the register and its value, out of what TOML can hold."""
    match nama:
        case "tanggal_lahir":
            return nama, date.fromisoformat(nilai) if nilai else None
        case "keluarga_id":
            return "keluarga", Keluarga(pk=nilai, alamat="Jalan Lain Contoh")
        case "nik":
            return nama, nilai or None
    return nama, nilai


def ubah(satu: Bahan, baris: Baris) -> Bahan:
    """The ordinary letter with what `baris` says of it."""
    jawaban = copy.deepcopy(satu.jawaban) | copy.deepcopy(baris.isian)
    satu = replace(satu, jawaban=jawaban)
    for kunci, isi in baris.orang.items():
        orang = orang_dari(satu, kunci)
        for nama, nilai in isi.items():
            if isinstance(orang, dict):
                orang[nama] = nilai
            else:
                setattr(orang, *_kolom(nama, nilai))
    if baris.pengantar is not None:
        nomor, hari = baris.pengantar
        hari_ = date.fromisoformat(hari) if hari else None
        satu = replace(satu, pengantar=replace(satu.pengantar, nomor=nomor, tanggal=hari_))
    return satu


def kasus(satu: Bahan, register: dict[str, dict[str, Any]] | None = None) -> Kasus:
    bidang = {b.kunci: b for b in satu.jenis.pertanyaan.all()}
    ber_nik = {}
    for n, (kunci, isi) in enumerate((register or {}).items()):
        orang = orang_dari(satu, kunci)
        kolom = dict(_kolom(*x) for x in isi.items())
        ada = Penduduk(pk=-90 - n, nik=orang["nik"], **{"nama": orang["nama"], **kolom})
        ber_nik[ada.nik] = ada
    return Kasus(
        satu.jenis,
        bidang,
        satu.jawaban,
        satu.tanggal,
        satu.pemohon,
        satu.penduduk,
        ber_nik,
        (satu.pengantar.nomor, satu.pengantar.tanggal),
        sekartu=[
            x
            for x in (satu.penduduk or {}).values()
            if x.status_dasar == Penduduk.HIDUP and x.keluarga == satu.pemohon.keluarga
        ],
    )


def temuan(satu: Bahan, register: dict[str, dict[str, Any]] | None = None) -> list[Temuan]:
    ini = kasus(satu, register)
    return aturan.periksa(ini, aturan.ketentuan(satu.jenis, ini.bidang))


def kena(kasus: Kasus, a: Aturan) -> bool:
    """Whether one rule does not hold."""
    return bool(aturan.periksa(replace(kasus, pengantar=None), [a]))
