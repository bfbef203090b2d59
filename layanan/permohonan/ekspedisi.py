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
from surat.buku import agenda, entri
from surat.buku.cetakan import Bentuk, Isi, Kepala
from surat.buku.entri import Buku
from surat.models import CatatanAgenda, EntriBuku, Surat


@dataclass(frozen=True)
class Baris:
    urut: int
    dicatat: date  # under which month it stands
    dikirim: date
    tanggal_surat: date | None  # None: the row itself is lost
    nomor: str
    isi: str
    tujuan: str
    keterangan: str
    batal: bool
    pk: int  # of the Permohonan, or of the CatatanAgenda
    catatan: bool


def cari(teks: str) -> list[QuerySet[Penyerahan]]:
    """Hand-overs by what finds the letter (surat.buku.agenda.cara), who asked for it or who
    took it; a date is that of the letter or of the hand-over."""
    cara = [Q(permohonan__surat__in=Surat.objects.filter(c)) for c in agenda.cara(teks)]
    if hari := agenda.hari(teks):
        cara.append(Q(ekspedisi__buku=entri.EKSPEDISI, ekspedisi__hari=hari))
    else:
        cara.append(Q(nama__memuat=teks))
        if agenda.mungkin_orang(teks):
            cara.append(Q(permohonan__pemohon__in=Penduduk.objects.cari(teks)))
    return [Penyerahan.objects.filter(satu) for satu in cara]


def baris(semua: Sequence[EntriBuku]) -> list[Baris]:
    """What stands in these entries. A constant number of queries."""
    kunci = [satu.pk for satu in semua]
    serah = (
        Penyerahan.objects.select_related("permohonan__surat__jenis", "permohonan__surat__subjek")
        .defer("permohonan__surat__data", "permohonan__isian")
        .in_bulk(kunci, field_name="ekspedisi_id")
    )
    catatan = CatatanAgenda.objects.in_bulk(kunci, field_name="ekspedisi_id")
    return [
        _dari_penyerahan(serah[e.pk], e)
        if e.pk in serah
        else (_dari_catatan(catatan[e.pk], e) if e.pk in catatan else _hilang(e))
        for e in semua
    ]


def _hilang(satu: EntriBuku) -> Baris:
    """Somebody has deleted the row by hand, past the portal; the number was given all the same."""
    return Baris(
        urut=satu.urut,
        dicatat=satu.hari,
        dikirim=satu.hari,
        tanggal_surat=None,
        nomor="",
        isi="",
        tujuan="",
        keterangan=entri.HILANG,
        batal=True,
        pk=0,
        catatan=False,
    )


def _dari_penyerahan(serah: Penyerahan, satu: EntriBuku) -> Baris:
    surat = serah.permohonan.surat
    if surat is None:
        return _hilang(satu)
    return Baris(
        urut=satu.urut,
        dicatat=satu.hari,
        dikirim=satu.hari,
        tanggal_surat=surat.tanggal,
        nomor=surat.nomor,
        isi=surat.jenis.nama,
        tujuan=surat.nama or surat.subjek.nama,
        keterangan=f"{serah.get_penerima_display()}: {serah.nama} ({serah.cara})",
        batal=False,
        pk=serah.permohonan_id,
        catatan=False,
    )


def _dari_catatan(catatan: CatatanAgenda, satu: EntriBuku) -> Baris:
    ket = [f"BATAL: {catatan.batal_alasan}"] if catatan.batal_alasan else []
    ket += [catatan.keterangan] if catatan.keterangan else []
    return Baris(
        urut=satu.urut,
        dicatat=satu.hari,
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


def _isi(satu: Baris) -> Isi:
    return Isi(
        satu.dicatat,
        (
            satu.urut,
            satu.dikirim,
            satu.tanggal_surat or "",
            satu.nomor,
            satu.isi,
            satu.tujuan,
            satu.keterangan,
        ),
    )


BUKU = Buku(
    jenis=entri.EKSPEDISI,
    kolom="ekspedisi",
    bentuk=BENTUK,
    cari=lambda teks: [*cari(teks), agenda.cari_catatan(teks)],
    baris=baris,
    isi=_isi,
)
