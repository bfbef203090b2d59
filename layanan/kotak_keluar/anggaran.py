"""How many messages somebody outside can make the village send in a day (WITA).

Whoever asks, guesses or types does not pay; so each cause has a budget for one number, for one
account and for the whole village. It is taken when the message is written, not when it is sent.
What is over it becomes TANPA_WA and stands on the call list; news for staff waits for the digest.
Steps that an operator takes have none: for them the village's cap holds (kotak_keluar.biaya).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from layanan.models import AnggaranPesan
from penduduk.akun import throttle

_BALASAN = "balas_"
_SEMUA = "semua"


@dataclass(frozen=True)
class Anggaran:
    """Messages of one cause in a day, at most; None: without this limit."""

    pesan: tuple[str, ...]
    nomor: int
    akun: int | None = None
    desa: int | None = None


SEHARI: dict[str, Anggaran] = {
    "nomor": Anggaran(("nomor_ganti",), nomor=3, akun=3, desa=30),
    "penjagaan": Anggaran(
        ("akun_dijaga", "akun_dibekukan", "pin_ganti", "pin_terbit"), nomor=6, akun=6, desa=200
    ),
    "minta_pin": Anggaran(("pin_ditolak", "pin_foto_ulang"), nomor=3, desa=100),
    "pin": Anggaran(("pin", "pin_pengantar"), nomor=10, desa=400),
    "diterima": Anggaran(("diterima", "perbaikan_diterima"), nomor=10, akun=10, desa=300),
    "balasan": Anggaran((_BALASAN,), nomor=60, desa=2000),
    "petugas_pin": Anggaran(("petugas_pin",), nomor=10),
    "petugas_baru": Anggaran(("petugas_baru", "petugas_perbaikan", "petugas_baru_lagi"), nomor=40),
    "petugas_akun": Anggaran(("petugas_beku", "petugas_tebakan", "petugas_akun"), nomor=20),
    "berkas": Anggaran(("berkas_dihapus",), nomor=3, desa=100),
    "kode_petugas": Anggaran(("kode_petugas",), nomor=10),
}
_SEBAB = {kode: sebab for sebab, satu in SEHARI.items() for kode in satu.pesan}


def ambil(kode: str, *, nomor_hp: str, pada: datetime, akun: int | None = None) -> bool:
    """Take one message `kode` to `nomor_hp`, caused by the account `akun`, out of the budgets of
    the day; False: one of them is used up, and nothing was taken. Call in the transaction that
    writes the message."""
    sebab = _SEBAB.get(_BALASAN if kode.startswith(_BALASAN) else kode)
    if sebab is None:
        return True
    batas = SEHARI[sebab]
    kunci = [(f"nomor:{nomor_hp}", batas.nomor), ("desa", batas.desa)]
    if akun is not None:
        kunci.append((f"akun:{akun}", batas.akun))
    with transaction.atomic():
        # Always in the same order, so that two at once cannot wait for each other.
        for nama, maks in sorted(kunci):
            if maks is not None and not _tambah(f"{sebab}:{nama}", maks, pada=pada):
                transaction.set_rollback(True)
                return False
    return True


def _tambah(nama: str, maks: int, *, pada: datetime) -> bool:
    satu = {"kunci": throttle.sidik("anggaran", nama), "hari": timezone.localdate(pada)}
    AnggaranPesan.objects.bulk_create([AnggaranPesan(**satu)], ignore_conflicts=True)
    sisa = AnggaranPesan.objects.filter(**satu, jumlah__lt=maks)
    return bool(sisa.update(jumlah=F("jumlah") + 1))


def hari_ini(*, pada: datetime) -> int:
    """How many messages were sent today."""
    satu = {"kunci": throttle.sidik("anggaran", _SEMUA), "hari": timezone.localdate(pada)}
    return AnggaranPesan.objects.filter(**satu).values_list("jumlah", flat=True).first() or 0


def catat_dikirim(jumlah: int, *, pada: datetime) -> None:
    """So many messages are sent now; call under the lock of layanan.kotak_keluar.giliran."""
    satu = {"kunci": throttle.sidik("anggaran", _SEMUA), "hari": timezone.localdate(pada)}
    if not AnggaranPesan.objects.filter(**satu).update(jumlah=F("jumlah") + jumlah):
        AnggaranPesan.objects.create(**satu, jumlah=jumlah)
