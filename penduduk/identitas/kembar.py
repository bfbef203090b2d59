"""Whether two records speak of one person, or of two who got the same number.

A slip of the pen (a letter, a digit, day and month swapped) is no other person; nor is one who
changed the name. Two of the three things that stay with a person must differ by more than that.
"""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from penduduk.identitas import nama as nama_

_MIRIP = 0.75
# Order of birth and caste: half of a village shares them, so they tell nobody apart.
_UMUM = frozenset(
    "i ni wayan putu gede luh made kadek nengah nyoman komang ketut gusti ngurah ida bagus ayu "
    "anak agung dewa desak cokorda pande".split()
)
NAMA, LAHIR, KELAMIN = "nama", "tanggal lahir", "jenis kelamin"


@dataclass(frozen=True)
class Ciri:
    nama: str
    lahir: date | None = None
    kelamin: int | None = None


def beda(a: Ciri, b: Ciri) -> list[str]:
    """What differs by more than a slip; what one of them does not say does not count."""
    hasil = []
    if nama_beda(a.nama, b.nama):
        hasil.append(NAMA)
    if a.lahir and b.lahir and not _tanggal_mirip(a.lahir, b.lahir):
        hasil.append(LAHIR)
    if a.kelamin and b.kelamin and a.kelamin != b.kelamin:
        hasil.append(KELAMIN)
    return hasil


def orang_lain(a: Ciri, b: Ciri) -> bool:
    return len(beda(a, b)) >= 2


def nama_beda(a: str, b: str) -> bool:
    """Whether at most half of the words that tell people apart are alike."""
    kata_a, kata_b = _kata(a), _kata(b)
    if len(kata_a) > len(kata_b):
        kata_a, kata_b = kata_b, kata_a
    sama = sum(any(_kata_mirip(x, y) for y in kata_b) for x in kata_a)
    return sama * 2 <= len(kata_a)


def _kata(nama: str) -> list[str]:
    semua = nama_.kunci(nama).split() or [nama]
    return [kata for kata in semua if kata not in _UMUM] or semua


def _kata_mirip(a: str, b: str) -> bool:
    if min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)):
        return True
    return a == b or SequenceMatcher(None, a, b, autojunk=False).ratio() >= _MIRIP


def _tanggal_mirip(a: date, b: date) -> bool:
    if tukar(a) == b:
        return True
    x, y = f"{a:%d%m%Y}", f"{b:%d%m%Y}"
    lain = [n for n in range(len(x)) if x[n] != y[n]]
    bertukar = len(lain) == 2 and lain[1] == lain[0] + 1 and x[lain[0]] == y[lain[1]]
    return len(lain) <= 1 or (bertukar and x[lain[1]] == y[lain[0]])


def tukar(lahir: date) -> date | None:
    """Day and month swapped, where that is a date."""
    try:
        return lahir.replace(day=lahir.month, month=lahir.day)
    except ValueError:
        return None
