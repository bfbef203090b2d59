"""A person as a letter names them: from the register, or typed in by the applicant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from penduduk.models import Penduduk
from surat.bahasa import kalimat
from surat.bahasa import tanggal as tgl

# What a letter may say of its subject; the names are those of the wording.
KUNCI = tuple(
    "nama nik tempat_lahir tanggal_lahir jenis_kelamin agama status_perkawinan pekerjaan "
    "kewarganegaraan pendidikan golongan_darah no_kk shdk nama_ayah_kandung nama_ibu_kandung "
    "umur alamat banjar".split()
)


@dataclass(frozen=True)
class Orang:
    """Words about one person; `penduduk` is None for somebody who is not in the register."""

    kata: Mapping[str, str]
    penduduk: Penduduk | None = None

    @property
    def nama(self) -> str:
        return self.kata["nama"]


def umur(lahir: date | None, *, pada: date) -> str:
    """Whole years on the day `pada`; empty while the date of birth is unknown."""
    if lahir is None or lahir > pada:
        return ""
    return str(pada.year - lahir.year - ((pada.month, pada.day) < (lahir.month, lahir.day)))


def nama_banjar(nama: str) -> str:
    """Without the words that stand before it in a letter anyway."""
    return nama.strip().removeprefix("Banjar ").removeprefix("Dinas ")


def dari_penduduk(orang: Penduduk, *, pada: date) -> Orang:
    """The register's words as of the day `pada`. Costs no query when `keluarga__banjar` is
    selected."""
    keluarga = orang.keluarga
    banjar = nama_banjar(keluarga.banjar.nama) if keluarga and keluarga.banjar else ""
    kata = {
        "nama": orang.nama,
        "nik": orang.nik or "",
        "tempat_lahir": orang.tempat_lahir,
        "tanggal_lahir": tgl.panjang(orang.tanggal_lahir) if orang.tanggal_lahir else "",
        "jenis_kelamin": orang.get_jenis_kelamin_display() or "",
        "agama": orang.get_agama_display() or "",
        "status_perkawinan": orang.get_status_perkawinan_display() or "",
        "pekerjaan": orang.get_pekerjaan_display() or "",
        "kewarganegaraan": orang.get_kewarganegaraan_display() or "",
        "pendidikan": orang.get_pendidikan_display() or "",
        "golongan_darah": orang.get_golongan_darah_display() or "",
        "no_kk": (keluarga.no_kk if keluarga else "") or "",
        "shdk": orang.get_shdk_display() or "",
        "nama_ayah_kandung": orang.nama_ayah,
        "nama_ibu_kandung": orang.nama_ibu,
        "umur": umur(orang.tanggal_lahir, pada=pada),
        "alamat": keluarga.alamat if keluarga else "",
        "banjar": banjar,
    }
    return Orang(kata, orang)


def dari_ketikan(isi: Mapping[str, Any], *, pada: date) -> Orang:
    """Somebody whom the applicant described: `nama`, and what else was typed (dates in ISO)."""
    lahir = date.fromisoformat(isi["tanggal_lahir"]) if isi.get("tanggal_lahir") else None
    kata = dict.fromkeys(KUNCI, "")
    kata |= {k: str(v) for k, v in isi.items() if k in kata and v}
    kata |= {"tanggal_lahir": tgl.panjang(lahir) if lahir else "", "umur": umur(lahir, pada=pada)}
    return Orang(kata)


def ttl(kata: Mapping[str, str]) -> str:
    """Bugbug, 12 Maret 1990"""
    return ", ".join(x for x in (kata["tempat_lahir"], kata["tanggal_lahir"]) if x)


def alamat(kata: Mapping[str, str], wilayah: str = "") -> str:
    """Street and banjar in one line, and behind a known address the village, district and regency
    (`wilayah`: "Desa …, Kecamatan …, Kabupaten …"), named once."""
    jalan = kalimat.tanpa_wilayah(kata["alamat"], f", {wilayah}") if wilayah else kata["alamat"]
    banjar = kata["banjar"] and f"Banjar Dinas {kata['banjar']}"
    ada = [x for x in (jalan, banjar) if x]
    return ", ".join([*ada, wilayah] if ada and wilayah else ada)


def baris_identitas(orang: Orang, wilayah: str = "") -> list[list[str]]:
    """Identity as label and value, in the order of the letters; empty facts are left out.
    `wilayah`: where the people of the register live (`alamat`)."""
    kata = orang.kata
    baris = [
        ["Nama", kata["nama"]],
        ["NIK", kata["nik"]],
        ["Tempat, tanggal lahir", ttl(kata)],
        ["Jenis kelamin", kata["jenis_kelamin"]],
        ["Agama", kata["agama"]],
        ["Status perkawinan", kata["status_perkawinan"]],
        ["Pekerjaan", kata["pekerjaan"]],
        ["Kewarganegaraan", kata["kewarganegaraan"]],
        ["Alamat", alamat(kata, wilayah if orang.penduduk else "")],
    ]
    return [b for b in baris if b[1]]


def identitas(orang: Penduduk, *, pada: date) -> list[list[str]]:
    """Identity of a resident as the register has it on the day `pada`, for a screen."""
    return baris_identitas(dari_penduduk(orang, pada=pada))
