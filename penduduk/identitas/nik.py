"""NIK and KK number: read what people type, refuse what cannot be one, warn about what merely
looks odd.

Structure and rules: PP 40/2019 art. 30-33. A NIK is for life even when it was built from a wrong
birth date, so a mismatch with the register is a warning and never an error.
"""

import re
from datetime import date

from penduduk.identitas import angka
from penduduk.referensi import PROVINSI

PANJANG = 16
_SEBUTAN = re.compile(r"\s*(no(mor)?\b\W*)?(nik|kk)?[\s.:=]*(?=\d)", re.I)


class NIKTidakSah(ValueError):
    """The text cannot be a NIK (or KK number); the message tells the person what to do."""


def rapikan(teks: str) -> str:
    """Digits of what was typed, without what stands between the groups and a "NIK:" before."""
    return angka.rapikan(_SEBUTAN.sub("", teks or "", count=1))


def periksa(teks: str) -> str:
    """Return the 16 digits of `teks`, or raise NIKTidakSah with a sentence for the person."""
    nik = rapikan(teks)
    if not (nik.isascii() and nik.isdigit()):
        raise NIKTidakSah("NIK hanya berisi angka. Lihat 16 angka di bagian atas KTP-el.")
    if len(nik) != PANJANG:
        raise NIKTidakSah(f"NIK harus 16 angka. Anda mengisi {len(nik)}. Periksa lagi KTP-el Anda.")
    hari, bulan = int(nik[6:8]), int(nik[8:10])
    if (
        nik[:2] not in PROVINSI
        or not (1 <= hari <= 31 or 41 <= hari <= 71)
        or not 1 <= bulan <= 12
        or nik[12:] == "0000"
        or len(set(nik)) == 1
    ):
        raise NIKTidakSah("NIK ini tidak mungkin benar. Periksa lagi angka di KTP-el Anda.")
    return nik


def periksa_kk(teks: str) -> str:
    """Return the 16 digits of a KK number; raises NIKTidakSah. Nothing else is known of its form:
    old cards follow no rule."""
    kk = rapikan(teks)
    if not angka.semua_angka(kk, PANJANG):
        raise NIKTidakSah("Nomor KK harus 16 angka. Lihat bagian atas Kartu Keluarga.")
    return kk


def sah(teks: str) -> bool:
    try:
        periksa(teks)
    except NIKTidakSah:
        return False
    return True


def sementara(nik: str) -> bool:
    """Whether `nik` is a stop-gap of a village application: 0, village code, running number.

    Practice of OpenSID for residents without a NIK, no national rule. Nobody can log in with it.
    """
    return len(nik) == PANJANG and nik.startswith("0")


def peringatan(nik: str, *, tanggal_lahir: date | None, jenis_kelamin: int | None) -> list[str]:
    """Differences between a valid `nik` and the register, as sentences; empty when none."""
    hari = int(nik[6:8])
    pesan = []
    if jenis_kelamin is not None and (hari > 40) != (jenis_kelamin == 2):
        pesan.append("Jenis kelamin di NIK berbeda dari data.")
    if tanggal_lahir is not None and (hari % 40, nik[8:10], nik[10:12]) != (
        tanggal_lahir.day,
        f"{tanggal_lahir:%m}",
        f"{tanggal_lahir:%y}",
    ):
        pesan.append("Tanggal lahir di NIK berbeda dari data.")
    return pesan


def kelompok(nik: str) -> str:
    """NIK or KK number in groups of four, as one compares it with a card; other text unchanged."""
    if len(nik) != PANJANG or not nik.isdigit():
        return nik
    return " ".join(nik[i : i + 4] for i in range(0, PANJANG, 4))


def samarkan(nik: str) -> str:
    """NIK fit for a page that others may see over the shoulder: only the ends remain."""
    return f"{nik[:4]}••••••••{nik[-4:]}" if len(nik) == PANJANG else "••••"
