"""Figures for the first page of the back office."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import BigIntegerField, Count, F, Max, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse

from layanan import pekerjaan, transports
from layanan.kabar import panggilan
from layanan.kata_pesan import daftar
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
from surat.jenis import bawaan
from surat.models import Mandat, TataNaskah
from surat.naskah.gaya import tata_naskah

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
        "belum_lengkap": belum_lengkap(akun),
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


@dataclass(frozen=True)
class Kurang:
    """What is still unknown, and the page where it is filled in."""

    kalimat: str
    alamat: str


def belum_lengkap(akun: Akun) -> list[Kurang]:
    """Facts of the village that are still unknown, of those that `akun` can fill in; nothing is
    invented in their place."""
    sumber: tuple[tuple[str, str, Callable[[], list[str]]], ...] = (
        ("penduduk.desa", "penduduk_desa", lambda: desa_.belum_lengkap(desa_.ambil())),
        ("surat.tatanaskah", "surat_tatanaskah", lambda: _tata_belum_lengkap(tata_naskah())),
        ("surat.pejabat", "surat_pejabat", _tanpa_mandat),
        ("surat.jenissurat", "surat_jenissurat", _tanpa_aturan),
        ("layanan.pengaturanpesan", "layanan_pengaturanpesan", daftar.peringatan),
    )
    return [
        Kurang(kalimat, reverse(f"admin:{_tempat(kalimat, tabel)}_changelist"))
        for izin, tabel, kurang in sumber
        if akun.has_perm(izin.replace(".", ".change_"))
        for kalimat in kurang()
    ]


def _tempat(kalimat: str, tabel: str) -> str:
    return "penduduk_banjar" if kalimat.startswith("Banjar") else tabel


def _tanpa_mandat() -> list[str]:
    return [] if Mandat.objects.exists() else ["Pejabat dan mandat tanda tangan belum diisi."]


def _tanpa_aturan() -> list[str]:
    if not (jumlah := bawaan.tanpa_aturan()):
        return []
    return [
        f"{jumlah} jenis surat yang diubah desa belum punya aturan, jadi isinya tidak "
        "diperiksa. Buka Jenis surat dan lihat bawaan barunya."
    ]


def _tata_belum_lengkap(tata: TataNaskah) -> list[str]:
    """What the letters lack or nobody has confirmed yet."""
    aksara = any((tata.aksara_1, tata.aksara_2, tata.aksara_3))
    belum = {
        "kata-kata kop surat belum diisi": not tata.kop_1,
        "lambang kop surat belum diunggah": tata.lambang_id is None,
        "aksara Bali di kop belum diisi": tata.aksara and not aksara,
        "aksara Bali di kop belum diperiksa Penyuluh Bahasa Bali": (
            tata.aksara and aksara and not tata.aksara_diperiksa
        ),
        "skema kode klasifikasi belum dipastikan": not tata.skema_klasifikasi,
    }
    return [f"Tata naskah: {kalimat}." for kalimat, kurang in belum.items() if kurang]
