"""Buku Ekspedisi (Permendagri 47/2016, A.8): every letter that left the office and who took it.

Rows are the hand-overs of the portal's letters, and the letters that the office wrote by hand and
sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from layanan.models import Penyerahan
from penduduk.models import Penduduk
from surat.bahasa import tanggal as tgl
from surat.buku import agenda, register
from surat.buku.cetakan import Bentuk, Isi, Kepala
from surat.buku.register import Kunci, Periode, Sumber
from surat.models import CatatanAgenda

_PENYERAHAN, _CATATAN = range(2)  # order within one moment


@dataclass(frozen=True)
class Baris:
    urut: int
    dicatat: date  # under which month it stands
    dikirim: date
    tanggal_surat: date
    nomor: str
    isi: str
    tujuan: str
    keterangan: str
    batal: bool
    pk: int  # of the Permohonan, or of the CatatanAgenda
    catatan: bool


def sumber(teks: str = "") -> list[Sumber]:
    """The tables of the register, and which of their rows `teks` finds (empty: all)."""
    serah = Penyerahan.objects.all()
    keluar = CatatanAgenda.objects.filter(arah=CatatanAgenda.Arah.KELUAR)
    teks = teks.strip()
    cocok = agenda.cari_catatan(teks).filter(arah=CatatanAgenda.Arah.KELUAR) if teks else keluar
    return [
        Sumber(serah, "pada", cari(teks) if teks else serah),
        Sumber(keluar, "dicatat_pada", cocok),
    ]


def cari(teks: str) -> QuerySet[Penyerahan]:
    """Hand-overs by what finds the letter (surat.buku.agenda.cari), who asked for it or who
    took it; a date is that of the letter or of the hand-over."""
    cocok = Q(permohonan__surat__in=agenda.cari(teks).values("pk"))
    if hari := agenda.hari(teks):
        mulai, habis = register.antara(hari, hari).rentang
        return Penyerahan.objects.filter(cocok | Q(pada__gte=mulai, pada__lt=habis))
    cocok |= Q(nama__icontains=teks)
    if agenda.mungkin_orang(teks):
        cocok |= Q(permohonan__pemohon__in=Penduduk.objects.cari(teks).values("pk"))
    return Penyerahan.objects.filter(cocok)


def baris(kunci: Sequence[Kunci], urut: Sequence[int]) -> list[Baris]:
    """The rows of the register; `urut` are their running numbers. A constant number of queries."""
    serah = (
        Penyerahan.objects.select_related("permohonan__surat__jenis", "permohonan__surat__subjek")
        .defer("permohonan__surat__data", "permohonan__isian")
        .in_bulk([k.pk for k in kunci if k.sumber == _PENYERAHAN])
    )
    catatan = CatatanAgenda.objects.in_bulk([k.pk for k in kunci if k.sumber == _CATATAN])
    return [
        _dari_penyerahan(serah[k.pk], n)
        if k.sumber == _PENYERAHAN
        else _dari_catatan(catatan[k.pk], n)
        for k, n in zip(kunci, urut, strict=True)
    ]


def _dari_penyerahan(serah: Penyerahan, urut: int) -> Baris:
    surat = serah.permohonan.surat
    if surat is None:
        raise ValueError(f"hand-over {serah.pk} without a letter")
    hari = tgl.di_wita(serah.pada)
    return Baris(
        urut=urut,
        dicatat=hari,
        dikirim=hari,
        tanggal_surat=surat.tanggal,
        nomor=surat.nomor,
        isi=surat.jenis.nama,
        tujuan=surat.nama or surat.subjek.nama,
        keterangan=f"{serah.get_penerima_display()}: {serah.nama} ({serah.cara})",
        batal=False,
        pk=serah.permohonan_id,
        catatan=False,
    )


def _dari_catatan(catatan: CatatanAgenda, urut: int) -> Baris:
    ket = [f"BATAL: {catatan.batal_alasan}"] if catatan.batal_alasan else []
    ket += [catatan.keterangan] if catatan.keterangan else []
    return Baris(
        urut=urut,
        dicatat=tgl.di_wita(catatan.dicatat_pada),
        dikirim=catatan.tanggal,
        tanggal_surat=catatan.tanggal_surat,
        nomor=catatan.nomor,
        isi=catatan.isi_singkat,
        tujuan=catatan.pihak,
        keterangan="; ".join(ket),
        batal=bool(catatan.batal_alasan),
        pk=catatan.pk,
        catatan=True,
    )


BENTUK = Bentuk(
    kode="ekspedisi",
    judul="Buku Ekspedisi",
    kepala=(
        (
            Kepala("No. urut", tinggi=2),
            Kepala("Tanggal pengiriman", tinggi=2),
            Kepala("Surat", lebar=2),
            Kepala("Isi singkat surat yang dikirim", tinggi=2),
            Kepala("Ditujukan kepada", tinggi=2),
            Kepala("Keterangan", tinggi=2),
        ),
        (Kepala("Tanggal"), Kepala("Nomor")),
        tuple(Kepala(str(n)) for n in range(1, 8)),
    ),
    kolom=(
        ("No. urut", 9),
        ("Tanggal pengiriman", 18),
        ("Tanggal surat", 14),
        ("Nomor surat", 38),
        ("Isi singkat", 40),
        ("Ditujukan kepada", 30),
        ("Keterangan", 44),
    ),
)


def isi(periode: Periode) -> list[Isi]:
    """The cells of a month or a year, for paper and Excel."""
    return [
        Isi(
            b.dicatat,
            (b.urut, b.dikirim, b.tanggal_surat, b.nomor, b.isi, b.tujuan, b.keterangan),
        )
        for b in register.seluruh(sumber(), periode, baris)
    ]
