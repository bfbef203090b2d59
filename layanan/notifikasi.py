"""The outbox: which message follows a step, and how due messages reach the provider.

A row is claimed by compare-and-set. The provider is called outside any transaction. A claim that
ran out (a worker died, a time-out) is never sent again blindly: the provider is asked first.
"""

import logging
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from layanan import pesan, transports
from layanan.models import Notifikasi, Permohonan, Riwayat
from penduduk import desa as desa_
from penduduk.models import Akun

log = logging.getLogger(__name__)
K = Notifikasi.Keadaan

SEWA = timedelta(seconds=settings.SEWA_DETIK)  # longer than any provider call takes
JEDA_AWAL = timedelta(seconds=30)
JEDA_TERLAMA = timedelta(hours=2)
MENYERAH_SETELAH = timedelta(hours=48)
_MENYERAH = "Tidak dapat dikirim selama dua hari. Telepon warga."
TANYA_MAKS = 5  # look-ups before a human decides

# Twilio's status words, ranked: repeats and any order of callbacks are harmless.
_DARI_TWILIO = {
    "accepted": K.DIKIRIM,
    "scheduled": K.DIKIRIM,
    "queued": K.DIKIRIM,
    "sending": K.DIKIRIM,
    "sent": K.TERKIRIM,
    "delivered": K.SAMPAI,
    "read": K.DIBACA,
    "undelivered": K.GAGAL,
    "failed": K.GAGAL,
    "canceled": K.GAGAL,
}
_LEBIH_RENDAH: dict[str, tuple[str, ...]] = {
    K.DIKIRIM: (K.MENUNGGU, K.DIAMBIL, K.PERLU_DICEK),
    K.TERKIRIM: (K.MENUNGGU, K.DIAMBIL, K.PERLU_DICEK, K.DIKIRIM),
    K.SAMPAI: (K.MENUNGGU, K.DIAMBIL, K.PERLU_DICEK, K.DIKIRIM, K.TERKIRIM, K.GAGAL),
    K.DIBACA: (K.MENUNGGU, K.DIAMBIL, K.PERLU_DICEK, K.DIKIRIM, K.TERKIRIM, K.GAGAL, K.SAMPAI),
    K.GAGAL: (K.MENUNGGU, K.DIAMBIL, K.PERLU_DICEK, K.DIKIRIM, K.TERKIRIM),
}


def catat(
    riwayat: Riwayat, permohonan: Permohonan, kode: str, *, kabari_petugas: bool
) -> list[Notifikasi]:
    """Write the messages of a step, in the transaction of the step."""
    baris = []
    if kode:
        ada_wa = bool(permohonan.kabari_wa and permohonan.nomor_hp)
        baris.append(_baris(riwayat, permohonan, kode, nomor=permohonan.nomor_hp, ada_wa=ada_wa))
    if kabari_petugas:
        baris += [
            _baris(riwayat, permohonan, "petugas_baru", nomor=p.nomor_hp, penerima=p)
            for p in petugas_yang_dikabari()
        ]
    return Notifikasi.objects.bulk_create(baris)


def petugas_yang_dikabari() -> list[Akun]:
    """Operators with a phone who want to hear of new requests."""
    return list(
        Akun.objects.filter(
            is_active=True,
            is_staff=True,
            terima_pemberitahuan=True,
            groups__permissions__codename="proses_permohonan",
        )
        .exclude(nomor_hp="")
        .distinct()
        .order_by("pk")
    )


def _baris(
    riwayat: Riwayat,
    permohonan: Permohonan,
    kode: str,
    *,
    nomor: str,
    ada_wa: bool = True,
    penerima: Akun | None = None,
) -> Notifikasi:
    desa = desa_.ambil()
    situs = settings.PUBLIC_BASE_URL.removeprefix("https://").removeprefix("http://")
    konteks = {
        "nomor": permohonan.nomor,
        "situs": situs,
        "kelola": f"{situs}/kelola/",
        "kepala": desa.sebutan_kepala,
        "kantor": f"{desa.sebutan_kepala} {desa.nama}".strip(),
        "kode_ambil": permohonan.kode_ambil,
    }
    return Notifikasi(
        riwayat=riwayat,
        penerima=penerima,
        nomor_hp=nomor,
        pesan=kode,
        variabel=pesan.nilai(kode, konteks),
        keadaan=K.MENUNGGU if ada_wa else K.TANPA_WA,
        ambil_lagi_pada=riwayat.pada,
        dibuat_pada=riwayat.pada,
    )


def _ambil(pada: datetime) -> Notifikasi | None:
    """Claim the oldest due message; `keadaan` of the result tells whether it was claimed before."""
    while True:
        baris = (
            Notifikasi.objects.filter(
                keadaan__in=[K.MENUNGGU, K.DIAMBIL], ambil_lagi_pada__lte=pada
            )
            .order_by("ambil_lagi_pada", "pk")
            .first()
        )
        if baris is None:
            return None
        if Notifikasi.objects.filter(
            pk=baris.pk, keadaan=baris.keadaan, ambil_lagi_pada=baris.ambil_lagi_pada
        ).update(keadaan=K.DIAMBIL, ambil_lagi_pada=pada + SEWA, percobaan=F("percobaan") + 1):
            baris.percobaan += 1
            baris.ambil_lagi_pada = pada + SEWA
            return baris


def kirim_yang_menunggu() -> int:
    """Hand every due message to the provider; returns how many rows were worked on."""
    transport = transports.pilih()
    jumlah = 0
    while baris := _ambil(timezone.now()):
        jumlah += 1
        _kirim(transport, baris)
    return jumlah


def _kirim(transport: transports.Transport, baris: Notifikasi) -> None:
    sid = None
    if baris.keadaan == K.DIAMBIL:  # claimed before, outcome unknown: ask before sending
        try:
            sid = transport.cari(baris)
        except transports.TransportError as galat:
            _tidak_pasti(baris, galat, sudah_ditanya=True)
            return
    try:
        sid = sid or transport.kirim(baris)
    except transports.TidakPasti as galat:
        _tidak_pasti(baris, galat, sudah_ditanya=False)
    except transports.GagalSementara as galat:
        _sementara(baris, galat)
    except transports.GagalTetap as galat:
        _catat_gagal(baris, galat)
    else:
        _catat_dikirim(baris, sid)


def _catat_dikirim(baris: Notifikasi, sid: str) -> None:
    sekarang = timezone.now()
    sama = Notifikasi.objects.filter(pk=baris.pk)
    # Not `_milik`: it went out, whoever holds the claim by now.
    sama.filter(keadaan__in=_LEBIH_RENDAH[K.DIKIRIM]).update(
        keadaan=K.DIKIRIM, galat="", kode_galat=""
    )
    # A callback may have been faster and have written a higher state; sid and time still belong.
    sama.update(sid=sid, dikirim_pada=sekarang)


def _milik(baris: Notifikasi) -> QuerySet[Notifikasi]:
    """The row while our claim on it holds: a worker that overslept must not undo the next one."""
    return Notifikasi.objects.filter(
        pk=baris.pk, keadaan=K.DIAMBIL, ambil_lagi_pada=baris.ambil_lagi_pada
    )


def _tidak_pasti(
    baris: Notifikasi, galat: transports.TransportError, *, sudah_ditanya: bool
) -> None:
    """Nobody knows whether it went out: ask later, and in the end let a human decide."""
    log.warning("message %s: provider did not answer (%s)", baris.pk, galat.kode)
    sekarang = timezone.now()
    terlalu_lama = sekarang - baris.dibuat_pada > MENYERAH_SETELAH
    perubahan: dict[str, object] = {"galat": galat.pesan, "kode_galat": galat.kode}
    if terlalu_lama or (sudah_ditanya and baris.percobaan > TANYA_MAKS):
        perubahan["keadaan"] = K.PERLU_DICEK
    else:
        perubahan["ambil_lagi_pada"] = sekarang + SEWA * min(baris.percobaan, TANYA_MAKS)
    _milik(baris).update(**perubahan)


def _sementara(baris: Notifikasi, galat: transports.TransportError) -> None:
    """The provider refused for now: wait longer each time, with jitter, for two days at most."""
    sekarang = timezone.now()
    if sekarang - baris.dibuat_pada > MENYERAH_SETELAH:
        _catat_gagal(baris, transports.GagalTetap(galat.kode, _MENYERAH))
        return
    jeda = min(JEDA_AWAL * 2 ** min(baris.percobaan - 1, 10), JEDA_TERLAMA)
    jeda *= random.uniform(0.8, 1.2)  # spreads load, guards nothing
    _milik(baris).update(
        keadaan=K.MENUNGGU,
        ambil_lagi_pada=sekarang + jeda,
        galat=galat.pesan,
        kode_galat=galat.kode,
    )


def _catat_gagal(baris: Notifikasi, galat: transports.TransportError) -> None:
    log.error("message %s failed for good (%s)", baris.pk, galat.kode)
    _milik(baris).update(keadaan=K.GAGAL, galat=galat.pesan, kode_galat=galat.kode)


def terima_status(*, pk: int, sid: str, status: str, kode_galat: str = "") -> bool:
    """A status callback of the provider. False when the message is not ours.

    A callback may arrive twice, out of order, or before our own call returned: the state only
    moves upwards. `pk` is the message's id, which we put into the callback address ourselves.
    """
    keadaan = _DARI_TWILIO.get(status)
    baris = Notifikasi.objects.filter(pk=pk).filter(Q(sid=sid) | Q(sid=""))
    if not baris.exists():
        return False
    if keadaan is None:
        return True
    perubahan = {"keadaan": keadaan, "sid": sid, "kode_galat": "", "galat": ""}
    if keadaan == K.GAGAL:
        perubahan |= {"kode_galat": kode_galat, "galat": transports.arti(kode_galat)}
    baris.filter(keadaan__in=_LEBIH_RENDAH[keadaan]).update(**perubahan)
    return True
