"""One cell of a population file: a value of ours, or nothing and a sentence for the operator.

Village files are dirty and are kept; only what Excel has destroyed beyond repair is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from penduduk.identitas import nik as nik_
from penduduk.teks import sebaris

KOSONG = frozenset({"", "-", "--", "NULL", "null"})
TANPA_HASIL = "tanpa hasil"  # our own word for a formula whose result the file does not hold
GALAT_RUMUS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", TANPA_HASIL}
)
# How programs keep Excel from reading a number as a number: ="5107…"
_RUMUS_TEKS = re.compile(r'=\s*"((?:[^"]|"")*)"')
_PERSIS = 2**53  # whole numbers from here on are no longer exact in a spreadsheet
_ILMIAH = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_PECAHAN_NOL = re.compile(r"(\d+)[.,]0+")


class BarisDitolak(ValueError):
    """The whole row cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Terbaca:
    """What a cell says. A remark that is `ragu` makes an operator look at the row; without what is
    `bentrok` nobody would want the row, so it is not applied before somebody has said so."""

    nilai: str | int | None = None
    kalimat: str = ""
    ragu: bool = True
    bentrok: bool = False


NIHIL = Terbaca()
Pembaca = Callable[[object], Terbaca]


def kutip(isi: object) -> str:
    """The beginning of a cell as it may stand in a sentence."""
    teks = teks_polos(isi)
    return f"“{teks[:40]}…”" if len(teks) > 40 else f"“{teks}”"


def teks_polos(isi: object) -> str:
    """A cell as text: whole numbers without .0, one space between words, nothing invisible."""
    if isi is None:
        return ""
    if isinstance(isi, bool):
        return "YA" if isi else "TIDAK"
    if isinstance(isi, datetime | date):
        return f"{isi:%d-%m-%Y}"
    if isinstance(isi, float) and isi.is_integer():
        isi = int(isi)
    teks = str(isi)
    if "=" in teks[:3] and (cocok := _RUMUS_TEKS.fullmatch(teks.strip())):
        teks = cocok[1].replace('""', '"')
    return sebaris(teks)


def teks(maks: int, *, kosong: frozenset[str] = KOSONG) -> Pembaca:
    def baca(isi: object) -> Terbaca:
        polos = teks_polos(isi)
        if polos in kosong:
            return NIHIL
        if len(polos) > maks:
            return Terbaca(
                polos[:maks].rstrip(), f"Terlalu panjang; dipotong pada {maks} karakter."
            )
        if isinstance(isi, date):
            return Terbaca(polos, "Sel ini berisi tanggal. Mungkin Excel mengubahnya; cocokkan.")
        return Terbaca(polos)

    return baca


# --- Numbers of sixteen digits ------------------------------------------------------------------


class _Rusak(ValueError):
    """Excel has turned the number into one of 15 digits; the rest is lost."""


class _Ganda(ValueError):
    """Several numbers in one cell: nobody knows which is meant."""


_AWALAN_NOMOR = re.compile(r"^(?:(?:no|nomor|nik|kk|ktp|ktp-?el)\b[\s.:#]*)+", re.IGNORECASE)
_GUGUS = re.compile(r"\d(?:[\s.\-_]*\d)*")
_MIRIP_ANGKA = str.maketrans("OoIl|", "00111")
_BUKAN_SISA = 8  # so many digits beside a number are a second one


def _angka_persis(angka: float) -> str:
    """Digits of a numeric cell. Excel keeps 15 of them and writes 0 for what follows."""
    if angka < 0 or angka >= _PERSIS or angka != int(angka):
        raise _Rusak
    digit = str(int(angka))
    if len(digit) >= nik_.PANJANG and digit.endswith("0"):
        raise _Rusak
    return digit


def _nomor(isi: object) -> str:
    """NIK or KK number as text, empty if there is none. Raises _Rusak, _Ganda."""
    if isinstance(isi, int | float) and not isinstance(isi, bool):
        digit = _angka_persis(isi)
    else:
        polos = _AWALAN_NOMOR.sub("", teks_polos(isi).strip("'`’ "))
        if _ILMIAH.fullmatch(polos.replace(" ", "")):
            raise _Rusak
        pecahan = _PECAHAN_NOL.fullmatch(polos)
        digit = _angka_persis(int(pecahan[1])) if pecahan else _angka_tertulis(polos)
    return "" if digit in KOSONG or not digit.strip("0") else digit


def _angka_tertulis(polos: str) -> str:
    """The digits of a text, also between words; a text without a number as it is."""
    gugus = {re.sub(r"\D", "", satu) for satu in _GUGUS.findall(polos)}
    utuh = {satu for satu in gugus if len(satu) == nik_.PANJANG}
    if utuh and any(len(satu) >= _BUKAN_SISA for satu in gugus - {min(utuh)}):
        raise _Ganda
    if utuh:
        return utuh.pop()
    rapat = nik_.rapikan(polos)
    mirip = rapat.translate(_MIRIP_ANGKA)
    return mirip if len(mirip) == nik_.PANJANG and mirip.isdigit() else rapat


_SARAN = (
    "Isi lagi dari KTP-el atau KK di kolom berformat Teks (Excel: Format Sel › Teks), lalu "
    "unggah ulang."
)


def _utuh(isi: object, apa: str, kartu: str) -> Terbaca:
    """As _nomor, for numbers without which the row is worth nothing. Raises BarisDitolak."""
    try:
        nomor = _nomor(isi)
    except _Rusak as galat:
        raise BarisDitolak(
            f"{apa} ditulis sebagai angka, sehingga Excel membuang angka terakhirnya. {_SARAN}"
        ) from galat
    except _Ganda:
        kalimat = f"Ada lebih dari satu nomor: {kutip(isi)}. Sisakan satu, lalu unggah ulang."
        return Terbaca(None, kalimat, bentrok=True)
    if len(nomor) > nik_.PANJANG:
        kalimat = f"{apa} lebih dari 16 angka: {kutip(isi)}. Isi lagi dari {kartu}."
        return Terbaca(None, kalimat, bentrok=True)
    tertulis = re.sub(r"\D", "", teks_polos(isi))
    if len(nomor) == nik_.PANJANG and nomor.isdigit() and nomor not in tertulis:
        return Terbaca(nomor, f"Huruf di nomor ini dibaca sebagai angka. Cocokkan dengan {kartu}.")
    return Terbaca(nomor or None)


def baca_nik(isi: object) -> Terbaca:
    """Missing, temporary and impossible NIK are kept and labelled. Raises BarisDitolak."""
    hasil = _utuh(isi, "NIK", "KTP-el")
    nik = str(hasil.nilai or "")
    if hasil.kalimat:
        return hasil
    if not nik:
        return Terbaca(None, "Belum ada NIK.", ragu=False)
    if nik_.sementara(nik):
        return Terbaca(nik, "NIK sementara.", ragu=False)
    if not nik_.sah(nik):
        return Terbaca(
            nik, "NIK ini tidak mungkin benar; disimpan apa adanya. Cocokkan dengan KTP-el."
        )
    return hasil


def baca_kk(isi: object) -> Terbaca:
    """Raises BarisDitolak: families with cut numbers would become one."""
    hasil = _utuh(isi, "Nomor KK", "KK")
    kk = str(hasil.nilai or "")
    if hasil.kalimat:
        return hasil
    if not kk:
        return Terbaca(None, "Nomor KK kosong.")
    if len(kk) != nik_.PANJANG or not (kk.isascii() and kk.isdigit()):
        return Terbaca(kk, "Nomor KK bukan 16 angka; disimpan apa adanya. Cocokkan dengan KK.")
    return hasil


def baca_nik_orang_tua(isi: object) -> Terbaca:
    try:
        nik = _nomor(isi)
    except _Rusak:
        return Terbaca(
            None, "Ditulis sebagai angka, sehingga angka terakhirnya hilang; dikosongkan."
        )
    except _Ganda:
        return Terbaca(None, f"Ada lebih dari satu nomor: {kutip(isi)}; dikosongkan.")
    if len(nik) > nik_.PANJANG:
        return Terbaca(None, "Lebih dari 16 angka; dikosongkan.")
    return Terbaca(nik or None)


# --- Codes --------------------------------------------------------------------------------------


def kunci_kode(isi: str, *, tanda: bool = False) -> str:
    """How a code's text is compared: no case, no spaces or marks (blood groups keep + and -)."""
    return "".join(c for c in isi.casefold() if c.isalnum() or (tanda and c in "+-"))


def kode(daftar: dict[str, int], sah: frozenset[int], *, tanda: bool = False) -> Pembaca:
    """Reader of one code table; `daftar` holds keys by kunci_kode."""

    def baca(isi: object) -> Terbaca:
        polos = teks_polos(isi)
        if polos in KOSONG or polos == "0":
            return NIHIL
        nilai = daftar.get(kunci_kode(polos, tanda=tanda))
        if nilai is None and polos.isascii() and polos.isdigit() and len(polos) < 4:
            nilai = int(polos)
        if nilai not in sah:
            return Terbaca(None, f"{kutip(polos)} bukan kode yang dikenal; dikosongkan.")
        return Terbaca(nilai)

    return baca


def pekerjaan(dasar: Pembaca) -> Pembaca:
    """OpenSID's 89 (Lainnya) is 99 in the national table, where 89 is something else."""

    def baca(isi: object) -> Terbaca:
        if teks_polos(isi) == "89":
            return Terbaca(99, "Kode 89 (Lainnya) di OpenSID dibaca 99.", ragu=False)
        return dasar(isi)

    return baca


# --- Dates --------------------------------------------------------------------------------------

_TANGGAL_KOSONG = KOSONG | {"0", "0000-00-00", "00-00-0000", "00/00/0000"}
_BULAN = {
    singkat: nomor
    for nomor, daftar in enumerate(
        "jan feb,peb mar apr mei,may jun jul agu,agt,ags,aug sep okt,oct nov,nop des,dec".split(), 1
    )
    for singkat in daftar.split(",")
}
_JAM = re.compile(r"[t ]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?z?$")
_HBT = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2}|[a-z]{3,9})\.?,?[-/. ]+(\d+)")
_TBH = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_RAPAT = re.compile(r"\d{7,8}")
_TAHUN_SAJA = re.compile(r"(?:00?[-/. ]00?[-/. ])?\d{4}")
_SERI_JAM = re.compile(r"(\d{4,5})[.,]\d+")  # a date with its time
# "Selasa, 3 April 1990", "Bugbug, 3 April 1990 (34 th)": what stands around a date
_SEKITAR_TANGGAL = re.compile(r"^[^\d]*(?=\d)|\s*\(.*\)$|[^\w)]+$")
_AWAL_SERI = date(1899, 12, 30)
_SERI = range(2200, 80000)  # 1906 to 2119; below lie numbers that are meant as a year
_TAHUN = range(1850, 2101)


class _BukanTanggal(ValueError):
    pass


def _susun(tahun: int, bulan: str, hari: str) -> date:
    nomor = int(bulan) if bulan.isdigit() else _BULAN.get(bulan[:3], 0)
    if tahun not in _TAHUN:
        raise _BukanTanggal
    try:
        return date(tahun, nomor, int(hari))
    except ValueError as galat:
        raise _BukanTanggal from galat


def _dari_teks(isi: str) -> date:
    polos = _SEKITAR_TANGGAL.sub("", _JAM.sub("", isi.strip("'`’ ").lower()))
    if cocok := _TBH.fullmatch(polos):
        return _susun(int(cocok[1]), cocok[2], cocok[3])
    if cocok := _HBT.fullmatch(polos):
        if len(cocok[3]) == 2:
            raise _BukanTanggal("Tahun hanya dua angka, abadnya tidak pasti")
        return _susun(int(cocok[3]), cocok[2], cocok[1])
    if _RAPAT.fullmatch(polos):
        polos = polos.zfill(8)  # of a cell that took 03041990 for a number
        try:
            return _susun(int(polos[4:]), polos[2:4], polos[:2])
        except _BukanTanggal:
            return _susun(int(polos[:4]), polos[4:6], polos[6:])
    raise _BukanTanggal


def baca_tanggal(isi: object) -> Terbaca:
    """An ISO date. What cannot be read is left empty, never made up."""
    if isinstance(isi, datetime):
        isi = isi.date()
    try:
        if isinstance(isi, date):
            if isi.year not in _TAHUN:
                raise _BukanTanggal
            return Terbaca(isi.isoformat())
        polos = teks_polos(isi)
        if polos in _TANGGAL_KOSONG:
            return NIHIL
        if cocok := _SERI_JAM.fullmatch(polos):
            polos = cocok[1]
        if polos.isascii() and polos.isdigit() and int(polos) in _SERI:
            hasil = _AWAL_SERI + timedelta(days=int(polos))
            kalimat = f"Angka {polos} dibaca sebagai tanggal Excel {hasil:%d-%m-%Y}."
            return Terbaca(hasil.isoformat(), kalimat, ragu=False)
        return Terbaca(_dari_teks(polos).isoformat())
    except _BukanTanggal as galat:
        sebab = str(galat) or "Bukan tanggal yang dapat dibaca"
        if _TAHUN_SAJA.fullmatch(teks_polos(isi)):
            sebab = "Hanya tahunnya yang tertulis"
        return Terbaca(
            None, f"{sebab}: {kutip(teks_polos(isi))}; dikosongkan. Tulis seperti 31-12-1990."
        )


def tahun_tertulis(isi: object) -> int | None:
    """The year of a birth date of which nothing else can be read."""
    tahun = {int(x) for x in re.findall(r"(?<!\d)\d{4}(?!\d)", teks_polos(isi))} & {*_TAHUN}
    return tahun.pop() if len(tahun) == 1 else None


def baca_tanggal_teks(isi: object) -> Terbaca:
    """A date that is only carried along, as it goes out again: dd-mm-yyyy."""
    hasil = baca_tanggal(isi)
    if isinstance(hasil.nilai, str):
        tahun, bulan, hari = hasil.nilai.split("-")
        return Terbaca(f"{hari}-{bulan}-{tahun}", hasil.kalimat, hasil.ragu)
    return hasil


# --- Places -------------------------------------------------------------------------------------

_AWALAN_BANJAR = re.compile(r"^(dusun|banjar dinas|br\.? dinas|banjar|br\.?)(?=[ .])[ .]*", re.I)


def banjar(maks: int) -> Pembaca:
    """Name of a hamlet without what stands before it: "DUSUN BUGBUG_KALER" → "BUGBUG KALER"."""
    dasar = teks(maks)

    def baca(isi: object) -> Terbaca:
        polos = _AWALAN_BANJAR.sub("", teks_polos(isi).replace("_", " ").strip()).strip()
        if polos == "0":  # OpenSID's way to write "no hamlet"
            return NIHIL
        return dasar(polos)  # in the letters of the file: nobody knows a name from a shortening

    return baca
