"""What needs Django, for tests.proses.Anak."""

from concurrent.futures import ThreadPoolExecutor


def warga(jumlah: int, pin: str, sandi: str) -> list[str]:
    """A letter that may be asked for on line, an operator and a perbekel with that password, and so
    many residents with that PIN; their NIKs."""
    from django.db import transaction
    from django.utils import timezone

    from penduduk.akun import pin as pin_
    from penduduk.models import Akun
    from surat.models import Mandat, TataNaskah
    from tests import factories

    factories.jenis("domisili")
    TataNaskah.objects.update_or_create(pk=1, defaults={"siap_pada": timezone.now()})
    if not Mandat.objects.exists():
        factories.buat_perbekel()
    if not Akun.objects.filter(username="operator").exists():
        factories.buat_operator()
    for petugas in Akun.objects.filter(username__in=("operator", "perbekel")):
        petugas.set_password(sandi)
        petugas.save()
    hasil = []
    with transaction.atomic(), ThreadPoolExecutor(2) as kolam:
        akun = [Akun.objects.create(penduduk=factories.buat_penduduk()) for _ in range(jumlah)]
        for satu, hash_pin in zip(akun, kolam.map(lambda a: pin_.olah(a, pin), akun), strict=True):
            pin_._simpan(satu, hash_pin, berlaku_sampai=None)
            hasil.append(satu.warga.nik or "")
    return hasil


def hitung(sejak: str) -> dict[str, int]:
    """Letters that were asked for, and steps to the last one (handed over), after that moment."""
    from layanan.models import Permohonan, Riwayat

    langkah = Riwayat.objects.filter(pada__gte=sejak)
    return {
        "diminta": Permohonan.objects.filter(diajukan_pada__gte=sejak).count(),
        "diputus": langkah.filter(langkah="setujui").count(),
        "selesai": langkah.filter(langkah="serahkan").count(),
    }
