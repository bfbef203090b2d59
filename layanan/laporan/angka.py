"""A report: everything that is counted of a period, as sections with a table each, and a chart.

One query reads the requests of the period (layanan.laporan.rekap), and all is counted of them: the
medians are exact to the minute, for there are no classes. Who came in counts in the month in which
they came, whatever became of it later.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F, Q

from layanan.janji import kalender
from layanan.laporan import bagan, kabar
from layanan.laporan.bagan import Bagan
from layanan.models import Permohonan, Rekap
from penduduk.models import Banjar
from surat.bahasa import tanggal as tgl
from surat.buku.periode import Periode
from surat.models import JenisSurat

S = Permohonan.Status
Sel = str | int | float | None
DI_BAGAN = 8  # the most frequent ones; the table has all
SEBENTAR = 6 * 60  # minutes
_LANGKAH = (
    ("antre", "Menunggu dikerjakan", "w2"),
    ("kerja", "Dikerjakan", "w1"),
    ("warga", "Menunggu warga", "w4"),
    ("ttd", "Menunggu TTD", "w3"),
    ("ambil", "Menunggu diambil", "w4"),
)


class Baris(NamedTuple):
    pk: int
    hari: date
    jenis: int
    banjar: int | None
    loket: bool
    status: str
    antre: int
    kerja: int
    warga: int
    ttd: int
    ambil: int
    tepat: bool | None
    kembali: int
    kantor: int  # minutes until it was signed, without those with the resident


_KOLOM = (
    "pk hari jenis_id banjar_id loket ke menit_antre menit_kerja menit_warga menit_ttd "
    "menit_ambil tepat kembali"
).split()
_KANTOR = F("menit_antre") + F("menit_kerja") + F("menit_ttd")


@dataclass(frozen=True)
class Bagian:
    """A section: its table (None: no figure), its chart, and a sentence below."""

    judul: str
    kecil: str
    kolom: tuple[str, ...]
    baris: Sequence[Sequence[Sel]]
    bagan: Bagan | None = None
    catatan: str = ""


@dataclass(frozen=True)
class Laporan:
    """`ringkas`: what, how much, and more of it in small letters."""

    ringkas: list[tuple[str, str, str]]
    bagian: list[Bagian]


def ambil(
    periode: Periode, *, pada: datetime, jenis: int | None = None, banjar: int | None = None
) -> list[Baris]:
    """The requests that came in. A promise that is over while the office still has the letter is
    broken, not open. Two queries."""
    telat = set(Permohonan.objects.terlambat(pada=pada).values_list("pk", flat=True))
    semua = Rekap.objects.filter(hari__range=(periode.dari, periode.sampai)).values_list(
        *_KOLOM, _KANTOR
    )
    # Here, not in the query: there is one index, by day.
    return [
        satu._replace(tepat=False) if satu.pk in telat else satu
        for satu in map(Baris._make, semua)
        if jenis in (None, satu.jenis) and banjar in (None, satu.banjar)
    ]


def susun(
    periode: Periode, *, pada: datetime, jenis: int | None = None, banjar: int | None = None
) -> Laporan:
    """All sections of the period, of one letter type or one hamlet if they are given."""
    semua = ambil(periode, pada=pada, jenis=jenis, banjar=banjar)
    lengkap = jenis is None and banjar is None
    per, potong = waktu(periode)
    isi = per_waktu(potong, semua)
    return Laporan(
        _ringkas(semua),
        [
            _masuk(per, potong, isi),
            _janji(per, potong, isi),
            _langkah(semua),
            _lama(semua),
            _menurut("Menurut surat", "Surat", semua, "jenis", _nama(JenisSurat)),
            _menurut("Menurut banjar", "Banjar", semua, "banjar", _nama(Banjar)),
            _menurut("Lewat mana diajukan", "Jalan", semua, "loket", _JALAN),
            _hasil(semua),
            *_sebab(semua, periode),
            *([_kabar(periode)] if lengkap else []),
            _KEPUASAN,
        ],
    )


_JALAN: dict[Any, str] = {True: "Di kantor", False: "Lewat situs"}
_KEPUASAN = Bagian(
    "Kepuasan warga", "", (), [], catatan="Belum ada: portal ini belum menanyakannya kepada warga."
)


def _nama(model: Any) -> dict[Any, str]:
    return dict(model.objects.values_list("pk", "nama"))


def _ringkas(semua: list[Baris]) -> list[tuple[str, str, str]]:
    menit, janji = siap(semua), [b for b in semua if b.tepat is not None]
    balik = sum(b.kembali > 0 for b in semua)
    return [
        ("Permohonan masuk", tgl.ribuan(len(semua)), ""),
        ("Janji ditepati", kata(ditepati(semua), "%"), f"dari {tgl.ribuan(len(janji))} janji"),
        (
            "Sampai siap diambil",
            kata(jam(persentil(menit, 0.5)), " jam"),
            "jam kerja, nilai tengah",
        ),
        (
            "Kembali ke warga",
            kata(persen(balik, len(semua)), "%"),
            f"{tgl.ribuan(balik)} permohonan",
        ),
        ("Kepuasan", "belum ada", ""),
    ]


def _masuk(per: str, potong: dict[str, str], isi: list[list[Baris]]) -> Bagian:
    masuk = [len(x) for x in isi]
    selesai = [sum(b.status == S.SELESAI for b in x) for x in isi]
    gambar = bagan.tegak(
        f"Permohonan masuk dan yang sudah selesai {per}; terbanyak {max(masuk, default=0)}",
        list(potong.values()),
        ("w2", f"masuk {tgl.ribuan(sum(masuk))}", masuk),
        ("w1", f"di antaranya selesai {tgl.ribuan(sum(selesai))}", selesai),
    )
    kolom = ("Waktu", "Masuk", "Di antaranya selesai")
    return Bagian(
        "Masuk dan selesai", per, kolom, [*zip(potong, masuk, selesai, strict=True)], gambar
    )


def _janji(per: str, potong: dict[str, str], isi: list[list[Baris]]) -> Bagian:
    tepat = [ditepati(x) for x in isi]
    gambar = bagan.garis(f"Janji ditepati {per}, dalam persen", list(potong.values()), tepat)
    dinilai = [sum(b.tepat is not None for b in x) for x in isi]
    return Bagian(
        "Janji ditepati",
        per,
        ("Waktu", "Janji", "Ditepati (%)"),
        [*zip(potong, dinilai, tepat, strict=True)],
        gambar,
        "Waktu di warga tidak mengurangi janji. Janji yang lewat dan suratnya belum "
        "ditandatangani dihitung tidak ditepati.",
    )


def _langkah(semua: list[Baris]) -> Bagian:
    """How long each kind of stay took, of those whose stay is over."""
    sudah = [b for b in semua if b.status in (S.SIAP_DIAMBIL, S.SELESAI)]
    ikut = {
        "warga": [b for b in sudah if b.kembali],
        "ambil": [b for b in sudah if b.status == S.SELESAI],
    }
    baris: list[tuple[Sel, ...]] = []
    batang: list[tuple[str, float, str]] = []
    for apa, nama, _ in _LANGKAH:
        menit = [getattr(b, apa) for b in ikut.get(apa, sudah)]
        tengah, lama = jam(persentil(menit, 0.5)), jam(persentil(menit, 0.9))
        baris.append((nama, len(menit), tengah, lama))
        batang.append((nama, tengah or 0, kata(tengah, " jam")))
    gambar = bagan.baring(
        f"Lama tiap langkah, nilai tengah dalam jam kerja: {_deret(batang)}",
        batang,
        *(kelas for *_, kelas in _LANGKAH),
    )
    kolom = ("Langkah", "Surat", "Nilai tengah (jam)", "9 dari 10 (jam)")
    return Bagian("Lama tiap langkah", "nilai tengah, jam kerja", kolom, baris, gambar)


def _lama(semua: list[Baris]) -> Bagian:
    """With the office, until it was signed."""
    menit, sehari = siap(semua), kalender.ambil().sehari
    baris: list[tuple[Sel, ...]] = [
        ("Nilai tengah (jam kerja)", jam(persentil(menit, 0.5))),
        ("9 dari 10 paling lama (jam kerja)", jam(persentil(menit, 0.9))),
        ("Siap dalam 6 jam kerja (%)", persen(sum(x <= SEBENTAR for x in menit), len(menit))),
        (
            "Siap dalam 1 hari kerja (%)",
            persen(sum(x <= sehari for x in menit), len(menit)),
        ),
    ]
    kalimat = f"Dari {tgl.ribuan(len(menit))} surat yang sudah siap. Waktu di warga tidak dihitung."
    return Bagian("Sampai siap diambil", "jam kerja", ("Ukuran", "Angka"), baris, catatan=kalimat)


def _menurut(judul: str, apa: str, semua: list[Baris], kolom: str, nama: dict[Any, str]) -> Bagian:
    isi = kelompok(semua, attrgetter(kolom))
    baris = [
        (
            nama.get(kunci, "Tidak diketahui"),
            len(x),
            sum(b.status == S.SELESAI for b in x),
            jam(persentil(siap(x), 0.5)),
            ditepati(x),
            sum(b.kembali > 0 for b in x),
        )
        for kunci, x in isi.items()
    ]
    baris.sort(key=lambda x: (-x[1], x[0]))
    batang = [(n, x, tgl.ribuan(x)) for n, x, *_ in baris[:DI_BAGAN]]
    gambar = bagan.baring(f"{judul}: {_deret(batang)}", batang, "w1")
    kepala = (apa, "Masuk", "Selesai", "Siap (jam)", "Janji (%)", "Kembali")
    return Bagian(judul, "permohonan masuk", kepala, baris, gambar)


def _deret(batang: Iterable[tuple[str, float, str]]) -> str:
    return "; ".join(f"{nama} {kata_}" for nama, _, kata_ in batang)


def _hasil(semua: list[Baris]) -> Bagian:
    jumlah = Counter(b.status for b in semua)
    baris = [(s.label, jumlah[s], persen(jumlah[s], len(semua))) for s in S if jumlah[s]]
    return Bagian("Keadaan sekarang", "", ("Keadaan", "Permohonan", "%"), baris)


def _sebab(semua: list[Baris], periode: Periode) -> list[Bagian]:
    """Reasons that were given more than once, in their words; the others together. One query."""
    ada, jumlah = {b.pk for b in semua}, {"kembali": Counter[str](), "tolak": Counter[str]()}
    beralasan = Q(kembali__gt=0) | Q(ke=S.DITOLAK)
    baris = Rekap.objects.filter(beralasan, hari__range=(periode.dari, periode.sampai))
    for pk, sebab in baris.values_list("pk", "sebab"):
        for apa in sebab if pk in ada else ():
            jumlah[apa].update(sebab[apa])
    kena = {
        "kembali": sum(b.kembali > 0 for b in semua),
        "tolak": sum(b.status == S.DITOLAK for b in semua),
    }
    return [
        Bagian(
            judul, f"{tgl.ribuan(kena[apa])} permohonan", ("Alasan", "Kali"), _sering(jumlah[apa])
        )
        for apa, judul in (("kembali", "Dikembalikan ke warga"), ("tolak", "Ditolak"))
    ]


def _sering(jumlah: Counter[str]) -> list[tuple[str, int]]:
    baris = [(x, n) for x, n in jumlah.most_common() if n > 1]
    sekali = sum(n for n in jumlah.values() if n == 1)
    return baris + ([("Alasan lain, masing-masing sekali", sekali)] if sekali else [])


def _kabar(periode: Periode) -> Bagian:
    semua = kabar.jumlah(periode.dari, periode.sampai)
    baris: list[tuple[Sel, ...]] = [(nama, *angka) for nama, angka in semua]
    kolom = ("Kabar", "Semua", "Dikirim", "Sampai", "Gagal", "Ditelepon")
    kalimat = (
        f"Kabar dihitung tiap malam; yang lebih dari {kabar.BERUBAH} hari tidak dihitung lagi."
    )
    return Bagian("Kabar kepada warga", "WhatsApp dan telepon", kolom, baris, catatan=kalimat)


# --- Small arithmetic -----------------------------------------------------------------------------


def persentil(nilai: Iterable[int], bagian: float) -> int | None:
    """The smallest of the values that so large a part of them does not exceed."""
    urut = sorted(nilai)
    return urut[max(1, math.ceil(len(urut) * bagian)) - 1] if urut else None


def persen(sebagian: int, semua: int) -> int | None:
    return round(100 * sebagian / semua) if semua else None


def jam(menit: int | None) -> float | None:
    return None if menit is None else round(menit / 60, 1)


def kata(angka: float | None, satuan: str) -> str:
    """As it is read: 3,1 jam; 88%."""
    return "–" if angka is None else f"{angka:g}{satuan}".replace(".", ",")


def siap(semua: Iterable[Baris]) -> list[int]:
    """Minutes with the office of those that were signed."""
    return [b.kantor for b in semua if b.status in (S.SIAP_DIAMBIL, S.SELESAI)]


def ditepati(semua: Iterable[Baris]) -> int | None:
    """Per cent of the promises that are due already or were kept before."""
    nilai = [b.tepat for b in semua if b.tepat is not None]
    return persen(sum(nilai), len(nilai))


def kelompok(semua: Iterable[Baris], kunci: Callable[[Baris], Any]) -> dict[Any, list[Baris]]:
    hasil: dict[Any, list[Baris]] = defaultdict(list)
    for satu in semua:
        hasil[kunci(satu)].append(satu)
    return hasil


def waktu(periode: Periode) -> tuple[str, dict[str, str]]:
    """How the period is cut, and the pieces: the beginning of an ISO day, and its short name."""
    lama = (periode.sampai - periode.dari).days
    hari = [periode.dari + timedelta(days=x) for x in range(lama + 1)]
    if lama <= 31:
        return "per hari", {str(h): str(h.day) for h in hari}
    if lama <= 800:
        return "per bulan", {str(h)[:7]: tgl.BULAN[h.month - 1][:3] for h in hari}
    return "per tahun", {str(h)[:4]: str(h.year) for h in hari}


def per_waktu(potong: dict[str, str], semua: Iterable[Baris]) -> list[list[Baris]]:
    """The requests of each piece of `waktu`, in its order."""
    panjang = len(next(iter(potong)))
    isi = kelompok(semua, lambda b: str(b.hari)[:panjang])
    return [isi.get(kunci, []) for kunci in potong]
