"""Days as people write them: 31121990, 31/12/90, 31-XII-1990, Senin 31 Desember 1990.

Day before month, as in Indonesia; what can only be read the American way is no day.
"""

import re
import unicodedata
from datetime import date

_BULAN = {
    awal: nomor
    for nomor, semua in enumerate(
        "jan feb,peb mar apr mei,may jun jul agu,agt,ags,aug sep okt,oct nov,nop des,dec".split(), 1
    )
    for awal in semua.split(",")
}
_ROMAWI = {r: n for n, r in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), start=1)}
# Words that may stand beside the day itself.
_HIASAN = frozenset(
    "hari tanggal tgl bulan bln tahun thn th wita "
    "senin selasa rabu kamis jumat jum sabtu minggu ahad "
    "redite soma anggara buda wraspati sukra saniscara umanis paing pon wage kliwon".split()
)
_KATA = re.compile(r"[0-9]+|[^\W\d_]+")
_ANTARA = re.compile(r"[\s.,/'`’\-‐-―−]*")
_JUMAT = re.compile(r"\bjum['’`]at\b")
_JAM = re.compile(r"(?<=\d)[t ]+\d{1,2}[:.][0-5]\d([:.][0-5]\d(\.\d+)?)?z?$")
_ABAD = ("18", "19", "20")
_TAHUN_DEPAN = 20  # years ahead that two digits may mean, where the future is possible


class TanggalTidakSah(ValueError):
    """No day can be read; the message says how to write one."""


def baca(teks: str, *, hari_ini: date, lampau: bool = False) -> date:
    """The day that `teks` names. A year of two digits is the nearest that can be meant:
    `lampau` (a birth) never after `hari_ini`, else at most some years ahead.

    Raises TanggalTidakSah with a sentence for the person.
    """
    contoh = f"Tulis tanggal seperti 31-12-{1990 if lampau else hari_ini.year}."
    bagian = _bagian(teks)
    if bagian is None:
        raise TanggalTidakSah(contoh)
    hari, bulan, tahun = bagian
    try:
        if len(tahun) == 4:
            return date(int(tahun), bulan, int(hari))
        return _berabad(int(tahun), bulan, int(hari), hari_ini=hari_ini, lampau=lampau)
    except ValueError as galat:
        raise TanggalTidakSah(f"Tanggal ini tidak ada di kalender. {contoh}") from galat


def _bagian(teks: str) -> tuple[str, int, str] | None:
    """Digits of the day, number of the month, two or four digits of the year; None: not there."""
    kata = _kata(teks)
    if len(kata) == 1:
        kata = _pecah(kata[0])
    if len(kata) != 3:
        return None
    hari, bulan, tahun = kata
    if not hari.isdigit():  # Desember 31, 1990
        hari, bulan = bulan, hari
    elif len(hari) == 4:  # 1990-12-31
        hari, tahun = tahun, hari
    nomor = int(bulan) if bulan.isdigit() else _ROMAWI.get(bulan) or _BULAN.get(bulan[:3])
    angka = hari.isdigit() and tahun.isdigit() and len(hari) <= 2 and len(tahun) in (2, 4)
    return (hari, nomor, tahun) if angka and nomor is not None else None


def _kata(teks: str) -> list[str]:
    """Digits and words of `teks` in their order, without those that say nothing more; empty when
    something else stands between them."""
    polos = "".join(c for c in (teks or "").lower() if unicodedata.category(c) != "Cf")
    polos = _JAM.sub("", _JUMAT.sub("", polos).strip())
    if _ANTARA.sub("", _KATA.sub("", polos)):
        return []
    return [satu for satu in _KATA.findall(polos) if satu not in _HIASAN]


def _pecah(rapat: str) -> list[str]:
    """Day, month and year of digits in one run: 31121990, 311290, or 19901231."""
    if not rapat.isdigit() or len(rapat) not in (6, 8):
        return []
    if len(rapat) == 8 and rapat[4:6] not in _ABAD and rapat[:2] in _ABAD:
        return [rapat[6:], rapat[4:6], rapat[:4]]
    return [rapat[:2], rapat[2:4], rapat[4:]]


def _berabad(dua: int, bulan: int, hari: int, *, hari_ini: date, lampau: bool) -> date:
    """The latest century in which the day is not too far ahead."""
    akhir = hari_ini if lampau else date(hari_ini.year + _TAHUN_DEPAN, 12, 31)
    kini = date(2000 + dua, bulan, hari)
    return kini if kini <= akhir else date(1900 + dua, bulan, hari)
