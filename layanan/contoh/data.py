"""The demo village: desa.json (office, logins, requests) and penduduk.csv (register).

Nothing in them is real. NIK and KK numbers have the sequence 99xx, which is never reached in
practice; places and officials say CONTOH; PINs and passwords are public. Phone numbers are valid by
their form only, so nothing may ever be sent to them (see contoh.muat).
"""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from layanan.permohonan.dampak import Putusan

_DISINI = Path(__file__).parent
_DESA: dict[str, Any] = json.loads((_DISINI / "desa.json").read_text(encoding="utf-8"))

ALAMAT_KANTOR = "Alamat kantor CONTOH"
TELEPON_KANTOR = "(0363) CONTOH"
KOP = ("PEMERINTAH KABUPATEN KARANGASEM", "KECAMATAN KARANGASEM", "DESA BUGBUG")
# Codes of the national tables (penduduk/referensi.json).
KEPALA, ANAK, WNI = 1, 4, 1
# In answers: the applicant, and of the others on the family card the oldest and the youngest.
DIRI, TERTUA, TERMUDA = "@diri", "@tertua", "@termuda"


@dataclass(frozen=True)
class Pengguna:
    """A resident's demo login. `pin_awal`: the PIN is one-time and must be replaced."""

    kunci: str
    pin: str
    nomor_hp: str = ""
    setuju_wa: bool = True
    pin_awal: bool = False


@dataclass(frozen=True)
class Petugas:
    """A staff account of the demo; `jabatan` makes its owner an official who may sign."""

    username: str
    password: str
    nama: str
    grup: list[str]
    masuk_di: str
    nomor_hp: str = ""
    jabatan: str = ""
    sebagai: str = ""


@dataclass(frozen=True)
class Kisah:
    """The story of one request: who asks for what, and the steps it has gone through.

    Sent `hari` working days ago at `pukul` (WITA), or `menit` minutes ago when `hari` is 0.
    """

    pemohon: str
    jenis: str
    jawaban: dict[str, Any]
    langkah: list[str] = field(default_factory=list)
    hari: int = 0
    pukul: str = "09:00"
    menit: int = 0
    keterangan: str = ""
    operator: str = "operator"
    ttd: str = "perbekel"
    catatan: str = ""
    putusan: list[Putusan] = field(default_factory=list)
    perbaikan: dict[str, str] = field(default_factory=dict)
    diantar: bool = False  # a kelian takes the letter


PENGGUNA = [Pengguna(**satu) for satu in _DESA["pengguna"]]
PETUGAS = [Petugas(**satu) for satu in _DESA["petugas"]]
KELIAN: list[str] = _DESA["kelian"]  # of the first banjar; they bring letters home
# Heads of families who have sent requests, too; nobody knows their PIN.
KEPALA_LAIN = ("lain1", "lain2", "lain3", "lain4")
KISAH = [Kisah(**satu) for satu in _DESA["kisah"]]
# Minutes after the request was sent at which each step is taken.
MENIT_LANGKAH: dict[str, int] = _DESA["menit_langkah"]


def penduduk() -> list[dict[str, str]]:
    """The rows of the register. `kunci` names whom logins and requests speak of."""
    with (_DISINI / "penduduk.csv").open(encoding="utf-8", newline="") as isi:
        return list(csv.DictReader(isi))
