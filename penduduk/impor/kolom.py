"""The 43 columns of OpenSID's Excel format, and one row of them.

Names and codes (opensid.json) are facts about that format. A column lives in the resident, in the
family, or is only carried along (`lain`). Health columns are read by nobody: docs/keputusan/0006.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from penduduk import referensi
from penduduk.identitas import bukti
from penduduk.identitas import rt as rt_
from penduduk.impor import sel
from penduduk.impor.sel import GALAT_RUMUS, Pembaca
from penduduk.models import Keluarga
from penduduk.teks import bersihkan
from penduduk.teks import kalimat as kalimat_buang

_DATA: dict[str, Any] = json.loads(
    Path(__file__).with_name("opensid.json").read_text(encoding="utf-8")
)
_RT_MAKS = 40  # of a cell that may hold both
PENDUDUK, KELUARGA, LAIN, KESEHATAN = "penduduk", "keluarga", "lain", "kesehatan"
WAJIB = ("nama", "no_kk", "nik")  # headers without which a file is not read


@dataclass(frozen=True)
class Kolom:
    nama: str  # header in the file, and key in BarisImpor.perubahan
    label: str
    rumah: str
    bidang: str  # field of the model; empty if it has none
    baca: Pembaca
    tabel: str = ""

    @property
    def milik_keluarga(self) -> bool:
        return self.rumah == KELUARGA

    def tampil(self, nilai: str | int | None) -> str:
        """A value of ours as a person reads it."""
        if nilai is None:
            return "—"
        if self.tabel:
            return _label(self.tabel).get(int(nilai), str(nilai))
        if self.bidang == "tanggal_lahir":
            return "-".join(reversed(str(nilai).split("-")))
        return str(nilai)


def _label(tabel: str) -> dict[int, str]:
    if tabel not in _LABEL:
        _LABEL[tabel] = {int(kode): label for kode, label in referensi.tabel(tabel)}
    return _LABEL[tabel]


_LABEL: dict[str, dict[int, str]] = {}


def _pembaca_kode(tabel: str) -> Pembaca:
    tanda = tabel == "golongan_darah"
    daftar = {sel.kunci_kode(teks, tanda=tanda): k for teks, k in _DATA["kode"][tabel].items()}
    daftar |= {sel.kunci_kode(teks, tanda=tanda): k for k, teks in _label(tabel).items()}
    return sel.kode(daftar, frozenset(_label(tabel)), tanda=tanda)


def _pembaca(jenis: str, maks: int, tabel: str) -> Pembaca:
    if tabel:
        dasar = _pembaca_kode(tabel)
        return sel.pekerjaan(dasar) if jenis == "pekerjaan" else dasar
    tetap: dict[str, Pembaca] = {
        "nik": sel.baca_nik,
        "kk": sel.baca_kk,
        "nik_orang_tua": sel.baca_nik_orang_tua,
        "tanggal": sel.baca_tanggal,
        "tanggal_teks": sel.baca_tanggal_teks,
        "abai": lambda isi: sel.NIHIL,
    }
    if jenis in tetap:
        return tetap[jenis]
    if jenis == "banjar":
        return sel.banjar(maks)
    return sel.teks(_RT_MAKS if jenis == "rt" else maks)  # RT and RW: see _samakan_rt


KOLOM: tuple[Kolom, ...] = tuple(
    Kolom(
        nama=satu["nama"],
        label=satu["label"],
        rumah=satu["rumah"],
        bidang=satu["bidang"],
        baca=_pembaca(satu["jenis"], satu.get("maks", 0), satu.get("tabel", "")),
        tabel=satu.get("tabel", ""),
    )
    for satu in _DATA["kolom"]
)
KOLOM_KELUARGA = tuple(k for k in KOLOM if k.milik_keluarga)
BIDANG_KELUARGA = [k.bidang for k in KOLOM_KELUARGA]
MENURUT_NAMA = {k.nama: k for k in KOLOM}
NAMA = tuple(MENURUT_NAMA)
JUDUL_LAIN: dict[str, list[str]] = _DATA["judul"]  # how SIAK and others call our columns
_DIBACA = [(urut, k) for urut, k in enumerate(KOLOM) if k.rumah != KESEHATAN]
URUT_KESEHATAN = tuple(urut for urut, k in enumerate(KOLOM) if k.rumah == KESEHATAN)
_URUT_SHDK, KEPALA = NAMA.index("kk_level"), 1
URUT_NIK, URUT_KK, URUT_NAMA = NAMA.index("nik"), NAMA.index("no_kk"), NAMA.index("nama")


@dataclass
class Isi:
    """One row as we understand it. Blank cells are missing from `nilai`."""

    nilai: dict[str, str | int] = field(default_factory=dict)
    catatan: list[dict[str, Any]] = field(default_factory=list)
    ragu: bool = False
    bentrok: bool = False
    ditolak: bool = False
    tahun_lahir: int | None = None  # of a birth date of which nothing else can be read

    def catat(self, kolom: str, kalimat: str, *, ragu: bool = True, **lain: Any) -> None:
        self.catatan.append({"kolom": kolom, "kalimat": kalimat, **lain})
        self.ragu = self.ragu or ragu

    def bentrokkan(self, kolom: str, kalimat: str, **lain: Any) -> None:
        """Not to be applied before somebody has looked: see BarisImpor.catatan for `lain`."""
        self.catat(kolom, kalimat, **lain)
        self.bentrok = True

    def tolak(self, kolom: str, kalimat: str) -> None:
        self.ditolak = True
        self.catatan.append({"kolom": kolom, "kalimat": kalimat})


def baca(sel_baris: Sequence[object]) -> Isi:
    """All cells of one row, in the order of KOLOM."""
    isi = Isi()
    for urut, kolom in _DIBACA:
        mentah = sel_baris[urut]
        if mentah is None and kolom.nama not in ("nik", "no_kk"):
            continue
        if isinstance(mentah, str):
            if mentah in GALAT_RUMUS:
                _catat_rumus(isi, kolom, mentah)
                continue
            if not mentah.isascii() and (kalimat := kalimat_buang(bersihkan(mentah).dibuang)):
                isi.catat(kolom.nama, kalimat)
        try:
            terbaca = kolom.baca(mentah)
        except sel.BarisDitolak as galat:
            isi.tolak(kolom.nama, str(galat))
            continue
        if terbaca.bentrok:
            isi.bentrokkan(kolom.nama, terbaca.kalimat)
        elif terbaca.kalimat:
            isi.catat(kolom.nama, terbaca.kalimat, ragu=terbaca.ragu)
        if terbaca.nilai is not None:
            isi.nilai[kolom.nama] = terbaca.nilai
        elif kolom.bidang == "tanggal_lahir":
            isi.tahun_lahir = sel.tahun_tertulis(mentah)
    _samakan_rt(isi)
    if "nama" not in isi.nilai:
        isi.tolak("nama", "Tidak ada nama. Isi nama penduduk ini, lalu unggah ulang.")
    return isi


def _catat_rumus(isi: Isi, kolom: Kolom, mentah: str) -> None:
    kalimat = f"Rumus di sel ini galat ({mentah})"
    if kolom.nama in ("nik", "no_kk"):
        isi.bentrokkan(kolom.nama, f"{kalimat}. Ketik angkanya, lalu unggah ulang.")
    else:
        isi.catat(kolom.nama, f"{kalimat}; dikosongkan.")


def _samakan_rt(isi: Isi) -> None:
    """Both in one form; either cell may hold both."""
    tertulis = [str(isi.nilai.pop(nama, "")) for nama in ("rt", "rw")]
    if not any(tertulis):
        return
    *hasil, bertentangan = rt_.rapikan(*tertulis)
    if bertentangan:
        isi.catat("rt", "RT dan RW di dua kolom ini saling berbeda; masing-masing dipakai sendiri.")
    for nama, satu in zip(("rt", "rw"), hasil, strict=True):
        maks: int = getattr(Keluarga._meta.get_field(nama), "max_length", 0)
        if len(satu) > maks:
            isi.catat(nama, f"Terlalu panjang; dipotong pada {maks} karakter.")
        if satu:
            isi.nilai[nama] = satu[:maks].rstrip()


def betulkan(
    isi: Isi, nik: str, lahir: date | None, kelamin: int | None, *, langsung: bool
) -> tuple[date | None, int | None]:
    """Mend what the row says and its NIK disproves, or only say so; what then holds."""
    betul = bukti.betulan(nik, lahir=lahir, tahun=isi.tahun_lahir, kelamin=kelamin)
    usul: dict[str, tuple[str, str | int]] = {}
    if betul.lahir and ("tanggallahir" in isi.nilai or isi.tahun_lahir):
        lahir = betul.lahir
        usul["tanggallahir"] = (f"{lahir:%d-%m-%Y}", lahir.isoformat())
    if betul.kelamin and "sex" in isi.nilai:
        kelamin = betul.kelamin
        usul["sex"] = (MENURUT_NAMA["sex"].tampil(kelamin), kelamin)
    for nama, (sebut, nilai) in usul.items():
        ekor = "sudah dibetulkan" if langsung else "di berkas berbeda"
        isi.catat(nama, f"Menurut NIK {sebut}; {ekor}.", ragu=not langsung, betulan=True)
        if langsung:
            isi.nilai[nama] = nilai
    return lahir, kelamin


def kepala_baris(sel_baris: Sequence[object]) -> tuple[str, str]:
    """KK number and name of a row that names the head of a family; else nothing."""
    if MENURUT_NAMA["kk_level"].baca(sel_baris[_URUT_SHDK]).nilai != KEPALA:
        return "", ""
    try:
        kk = sel.baca_kk(sel_baris[URUT_KK]).nilai
    except sel.BarisDitolak:
        return "", ""
    return str(kk or ""), sel.teks_polos(sel_baris[URUT_NAMA])


def nik_dalam_berkas(sel_baris: Sequence[object]) -> str | None:
    """NIK of a row as it is compared within the file; None if there is none to compare."""
    try:
        nilai = sel.baca_nik(sel_baris[URUT_NIK]).nilai
    except sel.BarisDitolak:
        return None
    return str(nilai) if nilai else None
