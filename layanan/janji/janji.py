"""The promise of a request: until when its letter is ready, in words for whoever waits for it.

It runs from the moment the request is sent, in working minutes (layanan.janji.kalender), stops
while the request is with the resident to be mended, and goes on when it comes back. Beside it each
step has a target of the village; who passes it is told by layanan.kabar.terlambat.
"""

from datetime import date, datetime
from itertools import groupby
from typing import TypedDict

from django.utils import timezone

from layanan.janji import kalender
from layanan.janji.kalender import Kalender
from layanan.models import Permohonan
from surat.bahasa import tanggal as tgl
from surat.models import JenisSurat

S = Permohonan.Status


class Jam(TypedDict, total=False):
    """The columns of Permohonan that hold its clock."""

    janji_pada: datetime
    janji_sisa: int | None
    tenggat_pada: datetime | None
    naik: int


def baru(jenis: JenisSurat, *, pada: datetime) -> Jam:
    """The clock of a request that is sent at `pada`."""
    kini = kalender.ambil()
    return {"janji_pada": _janji(jenis, kini, pada), "tenggat_pada": kini.tenggat(S.DIAJUKAN, pada)}


def sesudah(permohonan: Permohonan, ke: str, *, pada: datetime) -> Jam:
    """The clock after the step that moves the request to `ke`; `permohonan` as it was before."""
    if ke in Permohonan.AKHIR:
        return {"tenggat_pada": None}
    kini = kalender.ambil()
    jam: Jam = {"tenggat_pada": kini.tenggat(ke, pada), "naik": 0}
    if ke == S.PERLU_PERBAIKAN:
        jam["janji_sisa"] = kini.antara(pada, permohonan.janji_pada)
    elif permohonan.status == S.PERLU_PERBAIKAN:
        jam |= {"janji_pada": _lanjut(permohonan, kini, pada), "janji_sisa": None}
    return jam


def _janji(jenis: JenisSurat, kini: Kalender, pada: datetime) -> datetime:
    menit = jenis.janji_hari * kini.sehari or kini.sehari // 2
    return kini.bulat(kini.tambah(pada, menit))


def _lanjut(permohonan: Permohonan, kini: Kalender, pada: datetime) -> datetime:
    """At least half a day, for nobody is promised what has passed or cannot be kept. A request that
    a former release sent back has its full time again."""
    if permohonan.janji_sisa is None:
        return _janji(permohonan.jenis, kini, pada)
    return kini.bulat(kini.tambah(pada, max(permohonan.janji_sisa, kini.sehari // 2)))


# --- In words ------------------------------------------------------------------------------------


def saat(permohonan: Permohonan) -> str:
    """Kamis, 3 Desember, 14.00 WITA; with the year when it is another than that of the request."""
    return _saat(permohonan.janji_pada, permohonan.diajukan_pada)


def _saat(janji: datetime, diajukan: datetime) -> str:
    lokal = timezone.localtime(janji)
    tahun = f" {lokal.year}" if lokal.year != tgl.di_wita(diajukan).year else ""
    hari = f"{tgl.hari(lokal)}, {lokal.day} {tgl.BULAN[lokal.month - 1]}{tahun}"
    return f"{hari}, {lokal:%H.%M} WITA"


def kalimat(permohonan: Permohonan, *, pada: datetime) -> str:
    """Kamis, 3 Desember, 14.00 WITA (1–2 Desember tutup: Galungan, Umanis Galungan), with the days
    on which the office is closed from `pada` on."""
    kini = kalender.ambil()
    return f"{saat(permohonan)}{_tutup(kini, tgl.di_wita(pada), permohonan.janji_pada)}"


def akan(jenis: JenisSurat, *, pada: datetime) -> str:
    """The same for a request that would be sent at `pada`."""
    kini = kalender.ambil()
    janji = _janji(jenis, kini, pada)
    return f"{_saat(janji, pada)}{_tutup(kini, tgl.di_wita(pada), janji)}"


def _tutup(kini: Kalender, dari: date, janji: datetime) -> str:
    sampai = tgl.di_wita(janji).toordinal()
    hari = [date.fromordinal(n) for n in range(dari.toordinal(), sampai + 1)]
    tutup = [(satu, sebab) for satu in hari if (sebab := kini.sebab_tutup(satu))]
    bagian = []
    # Days in a row have the same distance to their place in the list.
    for _, isi in groupby(enumerate(tutup), key=lambda x: x[1][0].toordinal() - x[0]):
        rentang = [satu for _, satu in isi]
        nama = ", ".join(dict.fromkeys(sebab for _, sebab in rentang))
        bagian.append(f"{_rentang(rentang[0][0], rentang[-1][0])} tutup: {nama}")
    return f" ({'; '.join(bagian)})" if bagian else ""


def _rentang(dari: date, sampai: date) -> str:
    bulan, bulan_ = tgl.BULAN[dari.month - 1], tgl.BULAN[sampai.month - 1]
    if dari == sampai:
        return f"{dari.day} {bulan}"
    if bulan == bulan_:
        return f"{dari.day}–{sampai.day} {bulan}"
    return f"{dari.day} {bulan} – {sampai.day} {bulan_}"
