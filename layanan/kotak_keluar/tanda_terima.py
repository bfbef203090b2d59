"""What became of a message at the provider: callbacks, and questions where none came.

A callback may arrive twice, out of order, late, or before our own call returned: what the provider
says only moves a message upwards (layanan.kotak_keluar.keadaan).
"""

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from layanan import transports
from layanan.kotak_keluar import keadaan, nomor_wa, saluran
from layanan.models import KeadaanSaluran, Notifikasi
from layanan.transports import galat as galat_
from layanan.transports.galat import Kelas
from penduduk.antrean import SEWA

log = logging.getLogger(__name__)
K = Notifikasi.Keadaan

# Which move each status is.
# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
DARI_TWILIO = {
    "accepted": "diterima",
    "scheduled": "diterima",
    "queued": "diterima",
    "sending": "diterima",
    "sent": "terkirim",
    "delivered": "sampai",
    "read": "dibaca",
    "undelivered": "ditolak",
    "failed": "ditolak",
    "canceled": "ditolak",
}

JEDA_AWAL = timedelta(seconds=30)
JEDA_TERLAMA = timedelta(minutes=30)
MENYERAH_SETELAH = timedelta(hours=48)
_KATA_JENDELA = "Jendela percakapan sudah tertutup; dikirim lagi dengan templat."
MENYERAH = "Tidak dapat dikirim selama dua hari. Telepon warga."

# Without news the provider is asked after so long since it took the message; in the end a human
# takes over, and the provider is still asked, for a phone may be switched on after days.
JADWAL_TANYA = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=48),
    timedelta(hours=72),
)
BATAS_SAMPAI = timedelta(hours=24)
BELUM_SAMPAI = "BELUM"
_KATA_BELUM = "Sudah di WhatsApp, tetapi belum sampai di HP warga sampai sehari. Telepon warga."
_SEKALI_TANYA = 50
_ASING_MAKS = 3  # tries of a message that the provider refuses for a reason unknown to us
_TINGKAT_MAKS = 3  # … or for being too fast: by then it is the day's allowance
_ULANGI = 20  # readings of a row that others change at the same moment


# The provider has refused the last attempt, and the row waits for the next one.
DITOLAK = Q(keadaan__in=(K.MENUNGGU, K.SEMENTARA), sid="", kode_galat__gt="")


def jeda(percobaan: int) -> timedelta:
    """How long to wait after the n-th refusal (n >= 1): doubled each time, with jitter."""
    lama = min(JEDA_AWAL * 2 ** min(percobaan - 1, 10), JEDA_TERLAMA)
    return lama * random.uniform(0.8, 1.2)  # spreads load, guards nothing


def tanya_berikut(dikirim_pada: datetime, *, pada: datetime) -> datetime | None:
    """When to ask next; None: no more."""
    return next((t for j in JADWAL_TANYA if (t := dikirim_pada + j) > pada), None)


def terima(
    *,
    pk: int,
    sid: str,
    status: str,
    pada: datetime,
    kode_galat: str = "",
    percobaan: int | None = None,
) -> bool:
    """A status callback of the provider. False when the message is not ours.

    `pk` and `percobaan` (which attempt) are of our own making: they stand in the signed address
    of the callback.
    """
    nama = DARI_TWILIO.get(status)
    if nama is None:
        return Notifikasi.objects.filter(pk=pk).exists()
    if nama == "ditolak":
        return _gagal(pk, sid=sid, kode_galat=kode_galat, percobaan=percobaan, pada=pada)
    terbukti = keadaan.PERPINDAHAN[nama].ke in Notifikasi.TERBUKTI
    if terbukti:
        # Which attempt reached the phone is all the same; below that only the last one counts.
        lama = Q() if percobaan is None else Q(percobaan__gt=percobaan)
        jika = Q(sid=sid) | Q(sid="") | lama
    else:
        # A message that a human looks after already stays there until it has really arrived; and
        # of an attempt that the provider has refused since, this is late news.
        jika = _percobaan_ini(sid, percobaan) & ~Q(kode_galat=BELUM_SAMPAI) & ~DITOLAK
    pindah = keadaan.pindah(
        [pk],
        nama,
        pada=pada,
        jika=jika,
        sid=sid,
        kode_galat="",
        galat="",
        # Our own call may never have returned: then this is the first that we hear of it.
        dikirim_pada=Coalesce("dikirim_pada", Value(pada)),
        tanya_pada=None if terbukti else Coalesce("tanya_pada", Value(pada + JADWAL_TANYA[0])),
    )
    if pindah and nama != "diterima":
        _pulih(pk, pada=pada)
    return bool(pindah) or Notifikasi.objects.filter(Q(sid=sid) | Q(sid=""), pk=pk).exists()


def _percobaan_ini(sid: str, percobaan: int | None) -> Q:
    ini = Q(sid=sid) | Q(sid="")
    return ini if percobaan is None else ini & Q(percobaan=percobaan)


def _pulih(pk: int, *, pada: datetime) -> None:
    """WhatsApp has got a message: a channel that was stopped before it was tried runs again."""
    if saluran.kini().berhenti:
        dicoba = Notifikasi.objects.filter(pk=pk).values_list("diambil_pada", flat=True).first()
        if dicoba is not None:
            saluran.pulih(dicoba_pada=dicoba, terbukti=True, pada=pada)


def _gagal(pk: int, *, sid: str, kode_galat: str, percobaan: int | None, pada: datetime) -> bool:
    """The provider could not deliver it: tried again where that can help, else final.

    Our own worker may be writing at this very moment that the provider has accepted it: then the
    row is read again, for this word is the later one and comes only once.
    """
    for _ in range(_ULANGI):
        ini = _percobaan_ini(sid, percobaan) & ~DITOLAK
        baris = Notifikasi.objects.filter(ini, pk=pk).first()
        if baris is None:
            return Notifikasi.objects.filter(pk=pk, sid=sid).exists()
        if baris.keadaan not in keadaan.PERPINDAHAN["ditolak"].dari:
            return True
        kata, kelas = galat_.arti(kode_galat), galat_.kelas(kode_galat)
        seperti_dibaca = Q(keadaan=baris.keadaan, percobaan=baris.percobaan, sid=baris.sid)
        umum: dict[str, Any] = {"kelas": kelas, "lewat_kabar": True, "pada": pada}
        if ditolak(baris, kode_galat, kata, jika=seperti_dibaca, **umum):
            return True
    raise RuntimeError(f"message {pk} changes faster than its failure can be written down")


def ditolak(
    baris: Notifikasi,
    kode: str,
    kata: str,
    *,
    kelas: Kelas,
    lewat_kabar: bool,
    jika: Q,
    pada: datetime,
) -> bool:
    """It certainly did not go out: `kelas` says whether it is tried again, waits for the channel,
    or is final; a number that was at fault is remembered. `lewat_kabar`: told after the provider
    had accepted it. `jika`: what must still hold of the row, or nothing happens: False."""
    umum: dict[str, Any] = {"jika": jika, "pada": pada}
    umum |= {"kode_galat": kode, "tanya_pada": None, "biaya": None}
    if kelas is Kelas.JENDELA and baris.lewat_jendela and not baris.tanpa_jendela:
        # The free window was shut after all: at once again, with the approved template.
        umum |= {"galat": _KATA_JENDELA, "tanpa_jendela": True}
        return bool(keadaan.pindah([baris.pk], "ditunda", ambil_lagi_pada=pada, sid="", **umum))
    kini = saluran.kini()
    if kode == galat_.TINGKAT and baris.percobaan >= _TINGKAT_MAKS:
        kelas = Kelas.SALURAN
    if kelas is Kelas.SALURAN and not _salah_sendiri(baris, kini):
        # Before the row is put back, or the next worker takes it again at once.
        dicoba = baris.diambil_pada or pada
        saluran.hentikan(kode, dicoba_pada=dicoba, lewat_kabar=lewat_kabar, pada=pada)
        tempat: dict[str, Any] = {
            "ambil_lagi_pada": baris.dibuat_pada,
            "sid": "",
            "dikirim_pada": None,
        }
        return bool(keadaan.pindah([baris.pk], "tertahan", galat=kata, **tempat, **umum))
    sementara = kelas is Kelas.SEMENTARA or (kelas is Kelas.ASING and baris.percobaan < _ASING_MAKS)
    if sementara:
        if pada - saluran.tunggu_sejak(kini, baris.dibuat_pada) <= batas(baris):
            lagi = pada + jeda(max(baris.percobaan, 1))
            kolom: dict[str, Any] = {"ambil_lagi_pada": lagi, "sid": "", "galat": kata}
            return bool(keadaan.pindah([baris.pk], "ditunda", **kolom, **umum))
        kata = MENYERAH
    if not keadaan.pindah([baris.pk], "ditolak", galat=kata, **umum):
        return False
    nomor_wa.tandai(baris.nomor_hp, kode, pada=pada)
    log.error("message %s failed for good (%s)", baris.pk, umum["kode_galat"])
    return True


def _salah_sendiri(baris: Notifikasi, kini: KeadaanSaluran) -> bool:
    """Whether others go out while this one fails as if the channel were at fault."""
    sejak = kini.sejak
    sesudah_pulih = sejak is None or (baris.diambil_pada is not None and baris.diambil_pada > sejak)
    return not kini.berhenti and sesudah_pulih and baris.percobaan >= saluran.COBA_MAKS


def batas(baris: Notifikasi) -> timedelta:
    """How long it makes sense to try: an answer only while it is still an answer."""
    return JENDELA_BEBAS if baris.masuk_id else MENYERAH_SETELAH


JENDELA_BEBAS = timedelta(hours=23)  # WhatsApp allows 24; clocks differ


# --- Asking -------------------------------------------------------------------------------------


def tanyakan(*, pada: datetime) -> int:
    """Ask the provider about messages that have had no news for too long; returns how many."""
    transport = transports.pilih() if transports.tersambung() else None
    semua = Notifikasi.objects.filter(tanya_pada__lte=pada).order_by("tanya_pada")
    jumlah = 0
    for baris in list(semua[:_SEKALI_TANYA]):
        if not Notifikasi.objects.filter(pk=baris.pk, tanya_pada=baris.tanya_pada).update(
            tanya_pada=pada + SEWA
        ):
            continue  # another worker asks
        jumlah += 1
        try:
            temuan = transport.tanya(baris.sid) if transport else None
        except transports.GagalSaluran as galat:
            saluran.hentikan(galat.kode, dicoba_pada=pada, lewat_kabar=False, pada=pada)
            return jumlah
        except transports.TransportError as galat:
            log.warning("message %s: provider did not tell its state (%s)", baris.pk, galat.kode)
        else:
            _jawaban(baris, temuan, pada=pada)
        _jadwalkan(baris, tak_pernah=baris.sid.startswith(transports.SIM), pada=pada)
    return jumlah


def _jawaban(baris: Notifikasi, temuan: transports.Temuan | None, *, pada: datetime) -> None:
    if temuan is not None:
        terima(
            pk=baris.pk,
            sid=baris.sid,
            status=temuan.status,
            kode_galat=temuan.kode_galat,
            percobaan=baris.percobaan,
            pada=pada,
        )


def _jadwalkan(baris: Notifikasi, *, tak_pernah: bool, pada: datetime) -> None:
    """When to ask next, and whether a human should take over now. `tak_pernah`: simulated, so
    nobody will ever tell."""
    sejak = baris.dikirim_pada or baris.dibuat_pada
    berikut = None if tak_pernah else tanya_berikut(sejak, pada=pada)
    Notifikasi.objects.filter(pk=baris.pk, tanya_pada__isnull=False).update(tanya_pada=berikut)
    if not tak_pernah and pada - sejak >= BATAS_SAMPAI:
        keadaan.pindah(
            [baris.pk], "belum_sampai", pada=pada, kode_galat=BELUM_SAMPAI, galat=_KATA_BELUM
        )
