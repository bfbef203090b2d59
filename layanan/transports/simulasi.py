"""Without a provider, outside production: what would have gone out is kept, for the admin's
"Kotak keluar"."""

from datetime import datetime

from django.utils import timezone

from layanan.models import PesanSimulasi
from layanan.transports.dasar import GagalTetap, Kiriman, Temuan

SIM = "SIM"  # ids of simulated messages begin with it


class Simulasi:
    """Keeps the message; the admin shows it under "Kotak keluar WhatsApp (simulasi)"."""

    serentak = 1
    butuh_templat = False

    def kirim(self, kiriman: Kiriman) -> str:
        if kiriman.rahasia:
            # Kept in a table it would no longer be a secret.
            raise GagalTetap(
                "TANPA_WA", "WhatsApp desa belum dihubungkan. Cetak slip PIN dan serahkan langsung."
            )
        kotak, _ = PesanSimulasi.objects.get_or_create(
            notifikasi_id=kiriman.pk,
            defaults={
                "nomor_hp": kiriman.nomor_hp,
                "teks": kiriman.teks,
                "pada": timezone.now(),
            },
        )
        return f"{SIM}{kotak.pk}"

    def cari(self, nomor_hp: str, *, sejak: datetime) -> list[Temuan]:
        kotak = PesanSimulasi.objects.filter(nomor_hp=nomor_hp, pada__gte=sejak).order_by("-pk")
        return [Temuan(f"{SIM}{satu.pk}", satu.teks) for satu in kotak]

    def tanya(self, sid: str) -> Temuan | None:
        return None

    def periksa(self) -> bool:
        return True
