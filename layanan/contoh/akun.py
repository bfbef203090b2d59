"""Logins of the demo village: made once, mended when somebody changed them, told to anybody."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import Group
from django.utils.crypto import salted_hmac

from layanan.contoh import data
from layanan.kotak_keluar import persetujuan
from penduduk.akun import pin
from penduduk.models import Akun, Penduduk

# A one-time PIN with less time left is issued anew; after its first use it has minutes left.
_SISA_PIN_AWAL = timedelta(hours=24)


class ContohTidakUtuh(Exception):
    """The database says it is the demo village, but its people are not there."""


@dataclass(frozen=True)
class LoginWarga:
    nik: str
    pin: str
    nama: str


@dataclass(frozen=True)
class LoginPetugas:
    username: str
    password: str


@dataclass(frozen=True)
class Login:
    """Everything with which one can log in to the demo."""

    warga: list[LoginWarga]
    warga_pin_awal: list[LoginWarga]
    petugas: dict[str, LoginPetugas]

    def sebagai_dict(self) -> dict[str, Any]:
        return {
            "warga": [asdict(w) for w in self.warga],
            "warga_pin_awal": [asdict(w) for w in self.warga_pin_awal],
            **{username: asdict(p) for username, p in self.petugas.items()},
        }


_ORANG = {satu["kunci"]: satu for satu in data.penduduk() if satu["kunci"]}


def login() -> Login:
    """The demo's credentials; they are constants."""
    warga = {
        p: LoginWarga(_ORANG[p.kunci]["nik"], p.pin, _ORANG[p.kunci]["nama"]) for p in data.PENGGUNA
    }
    return Login(
        warga=[w for p, w in warga.items() if not p.pin_awal],
        warga_pin_awal=[w for p, w in warga.items() if p.pin_awal],
        petugas={p.username: LoginPetugas(p.username, p.password) for p in data.PETUGAS},
    )


def _garam(rahasia: str) -> str:
    """A salt that follows from a demo secret, so that a stored hash tells whether it is ours.

    As long as Django's own salts: a longer one would not fit the column of the hash.
    """
    return salted_hmac("contoh", rahasia, secret=settings.PIN_PEPPER, algorithm="sha1").hexdigest()[
        :22
    ]


def _tersimpan(akun: Akun, rahasia: str) -> bool:
    """Whether `rahasia` still opens `akun`, read from the salt: computing hashes takes a second."""
    try:
        isi = identify_hasher(akun.password).decode(akun.password)
    except ValueError:  # unusable or unknown
        return False
    return akun.is_active and isi["salt"] == _garam(rahasia)


def siapkan_petugas() -> dict[str, Akun]:
    """Staff accounts with their demo passwords, by username; good ones stay as they are."""
    nama = [p.username for p in data.PETUGAS]
    semua = {a.username: a for a in Akun.objects.filter(is_staff=True, username__in=nama)}
    for petugas in data.PETUGAS:
        akun = semua.get(petugas.username)
        if akun is None:
            akun = Akun.objects.create_user(
                petugas.username, nama=petugas.nama, nomor_hp=petugas.nomor_hp
            )
            akun.groups.set(Group.objects.filter(name__in=petugas.grup))
            semua[petugas.username] = akun
        if not _tersimpan(akun, petugas.password):
            akun.password = make_password(petugas.password, salt=_garam(petugas.password))
            akun.is_active = True
            akun.save(update_fields=["password", "is_active"])
    return {str(username): akun for username, akun in semua.items()}


def siapkan_warga(*, pada: datetime) -> dict[str, Akun]:
    """Residents' accounts with their demo PINs, by Pengguna.kunci.

    Existing good ones stay as they are. Raises ContohTidakUtuh when a resident is missing.
    """
    nik = {p.kunci: _ORANG[p.kunci]["nik"] for p in data.PENGGUNA}
    orang = {
        o.nik: o
        for o in Penduduk.objects.select_related("akun", "keluarga").filter(nik__in=nik.values())
    }
    if len(orang) < len(nik):
        raise ContohTidakUtuh(
            "Basis data ini bertanda desa contoh, tetapi warga contohnya tidak lengkap. "
            "Pakai basis data yang kosong, lalu jalankan lagi."
        )
    hasil = {}
    for pengguna in data.PENGGUNA:
        satu = orang[nik[pengguna.kunci]]
        akun = getattr(satu, "akun", None)
        if akun is None:
            akun = Akun.objects.create(penduduk=satu, nomor_hp=pengguna.nomor_hp)
            if pengguna.nomor_hp:  # the others are asked when they ask for a letter
                persetujuan.catat(
                    akun,
                    setuju=pengguna.setuju_wa,
                    nomor_hp=pengguna.nomor_hp,
                    kanal=persetujuan.Kanal.SITUS,
                    pada=pada,
                )
        _siapkan_pin(akun, pengguna, pada=pada)
        hasil[pengguna.kunci] = akun
    return hasil


def _siapkan_pin(akun: Akun, pengguna: data.Pengguna, *, pada: datetime) -> None:
    sampai = akun.pin_berlaku_sampai
    cukup_lama = (
        sampai is not None and sampai > pada + _SISA_PIN_AWAL
        if pengguna.pin_awal
        else sampai is None
    )
    if cukup_lama and akun.wajib_ganti_pin == pengguna.pin_awal and _tersimpan(akun, pengguna.pin):
        return
    if not akun.is_active:
        akun.is_active = True
        akun.save(update_fields=["is_active"])
    pin.pasang(
        akun,
        pengguna.pin,
        berlaku_sampai=pada + pin.MASA_PIN_AWAL if pengguna.pin_awal else None,
        garam=_garam(pengguna.pin),
    )
