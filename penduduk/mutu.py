"""What is odd about a NIK, in SQL: the rules of penduduk.identitas.nik for whole tables at once.

The two are held together by a test that asks both about the same dirty rows.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Length, Replace, Substr

from penduduk.identitas import nik
from penduduk.referensi import PROVINSI


class _TeksTanggal(Cast):
    """A date as 1990-03-12, whatever date style the server has."""

    def __init__(self, kolom: str) -> None:
        super().__init__(kolom, CharField())

    def as_postgresql(self, compiler: Any, connection: Any, **lain: Any) -> Any:
        pola = "to_char(%(expressions)s, 'YYYY-MM-DD')"
        return self.as_sql(compiler, connection, template=pola, **lain)


def uraikan(penduduk: QuerySet) -> QuerySet:
    """`penduduk` with the pieces of NIK and birth date that the conditions below compare."""
    bukan_angka: Any = F("nik")
    for angka in "0123456789":
        bukan_angka = Replace(bukan_angka, Value(angka), Value(""))
    return penduduk.alias(
        _panjang=Length("nik"),
        _bukan_angka=bukan_angka,
        _provinsi=Substr("nik", 1, 2),
        _hari=Substr("nik", 7, 2),
        _bulan=Substr("nik", 9, 2),
        _urut=Substr("nik", 13, 4),
        _puluhan=Substr("nik", 7, 1),
        _satuan=Substr("nik", 8, 1),
        _tahun=Substr("nik", 11, 2),
        _lahir=_TeksTanggal("tanggal_lahir"),
    ).alias(
        _tahun_lahir=Substr("_lahir", 3, 2),
        _bulan_lahir=Substr("_lahir", 6, 2),
        _puluhan_lahir=Substr("_lahir", 9, 1),
        _satuan_lahir=Substr("_lahir", 10, 1),
    )


TANPA_NIK = Q(nik__isnull=True) | Q(nik="")
SEMENTARA = Q(_panjang=nik.PANJANG, nik__startswith="0")

_HARI = [f"{n:02}" for n in (*range(1, 32), *range(41, 72))]
_BULAN = [f"{n:02}" for n in range(1, 13)]
_SAH = (
    Q(_panjang=nik.PANJANG, _bukan_angka="", _provinsi__in=sorted(PROVINSI))
    & Q(_hari__in=_HARI, _bulan__in=_BULAN)
    & ~Q(_urut="0000")
    & ~Q(nik__in=[angka * nik.PANJANG for angka in "0123456789"])
)
TIDAK_SAH = ~TANPA_NIK & ~SEMENTARA & ~_SAH

# The day of a woman has 40 added, so only its first digit tells the sex.
_PEREMPUAN = Q(_puluhan__in="4567")
_TANGGAL_SAMA = reduce(
    or_, (Q(_puluhan_lahir=str(n), _puluhan__in=[str(n), str(n + 4)]) for n in range(4))
) & Q(_satuan=F("_satuan_lahir"), _bulan=F("_bulan_lahir"), _tahun=F("_tahun_lahir"))
_JENIS_SAMA = _PEREMPUAN & Q(jenis_kelamin=2) | ~_PEREMPUAN & ~Q(jenis_kelamin=2)
BEDA = (
    ~TANPA_NIK
    & _SAH
    & (
        Q(tanggal_lahir__isnull=False) & ~_TANGGAL_SAMA
        | Q(jenis_kelamin__isnull=False) & ~_JENIS_SAMA
    )
)
