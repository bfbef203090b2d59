"""The row that reports keep of a request: how long it lay where, and whether it was in time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q

from layanan.janji import kalender
from layanan.models import Permohonan, Rekap, Riwayat
from surat.bahasa import tanggal as tgl

S = Permohonan.Status
L = Riwayat.Langkah
_SEKALIGUS = 500
SEBAB_MAKS = 120  # characters of a reason; a report tells which are common, not the whole story

# Where the time goes that a request spends in a state; there is none after the end.
KOLOM = {
    S.DIAJUKAN: "menit_antre",
    S.DIPROSES: "menit_kerja",
    S.DICETAK: "menit_kerja",
    S.PERLU_PERBAIKAN: "menit_warga",
    S.MENUNGGU_TTD: "menit_ttd",
    S.SIAP_DIAMBIL: "menit_ambil",
}
_TETAP = ("permohonan", "hari", "jenis", "banjar", "loket")
_BERUBAH = [f.name for f in Rekap._meta.concrete_fields if f.name not in _TETAP]


class Catatan(NamedTuple):
    """What counts of one row of the history, in the order in which it was written."""

    langkah: str
    dari: str
    ke: str
    pada: datetime
    catatan: str
    rincian: dict[str, Any]


def tempuh(
    riwayat: Iterable[Catatan], *, janji_pada: datetime, menit: Callable[[datetime, datetime], int]
) -> dict[str, Any]:
    """The columns that the history decides; `menit`: how long it is between two moments. A step
    that is taken back leads to a state a second time: both stays count, and the last signature is
    the one that keeps the promise."""
    lama: Counter[str] = Counter(dict.fromkeys(KOLOM.values(), 0))
    sebab: dict[str, list[str]] = {}
    status, sejak, tepat, kembali = "", None, None, 0
    for satu in riwayat:
        if satu.langkah == L.MINTA_PERBAIKAN:
            kembali += 1
            putusan = [f"{p['label']}: {p['alasan']}" for p in satu.rincian.get("putusan", [])]
            sebab.setdefault("kembali", []).extend(" ".join(x.split()) for x in putusan)
        elif satu.langkah == L.TOLAK:
            sebab["tolak"] = [" ".join(satu.catatan.split())]
        if satu.ke == satu.dari:  # an event: nothing moved
            continue
        if sejak is not None and status in KOLOM:
            lama[KOLOM[S(status)]] += menit(sejak, satu.pada)
        status, sejak = satu.ke, satu.pada
        if status == S.SIAP_DIAMBIL and satu.langkah == L.TANDATANGANI:
            tepat = satu.pada <= janji_pada
        elif status not in (S.SIAP_DIAMBIL, S.SELESAI):
            tepat = None
    sebab = {apa: [x[:SEBAB_MAKS] for x in semua] for apa, semua in sebab.items()}
    return {**lama, "ke": status, "tepat": tepat, "kembali": kembali, "sebab": sebab}


def tulis(permohonan: Collection[int]) -> None:
    """Write the rows of these requests anew, from their history. Three queries."""
    riwayat: dict[int, list[Catatan]] = defaultdict(list)
    di_kantor: dict[int, bool] = {}
    baris = Riwayat.objects.filter(permohonan__in=permohonan).order_by("pk")
    kolom = ("permohonan_id", "oleh__is_staff", *Catatan._fields)
    for pk, petugas, *isi in baris.values_list(*kolom):
        di_kantor.setdefault(pk, bool(petugas))
        riwayat[pk].append(Catatan(*isi))
    menit = kalender.ambil().antara
    semua = Permohonan.objects.filter(pk__in=riwayat).values_list(
        "pk", "diajukan_pada", "jenis_id", "pemohon__keluarga__banjar_id", "janji_pada"
    )
    Rekap.objects.bulk_create(
        [
            Rekap(
                permohonan_id=pk,
                hari=tgl.di_wita(diajukan_pada),
                jenis_id=jenis,
                banjar_id=banjar,
                loket=di_kantor[pk],
                **tempuh(riwayat[pk], janji_pada=janji_pada, menit=menit),
            )
            for pk, diajukan_pada, jenis, banjar, janji_pada in semua
        ],
        update_conflicts=True,
        unique_fields=["permohonan"],
        update_fields=_BERUBAH,
    )


def lengkapi() -> int:
    """Write the rows that are missing or have missed a step: of requests from before there were
    any, or moved by a process of the former release. How many."""
    basi = Q(rekap=None) | ~Q(rekap__ke=F("status"))
    kurang = list(Permohonan.objects.filter(basi).values_list("pk", flat=True))
    for awal in range(0, len(kurang), _SEKALIGUS):
        tulis(kurang[awal : awal + _SEKALIGUS])
    return len(kurang)
