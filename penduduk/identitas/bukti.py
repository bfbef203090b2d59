"""What a valid NIK proves about a birth date or sex that was written down wrongly.

Its digits 7 to 12 are day, month and year of birth, 40 added to the day of a woman (PP 40/2019
art. 32). It proves only what a slip of the pen explains: day and month swapped, a day left out, or
the other sex beside the right date.
"""

from dataclasses import dataclass
from datetime import date

from penduduk.identitas.kembar import tukar


@dataclass(frozen=True)
class Betulan:
    lahir: date | None = None
    kelamin: int | None = None


def betulan(nik: str, *, lahir: date | None, tahun: int | None, kelamin: int | None) -> Betulan:
    """What should stand there instead; `tahun`: the year of birth where no date was readable."""
    seharusnya = None
    if lahir is None and tahun is not None and tahun % 100 == int(nik[10:12]):
        lahir = seharusnya = _tanggal(tahun, int(nik[8:10]), int(nik[6:8]) % 40)
    elif lahir is not None and not _cocok(nik, lahir):
        lahir = tukar(lahir)
        seharusnya = lahir = lahir if lahir and _cocok(nik, lahir) else None
    menurut_nik = 2 if int(nik[6:8]) > 40 else 1
    beda = lahir is not None and kelamin is not None and kelamin != menurut_nik
    return Betulan(seharusnya, menurut_nik if beda else None)


def _cocok(nik: str, lahir: date) -> bool:
    return f"{int(nik[6:8]) % 40:02}{nik[8:12]}" == f"{lahir:%d%m%y}"


def _tanggal(tahun: int, bulan: int, hari: int) -> date | None:
    try:
        return date(tahun, bulan, hari)
    except ValueError:
        return None
