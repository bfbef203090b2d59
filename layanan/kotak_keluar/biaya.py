"""What the messages cost, and how much a month may cost. Rupiah are estimates by the village's own
price; the provider's bill is what counts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from layanan.kotak_keluar import anggaran
from layanan.models import Notifikasi, PengaturanPesan

_SETENGAH = 50  # percent of the cap, when the office is first warned


@dataclass(frozen=True)
class Keuangan:
    """Spending of the month that `pada` lies in (WITA), and messages of that day (`hari_ini`).
    `harga`: Rp per message, 0 if unknown; `batas`: Rp, None without a cap; `plafon`: what nothing
    passes, in Rp and in messages a day."""

    harga: int
    batas: int | None
    peringatan: int
    terpakai: int
    jumlah: int
    plafon: int | None = None
    plafon_sehari: int | None = None
    hari_ini: int = 0

    @property
    def persen(self) -> int | None:
        return self.terpakai * 100 // self.batas if self.batas else None

    @property
    def perlu_diperingatkan(self) -> bool:
        return self.persen is not None and self.persen >= self.peringatan

    @property
    def habis(self) -> bool:
        """Whether the next message would go beyond the cap."""
        return not self.cukup(self.harga)

    @property
    def setengah(self) -> bool:
        return self.persen is not None and self.persen >= _SETENGAH

    @property
    def penuh(self) -> bool:
        """Whether the ceiling forbids the next message, whatever it is."""
        return not self.di_bawah_plafon(self.harga)

    def cukup(self, tambahan: int) -> bool:
        """Whether one more message of this price stays below the cap."""
        return self.batas is None or self.terpakai + tambahan <= self.batas

    def di_bawah_plafon(self, tambahan: int) -> bool:
        """Whether one more message of this price stays below the ceiling, of the day too."""
        sehari = self.plafon_sehari is None or self.hari_ini < self.plafon_sehari
        return sehari and (
            not tambahan or self.plafon is None or self.terpakai + tambahan <= self.plafon
        )

    def dengan(self, tambahan: int) -> "Keuangan":
        """After one more message of this price."""
        return replace(self, terpakai=self.terpakai + tambahan, hari_ini=self.hari_ini + 1)


def awal_bulan(pada: datetime) -> datetime:
    """Midnight WITA of the first day of that month."""
    return timezone.localtime(pada).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def atur() -> PengaturanPesan:
    return PengaturanPesan.objects.filter(pk=1).first() or PengaturanPesan(pk=1)


def keuangan(*, pada: datetime) -> Keuangan:
    satu, hari_ini = atur(), anggaran.hari_ini(pada=pada)
    batas: dict[str, Any] = {
        "harga": satu.harga or 0,
        "batas": satu.batas,
        "peringatan": satu.peringatan,
    }
    plafon = satu.plafon
    if plafon is None and satu.batas:  # a cap of 0 means: no news of requests, but PINs do go out
        plafon = satu.batas * 3 // 2
    sehari: dict[str, Any] = {"plafon_sehari": satu.plafon_sehari, "hari_ini": hari_ini}
    if not satu.harga:
        return Keuangan(**batas, terpakai=0, jumlah=0, **sehari)
    awal = awal_bulan(pada)
    lanjut = (awal + timedelta(days=32)).replace(day=1)
    jumlah = Notifikasi.objects.filter(
        biaya__isnull=False, diambil_pada__gte=awal, diambil_pada__lt=lanjut
    ).aggregate(rupiah=Sum("biaya"), pesan=Count("pk"))
    terpakai = jumlah["rupiah"] or 0
    return Keuangan(**batas, terpakai=terpakai, jumlah=jumlah["pesan"], plafon=plafon, **sehari)
