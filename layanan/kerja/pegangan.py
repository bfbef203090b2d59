"""Who has an open request in hand, so that two clerks do not do the same.

Opening it takes it; it is given back with each finished step, and by itself when nothing has been
done for DIAM. It is a courtesy and no lock: anybody may take it over, and the flow alone decides
what is done (layanan.permohonan.alur).
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from layanan.models import Pegangan, Permohonan
from penduduk.models import Akun

DIAM = timedelta(minutes=15)


def sah(*, pada: datetime) -> QuerySet[Pegangan]:
    """Those that count at `pada`."""
    return Pegangan.objects.filter(terakhir_pada__gt=pada - DIAM)


def lain(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> Pegangan | None:
    """The claim of somebody else on it, while it is open and the claim counts."""
    if permohonan.status not in Permohonan.PERLU_DIKERJAKAN:
        return None
    orang_lain = sah(pada=pada).filter(permohonan=permohonan).exclude(oleh=oleh)
    return orang_lain.select_related("oleh").first()


def ambil(
    permohonan: Permohonan, *, oleh: Akun, pada: datetime, alih: bool = False
) -> Pegangan | None:
    """Take it for `oleh`; `alih`: also out of another's hands. Returns whoever has it instead, or
    None: `oleh` has it, or there is nothing to do."""
    if permohonan.status not in Permohonan.PERLU_DIKERJAKAN:
        return None
    baris = Pegangan.objects.filter(permohonan=permohonan)
    # Compare and set: of two who open it at one moment, one has it.
    if baris.filter(oleh=oleh, terakhir_pada__gt=pada - DIAM).update(terakhir_pada=pada):
        return None
    bebas = baris if alih else baris.filter(Q(oleh=oleh) | Q(terakhir_pada__lte=pada - DIAM))
    if not bebas.update(oleh=oleh, sejak_pada=pada, terakhir_pada=pada):
        baru = Pegangan(permohonan=permohonan, oleh=oleh, sejak_pada=pada, terakhir_pada=pada)
        Pegangan.objects.bulk_create([baru], ignore_conflicts=True)
    return lain(permohonan, oleh=oleh, pada=pada)


def lepas(permohonan: Permohonan) -> None:
    Pegangan.objects.filter(permohonan=permohonan).delete()
