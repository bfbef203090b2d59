"""What the messages cost, and how much a month may cost. Rupiah are estimates by the village's own
price; the provider's bill is what counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from layanan.models import Notifikasi, PengaturanPesan


@dataclass(frozen=True)
class Keuangan:
    """Spending of the month that `pada` lies in (WITA). `harga`: Rp per message, 0 if unknown;
    `batas`: Rp, None without a cap."""

    harga: int
    batas: int | None
    peringatan: int
    terpakai: int
    jumlah: int

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

    def cukup(self, tambahan: int) -> bool:
        """Whether one more message of this price stays below the cap."""
        return self.batas is None or self.terpakai + tambahan <= self.batas


def awal_bulan(pada: datetime) -> datetime:
    """Midnight WITA of the first day of that month."""
    return timezone.localtime(pada).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def atur() -> PengaturanPesan:
    return PengaturanPesan.objects.filter(pk=1).first() or PengaturanPesan(pk=1)


def keuangan(*, pada: datetime) -> Keuangan:
    satu = atur()
    awal = awal_bulan(pada)
    lanjut = (awal + timedelta(days=32)).replace(day=1)
    jumlah = Notifikasi.objects.filter(
        biaya__isnull=False, diambil_pada__gte=awal, diambil_pada__lt=lanjut
    ).aggregate(rupiah=Sum("biaya"), pesan=Count("pk"))
    return Keuangan(
        harga=satu.harga or 0,
        batas=satu.batas,
        peringatan=satu.peringatan,
        terpakai=jumlah["rupiah"] or 0,
        jumlah=jumlah["pesan"],
    )
