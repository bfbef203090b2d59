"""Fictitious people for previews of letters: a family, its hamlet, a signatory. Never saved.

Everybody is called Contoh, and every NIK has a running number 99xx, which the register office
does not give out.
"""

import enum
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from penduduk import referensi
from penduduk.models import Banjar, Keluarga, Penduduk
from surat.models import Mandat, Pejabat

NAMA_TERPANJANG = 60
ALAMAT_TERPANJANG = 200
LELUHUR = -5  # the deceased of the family
_L, _P = 1, 2
_HINDU = 4
_EKOR = "Wiryawan Kusumanegara Adiputra Nararya Dharmawangsa Mahendradatta Suryakencana"
_TERSEDIKIT = frozenset(
    "nama nik jenis_kelamin tempat_lahir tanggal_lahir status_perkawinan pekerjaan".split()
)
_URUTAN = "Satu Dua Tiga Empat Lima Enam Tujuh Delapan Sembilan Sepuluh Sebelas Akhir".split()

_KATA: dict[str, Any] = json.loads(
    Path(__file__).with_name("kata.json").read_text(encoding="utf-8")
)
# Name, sex, date of birth, relation (table shdk), occupation, education, marital status.
_KELUARGA, _KETIKAN = (
    [[*x[:2], date.fromisoformat(x[2]), *x[3:]] for x in _KATA[k]] for k in ("keluarga", "ketikan")
)


class Ukuran(enum.StrEnum):
    """How much there is to print."""

    MINIMAL = "minimal"  # only what is required, about somebody of whom little is known
    WAJAR = "wajar"  # everything answered, as it usually is
    TERPANJANG = "terpanjang"  # everything answered, as long as it gets


def nik(lahir: date, jenis_kelamin: int, urut: int) -> str:
    """A well-formed NIK of the district that belongs to nobody."""
    hari = lahir.day + (40 if jenis_kelamin == _P else 0)
    return f"510704{hari:02}{lahir:%m%y}99{urut:02}"


def nama_panjang(awal: str, urut: int) -> str:
    """A name of as many letters as the law allows, different for each `urut`."""
    nama = f"{awal} Contoh {_URUTAN[urut % len(_URUTAN)]} {_EKOR}"[:NAMA_TERPANJANG]
    return nama if not nama.endswith(" ") else f"{nama[:-1]}a"


def alamat_panjang() -> str:
    """An address that takes four lines of a letter."""
    return str(_KATA["alamat_panjang"])[:ALAMAT_TERPANJANG].rstrip(" ,")


def terpanjang(pilihan: Iterable[str]) -> str:
    return max(pilihan, key=len)


def _kode_terpanjang(nama: str) -> int:
    return int(max(referensi.tabel(nama), key=lambda baris: len(baris[1]))[0])


def keluarga(ukuran: Ukuran) -> dict[int, Penduduk]:
    """A family by (negative) pk, the applicant first; one of them has died."""
    if ukuran is Ukuran.MINIMAL:
        return {
            -i: Penduduk(
                pk=-i,
                keluarga=Keluarga(pk=-1, alamat="Jalan Contoh Nomor 1"),
                status_dasar=_status(i),
                **{k: v for k, v in _fakta(satu, i).items() if k in _TERSEDIKIT},
            )
            for i, satu in enumerate(_KELUARGA, start=1)
        }
    panjang = ukuran is Ukuran.TERPANJANG
    kartu = Keluarga(
        pk=-1,
        no_kk="5107040101909901",
        alamat=alamat_panjang() if panjang else "Jalan Contoh Nomor 1",
        banjar=Banjar(
            pk=-1,
            nama="Contoh Kelod Kangin Sisi Tenggara Bukit" if panjang else "Contoh Satu",
            kelian=nama_panjang("I Gusti", 9) if panjang else "I Komang Contoh Kelian",
        ),
    )
    banyak = _KELUARGA + (_KELUARGA[2:4] * 4)[:7] if panjang else _KELUARGA
    return {
        -i: Penduduk(
            pk=-i,
            status_dasar=_status(i),
            keluarga=kartu,
            **_fakta(baris, i) | (_fakta_panjang(baris, i) if panjang else {}),
        )
        for i, baris in enumerate(banyak, start=1)
    }


def _status(urut: int) -> int:
    return Penduduk.MATI if -urut == LELUHUR else Penduduk.HIDUP


def _fakta(baris: list, urut: int) -> dict[str, Any]:
    nama, kelamin, lahir, shdk, pekerjaan, pendidikan, kawin = baris
    return {
        "nama": nama,
        "nik": nik(lahir, kelamin, urut),
        "jenis_kelamin": kelamin,
        "tempat_lahir": "Bugbug",
        "tanggal_lahir": lahir,
        "agama": _HINDU,
        "pendidikan": pendidikan,
        "pekerjaan": pekerjaan,
        "status_perkawinan": kawin,
        "golongan_darah": 4,
        "shdk": shdk,
        "nama_ayah": "I Nyoman Contoh",
        "nama_ibu": "Ni Ketut Contoh",
    }


def _fakta_panjang(baris: list, urut: int) -> dict[str, Any]:
    """What replaces the facts of `_fakta` in the longest letter."""
    depan = "I Gusti Ngurah" if baris[1] == _L else "I Gusti Ayu"
    return {
        "nama": nama_panjang(depan, urut),
        "tempat_lahir": "Kampung Contoh Kecamatan Contoh Kabupaten Contoh Utara",
        "nama_ayah": nama_panjang("I Gusti Ngurah", 4),
        "nama_ibu": nama_panjang("I Gusti Ayu", 10),
        **{k: _kode_terpanjang(k) for k in ("agama", "pendidikan", "pekerjaan")},
        **{k: _kode_terpanjang(k) for k in ("status_perkawinan", "kewarganegaraan")},
        "golongan_darah": _kode_terpanjang("golongan_darah"),
    }


def ketikan(ukuran: Ukuran, urut: int) -> dict[str, str]:
    """Somebody described by the applicant, as the form stores it."""
    nama, tempat, lahir, pekerjaan = _KETIKAN[urut % len(_KETIKAN)]
    kunci = "nik tempat_lahir tanggal_lahir jenis_kelamin agama pekerjaan alamat".split()
    kosong = dict.fromkeys(kunci, "")
    if ukuran is Ukuran.MINIMAL:
        return {"nama": nama} | kosong
    kelamin = _P if nama.startswith("Ni") else _L
    isi = {
        "nama": nama,
        "nik": nik(lahir, kelamin, 50 + urut),
        "tempat_lahir": tempat,
        "tanggal_lahir": lahir.isoformat(),
        "jenis_kelamin": dict(referensi.tabel("jenis_kelamin"))[str(kelamin)],
        "agama": "Hindu",
        "pekerjaan": pekerjaan,
        "alamat": "Jalan Contoh Nomor 5, Desa Contoh",
    }
    if ukuran is Ukuran.TERPANJANG:
        isi |= {
            "nama": nama_panjang("Ni Luh Gede" if kelamin == _P else "Anak Agung", urut),
            "tempat_lahir": "Kampung Contoh Kecamatan Contoh Kabupaten Contoh Utara",
            "agama": terpanjang(x for _, x in referensi.tabel("agama")),
            "pekerjaan": terpanjang(x for _, x in referensi.tabel("pekerjaan")),
            "alamat": alamat_panjang(),
        }
    return isi


def mandat(ukuran: Ukuran) -> Mandat:
    """Who signs: the head of the village; in the longest letter an official in his stead."""
    if ukuran is not Ukuran.TERPANJANG:
        pejabat = Pejabat(pk=-1, nama="I Nyoman Perbekel Contoh", jabatan="Perbekel")
        return Mandat(pk=-1, pejabat=pejabat, sebagai=Mandat.Sebagai.DEFINITIF)
    pejabat = Pejabat(
        pk=-1,
        nama=nama_panjang("I Gusti Ngurah", 2),
        jabatan="Kepala Seksi Kesejahteraan dan Pelayanan",
        nip="19900101 201501 1 999",
    )
    return Mandat(pk=-1, pejabat=pejabat, sebagai=Mandat.Sebagai.UB)
