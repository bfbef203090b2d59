"""The clock that counts only the hours in which the office is open.

`tambah` and `antara` are each other's inverse, and both grow with what they are given; a break, a
night and a day off are skipped whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from layanan.janji import libur
from layanan.models import HariLibur, Permohonan
from penduduk import desa as desa_
from penduduk.identitas.jam_kerja import Selang

S = Permohonan.Status
_MENIT = timedelta(minutes=1)
_BULAT = timedelta(minutes=15)  # nobody is promised 14.07
# By the setting of the village that holds it.
_TARGET = {
    S.DIAJUKAN: "target_proses",
    S.DIPROSES: "target_setujui",
    S.DICETAK: "target_ttd",
    S.MENUNGGU_TTD: "target_ttd",
    S.SIAP_DIAMBIL: "target_serah",
}
_MAKS = 4000  # days in a row that are looked at for one that is open


@dataclass(frozen=True)
class Kalender:
    """Office hours from Monday to Sunday, what the village has said of single days, and how many
    working minutes it wants a request to stand at a status."""

    jam: tuple[tuple[Selang, ...], ...]
    kata: dict[date, HariLibur]
    target: dict[str, int]

    @property
    def sehari(self) -> int:
        """Working minutes of one day, as the week has them on average."""
        buka = [sum(b - a for a, b in jam) for jam in self.jam if jam]
        return sum(buka) // len(buka) if buka else 0

    def sebab_tutup(self, hari: date) -> str:
        """Why the office is closed on a day on which it would be open; "" when it is not."""
        if not self.jam[hari.weekday()]:
            return ""
        kata, usul = self.kata.get(hari), libur.usulan(hari.year).get(hari)
        if kata is not None:
            return kata.nama if kata.tutup else ""
        return usul.nama if usul else ""

    def buka(self, *, sejak: date) -> Iterator[tuple[datetime, datetime]]:
        """From when to when the office is open, from the day `sejak` on."""
        for ke in range(_MAKS):
            hari = sejak + timedelta(days=ke)
            if not self.sebab_tutup(hari):
                awal = timezone.make_aware(datetime.combine(hari, time()))
                for dari, sampai in self.jam[hari.weekday()]:
                    yield awal + dari * _MENIT, awal + sampai * _MENIT

    def hari_buka(self, *, sejak: date) -> Iterator[date]:
        """The days on which the office is open, from `sejak` on."""
        lalu = None
        for dari, _ in self.buka(sejak=sejak):
            hari = timezone.localtime(dari).date()
            if hari != lalu:
                yield hari
            lalu = hari

    def sedang_buka(self, pada: datetime) -> bool:
        return self.antara(pada, pada + _MENIT) > 0

    def tambah(self, pada: datetime, menit: int) -> datetime:
        """The moment `menit` working minutes after `pada`."""
        sisa, saat = menit * _MENIT, pada
        for dari, sampai in self.buka(sejak=timezone.localtime(pada).date()):
            if sampai <= pada:
                continue
            saat = max(dari, pada) + sisa
            if saat <= sampai:
                return saat
            sisa = saat - sampai
        return saat

    def tenggat(self, status: str, pada: datetime) -> datetime | None:
        """When a request that stands at `status` since `pada` passes its target; None where the
        office has nothing to do."""
        menit = self.target.get(status)
        return None if menit is None else self.tambah(pada, menit)

    def antara(self, dari: datetime, sampai: datetime) -> int:
        """Whole working minutes from one moment to a later one; 0 when it is none."""
        jumlah = timedelta()
        for buka, tutup in self.buka(sejak=timezone.localtime(dari).date()):
            if buka >= sampai:
                break
            jumlah += max(min(tutup, sampai) - max(buka, dari), timedelta())
        return jumlah // _MENIT

    def bulat(self, pada: datetime) -> datetime:
        """The next quarter of an hour, unless the office closes before it."""
        lokal = timezone.localtime(pada)
        nanti = pada + (lokal.replace(hour=0, minute=0, second=0, microsecond=0) - lokal) % _BULAT
        return nanti if self.tambah(pada, (nanti - pada) // _MENIT) <= nanti else pada


def ambil() -> Kalender:
    """The calendar of the village as it is now: one query, and one for the village."""
    desa, kata = desa_.ambil(), {satu.tanggal: satu for satu in HariLibur.objects.all()}
    target = {status.value: 60 * getattr(desa, nama) for status, nama in _TARGET.items()}
    return Kalender(desa.jam_seminggu, kata, target)
