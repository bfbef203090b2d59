"""The only place where a Surat comes into being, or ceases to hold."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from penduduk import desa as desa_
from penduduk.models import Akun, Penduduk
from surat import jawaban as jawaban_
from surat import kode_cek, nomor, susunan
from surat import tanggal as tgl
from surat.models import BukuNomor, Cetakan, JenisSurat, Mandat, Surat, TataNaskah, Templat
from surat.orang import Orang
from surat.susunan import Pengantar

_NAMA_MAKS = 120


def templat_berlaku(jenis: JenisSurat) -> Templat:
    return jenis.templat.order_by("-versi")[:1].get()


def _nomor_berikut(
    jenis: JenisSurat, tata: TataNaskah, tanggal: date
) -> tuple[BukuNomor, int, str]:
    """The next number of the right book, written out; FormatNomorTidakSah when it is taken."""
    desa = desa_.ambil()
    buku, urut = nomor.ambil(nomor.buku_untuk(jenis, tata), tanggal.year)
    teks = nomor.susun(
        tata.format_nomor,
        urut=urut,
        klasifikasi=susunan.klasifikasi(jenis, tata),
        desa=desa.nama,
        kode_desa=desa.kode,
        pada=tanggal,
    )
    if Surat.objects.filter(nomor=teks).exists():
        raise nomor.FormatNomorTidakSah(
            f"Nomor {teks} sudah dipakai surat lain: dua buku nomor memberi nomor yang sama. "
            "Ubah format nomor di tata naskah supaya nomor tiap buku berbeda."
        )
    return buku, urut, teks


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
    # The counter is locked from here to commit, so the number is taken last.
    buku, urut, teks_nomor = _nomor_berikut(jenis, tata, tanggal)
    kode = kode_cek.buat()
    surat = Surat.objects.create(
        nomor=teks_nomor,
        buku=buku,
        urut=urut,
        kode_cek=kode,
        data=data | _tanda(teks_nomor, kode),
        **_kolom(bahan, subjek),
        diterbitkan_pada=pada,
        diterbitkan_oleh=oleh,
    )
    Cetakan.objects.create(surat=surat, ambil_lagi_pada=pada)
    return surat


def _kolom(bahan: susunan.Bahan, subjek: Orang) -> dict[str, Any]:
    """Columns of a Surat that repeat what is frozen in its data, so that it can be found."""
    return {
        "tanggal": bahan.tanggal,
        "jenis": bahan.jenis,
        "templat": bahan.templat,
        "subjek": subjek.penduduk or bahan.pemohon,
        "nama": subjek.nama[:_NAMA_MAKS],
        "mandat": bahan.mandat,
        "berlaku_sampai": susunan.berlaku_sampai(bahan.jenis, bahan.tanggal),
        "menggantikan": bahan.menggantikan,
    }


def batalkan(surat: Surat, *, alasan: str, oleh: Akun, pada: datetime) -> None:
    """Declare a letter void; its number stays in the register. Raises RuntimeError outside a
    transaction, because a void letter without its step would be a lie."""
    if not connection.in_atomic_block:
        raise RuntimeError("batalkan() must run inside the transaction of its step")
    Surat.objects.filter(pk=surat.pk, batal_pada__isnull=True).update(
        batal_pada=pada, batal_oleh=oleh, batal_alasan=alasan[:500]
    )
