"""Digests: what waits for the operators in the morning, and for a signer at the hours he chooses.

A digest belongs to its hours: a clock that was away for longer leaves it out, and one that could
not be sent in time is cancelled (layanan.kotak_keluar.giliran). Nothing waiting, no message.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from layanan.kabar import panggilan
from layanan.kotak_keluar import aturan, notifikasi
from layanan.kotak_keluar.jam import JENDELA, PAGI, PAGI_SAMPAI
from layanan.models import AturanKabar, KabarBerkala, Permohonan, PilihanKabar, RantaiJejak
from penduduk.models import Akun
from surat import pengukuhan

JAM_BAWAAN = (9, 14)  # of a signer who has chosen nothing yet
JAM_DAPAT_DIPILIH = tuple(range(6, 21))

P = AturanKabar.Penerima
Kanal = AturanKabar.Kanal
Jenis = KabarBerkala.Jenis
S = Permohonan.Status


# --- The morning --------------------------------------------------------------------------------


def pagi(*, pada: datetime) -> int:
    """The operators' digest of the day; returns how many messages were written."""
    lokal = timezone.localtime(pada)
    if not PAGI <= lokal.time() < PAGI_SAMPAI:
        return 0
    kunci = f"pagi:{lokal.date()}"
    if KabarBerkala.objects.filter(kunci=kunci).exists():
        return 0
    if not aturan.baca(aturan.PAGI).aktif(aturan.PAGI, P.OPERATOR, Kanal.WA):
        return 0
    with transaction.atomic():
        # Taken on a quiet morning too: what comes in at nine is no news of eight o'clock.
        berkala = notifikasi.sekali(Jenis.RINGKASAN_PAGI, kunci, pada=pada)
        angka = hitung(pada=pada) if berkala else {}
        if not any(angka.values()):
            return 0
        return len(
            notifikasi.kabari_petugas(
                "petugas_ringkasan",
                izin="proses_permohonan",
                pada=pada,
                konteks={nama: str(nilai) for nama, nilai in angka.items()} | _jejak(),
                berkala=berkala,
            )
        )


def hitung(*, pada: datetime) -> dict[str, int]:
    """What waits for the office, by the names of the message's variables. Messages that failed
    are among those to be told by phone."""
    angka = Permohonan.objects.aggregate(
        menunggu=Count("pk", filter=Q(status__in=Permohonan.PERLU_DIKERJAKAN)),
        lewat=Count("pk", filter=Q(status__in=Permohonan.DIJANJIKAN, janji_pada__lt=pada)),
        ttd=Count("pk", filter=Q(status=S.MENUNGGU_TTD)),
    )
    return angka | {"telepon": panggilan.daftar(pada=pada).count()}


def _jejak() -> dict[str, str]:
    """Beginning of the digest of the trail (layanan.jejak.rantai): on many phones it cannot be
    changed any more."""
    akhir = RantaiJejak.objects.order_by("-pk").first()
    return {"jejak": akhir.sidik[:12] if akhir else "belum ada"}


# --- The signer ---------------------------------------------------------------------------------


def penanda_tangan(*, pada: datetime) -> int:
    """Digests of the signers whose hour it is; returns how many were written."""
    giliran = _giliran(pada)
    sudah = set(
        KabarBerkala.objects.filter(kunci__in=giliran).values_list("kunci", flat=True)
        if giliran
        else ()
    )
    belum = {kunci: akun for kunci, akun in giliran.items() if kunci not in sudah}
    langkah = aturan.RINGKASAN_TTD
    if not belum or not aturan.baca(langkah).aktif(langkah, P.PENANDATANGAN, Kanal.WA):
        return 0
    return sum(_kabari(akun, kunci, pada=pada) for kunci, akun in belum.items())


def _giliran(pada: datetime) -> dict[str, Akun]:
    """Whose hour it is, by the key of the digest: the last chosen hour within JENDELA."""
    semua = notifikasi.petugas_yang_dikabari("tandatangani_surat")
    pilihan = dict(PilihanKabar.objects.filter(akun__in=semua).values_list("akun", "jam"))
    kini = timezone.localtime(pada).replace(minute=0, second=0, microsecond=0)
    jam = [kini - timedelta(hours=lalu) for lalu in range(int(JENDELA / timedelta(hours=1)))]
    hasil = {}
    for akun in semua:
        dipilih = pilihan.get(akun.pk, JAM_BAWAAN)
        saat = next((j for j in jam if j.hour in dipilih), None)
        if saat is not None:
            hasil[f"ttd:{akun.pk}:{saat:%Y-%m-%d:%H}"] = akun
    return hasil


@transaction.atomic
def _kabari(akun: Akun, kunci: str, *, pada: datetime) -> int:
    jumlah = menunggu(akun)
    if not jumlah:
        # Taken all the same: what is printed later waits for the next hour.
        notifikasi.sekali(Jenis.RINGKASAN_TTD, kunci, pada=pada)
        return 0
    baris = notifikasi.tulis_berkala(
        "ttd_ringkasan",
        Jenis.RINGKASAN_TTD,
        kunci,
        nomor_hp=akun.nomor_hp,
        penerima=akun,
        pada=pada,
        konteks={"jumlah": str(jumlah)},
    )
    return int(baris is not None)


def menunggu(akun: Akun) -> int:
    """How many letters wait for this official's signature."""
    milik = Permohonan.objects.filter(status=S.MENUNGGU_TTD)
    return milik.filter(surat__mandat__in=pengukuhan.dipegang(akun)).count()


def jam_pilihan(akun: Akun) -> list[int]:
    """The hours at which he gets the digest; empty: never."""
    satu = PilihanKabar.objects.filter(akun=akun).first()
    return sorted(satu.jam) if satu else list(JAM_BAWAAN)


def pilih_jam(akun: Akun, jam: list[int]) -> None:
    """Keep the hours that he has chosen for himself."""
    PilihanKabar.objects.update_or_create(akun=akun, defaults={"jam": sorted(set(jam))})
