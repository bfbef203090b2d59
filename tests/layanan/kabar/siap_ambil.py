"""Letters that were signed on a day of the test's choice, and moments in WITA."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from layanan.kotak_keluar import pengiriman
from layanan.models import KabarBerkala, Notifikasi, Permohonan
from surat.models import TandaTangan
from tests import factories
from tests.waktu import Jam

WITA = ZoneInfo("Asia/Makassar")
DITANDATANGANI = datetime(2026, 11, 2, 15, 0, tzinfo=WITA)  # a Monday


def hari(ke: int, jam: str = "12:00:00") -> datetime:
    """That time of day, `ke` days after the signature."""
    pukul = time.fromisoformat(jam)
    return datetime.combine(DITANDATANGANI.date() + timedelta(days=ke), pukul, tzinfo=WITA)


def tandatangani(
    permohonan: Permohonan, *, operator, perbekel, pada: datetime = DITANDATANGANI
) -> Permohonan:
    """Walk it to SIAP_DIAMBIL, signed at `pada`; what the steps said is done with."""
    factories.jalankan_sampai(permohonan, "SIAP_DIAMBIL", operator=operator, perbekel=perbekel)
    TandaTangan.objects.filter(surat=permohonan.surat).update(pada=pada)
    Notifikasi.objects.filter(riwayat__isnull=False).update(keadaan="SAMPAI")
    return permohonan


def kirim_pada(monkeypatch, pada: datetime) -> None:
    """What the sending worker does when its clock shows `pada`."""
    jam = Jam()
    jam.pada = pada
    monkeypatch.setattr(pengiriman, "timezone", jam)
    pengiriman.kirim_yang_menunggu()


def pengingat() -> list[Notifikasi]:
    return list(Notifikasi.objects.filter(pesan="belum_diambil").order_by("pk"))


def kunci(jenis: str) -> list[str]:
    """What was sent, without the number of the row it is about."""
    semua = KabarBerkala.objects.filter(jenis=jenis).order_by("pk")
    return [satu.kunci.rsplit(":", 1)[1] for satu in semua]
