"""Slips of paper with a PIN awal, for the counter and for the rounds of a kelian.

Who gets one, and who does not and why. The clear PINs exist in this process and on paper only:
they are stored as hashes, all or none, once the PDF is there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from penduduk import desa as desa_
from penduduk.akun import penjagaan, pin
from penduduk.models import Akun, Banjar, KejadianAkun, Penduduk
from surat.bahasa import tanggal as tgl
from surat.kertas import cetak_slip
from surat.naskah import gaya

MAKS = 100  # slips in one PDF; hashing them takes some three seconds
UMUR_KTP = 17  # from here on people have a KTP-el to log in with

BELUM_CUKUP_UMUR = f"Belum {UMUR_KTP} tahun"
TANPA_TANGGAL_LAHIR = "Tanggal lahir belum diketahui"
TIDAK_HIDUP = "Tidak berstatus hidup"
DIKUNCI = "Akun sedang dikunci; buka kuncinya lebih dulu"
SUDAH_PUNYA_PIN = "Sudah punya PIN sendiri"
AWAL_MASIH_BERLAKU = "PIN awal sebelumnya masih berlaku"


class SlipGagal(Exception):
    """No slip was made and no PIN was stored; the text says what to do."""


@dataclass(frozen=True)
class Pilihan:
    """What an operator decided about whom to include."""

    umur: int = 0  # at least so many years; 0: whatever the age
    ulang: bool = False  # also whose PIN awal was never used: the former slip becomes worthless
    ganti: bool = False  # also who has a working PIN: only for one person, after a warning


@dataclass
class Rencana:
    """Who gets a slip, and who is left out for which reason."""

    dapat: list[Penduduk] = field(default_factory=list)
    tertinggal: dict[str, list[Penduduk]] = field(default_factory=dict)

    @property
    def kelompok(self) -> list[list[Penduduk]]:
        return [self.dapat[i : i + MAKS] for i in range(0, len(self.dapat), MAKS)]


def warga_banjar(banjar: Banjar) -> list[Penduduk]:
    """The living of a banjar, household by household, as the kelian walks."""
    semua = Penduduk.objects.hidup().filter(keluarga__banjar=banjar)
    return list(_lengkap(semua).order_by("keluarga__alamat", "keluarga", "shdk", "nama", "pk"))


def warga_terpilih(pk: Iterable[int]) -> list[Penduduk]:
    return list(_lengkap(Penduduk.objects.filter(pk__in=pk)).order_by("nama", "pk"))


def _lengkap(semua: Any) -> Any:
    return semua.select_related("keluarga__banjar", "akun")


def susun(orang: Iterable[Penduduk], pilihan: Pilihan, *, pada: datetime) -> Rencana:
    rencana = Rencana()
    for satu in orang:
        sebab = sebab_tanpa_slip(satu, pilihan, pada=pada)
        if sebab:
            rencana.tertinggal.setdefault(sebab, []).append(satu)
        else:
            rencana.dapat.append(satu)
    return rencana


def sebab_tanpa_slip(orang: Penduduk, pilihan: Pilihan, *, pada: datetime) -> str:
    """Why `orang` gets no slip; empty: they get one. A working PIN is never replaced silently."""
    if orang.status_dasar != Penduduk.HIDUP:
        return TIDAK_HIDUP
    if orang.label_nik:
        return orang.label_nik
    if pilihan.umur:
        if orang.tanggal_lahir is None:
            return TANPA_TANGGAL_LAHIR
        if _umur(orang.tanggal_lahir, tgl.di_wita(pada)) < pilihan.umur:
            return BELUM_CUKUP_UMUR
    akun = _akun(orang)
    if akun and (akun.dibekukan_pada or not akun.is_active):
        return DIKUNCI
    yang_berlaku = pin_berlaku(orang, pada=pada)
    if yang_berlaku == AWAL_MASIH_BERLAKU:
        return "" if pilihan.ulang or pilihan.ganti else yang_berlaku
    return "" if pilihan.ganti else yang_berlaku


def pin_berlaku(orang: Penduduk, *, pada: datetime) -> str:
    """Which PIN of `orang` works at `pada` and would stop working; empty: none."""
    akun = _akun(orang)
    if akun is None or not pin.ada(akun):
        return ""
    if not akun.wajib_ganti_pin:
        return SUDAH_PUNYA_PIN
    sampai = akun.pin_berlaku_sampai
    return AWAL_MASIH_BERLAKU if sampai is None or pada < sampai else ""


def _akun(orang: Penduduk) -> Akun | None:
    return getattr(orang, "akun", None)


def _umur(lahir: date, hari_ini: date) -> int:
    belum_ulang_tahun = (hari_ini.month, hari_ini.day) < (lahir.month, lahir.day)
    return hari_ini.year - lahir.year - belum_ulang_tahun


@sensitive_variables()
def terbitkan(orang: Sequence[Penduduk], *, untuk: str, pada: datetime, oleh: Akun) -> bytes:
    """PDF of slips for `orang` (as read by the functions above, at most MAKS).

    `untuk`: whose slips these are, for the receipt. Raises SlipGagal; then no PIN has changed.
    """
    ada = {o.pk: pin.buat(akun) for o in orang if (akun := _akun(o))}
    baru = {o.pk: ada[o.pk][0] if o.pk in ada else _acak(o) for o in orang}
    lama = {o.pk: akun.password if (akun := _akun(o)) else "" for o in orang}
    try:
        isi = cetak_slip.cetak(_data(orang, baru, untuk=untuk, pada=pada))
    except cetak_slip.SlipTidakTercetak:
        raise SlipGagal("Slip tidak dapat dibuat. Tidak ada PIN yang berubah. Coba lagi.") from None
    try:
        bakal = [(o.pk, pin.akun_untuk(o)) for o in orang]
    except pin.TidakBisaMasuk as galat:
        raise SlipGagal(f"{galat} Tidak ada PIN yang berubah.") from galat
    siap = [
        (satu, ada[pk][1] if pk in ada else pin.olah(satu, baru[pk]), lama[pk])
        for pk, satu in bakal
    ]
    with transaction.atomic():
        for satu, hash_pin, semula in siap:
            if not pin.pasang_awal(
                satu, hash_pin, lama=semula, berlaku_sampai=pada + pin.MASA_SLIP
            ):
                raise SlipGagal(
                    "Keadaan akun berubah saat slip dibuat. Tidak ada PIN yang berubah. Periksa "
                    "lagi daftarnya."
                )
            penjagaan.catat(
                satu, KejadianAkun.Jenis.PIN_DITERBITKAN, pada=pada, oleh=oleh, rincian="slip"
            )
    return isi


def _acak(orang: Penduduk) -> str:
    return pin.acak(nik=orang.nik or "", tanggal_lahir=orang.tanggal_lahir)


def _data(
    orang: Sequence[Penduduk], baru: dict[int, str], *, untuk: str, pada: datetime
) -> dict[str, Any]:
    """What stands on the paper."""
    desa = desa_.ambil()
    sampai = timezone.localtime(pada + pin.MASA_SLIP)
    return {
        "desa": desa.nama,
        "contoh": desa.contoh,
        "kertas": gaya.tata_naskah().kertas,
        "situs": settings.PUBLIC_BASE_URL.split("://")[-1] + "/masuk/",
        "berlaku": f"{tgl.panjang(sampai.date())}, {sampai:%H.%M} WITA",
        "tanggal": tgl.panjang(tgl.di_wita(pada)),
        "untuk": untuk,
        "slip": [_slip(o, baru[o.pk]) for o in orang],
    }


def _slip(orang: Penduduk, kode: str) -> dict[str, str]:
    banjar = orang.keluarga.banjar if orang.keluarga else None
    return {
        "nama": orang.nama,
        "nik": f"•••• •••• •••• {(orang.nik or '')[-4:]}",
        "banjar": banjar.nama if banjar else "",
        "kode": f"{kode[:3]} {kode[3:]}",
    }
