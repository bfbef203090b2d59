"""The outbox: which message follows what, and how due messages reach the provider.

A row is claimed by compare-and-set. The provider is called outside any transaction. A claim that
ran out (a worker died, a time-out) is never sent again blindly: the provider is asked first.
"""

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from layanan import pesan, transports
from layanan.models import Notifikasi, Permohonan, PesanSimulasi, Riwayat
from penduduk import desa as desa_
from penduduk import pin
from penduduk.models import Akun

log = logging.getLogger(__name__)
K = Notifikasi.Keadaan

SEWA = timedelta(seconds=settings.SEWA_DETIK)  # longer than any provider call takes
JEDA_AWAL = timedelta(seconds=30)
JEDA_TERLAMA = timedelta(hours=2)
MENYERAH_SETELAH = timedelta(hours=48)
JENDELA_BEBAS = timedelta(hours=23)  # WhatsApp allows 24; clocks differ
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
    konteks = {"nomor": permohonan.nomor, "kode_ambil": permohonan.kode_ambil}
    baris = []
    if kode:
        ada_wa = bool(permohonan.kabari_wa and permohonan.nomor_hp)
        baris.append(
            _baris(kode, konteks, riwayat.pada, permohonan.nomor_hp, ada_wa=ada_wa, riwayat=riwayat)
        )
    if kabari_petugas:
        baris += [
            _baris("petugas_baru", konteks, riwayat.pada, p.nomor_hp, penerima=p, riwayat=riwayat)
            for p in petugas_yang_dikabari("proses_permohonan")
        ]
    return Notifikasi.objects.bulk_create(baris)


def tulis(
    kode: str, *, nomor_hp: str, pada: datetime, konteks: dict[str, str] | None = None, **sebab: Any
) -> Notifikasi:
    """Write one message to a resident, in the transaction of what causes it.

    `sebab`: one of permintaan=, kejadian=, masuk= (see Notifikasi). IntegrityError when that
    cause has had its message already.
    """
    baris = _baris(kode, konteks or {}, pada, nomor_hp, ada_wa=bool(nomor_hp), **sebab)
    baris.save(force_insert=True)
    return baris


def kabari_petugas(kode: str, *, izin: str, pada: datetime, **sebab: Any) -> list[Notifikasi]:
    """Write one message to every member of staff who holds `izin` and wants to hear of it."""
    return Notifikasi.objects.bulk_create(
        _baris(kode, {}, pada, p.nomor_hp, penerima=p, **sebab) for p in petugas_yang_dikabari(izin)
    )


def petugas_yang_dikabari(izin: str) -> list[Akun]:
    """Staff with a phone and the permission `izin` (codename) who want to be told."""
    return list(
        Akun.objects.filter(
            is_active=True,
            is_staff=True,
            terima_pemberitahuan=True,
            groups__permissions__codename=izin,
        )
        .exclude(nomor_hp="")
        .distinct()
        .order_by("pk")
    )


def _baris(
    kode: str,
    konteks: dict[str, str],
    pada: datetime,
    nomor_hp: str,
    *,
    ada_wa: bool = True,
    **lain: Any,
) -> Notifikasi:
    desa = desa_.ambil()
    situs = settings.PUBLIC_BASE_URL.removeprefix("https://").removeprefix("http://")
    umum = {
        "situs": situs,
        "kelola": f"{situs}/kelola/",
        "desa": desa.nama,
        "kepala": desa.sebutan_kepala,
        "kantor": f"{desa.sebutan_kepala} {desa.nama}".strip(),
    }
    # A code is made only when the message is handed over, and stands in no row.
    rahasia = pesan.PESAN[kode].cara is pesan.Cara.OTENTIKASI
    return Notifikasi(
        nomor_hp=nomor_hp,
        pesan=kode,
        variabel=[] if rahasia else pesan.nilai(kode, umum | konteks),
        keadaan=K.MENUNGGU if ada_wa else K.TANPA_WA,
        ambil_lagi_pada=pada,
        dibuat_pada=pada,
        **lain,
    )


def coba_lagi(gagal: QuerySet[Notifikasi], *, pada: datetime) -> int:
    """Put messages that ended in trouble back into the queue, as new; returns how many."""
    return gagal.filter(keadaan__in=Notifikasi.MASALAH).update(
        keadaan=K.MENUNGGU,
        percobaan=0,
        ambil_lagi_pada=pada,
        dibuat_pada=pada,
        sid="",
        galat="",
        kode_galat="",
    )


def _ambil(pada: datetime) -> Notifikasi | None:
    """Claim the oldest due message; `keadaan` of the result tells whether it was claimed before."""
    while True:
        baris = (
            Notifikasi.objects.filter(
                keadaan__in=[K.MENUNGGU, K.DIAMBIL], ambil_lagi_pada__lte=pada
            )
            .select_related("permintaan__penduduk")
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
        sid = sid or transport.kirim(baris, _variabel(baris))
    except pin.TidakBisaMasuk as galat:
        _catat_gagal(baris, transports.GagalTetap("AKUN", str(galat)))
    except transports.TidakPasti as galat:
        _tidak_pasti(baris, galat, sudah_ditanya=False)
    except transports.GagalSementara as galat:
        _sementara(baris, galat)
    except transports.GagalTetap as galat:
        _catat_gagal(baris, galat)
    else:
        _catat_dikirim(baris, sid)


@sensitive_variables()
def _variabel(baris: Notifikasi) -> list[str]:
    """Values for the template. A PIN is made here and now: each try makes a new one, and only
    the last one opens the account. Raises pin.TidakBisaMasuk."""
    if pesan.PESAN[baris.pesan].cara is not pesan.Cara.OTENTIKASI:
        return baris.variabel
    permintaan = baris.permintaan
    if permintaan is None or permintaan.penduduk is None:
        raise pin.TidakBisaMasuk("Permintaan PIN ini tidak menunjuk seorang penduduk.")
    return [pin.terbitkan(permintaan.penduduk, pada=timezone.now())]


def _catat_dikirim(baris: Notifikasi, sid: str) -> None:
    sekarang = timezone.now()
    sama = Notifikasi.objects.filter(pk=baris.pk)
    # Not `_milik`: it went out, whoever holds the claim by now.
    sama.filter(keadaan__in=_LEBIH_RENDAH[K.DIKIRIM]).update(
        keadaan=K.DIKIRIM, galat="", kode_galat=""
    )
    # A callback may have been faster and have written a higher state; sid and time still belong.
    sama.update(sid=sid, dikirim_pada=sekarang)


def _batas(baris: Notifikasi) -> timedelta:
    """How long it makes sense to try: an answer with free words only while the window is open."""
    bebas = pesan.PESAN[baris.pesan].cara is pesan.Cara.BEBAS
    return JENDELA_BEBAS if bebas else MENYERAH_SETELAH


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
    terlalu_lama = sekarang - baris.dibuat_pada > _batas(baris)
    perubahan: dict[str, object] = {"galat": galat.pesan, "kode_galat": galat.kode}
    if terlalu_lama or (sudah_ditanya and baris.percobaan > TANYA_MAKS):
        perubahan["keadaan"] = K.PERLU_DICEK
    else:
        perubahan["ambil_lagi_pada"] = sekarang + SEWA * min(baris.percobaan, TANYA_MAKS)
    _milik(baris).update(**perubahan)


def _sementara(baris: Notifikasi, galat: transports.TransportError) -> None:
    """The provider refused for now: wait longer each time, with jitter, for two days at most."""
    sekarang = timezone.now()
    if sekarang - baris.dibuat_pada > _batas(baris):
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


def lupakan_balasan(*, sebelum: datetime) -> None:
    """Delete answers to incoming messages that are older; nothing refers to them any more."""
    lama = Notifikasi.objects.filter(masuk__isnull=False, dibuat_pada__lt=sebelum).exclude(
        keadaan__in=[K.MENUNGGU, K.DIAMBIL]
    )
    PesanSimulasi.objects.filter(notifikasi__in=lama).delete()
    lama.delete()


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
