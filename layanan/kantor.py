"""Figures for the first page of the back office."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import BigIntegerField, Count, F, Max, OuterRef, QuerySet, Subquery, Value

from layanan import pekerjaan, persiapan, transports
from layanan.kabar import panggilan
from layanan.kesehatan import keadaan
from layanan.kotak_keluar import aturan, biaya, saluran
from layanan.models import (
    AturanKabar,
    KeadaanSaluran,
    Notifikasi,
    PermintaanPIN,
    Permohonan,
    Riwayat,
)
from penduduk import desa as desa_
from penduduk.models import Akun, KejadianAkun

# Steps that bring work to the operators' queue.
_DILENCANAKAN = (Riwayat.Langkah.AJUKAN, Riwayat.Langkah.AJUKAN_ULANG, Riwayat.Langkah.KEMBALIKAN)


def ringkasan(akun: Akun, *, pada: datetime) -> dict[str, Any]:
    """The first page for `akun`: what waits for them, how much waits at each step, the last seven
    days, messages to staff in trouble, what messages cost, accounts that residents have locked,
    guesses of the last day, what `akun` can fill in, and what is amiss with the system."""
    uang = biaya.keuangan(pada=pada)
    tahap, pekan = pekerjaan.tahap(pada=pada), pekerjaan.sepekan(pada=pada)
    berikut, sesudah = pekerjaan.daftar(
        akun, pada=pada, hubungi=lencana(pada=pada).hubungi, per_tahap=tahap
    )
    tahap_desa = persiapan.tahap(akun, pada=pada)
    return {
        "kini": pada,
        "tahap": list(tahap.values()),
        "berikut": berikut,
        "sesudah": sesudah,
        "pekan": pekan,
        "kemarin": pekan[-2],
        "bagan_masuk": pekerjaan.bagan(pekan, "masuk", "selesai"),
        "bagan_janji": pekerjaan.bagan(pekan, "selesai", "tepat"),
        "pesan_petugas_gagal": pesan_petugas_gagal(pada=pada).count(),
        "uang": uang if uang.harga or uang.penuh else None,
        "akun_beku": Akun.objects.filter(
            sebab_beku=Akun.SebabBeku.BUKAN_SAYA, dibekukan_pada__isnull=False
        ).count(),
        "tebakan": KejadianAkun.objects.filter(
            jenis=KejadianAkun.Jenis.SEMPROTAN, pada__gt=pada - timedelta(days=1)
        ).exists(),
        "mulai": persiapan.kemajuan(tahap_desa, akun),
        "belum_lengkap": [kurang for satu in tahap_desa for kurang in satu.kurang],
        "tidak_baik": [b.kalimat for b in keadaan.periksa(pada=pada) if not b.baik],
    }


@dataclass(frozen=True)
class Lencana:
    """Numbers beside the links of the back office. `antrean`: requests that came in or came back
    and wait, of those steps that the village wants to be told of; `terbaru` grows with each."""

    antrean: int
    terbaru: int
    hubungi: int
    pin: int


@dataclass(frozen=True)
class Saluran:
    """Why nothing goes out by WhatsApp, for the red line of every page; empty while all is well.
    `sejak`: since when, `lagi`: next try, `menunggu`: messages that wait (all None or 0 while
    WhatsApp is not connected at all); `tiruan`: data of the demo village stand in a real one."""

    kalimat: str = ""
    sejak: datetime | None = None
    lagi: datetime | None = None
    menunggu: int = 0
    tiruan: bool = False

    def __bool__(self) -> bool:
        return bool(self.kalimat) or self.tiruan


def keadaan_saluran(kini: KeadaanSaluran) -> Saluran:
    """Whether messages can go out, of the row that has been read."""
    kalimat = saluran.kalimat(kini)
    tiruan = settings.PRODUKSI and desa_.ambil().contoh
    if not kini.berhenti or not transports.tersambung():
        return Saluran(kalimat, tiruan=tiruan)
    menunggu = Notifikasi.objects.antre().count()
    return Saluran(kalimat, kini.sejak, kini.coba_pada, menunggu, tiruan)


def lencana(*, pada: datetime, kini: KeadaanSaluran | None = None) -> Lencana:
    """Asked for by every open page of the office every few seconds: counted once for all of them.
    `kini`: the state of the channel, if it has been read already."""
    isi: Any = cache.get_or_set(
        "lencana", lambda: _lencana(pada=pada, kini=kini), settings.LENCANA_SIMPAN
    )
    return isi


def _lencana(*, pada: datetime, kini: KeadaanSaluran | None) -> Lencana:
    tabel = aturan.baca()
    perlu = panggilan.daftar(pada=pada, tabel=tabel, kini=kini)
    hubungi = Notifikasi.objects.filter(pk__in=perlu.values("pk"))
    hitungan = _hitung(_masuk_antrean(tabel), "antrean", terbaru=Max("ke")).union(
        _hitung(hubungi, "hubungi"), _hitung(_pin_menunggu(), "pin"), all=True
    )
    jumlah = {apa: (n, terbaru or 0) for apa, n, terbaru in hitungan}
    antrean, terbaru = jumlah.get("antrean", (0, 0))
    pin, hubungi_ = (jumlah.get(apa, (0, 0))[0] for apa in ("pin", "hubungi"))
    return Lencana(antrean=antrean, terbaru=terbaru, hubungi=hubungi_, pin=pin)


def _hitung(semua: QuerySet, apa: str, *, terbaru: Any = None) -> QuerySet:
    """One row (apa, how many, newest), or none for none."""
    newest = Value(0, output_field=BigIntegerField()) if terbaru is None else terbaru
    satu = semua.order_by().annotate(apa=Value(apa)).values("apa")
    return satu.annotate(n=Count("pk"), t=newest).values_list("apa", "n", "t")


def _masuk_antrean(tabel: aturan.Aturan) -> QuerySet[Permohonan]:
    """What came in or came back, by a step that the village wants to see on the screen."""
    masuk = (
        Riwayat.objects.filter(permohonan=OuterRef("pk"), ke=OuterRef("status"))
        .exclude(dari=F("ke"))  # what moved nothing
        .order_by("-pk")
    )
    menyala = [
        langkah
        for langkah in _DILENCANAKAN
        if tabel.aktif(langkah, AturanKabar.Penerima.OPERATOR, AturanKabar.Kanal.LENCANA)
    ]
    return (
        Permohonan.objects.menunggu_petugas()
        .annotate(lewat=Subquery(masuk.values("langkah")[:1]), ke=Subquery(masuk.values("pk")[:1]))
        .filter(lewat__in=menyala)
    )


def _pin_menunggu() -> QuerySet[PermintaanPIN]:
    return PermintaanPIN.objects.filter(keadaan=PermintaanPIN.Keadaan.MENUNGGU)


def pesan_petugas_gagal(*, pada: datetime) -> QuerySet[Notifikasi]:
    """Messages to staff that did not arrive within a week; residents stand on the call list."""
    seminggu = pada - timedelta(days=7)
    return Notifikasi.objects.perlu_ditangani().filter(
        keadaan__in=Notifikasi.MASALAH,
        penerima__isnull=False,
        dibuat_pada__gt=seminggu,
        berubah_pada__gt=seminggu,  # by the index
    )
