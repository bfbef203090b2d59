"""The 43 columns of OpenSID's Excel format, and one row of them.

Names and codes (opensid.json) are facts about that format. A column lives in the resident, in the
family, or is only carried along (`lain`). Health columns are read by nobody: docs/keputusan/0006.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from penduduk import referensi
from penduduk.impor import sel
from penduduk.impor.sel import GALAT_RUMUS, Pembaca

_DATA: dict[str, Any] = json.loads(
    Path(__file__).with_name("opensid.json").read_text(encoding="utf-8")
)
PENDUDUK, KELUARGA, LAIN, KESEHATAN = "penduduk", "keluarga", "lain", "kesehatan"
WAJIB = ("dusun", "nama", "no_kk", "nik")  # headers without which a file is not read


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
    # OpenSID demands RT and RW; "0" is its way to write that there is none.
    return sel.teks(maks, kosong=sel.KOSONG | {"0"} if jenis == "rt" else sel.KOSONG)


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
_DIBACA = [(urut, k) for urut, k in enumerate(KOLOM) if k.rumah != KESEHATAN]
URUT_KESEHATAN = tuple(urut for urut, k in enumerate(KOLOM) if k.rumah == KESEHATAN)
URUT_NIK, URUT_KK, URUT_NAMA = NAMA.index("nik"), NAMA.index("no_kk"), NAMA.index("nama")


@dataclass
class Isi:
    """One row as we understand it. Blank cells are missing from `nilai`."""

    nilai: dict[str, str | int] = field(default_factory=dict)
    catatan: list[dict[str, str]] = field(default_factory=list)
    ragu: bool = False
    ditolak: bool = False

    def catat(self, kolom: str, kalimat: str, *, ragu: bool = True) -> None:
        self.catatan.append({"kolom": kolom, "kalimat": kalimat})
        self.ragu = self.ragu or ragu

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
        if isinstance(mentah, str) and mentah in GALAT_RUMUS:
            isi.catat(kolom.nama, f"Rumus di sel ini galat ({mentah}); dikosongkan.")
            continue
        try:
            terbaca = kolom.baca(mentah)
        except sel.BarisDitolak as galat:
            isi.tolak(kolom.nama, str(galat))
            continue
        if terbaca.kalimat:
            isi.catat(kolom.nama, terbaca.kalimat, ragu=terbaca.ragu)
        if terbaca.nilai is not None:
            isi.nilai[kolom.nama] = terbaca.nilai
    if "nama" not in isi.nilai:
        isi.tolak("nama", "Tidak ada nama. Isi nama penduduk ini, lalu unggah ulang.")
    return isi


def nik_dalam_berkas(sel_baris: Sequence[object]) -> str | None:
    """NIK of a row as it is compared within the file; None if there is none to compare."""
    try:
        nilai = sel.baca_nik(sel_baris[URUT_NIK]).nilai
    except sel.BarisDitolak:
        return None
    return str(nilai) if nilai else None
