"""Buku Agenda (Permendagri 47/2016, A.7): every letter that came in or went out, in one stream.

Outgoing are the letters of the portal, also void ones, and those written by hand; incoming are
noted by an operator. No NIK stands in the book; it only helps to find a person's letters.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from penduduk.models import Akun, Penduduk
from surat.bahasa import tanggal as tgl
from surat.buku import entri, nomor
from surat.buku.cetakan import Bentuk, Isi, Kepala, Sel
from surat.buku.entri import Buku
from surat.models import BukuNomor, CatatanAgenda, EntriBuku, JenisSurat, Surat

Arah = CatatanAgenda.Arah
_NIK_PENDEK = 6  # fewer digits are a letter number: half of all NIKs hold them
_NOMOR = re.compile(r"/|[^\W\d_]-\d")  # what only numbers have: 470/12, P-2026
_TANGGAL = re.compile(r"(\d{1,2})[-/. ](\d{1,2}|[a-z]+)[-/. ](\d{4})", re.IGNORECASE)


class CatatanTidakSah(ValueError):
    """The entry cannot be made; the message is fit to be shown."""


@dataclass(frozen=True)
class Sisi:
    """One half of a row: the letter that came in, or the one that went out."""

    nomor: str
    tanggal: date
    pihak: str  # from whom, or to whom
    isi: str


@dataclass(frozen=True)
class Baris:
    urut: int
    tanggal: date
    masuk: Sisi | None
    keluar: Sisi | None
    keterangan: str
    batal: bool
    pk: int
    catatan: bool  # a CatatanAgenda, else a Surat


# --- Reading -----------------------------------------------------------------------------------


def cara(teks: str) -> list[Q]:
    """Ways to find letters: by name as printed or in register, NIK, phone, number, type, date."""
    teks = teks.strip()
    if tanggal := hari(teks):
        return [Q(tanggal=tanggal)]
    semua = [Q(nama__memuat=teks), *cara_nomor(teks)]
    if jenis := list(JenisSurat.objects.filter(nama__icontains=teks).values_list("pk", flat=True)):
        semua.append(Q(jenis__in=jenis))
    if mungkin_orang(teks):
        semua.append(Q(subjek__in=Penduduk.objects.cari(teks).values("pk")))
    return semua


def cara_nomor(teks: str) -> list[Q]:
    """By number, whole or in part, or its place in a book; without a digit nothing is a number."""
    if Surat.objects.filter(nomor=teks).exists():
        return [Q(nomor=teks)]  # sooner found than a part of one
    semua = [Q(nomor__memuat=teks)] if any(satu.isdigit() for satu in teks) else []
    if teks.isdecimal() and len(teks) < _NIK_PENDEK:
        semua.append(Q(buku__in=BukuNomor.objects.all(), urut=int(teks)))
    return semua


def cari_catatan(teks: str) -> QuerySet[CatatanAgenda]:
    """Entries by number, sender or recipient, content, remark or date."""
    teks = teks.strip()
    if tanggal := hari(teks):
        return CatatanAgenda.objects.filter(Q(tanggal=tanggal) | Q(tanggal_surat=tanggal))
    cocok = Q(pk__in=())
    for satu in ("nomor", "pihak", "isi_singkat", "keterangan"):
        cocok |= Q(**{f"{satu}__memuat": teks})
    return CatatanAgenda.objects.filter(cocok)


def mungkin_orang(teks: str) -> bool:
    angka = re.sub(r"[\s.\-]", "", teks)
    return not _NOMOR.search(teks) and (not angka.isdigit() or len(angka) >= _NIK_PENDEK)


def hari(teks: str) -> date | None:
    """The day that is meant by 23-11-2026, 23/11/2026 or 23 November 2026; None: no day."""
    cocok = _TANGGAL.fullmatch(teks)
    if cocok is None:
        return None
    angka_hari, bulan, tahun = cocok.groups()
    nama = [b.lower() for b in tgl.BULAN]
    if not bulan.isdigit() and bulan.lower() not in nama:
        return None
    angka = int(bulan) if bulan.isdigit() else nama.index(bulan.lower()) + 1
    try:
        return date(int(tahun), angka, int(angka_hari))
    except ValueError:
        return None


def baris(semua: Sequence[EntriBuku]) -> list[Baris]:
    """What stands in these entries. A constant number of queries."""
    kunci = [satu.pk for satu in semua]
    surat = _surat(kunci)
    catatan = CatatanAgenda.objects.in_bulk(kunci, field_name="agenda_id")
    pengganti = _pengganti(surat.values())
    return [
        _dari_surat(surat[e.pk], e, pengganti.get(surat[e.pk].pk, ""))
        if e.pk in surat
        else (_dari_catatan(catatan[e.pk], e) if e.pk in catatan else _hilang(e))
        for e in semua
    ]


def _surat(entri_: list[int]) -> dict[int, Surat]:
    """The letters of these entries, by entry."""
    kolom = "agenda nomor nama tanggal batal_pada batal_alasan dicabut_pada".split()
    kolom += "dicabut_alasan jenis__nama subjek__nama menggantikan__nomor".split()
    semua = Surat.objects.select_related("jenis", "subjek", "menggantikan").only(*kolom)
    return semua.in_bulk(entri_, field_name="agenda_id")


def _pengganti(surat: Iterable[Surat]) -> dict[int, str]:
    """Number of the signed letter that replaces each of these, where there is one: until the
    signature the former one holds (surat.terbit.keadaan)."""
    baru = Surat.objects.filter(
        menggantikan__in=list(surat), batal_pada__isnull=True, tanda_tangan__isnull=False
    )
    return dict(baru.values_list("menggantikan_id", "nomor"))


def _dari_surat(surat: Surat, satu: EntriBuku, pengganti: str) -> Baris:
    keluar = Sisi(surat.nomor, surat.tanggal, surat.nama or surat.subjek.nama, surat.jenis.nama)
    ket = [f"BATAL: {surat.batal_alasan}"] if surat.batal_pada else []
    ket += [f"Dicabut: {surat.dicabut_alasan}"] if surat.dicabut_pada else []
    ket += [f"Diganti nomor {pengganti}"] if pengganti else []
    ket += [f"Mengganti nomor {surat.menggantikan.nomor}"] if surat.menggantikan else []
    return Baris(
        urut=satu.urut,
        tanggal=satu.hari,
        masuk=None,
        keluar=keluar,
        keterangan="; ".join(ket),
        batal=surat.batal_pada is not None,
        pk=surat.pk,
        catatan=False,
    )


def _dari_catatan(catatan: CatatanAgenda, satu: EntriBuku) -> Baris:
    isi = Sisi(catatan.nomor, catatan.tanggal_surat, catatan.pihak, catatan.isi_singkat)
    masuk = catatan.arah == Arah.MASUK
    ket = [f"BATAL: {catatan.batal_alasan}"] if catatan.batal_alasan else []
    ket += [catatan.keterangan] if catatan.keterangan else []
    return Baris(
        urut=satu.urut,
        tanggal=satu.hari,
        masuk=isi if masuk else None,
        keluar=None if masuk else isi,
        keterangan="; ".join(ket),
        batal=bool(catatan.batal_alasan),
        pk=catatan.pk,
        catatan=True,
    )


def _hilang(satu: EntriBuku) -> Baris:
    """Somebody has deleted the row by hand, past the portal; the number was given all the same."""
    return Baris(satu.urut, satu.hari, None, None, entri.HILANG, batal=True, pk=0, catatan=False)


BENTUK = Bentuk(
    kode="agenda",
    judul="Buku Agenda",
    kepala=(
        (
            Kepala("No.", tinggi=2),
            Kepala("Tanggal", tinggi=2),
            Kepala("Surat masuk", lebar=4),
            Kepala("Surat keluar", lebar=4),
            Kepala("Keterangan", tinggi=2),
        ),
        (
            *(Kepala(k) for k in ("Nomor", "Tanggal", "Pengirim", "Isi singkat")),
            *(Kepala(k) for k in ("Nomor", "Tanggal", "Ditujukan kepada", "Isi singkat")),
        ),
        tuple(Kepala(str(n)) for n in range(1, 12)),
    ),
    kolom=(
        ("No.", 7),
        ("Tanggal", 12),
        ("Masuk: nomor", 24),
        ("Masuk: tanggal", 14),
        ("Masuk: pengirim", 28),
        ("Masuk: isi singkat", 36),
        ("Keluar: nomor", 38),
        ("Keluar: tanggal", 14),
        ("Keluar: ditujukan kepada", 28),
        ("Keluar: isi singkat", 36),
        ("Keterangan", 30),
    ),
)


def _isi(satu: Baris) -> Isi:
    kosong: tuple[Sel, ...] = ("", "", "", "")
    masuk, keluar = (
        (s.nomor, s.tanggal, s.pihak, s.isi) if s else kosong for s in (satu.masuk, satu.keluar)
    )
    return Isi(satu.tanggal, (satu.urut, satu.tanggal, *masuk, *keluar, satu.keterangan))


BUKU = Buku(
    jenis=entri.AGENDA,
    kolom="agenda",
    bentuk=BENTUK,
    cari=lambda teks: [*(Surat.objects.filter(c) for c in cara(teks)), cari_catatan(teks)],
    baris=baris,
    isi=_isi,
)


# --- Writing -----------------------------------------------------------------------------------


@transaction.atomic
def catat_masuk(
    *,
    nomor_surat: str,
    tanggal_surat: date,
    diterima: date,
    pengirim: str,
    isi_singkat: str,
    oleh: Akun,
    pada: datetime,
    keterangan: str = "",
) -> CatatanAgenda:
    """Note a letter that came in, with the number that its sender gave it."""
    hari_ini = tgl.di_wita(pada)
    if diterima > hari_ini:
        raise CatatanTidakSah("Tanggal diterima belum terjadi.")
    if tanggal_surat > diterima:
        raise CatatanTidakSah("Tanggal surat tidak boleh sesudah tanggal diterima.")
    return CatatanAgenda.objects.create(
        arah=Arah.MASUK,
        tanggal=diterima,
        nomor=nomor_surat,
        tanggal_surat=tanggal_surat,
        pihak=pengirim,
        isi_singkat=isi_singkat,
        keterangan=keterangan,
        agenda=entri.catat(entri.AGENDA, pada=pada),
        dicatat_pada=pada,
        dicatat_oleh=oleh,
    )


@transaction.atomic
def catat_keluar(
    *,
    klasifikasi: str,
    tanggal_surat: date,
    tujuan: str,
    isi_singkat: str,
    oleh: Akun,
    pada: datetime,
    dikirim: date | None = None,
    keterangan: str = "",
) -> CatatanAgenda:
    """Give a letter that the office writes by hand the next number of its book.

    Raises CatatanTidakSah, nomor.FormatNomorTidakSah when the village's pattern cannot be used, or
    nomor.BelumSiap.
    """
    hari_ini = tgl.di_wita(pada)
    if tanggal_surat > hari_ini:
        raise CatatanTidakSah("Tanggal surat belum terjadi.")
    if tanggal_surat.year != hari_ini.year:
        raise CatatanTidakSah(
            f"Nomor surat hanya diberikan untuk tahun ini ({hari_ini.year}), supaya buku tahun "
            "yang sudah ditutup tidak berubah."
        )
    if dikirim and dikirim < tanggal_surat:
        raise CatatanTidakSah("Tanggal dikirim tidak boleh mendahului tanggal surat.")
    dapat = nomor.untuk_kode(klasifikasi, tanggal=tanggal_surat)
    return CatatanAgenda.objects.create(
        arah=Arah.KELUAR,
        tanggal=dikirim or tanggal_surat,
        nomor=dapat.teks,
        tanggal_surat=tanggal_surat,
        pihak=tujuan,
        isi_singkat=isi_singkat,
        keterangan=keterangan,
        buku=dapat.buku,
        urut=dapat.urut,
        agenda=entri.catat(entri.AGENDA, pada=pada),
        ekspedisi=entri.catat(entri.EKSPEDISI, pada=pada),
        dicatat_pada=pada,
        dicatat_oleh=oleh,
    )


def batalkan(catatan: CatatanAgenda, *, alasan: str) -> None:
    """Declare an entry void; it keeps its place and its number. Raises CatatanTidakSah."""
    alasan = alasan.strip()
    if not alasan:
        raise CatatanTidakSah("Tulis alasannya, supaya yang membaca tahu mengapa.")
    baris_ = CatatanAgenda.objects.filter(pk=catatan.pk, batal_alasan="")
    if not baris_.update(batal_alasan=alasan[:200]):
        raise CatatanTidakSah("Catatan ini sudah batal.")


DAPAT_DIPERBAIKI = {
    Arah.MASUK: ("nomor", "tanggal_surat", "tanggal", "pihak", "isi_singkat", "keterangan"),
    Arah.KELUAR: ("tanggal", "pihak", "isi_singkat", "keterangan"),
}

_SEBUTAN = {
    "nomor": "Nomor surat",
    "tanggal_surat": "Tanggal surat",
    "tanggal": "Tanggal diterima atau dikirim",
    "pihak": "Pengirim atau tujuan",
    "isi_singkat": "Isi singkat",
    "keterangan": "Keterangan",
}


def perbaiki(catatan: CatatanAgenda, baru: dict[str, Any]) -> list[str]:
    """Correct what was written down wrongly; what changed, in words, for the history.

    The number of a letter that went out, and its date, are on its paper: they never change.
    """
    boleh = DAPAT_DIPERBAIKI[Arah(catatan.arah)]
    ubah = {k: v for k, v in baru.items() if k in boleh and v != getattr(catatan, k)}
    lama = {k: getattr(catatan, k) for k in ubah}
    CatatanAgenda.objects.filter(pk=catatan.pk).update(**ubah)
    return [f"{_SEBUTAN[k]}: “{_kata(lama[k])}” → “{_kata(v)}”" for k, v in ubah.items()]


def _kata(nilai: Any) -> str:
    return f"{nilai:%d-%m-%Y}" if isinstance(nilai, date) else str(nilai)
