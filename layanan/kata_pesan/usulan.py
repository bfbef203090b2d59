"""The village's own words for a message: a clerk proposes them, WhatsApp decides, and until then
the former ones stay in use. Versions are only ever added."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from layanan.kata_pesan import kata, katalog
from layanan.models import TemplatWA
from penduduk import desa as desa_
from penduduk.models import Akun

K = TemplatWA.Keadaan


class KataTidakSah(ValueError):
    """WhatsApp would not take these words, or they would harm; `keberatan` says all of it."""

    def __init__(self, keberatan: list[str]) -> None:
        super().__init__(" ".join(keberatan))
        self.keberatan = keberatan


class Keduluan(ValueError):
    """A colleague has proposed other words in the meantime."""


class TidakBerubah(ValueError):
    """These are the words already, or they are on their way."""


def terbaru(kode: str) -> TemplatWA | None:
    """The newest version, whatever became of it."""
    semua = TemplatWA.objects.select_related("dibuat_oleh").filter(pesan=kode)
    return semua.order_by("-versi").first()


def dikehendaki(semua: list[TemplatWA]) -> TemplatWA | None:
    """Of the versions of one message the one that the village wants: the newest that WhatsApp has
    not rejected. None: ours, never submitted from here."""
    boleh = [v for v in semua if v.keadaan != K.DITOLAK]
    return max(boleh, key=lambda v: v.versi, default=None)


def yang_menunggu(kode: str) -> TemplatWA | None:
    """The version that will be used once WhatsApp has approved it."""
    kini = kata.pilih(kode).versi
    satu = terbaru(kode)
    berjalan = satu is not None and satu.keadaan in TemplatWA.BERJALAN
    return satu if berjalan and (kini is None or satu != kini) else None


def usulkan(kode: str, teks: str, *, dasar: int, oleh: Akun, pada: datetime) -> TemplatWA:
    """Propose other words. `dasar`: the newest version that the clerk has seen, 0 for none.

    Raises Keduluan, KataTidakSah, TidakBerubah. KeyError: no message of this name has words of
    its own.
    """
    teks = kata.rapikan(teks)
    asli = _berkata(kode)
    try:
        with transaction.atomic():
            _jaga(kode, dasar)
            semua = list(TemplatWA.objects.filter(pesan=kode))
            _tolak_yang_sama(semua, asli, teks)
            salah = kata.keberatan(kode, teks) + _keberatan_riwayat(kode, teks, semua)
            if salah:
                raise KataTidakSah(salah)
            if not kata.sid_pengaturan(kode) and not any(v.bawaan for v in semua):
                # Beneath theirs, so that something goes out whatever becomes of it.
                tulis_versi(kode, asli.kata, bawaan=True, oleh=None, pada=pada)
            return tulis_versi(kode, teks, bawaan=teks == asli.kata, oleh=oleh, pada=pada)
    except IntegrityError as galat:
        raise Keduluan("Rekan Anda baru saja mengajukan kata-kata lain.") from galat


def bawaan_lagi(kode: str, *, dasar: int, oleh: Akun, pada: datetime) -> TemplatWA:
    """Our own words again, as a new version. Raises like `usulkan`."""
    return usulkan(kode, _berkata(kode).kata, dasar=dasar, oleh=oleh, pada=pada)


def tulis_versi(
    kode: str, teks: str, *, bawaan: bool, oleh: Akun | None, pada: datetime
) -> TemplatWA:
    """One more version; words that WhatsApp knows already take over its template and its decision.
    Call inside a transaction; IntegrityError when a colleague was faster."""
    semua = TemplatWA.objects.filter(pesan=kode)
    baru = TemplatWA(
        pesan=kode,
        versi=(semua.aggregate(Max("versi"))["versi__max"] or 0) + 1,
        kata=teks,
        bawaan=bawaan,
        nama=nama_templat(kode, teks),
        dibuat_pada=pada,
        dibuat_oleh=oleh,
    )
    if bawaan and oleh is None and not semua.filter(versi=0).exists():
        baru.versi = 0
    if kembar := semua.filter(kata=teks).exclude(keadaan=K.DITOLAK).order_by("pk").first():
        ikut(baru, kembar)
    elif bawaan and (sid := kata.sid_pengaturan(kode)):
        baru.sid, baru.keadaan, baru.diajukan_pada = sid, K.DISETUJUI, pada
    baru.save(force_insert=True)
    return baru


def ikut(baru: TemplatWA, kembar: TemplatWA) -> None:
    """Take over from a version with the same words what the provider said of it."""
    for kolom in ("nama", "sid", "keadaan", "alasan", "diajukan_pada", "diperiksa_pada"):
        setattr(baru, kolom, getattr(kembar, kolom))


def nama_templat(kode: str, teks: str) -> str:
    """The name at WhatsApp: whose it is, which message, and the fingerprint of its words, so that
    other words are another template and the same words are found again."""
    sidik = hashlib.sha256(f"{katalog.PESAN[kode].cara.value}\n{teks}".encode()).hexdigest()[:8]
    siapa = slugify(desa_.ambil().nama).replace("-", "_")[:30].strip("_") or "desa"
    return f"{siapa}_{kode}_{sidik}"


def _berkata(kode: str) -> katalog.Pesan:
    """A message whose words are the village's to choose."""
    satu = katalog.PESAN[kode]
    if satu.cara is not katalog.Cara.TEMPLAT:
        raise KeyError(kode)
    return satu


def _jaga(kode: str, dasar: int) -> None:
    satu = terbaru(kode)
    if satu and satu.versi != dasar:
        siapa = satu.dibuat_oleh or "Portal"
        raise Keduluan(
            f"{siapa} baru saja mengajukan kata-kata lain untuk pesan ini (versi {satu.versi}). "
            "Tulisan Anda masih ada di bawah. Bandingkan dulu, lalu ajukan lagi bila perlu."
        )


def _tolak_yang_sama(semua: list[TemplatWA], asli: katalog.Pesan, teks: str) -> None:
    kini = dikehendaki(semua)
    if teks != (kini.kata if kini else asli.kata):
        return
    if kini and kini.keadaan in TemplatWA.BERJALAN:
        raise TidakBerubah("Kata-kata ini sudah diajukan dan menunggu persetujuan WhatsApp.")
    raise TidakBerubah("Kata-katanya sama dengan yang sekarang. Ubah dulu, lalu ajukan.")


def _keberatan_riwayat(kode: str, teks: str, semua: list[TemplatWA]) -> list[str]:
    """Words that WhatsApp has rejected, or knows from another message: it refuses them unread."""
    salah = [
        f"Kata-kata ini sudah pernah ditolak WhatsApp: {v.alasan} Ubah dulu kata-katanya."
        for v in semua
        if v.kata == teks and v.keadaan == K.DITOLAK
    ][:1]
    bernomor = kata.dengan_kata(kode, teks).teks
    lain = [p for p in katalog.PESAN.values() if p.cara is katalog.Cara.TEMPLAT and p.kode != kode]
    lain += [
        kata.dari_versi(v)
        for v in TemplatWA.objects.exclude(pesan=kode).exclude(keadaan=K.DITOLAK)
        if v.pesan in katalog.PESAN
    ]
    if any(p.teks == bernomor for p in lain):
        salah.append("Pesan lain sudah memakai kata-kata yang sama persis. Bedakan sedikit.")
    return salah
