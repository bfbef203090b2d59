"""The only place where a Surat comes into being, or ceases to hold."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from penduduk.models import Akun, Penduduk
from surat import jawaban as jawaban_
from surat import kode_cek, nomor, susunan
from surat import tanggal as tgl
from surat.models import Cetakan, JenisSurat, Mandat, Surat, Templat
from surat.susunan import Pengantar

_NAMA_MAKS = 120


def templat_berlaku(jenis: JenisSurat) -> Templat:
    return jenis.templat.order_by("-versi")[:1].get()


def _tanda(teks_nomor: str, kode: str) -> dict[str, str]:
    return {
        "nomor": teks_nomor,
        "kode_cek": kode_cek.tampil(kode),
        "url_cek": f"{settings.PUBLIC_BASE_URL}/cek/{kode}/",
    }


def terbitkan(
    *,
    jenis: JenisSurat,
    pemohon: Penduduk,
    jawaban: jawaban_.Jawaban,
    mandat: Mandat,
    pengantar: Pengantar,
    oleh: Akun,
    pada: datetime,
    menggantikan: Surat | None = None,
) -> Surat:
    """Take a number, freeze the letter and leave a work order for its PDF.

    `pada`: aware moment of issue; the date on paper is that day in WITA. `menggantikan`: the
    letter that this one corrects. Must run inside the transaction of the step that issues it.
    Raises templat.TemplatTidakSah or nomor.FormatNomorTidakSah when the village's own settings
    cannot be used.
    """
    tata, tanggal = susunan.tata_naskah(), tgl.di_wita(pada)
    nomor.periksa_format(tata.format_nomor)
    bahan = susunan.Bahan(
        jenis=jenis,
        templat=templat_berlaku(jenis),
        pemohon=pemohon,
        jawaban=jawaban,
        mandat=mandat,
        pengantar=pengantar,
        tanggal=tanggal,
        menggantikan=menggantikan,
    )
    data, subjek = susunan.susun(bahan)
    surat = Surat(
        tanggal=tanggal,
        jenis=jenis,
        templat=bahan.templat,
        subjek=subjek.penduduk or pemohon,
        nama=subjek.nama[:_NAMA_MAKS],
        mandat=mandat,
        data=data,
        diterbitkan_pada=pada,
        diterbitkan_oleh=oleh,
        berlaku_sampai=susunan.berlaku_sampai(jenis, tanggal),
        menggantikan=menggantikan,
    )
    _beri_nomor(surat)
    Cetakan.objects.create(surat=surat, ambil_lagi_pada=pada)
    return surat


def _beri_nomor(surat: Surat) -> None:
    """Number, check code and the row itself. The counter is locked from here to commit, so this
    comes last."""
    dapat = nomor.untuk_jenis(surat.jenis, tanggal=surat.tanggal)
    surat.buku, surat.urut, surat.nomor = dapat.buku, dapat.urut, dapat.teks
    surat.kode_cek = kode_cek.buat()
    surat.data |= _tanda(surat.nomor, surat.kode_cek)
    surat.save(force_insert=True)


def batalkan(surat: Surat, *, alasan: str, oleh: Akun, pada: datetime) -> None:
    """Declare a letter void; its number stays in the register. Raises RuntimeError outside a
    transaction, because a void letter without its step would be a lie."""
    if not connection.in_atomic_block:
        raise RuntimeError("batalkan() must run inside the transaction of its step")
    Surat.objects.filter(pk=surat.pk, batal_pada__isnull=True).update(
        batal_pada=pada, batal_oleh=oleh, batal_alasan=alasan[:500]
    )
