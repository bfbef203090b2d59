"""Meja, the first page of the office: what waits for one person, the most urgent first.

Requests stand one by one as in the queue (whoever has waited longest); what is done by the pile
(printing, calls, PIN, notes) is one row that leads to its list. The words of both stand in
admin/meja/. A fixed number of queries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from layanan.models import PermintaanPIN, Permohonan, Riwayat
from layanan.percakapan import catatan
from layanan.permohonan import mendesak
from layanan.permohonan.langkah import URUSAN_KANTOR
from penduduk.models import Akun

_S, _L = Permohonan.Status, Riwayat.Langkah
_PALING_BANYAK = 30  # requests that stand here one by one; the queue has all
_LAMA_DIAMBIL = timedelta(days=14)
_HARI = 7

KELOMPOK = ("Sekarang", "Hari ini", "Sesudah itu")
_SEKARANG, _HARI_INI, _NANTI = range(3)


@dataclass(frozen=True)
class Pekerjaan:
    """One row. `tanda`: why it is here, as the template knows it; of one request (`permohonan`, to
    be signed if `teken`), or of `jumlah` things of which the oldest waits since `sejak`."""

    kelompok: int
    tanda: str
    permohonan: Permohonan | None = None
    teken: bool = False
    terlambat: bool = False
    catatan: str = ""
    jumlah: int = 0
    sejak: datetime | None = None


def daftar(
    akun: Akun, *, pada: datetime, hubungi: int, per_tahap: dict[str, dict[str, Any]]
) -> tuple[Pekerjaan | None, list[tuple[str, list[Pekerjaan]]]]:
    """What `akun` does next, and what waits after it, in those groups of KELOMPOK that have
    something. `hubungi`: how many residents have to be called; `per_tahap`: see `tahap`."""
    semua: list[Pekerjaan] = []
    if akun.has_perm("layanan.tandatangani_surat"):
        semua += _tanda_tangan(akun, pada)
    if akun.has_perm("layanan.proses_permohonan"):
        semua += [*_permohonan(pada), *_tumpukan(hubungi, per_tahap)]
    if akun.has_perm("penduduk.terbitkan_pin"):
        menunggu = PermintaanPIN.objects.filter(keadaan=PermintaanPIN.Keadaan.MENUNGGU)
        semua += _menunggu("pin", menunggu, "dibuat_pada")
    if akun.has_perm("layanan.view_catatanwarga"):
        semua += _menunggu("pesan", catatan.belum_dibaca(), "terakhir_pada")
    semua.sort(key=lambda satu: satu.kelompok)
    sisa = semua[1:]
    kelompok = [(nama, [s for s in sisa if s.kelompok == n]) for n, nama in enumerate(KELOMPOK)]
    return next(iter(semua), None), [(nama, isi) for nama, isi in kelompok if isi]


def _permohonan(pada: datetime) -> list[Pekerjaan]:
    semua = Permohonan.objects.menunggu_petugas().select_related("jenis", "pemohon")
    terdepan = list(semua.order_by(mendesak.dulu(), "diajukan_pada", "pk")[:_PALING_BANYAK])
    langkah = Riwayat.objects.filter(permohonan__in=terdepan).exclude(langkah__in=URUSAN_KANTOR)
    terakhir = {r.permohonan_id: r for r in langkah.order_by("pk")}
    baris = [_satu(p, terakhir.get(p.pk), pada) for p in terdepan]
    return sorted(baris, key=lambda satu: not satu.terlambat)


def _satu(p: Permohonan, terakhir: Riwayat | None, pada: datetime) -> Pekerjaan:
    terlambat = p.janji_pada < pada
    hari_ini = timezone.localdate(p.janji_pada) <= timezone.localdate(pada)
    if terakhir and terakhir.langkah == _L.KEMBALIKAN:
        return Pekerjaan(
            _SEKARANG, "dikembalikan", p, terlambat=terlambat, catatan=terakhir.catatan
        )
    if terlambat or p.mendesak:
        return Pekerjaan(
            _SEKARANG, "mendesak" if p.mendesak else "terlambat", p, terlambat=terlambat
        )
    if terakhir and terakhir.langkah == _L.AJUKAN_ULANG:
        return Pekerjaan(_HARI_INI, "diperbaiki", p)
    if hari_ini:
        return Pekerjaan(_HARI_INI, "hari_ini", p)
    return Pekerjaan(_NANTI, "baru" if p.status == _S.DIAJUKAN else "diproses", p)


def _tumpukan(hubungi: int, per_tahap: dict[str, dict[str, Any]]) -> Iterator[Pekerjaan]:
    """What an operator does by the pile."""
    if hubungi:
        yield Pekerjaan(_SEKARANG, "hubungi", jumlah=hubungi)
    ttd, siap = per_tahap[_S.MENUNGGU_TTD], per_tahap[_S.SIAP_DIAMBIL]
    if ttd["jumlah"]:
        yield Pekerjaan(_HARI_INI, "cetak", jumlah=ttd["jumlah"], sejak=ttd["tertua"])
    if siap["lama"]:
        yield Pekerjaan(_HARI_INI, "lama", jumlah=siap["lama"], sejak=siap["tertua"])
    if siap["jumlah"]:
        yield Pekerjaan(_NANTI, "serah", jumlah=siap["jumlah"], sejak=siap["tertua"])


def _tanda_tangan(akun: Akun, pada: datetime) -> Iterator[Pekerjaan]:
    semua = Permohonan.objects.filter(status=_S.MENUNGGU_TTD, surat__mandat__pejabat__akun=akun)
    semua = semua.select_related("jenis", "pemohon")
    for p in semua.order_by("-mendesak", "diperbarui_pada", "pk")[:_PALING_BANYAK]:
        terlambat = p.janji_pada < pada
        tanda = "mendesak" if p.mendesak else "terlambat" if terlambat else "teken"
        kelompok = _HARI_INI if tanda == "teken" else _SEKARANG
        yield Pekerjaan(kelompok, tanda, p, teken=True, terlambat=terlambat)


def _menunggu(tanda: str, semua: QuerySet[Any], sejak: str) -> Iterator[Pekerjaan]:
    isi = semua.aggregate(n=Count("pk"), tertua=Min(sejak))
    if isi["n"]:
        yield Pekerjaan(_HARI_INI, tanda, jumlah=isi["n"], sejak=isi["tertua"])


# --- Figures --------------------------------------------------------------------------------------


def tahap(*, pada: datetime) -> dict[str, dict[str, Any]]:
    """The open steps of the flow in their order: how many wait (`jumlah`), how many of them late
    through the office's fault (`terlambat`) or for two weeks (`lama`), and since when the
    `tertua`."""
    kosong: dict[str, Any] = {"jumlah": 0, "terlambat": 0, "lama": 0, "tertua": None}
    hasil = {s.value: {"label": s.label, "kode": s.value, **kosong} for s in Permohonan.TERBUKA}
    di_kantor = ~Q(status__in=(_S.PERLU_PERBAIKAN, _S.SIAP_DIAMBIL))
    for satu in (
        Permohonan.objects.filter(status__in=Permohonan.TERBUKA)
        .values("status")
        .annotate(
            jumlah=Count("pk"),
            terlambat=Count("pk", filter=di_kantor & Q(janji_pada__lt=pada)),
            lama=Count("pk", filter=Q(diperbarui_pada__lt=pada - _LAMA_DIAMBIL)),
            tertua=Min("diperbarui_pada"),
        )
    ):
        hasil[satu["status"]] |= satu
    return hasil


def sepekan(*, pada: datetime) -> list[dict[str, Any]]:
    """The last seven days, today last: requests that came in (`masuk`), letters signed
    (`selesai`), and how many of those as promised (`tepat`)."""
    hari_ini = timezone.localdate(pada)
    hari = [hari_ini - timedelta(days=n) for n in reversed(range(_HARI))]
    mulai = timezone.make_aware(datetime.combine(hari[0], time.min))
    janji = F("permohonan__janji_pada")
    masuk: QuerySet[Any] = Permohonan.objects.filter(diajukan_pada__gte=mulai)
    selesai: QuerySet[Any] = Riwayat.objects.filter(langkah=_L.TANDATANGANI, pada__gte=mulai)
    hasil: dict[Any, dict[str, Any]] = {
        h: {"hari": h, "masuk": 0, "selesai": 0, "tepat": 0} for h in hari
    }
    for semua, kapan, hitung in (
        (masuk, "diajukan_pada", {"masuk": Count("pk")}),
        (
            selesai,
            "pada",
            {"selesai": Count("pk"), "tepat": Count("pk", filter=Q(pada__lte=janji))},
        ),
    ):
        per_hari = semua.order_by().annotate(hari=TruncDate(kapan)).values("hari")
        for satu in per_hari.annotate(**hitung):
            hasil.get(satu["hari"], {}).update(satu)
    return list(hasil.values())


def bagan(pekan: list[dict[str, Any]], *deret: str) -> list[dict[str, Any]]:
    """Bars for a drawing 260 wide and 96 high, for each day those of `deret` side by side; in
    whole numbers, which every language writes alike."""
    paling = max(1, *(satu[nama] for satu in pekan for nama in deret))
    return [
        {
            "x": n * (260 // len(pekan)) + 5 + k * 13,
            "y": 80 - 66 * satu[nama] // paling,
            "h": 66 * satu[nama] // paling,
            "kelas": "w2" if k == 0 else "w1",
            "hari": satu["hari"] if k == 0 else None,
        }
        for n, satu in enumerate(pekan)
        for k, nama in enumerate(deret)
    ]
