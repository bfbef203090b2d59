"""Our messages and the village's as templates at Twilio: created, submitted, and watched until
WhatsApp has decided, and afterwards, for it may change its mind.

Each template is taken up by one worker at a time: `diperiksa_pada`, moved by compare-and-set, is
its lease. A creation whose answer was lost is looked up by name before another is made.
"""

import logging
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from layanan.kata_pesan import kata, katalog, usulan
from layanan.models import Notifikasi, TemplatWA
from layanan.transports import TransportError, konten
from layanan.transports.dasar import GagalTetap
from penduduk import antrean
from penduduk.antrean import SEWA

log = logging.getLogger(__name__)
K = TemplatWA.Keadaan

_BELUM = (K.BARU, K.DIBUAT)  # Twilio still has to take it

# How long after the last look the next one comes, by how long ago it was submitted: most answers
# come within minutes, some take two days.
JEDA = (
    (timedelta(minutes=1), timedelta(seconds=10)),
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(hours=1), timedelta(minutes=10)),
)
SEJAM = timedelta(hours=1)
SEHARI = timedelta(days=1)  # what is approved, and what Twilio itself has refused
GAGAL_MAKS = 3  # calls in trouble before a run gives up: the line is down
# A message failed because of its template: reason to ask at once.
_GALAT_TEMPLAT = ("63040", "63041", "63042")
_HENTI = {
    "paused": "WhatsApp menjeda templat ini, biasanya karena penerima memblokir atau melaporkan.",
    "disabled": "WhatsApp mematikan templat ini. Tulis kata-kata lain.",
}


@dataclass
class Laporan:
    """`terhenti`: why the run ended early, for people; `dicoba`: how many templates it took up."""

    terhenti: str = ""
    dicoba: int = 0
    galat: list[str] = field(default_factory=list)


class BelumTerhubung(Exception):
    """No Twilio is configured."""


def berkata() -> list[katalog.Pesan]:
    """The messages that need a template, in the order of the catalogue."""
    return [p for p in katalog.PESAN.values() if p.cara is not katalog.Cara.BEBAS]


# --- What there is to do ------------------------------------------------------------------------


def ada_pekerjaan(*, pada: datetime) -> bool:
    """Whether a run would do anything; without a word to Twilio. A village whose templates were
    never made from here (none yet, or all named in the settings) has nothing to do."""
    if konten.konten_kini() is None or not TemplatWA.objects.exists():
        return False
    return bool(_jatuh_tempo(pada) or tanpa_bawaan() or _kembar_tertinggal())


def tunggu(*, pada: datetime) -> int | None:
    """Seconds until the next look, None when the hourly one is early enough."""
    if konten.konten_kini() is None:
        return None
    berjalan = _utama().filter(keadaan__in=TemplatWA.BERJALAN)
    jeda = min((_berikut(v) for v in berjalan), default=pada + SEJAM) - pada
    return None if jeda >= SEJAM else max(int(jeda.total_seconds()), 0) + 1


def _berikut(versi: TemplatWA) -> datetime:
    """When to take it up again."""
    lihat = versi.diperiksa_pada
    if lihat is None:
        return versi.dibuat_pada
    umur = lihat - (versi.diajukan_pada or versi.dibuat_pada)
    jeda = next((j for batas, j in JEDA if umur < batas), SEJAM)
    if versi.keadaan in _BELUM:
        jeda = SEHARI if versi.alasan else max(jeda, SEWA)
    elif versi.keadaan not in TemplatWA.BERJALAN:
        jeda = SEHARI if versi.keadaan == K.DISETUJUI else SEJAM
    return lihat + jeda


def _jatuh_tempo(pada: datetime, *, segera: bool = False) -> list[TemplatWA]:
    """The templates that are due, each by its first version, the longest waiting first. `segera`:
    all that can be asked, whenever they were asked last."""
    gagal = Notifikasi.objects.filter(
        templat__nama=OuterRef("nama"),
        kode_galat__in=_GALAT_TEMPLAT,
        berubah_pada__gt=OuterRef("diperiksa_pada"),
    )
    hasil: list[TemplatWA] = []
    for versi in _utama().annotate(meragukan=Exists(gagal)):
        if versi.keadaan == K.DITOLAK or (
            versi.sid and versi.sid == kata.sid_pengaturan(versi.pesan)
        ):
            continue
        sewa = SEWA if versi.keadaan in _BELUM else timedelta()
        bebas = versi.diperiksa_pada is None or versi.diperiksa_pada + sewa <= pada
        if ((segera or versi.meragukan) and bebas) or _berikut(versi) <= pada:
            hasil.append(versi)
    return hasil


def _utama() -> QuerySet[TemplatWA]:
    """The first version of every template: it holds the lease for all that share it."""
    lebih_dulu = TemplatWA.objects.filter(
        pesan=OuterRef("pesan"), nama=OuterRef("nama"), pk__lt=OuterRef("pk")
    )
    return TemplatWA.objects.filter(
        ~Exists(lebih_dulu), pesan__in=[p.kode for p in berkata()]
    ).order_by(F("diperiksa_pada").asc(nulls_first=True), "pk")


def _kembar_tertinggal() -> list[tuple[TemplatWA, TemplatWA]]:
    """Versions that were added while their template was on its way, and the first of each."""
    utama = {(v.pesan, v.nama): v for v in _utama()}
    lain = TemplatWA.objects.exclude(pk__in=[v.pk for v in utama.values()])
    pasangan = [(v, utama[v.pesan, v.nama]) for v in lain if (v.pesan, v.nama) in utama]
    return [(v, satu) for v, satu in pasangan if (v.keadaan, v.sid) != (satu.keadaan, satu.sid)]


def semua_versi() -> defaultdict[str, list[TemplatWA]]:
    """All versions by message, the oldest first."""
    per_kode: defaultdict[str, list[TemplatWA]] = defaultdict(list)
    for versi in TemplatWA.objects.select_related("dibuat_oleh").order_by("versi"):
        per_kode[versi.pesan].append(versi)
    return per_kode


def tanpa_bawaan() -> list[katalog.Pesan]:
    """Messages whose present words of ours are no version yet, though they would be used."""
    per_kode = semua_versi()
    return [p for p in berkata() if _perlu_bawaan(p, per_kode[p.kode])]


def _perlu_bawaan(asli: katalog.Pesan, semua: list[TemplatWA]) -> bool:
    if kata.sid_pengaturan(asli.kode):
        return False
    bawaan = [v for v in semua if v.bawaan]
    if not bawaan:
        return True
    if any(v.kata == asli.kata and v.keadaan == K.DITOLAK for v in semua):
        return False
    kini = usulan.dikehendaki(semua)
    ikut_kami = kini is None or kini.bawaan
    return ikut_kami and bawaan[-1].kata != asli.kata


# --- One run ------------------------------------------------------------------------------------


def selaraskan(*, pada: datetime, segera: bool = False, paling_banyak: int = 0) -> Laporan:
    """Take every template that is due one step further; whatever fails is continued by the next
    run. `paling_banyak`: 0 is all. Raises BelumTerhubung."""
    pintu = konten.konten_kini()
    if pintu is None:
        raise BelumTerhubung
    _tulis_bawaan(pada)
    for kembar, utama in _kembar_tertinggal():
        usulan.ikut(kembar, utama)
        kembar.save()
    hasil, putaran = Laporan(), _Putaran(pintu, pada)
    antre = _jatuh_tempo(pada, segera=segera)
    for versi in antre[: paling_banyak or None]:
        try:
            hasil.dicoba += putaran.kerjakan(versi)
        except konten.SandiSalah as galat:
            hasil.terhenti = galat.pesan
        except GagalTetap as galat:
            _semua(versi).filter(keadaan__in=_BELUM).update(alasan=galat.pesan[:300])
            hasil.galat.append(f"{versi.pesan}: {galat.pesan}")
        except TransportError as galat:
            putaran.gagal += 1
            hasil.galat.append(f"{versi.pesan}: {galat.pesan}")
            if putaran.gagal >= GAGAL_MAKS:
                hasil.terhenti = f"{galat.pesan} Yang belum selesai dilanjutkan nanti."
        if hasil.terhenti:
            break
    return hasil


def _tulis_bawaan(pada: datetime) -> None:
    for asli in tanpa_bawaan():
        try:
            with transaction.atomic():
                kini = list(TemplatWA.objects.filter(pesan=asli.kode).order_by("versi"))
                if not _perlu_bawaan(asli, kini):
                    continue  # another run was faster
                usulan.tulis_versi(asli.kode, asli.kata, bawaan=True, oleh=None, pada=pada)
        except IntegrityError:  # another run was faster by a hair
            continue


def _semua(versi: TemplatWA) -> QuerySet[TemplatWA]:
    """All versions that share its template."""
    return TemplatWA.objects.filter(pesan=versi.pesan, nama=versi.nama)


class _Putaran:
    def __init__(self, pintu: konten.KontenTwilio, pada: datetime) -> None:
        self._pintu = pintu
        self._mulai, self._jam = pada, time.monotonic()
        self._daftar: list[konten.Konten] | None = None
        self.gagal = 0

    def kini(self) -> datetime:
        """The time by the caller's clock: a lease begins when its own call does."""
        return self._mulai + timedelta(seconds=time.monotonic() - self._jam)

    def kerjakan(self, versi: TemplatWA) -> bool:
        """One template, one step; False when another worker has it."""
        kini = self.kini()
        if not antrean.milik(versi, "diperiksa_pada").update(diperiksa_pada=kini):
            return False
        if versi.keadaan == K.BARU:
            self._buat(versi)
        try:
            setuju = self._pintu.keadaan(versi.sid)
        except konten.TidakAda:
            # Deleted by hand, or the village has moved to another account: from the beginning.
            _semua(versi).update(keadaan=K.BARU, sid="", alasan="", diajukan_pada=None)
            log.warning("template of %s is gone at the provider", versi.pesan)
            return True
        if setuju.status == konten.BELUM:
            asli = katalog.PESAN[versi.pesan]
            self._pintu.ajukan(versi.sid, nama=versi.nama, kategori=asli.cara.value)
            # Approval takes its time: the pauses between two looks count from here.
            kini = self.kini()
            _semua(versi).update(
                keadaan=K.DIAJUKAN, alasan="", diajukan_pada=kini, diperiksa_pada=kini
            )
            return True
        _catat(versi, setuju, pada=kini)
        return True

    def _buat(self, versi: TemplatWA) -> None:
        """Create it, unless it exists already under its name."""
        satu = kata.dari_versi(versi)
        sid = self._cari(versi, satu) or self._pintu.buat(
            versi.nama,
            teks=satu.teks,
            contoh=satu.bernomor(satu.contoh),
            kategori=satu.cara.value,
        )
        versi.sid, versi.keadaan = sid, K.DIBUAT
        _semua(versi).update(sid=sid, keadaan=K.DIBUAT, alasan="")

    def _cari(self, versi: TemplatWA, satu: katalog.Pesan) -> str:
        # What was tried before may have got there after this run's list was read.
        if self._daftar is None or versi.diperiksa_pada is not None:
            self._daftar = self._pintu.daftar()
        cocok = [k for k in self._daftar if k.nama == versi.nama]
        if not cocok:
            return ""
        if any(k.teks not in ("", satu.teks) for k in cocok):
            raise GagalTetap(
                "BEDA", "Di Twilio sudah ada templat bernama sama dengan kata-kata lain."
            )
        sudah = [k for k in cocok if k.status != konten.BELUM]
        return (sudah or cocok)[0].sid


def _catat(versi: TemplatWA, setuju: konten.Persetujuan, *, pada: datetime) -> None:
    """Write down what WhatsApp says; what we do not know changes nothing."""
    keadaan, alasan = _arti(versi, setuju)
    if keadaan is None:
        log.warning("template of %s has an unknown status", versi.pesan)
        return
    perubahan = {"keadaan": keadaan, "alasan": alasan[:300], "diperiksa_pada": pada}
    lama = _semua(versi)
    lama.filter(diajukan_pada__isnull=True).update(diajukan_pada=pada)
    if lama.exclude(keadaan=keadaan).update(**perubahan) and keadaan in (K.DITOLAK, K.DITAHAN):
        log.warning("template of %s: %s", versi.pesan, keadaan)
    _semua(versi).update(**perubahan)


def _arti(versi: TemplatWA, setuju: konten.Persetujuan) -> tuple[str | None, str]:
    """State and reason for what WhatsApp says."""
    if setuju.status in konten.MENUNGGU:
        return K.DIAJUKAN, ""
    if setuju.status == konten.TOLAK:
        return K.DITOLAK, setuju.alasan or "WhatsApp tidak menyebut sebabnya."
    if setuju.status in konten.HENTI:
        return K.DITAHAN, _HENTI[setuju.status]
    if setuju.status != konten.SETUJU:
        return None, ""
    harusnya = katalog.PESAN[versi.pesan].cara.value
    if setuju.kategori and setuju.kategori != harusnya:
        return K.DITAHAN, (
            f"WhatsApp memindahkan templat ini ke kategori {setuju.kategori}: lebih mahal, dan "
            "tidak selalu disampaikan. Tulis kata-kata yang tidak terdengar seperti iklan."
        )
    return K.DISETUJUI, ""
