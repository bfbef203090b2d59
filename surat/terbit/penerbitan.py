"""The only place where a Surat comes into being, or ceases to hold."""

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.bahasa import templat
from surat.bahasa.orang import Orang
from surat.buku import entri, nomor
from surat.formulir_resmi import tawaran
from surat.formulir_resmi.sumber import Sumber
from surat.models import Cetakan, JenisSurat, Surat, Templat
from surat.naskah import gaya, susunan, tercetak
from surat.terbit import keadaan, kode_cek

_NAMA_MAKS = 120
_KODE_DRAF = "DRAF000000"  # 0 is no letter of a check code: nobody ever finds a letter by it
ALASAN_MIN, ALASAN_MAKS = 10, 300
# A NIK, a family card, a phone: never in public. Numbers of letters and dates may stand there.
_NIK = re.compile(r"(?:\d[ -]?){10,}|(?:\d[ .-]?){16}")


TIDAK_DAPAT = (
    templat.TemplatTidakSah,
    nomor.FormatNomorTidakSah,
    nomor.BelumSiap,
    tercetak.TakTercetak,
)


class TidakDapatDicabut(ValueError):
    """The letter is not withdrawn; the message says why."""


def templat_berlaku(jenis: JenisSurat) -> Templat:
    return jenis.templat.order_by("-versi")[:1].get()


def _tanda(teks_nomor: str, kode: str) -> dict[str, str]:
    return {
        "nomor": teks_nomor,
        "kode_cek": kode_cek.tampil(kode),
        "url_cek": f"{settings.PUBLIC_BASE_URL}/cek/{kode}/",
    }


def naskah(bahan: susunan.Bahan) -> tuple[dict[str, Any], Orang]:
    """All that would be frozen of a letter, with dots for its number, and who it is about. Raises
    TIDAK_DAPAT when the village's own settings, or what the register says, cannot be used."""
    data, subjek = susunan.susun(bahan)
    data["nomor"] = nomor.contoh(bahan.jenis, urut=None, tanggal=bahan.tanggal)
    tercetak.periksa(bahan, data)
    return data, subjek


def draf(bahan: susunan.Bahan) -> dict[str, Any]:
    """The very letter that `terbitkan` would freeze, marked DRAF. Raises TIDAK_DAPAT."""
    data, _ = naskah(bahan)
    return data | {"tanda_air": "DRAF", **_tanda(data["nomor"], _KODE_DRAF)}


def terbitkan(
    bahan: susunan.Bahan,
    *,
    oleh: Akun,
    pada: datetime,
    formulir: tawaran.Pilihan | None = None,
    syarat: frozenset[str] = frozenset(),
) -> Surat:
    """Take a number, freeze the letter with its official forms, and leave a work order for its PDF.

    `pada`: aware moment of issue, on the day of `bahan` in WITA; `formulir`, `syarat`: see tawaran.
    Must run inside the transaction of the step that issues it. Raises TIDAK_DAPAT.
    """
    data, subjek = naskah(bahan)
    sumber = Sumber(bahan.jenis, bahan.pemohon, bahan.jawaban, bahan.tanggal, syarat)
    lampiran = tawaran.bekukan(sumber, formulir or {})
    # The counters are locked from here to commit, so the numbers are taken last.
    dapat = nomor.untuk_jenis(bahan.jenis, tanggal=bahan.tanggal)
    kode = kode_cek.buat()
    surat = Surat.objects.create(
        nomor=dapat.teks,
        buku=dapat.buku,
        urut=dapat.urut,
        agenda=entri.catat(entri.AGENDA, pada=pada),
        kode_cek=kode,
        data=data | tawaran.ringkas(lampiran) | _tanda(dapat.teks, kode),
        **_kolom(bahan, subjek),
        diterbitkan_pada=pada,
        diterbitkan_oleh=oleh,
    )
    tawaran.simpan(surat, lampiran, pada=pada)
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
        "berlaku_sampai": gaya.berlaku_sampai(bahan.jenis, bahan.tanggal),
        "menggantikan": bahan.menggantikan,
    }


def batalkan(surat: Surat, *, alasan: str, oleh: Akun, pada: datetime) -> None:
    """Declare a letter void before it is signed; its number stays in the book. Raises
    RuntimeError outside a transaction, because a void letter without its step would be a lie."""
    if not connection.in_atomic_block:
        raise RuntimeError("batalkan() must run inside the transaction of its step")
    # A signed letter may be in somebody's hands: that one is withdrawn, in public.
    Surat.objects.filter(pk=surat.pk, batal_pada__isnull=True, tanda_tangan__isnull=True).update(
        batal_pada=pada, batal_oleh=oleh, batal_alasan=alasan[:500]
    )


def _periksa_alasan(alasan: str, surat: Surat) -> str:
    """The public reason, tidied. Raises TidakDapatDicabut; whoever checks the letter reads it."""
    rapi = " ".join(alasan.split())
    if not ALASAN_MIN <= len(rapi) <= ALASAN_MAKS:
        raise TidakDapatDicabut(
            f"Tulis alasan {ALASAN_MIN} sampai {ALASAN_MAKS} huruf; sekarang {len(rapi)}."
        )
    if _NIK.search(rapi):
        raise TidakDapatDicabut("Alasan ini dibaca umum: jangan tulis NIK atau nomor lain.")
    if surat.nama and surat.nama.casefold() in rapi.casefold():
        raise TidakDapatDicabut("Alasan ini dibaca umum: jangan tulis nama warga.")
    return rapi


def halangan_cabut(surat: Surat, *, hari: date) -> str:
    """Why this letter cannot be withdrawn; empty when it can."""
    match keadaan.lihat(surat, hari=hari).kode:
        case keadaan.Kode.BATAL | keadaan.Kode.BELUM_TTD:
            return "Hanya surat yang sudah ditandatangani yang dapat dicabut."
        case keadaan.Kode.DICABUT:
            return "Surat ini sudah dicabut."
        case keadaan.Kode.DIGANTI:
            return "Surat ini sudah diganti, jadi tidak berlaku lagi dan tidak perlu dicabut."
    return ""


def cabut(surat: Surat, *, alasan: str, oleh: Akun, pada: datetime) -> None:
    """Withdraw a signed letter, for everybody to see; `surat` is updated in place.

    `alasan`: public. Raises TidakDapatDicabut when it is not fit to be read by everybody, when
    the letter is not in force any more, or when somebody was faster; RuntimeError outside a
    transaction, because the resident has to be told in the same one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("cabut() must run inside the transaction that tells the resident")
    rapi = _periksa_alasan(alasan, surat)
    baris = Surat.objects.filter(pk=surat.pk)
    if halangan := halangan_cabut(keadaan.lengkapi(baris).get(), hari=tgl.di_wita(pada)):
        raise TidakDapatDicabut(halangan)
    isi = {"dicabut_pada": pada, "dicabut_oleh": oleh, "dicabut_alasan": rapi}
    if not baris.filter(dicabut_pada__isnull=True).update(**isi):
        raise TidakDapatDicabut("Surat ini sudah dicabut.")
    for kolom, nilai in isi.items():
        setattr(surat, kolom, nilai)
