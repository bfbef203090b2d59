"""THE flow: a table of steps, and the only code that writes a request's status.

A step is one transaction: status (compare-and-set), its effect, a Riwayat row and the outgoing
messages, all or nothing. The same rule draws a button and guards the act.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction

from layanan.kotak_keluar import notifikasi, persetujuan
from layanan.models import Draf, Lampiran, Permohonan, Riwayat
from layanan.permohonan import dampak, koreksi, pengisian
from layanan.permohonan.dampak import Dampak
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.buku import nomor
from surat.isian import formulir
from surat.isian.jawaban import Jawaban
from surat.models import JenisSurat, Mandat, Surat
from surat.terbit import keadaan, kode_cek, penerbitan

S = Permohonan.Status


class Siapa(Enum):
    WARGA = "pemohon"
    OPERATOR = "operator"
    PENANDATANGAN = "penanda tangan"
    SISTEM = "sistem"


class LangkahTidakSah(Exception):
    """The step is not allowed now or for this person; the text is fit to be shown."""


class Keduluan(LangkahTidakSah):
    """Somebody else moved the request first; the text says who and what."""


@dataclass(frozen=True)
class Langkah:
    nama: str
    label: str
    dari: tuple[S, ...]
    ke: S
    siapa: Siapa
    pesan: str = ""  # to the resident
    kabari_petugas: bool = False
    butuh_catatan: bool = False
    efek: Callable[[dampak.Bahan], Dampak] | None = field(default=None, repr=False)


LANGKAH: dict[str, Langkah] = {
    langkah.nama: langkah
    for langkah in (
        Langkah("ajukan", "Kirim", (), S.DIAJUKAN, Siapa.WARGA, "diterima", kabari_petugas=True),
        Langkah("proses", "Proses", (S.DIAJUKAN,), S.DIPROSES, Siapa.OPERATOR, "diproses"),
        Langkah(
            "minta_perbaikan",
            "Minta perbaikan",
            (S.DIAJUKAN, S.DIPROSES),
            S.PERLU_PERBAIKAN,
            Siapa.OPERATOR,
            "perlu_perbaikan",
            efek=dampak.minta_perbaikan,
        ),
        Langkah(
            "ajukan_ulang",
            "Kirim perbaikan",
            (S.PERLU_PERBAIKAN,),
            S.DIAJUKAN,
            Siapa.WARGA,
            "diterima",
            kabari_petugas=True,
            efek=dampak.ajukan_ulang,
        ),
        Langkah(
            "setujui", "Setujui", (S.DIPROSES,), S.DICETAK, Siapa.OPERATOR, efek=dampak.setujui
        ),
        Langkah(
            "cetak",
            "Catat sudah dicetak",
            (S.DICETAK,),
            S.MENUNGGU_TTD,
            Siapa.SISTEM,
            "menunggu_ttd",
            efek=dampak.cetak,
        ),
        Langkah(
            "kembalikan",
            "Kembalikan",
            (S.MENUNGGU_TTD,),
            S.DIPROSES,
            Siapa.PENANDATANGAN,
            butuh_catatan=True,
            efek=dampak.kembalikan,
        ),
        Langkah(
            "tandatangani",
            "Tandatangani",
            (S.MENUNGGU_TTD,),
            S.SIAP_DIAMBIL,
            Siapa.PENANDATANGAN,
            "siap_diambil",
            efek=dampak.tandatangani,
        ),
        Langkah(
            "serahkan",
            "Serahkan",
            (S.SIAP_DIAMBIL,),
            S.SELESAI,
            Siapa.OPERATOR,
            "diserahkan",
            efek=dampak.serahkan,
        ),
        Langkah(
            "tolak",
            "Tolak",
            (S.DIAJUKAN, S.DIPROSES),
            S.DITOLAK,
            Siapa.OPERATOR,
            "ditolak",
            butuh_catatan=True,
        ),
        Langkah(
            "batalkan",
            "Batalkan",
            (S.DIAJUKAN, S.PERLU_PERBAIKAN),
            S.DIBATALKAN,
            Siapa.WARGA,
        ),
    )
}


def _halangan_orang(
    permohonan: Permohonan, langkah: Langkah, oleh: Akun | None, pada: datetime
) -> str:
    """Why this person may not take this step; empty when they may."""
    if langkah.siapa is Siapa.SISTEM:
        return "" if oleh is None else "Langkah ini dikerjakan sistem."
    if oleh is None or not oleh.is_active:
        return "Masuk lebih dulu."
    if langkah.siapa is Siapa.WARGA:
        return (
            ""
            if oleh.penduduk_id and oleh.penduduk_id == permohonan.pemohon_id
            else "Hanya pemohon yang dapat melakukan ini."
        )
    if langkah.siapa is Siapa.OPERATOR:
        boleh = oleh.has_perm("layanan.proses_permohonan")
        return "" if boleh else "Anda tidak berwenang memproses permohonan."
    if not oleh.has_perm("layanan.tandatangani_surat"):
        return "Anda tidak berwenang menandatangani surat."
    return _halangan_mandat(permohonan, langkah, oleh, pada)


def _halangan_mandat(permohonan: Permohonan, langkah: Langkah, oleh: Akun, pada: datetime) -> str:
    berlaku = Mandat.objects.berlaku(tgl.di_wita(pada)).filter(pejabat__akun=oleh)
    if langkah.nama == "tandatangani" and permohonan.surat_id:
        # The paper already bears a name; only that official may sign it.
        berlaku = berlaku.filter(surat=permohonan.surat_id)
        sebab = "Surat ini disiapkan untuk pejabat lain, atau mandat Anda tidak berlaku hari ini."
        return "" if berlaku.exists() else sebab
    return "" if berlaku.exists() else "Mandat Anda tidak berlaku hari ini."


def _label(nama: str) -> str:
    return LANGKAH[nama].label if nama in LANGKAH else Riwayat.Langkah(nama).label


def sudah_berubah(permohonan: Permohonan) -> str:
    """A sentence that tells who moved the request last."""
    langkah = permohonan.riwayat.exclude(langkah=Riwayat.Langkah.MENDESAK)  # moves nothing
    terakhir = langkah.select_related("oleh").order_by("-pk").first()
    if terakhir is None:
        return "Permohonan ini tidak dalam keadaan yang tepat untuk langkah itu."
    label = _label(terakhir.langkah).lower()
    oleh = "sistem" if terakhir.oleh is None else str(terakhir.oleh)
    if terakhir.oleh and not terakhir.oleh.is_staff:
        oleh = "pemohon"
    kini = S(terakhir.ke).label.lower()
    return (
        f"Permohonan ini sudah berubah: langkah terakhir “{label}” oleh {oleh}, "
        f"sekarang {kini}. Periksa lagi sebelum melanjutkan."
    )


def periksa(
    permohonan: Permohonan,
    langkah: Langkah,
    *,
    oleh: Akun | None,
    pada: datetime,
    catatan: str = "",
) -> None:
    """Raise LangkahTidakSah unless `oleh` may take `langkah` on `permohonan` at `pada`."""
    halangan = _halangan_orang(permohonan, langkah, oleh, pada)
    if halangan:
        raise LangkahTidakSah(halangan)
    if permohonan.status not in langkah.dari:
        raise Keduluan(sudah_berubah(permohonan))
    if langkah.butuh_catatan and not catatan.strip():
        raise LangkahTidakSah("Tulis alasannya, supaya yang membaca tahu harus berbuat apa.")


def langkah_tersedia(permohonan: Permohonan, *, oleh: Akun, pada: datetime) -> list[Langkah]:
    """The steps that `oleh` may take now: what the buttons show is what `jalankan` accepts."""
    boleh = [
        langkah
        for langkah in LANGKAH.values()
        if permohonan.status in langkah.dari
        and not _halangan_orang(permohonan, langkah, oleh, pada)
    ]
    if LANGKAH["serahkan"] in boleh and dampak.halangan_serah(permohonan):
        boleh.remove(LANGKAH["serahkan"])
    return boleh


@transaction.atomic
def jalankan(
    permohonan: Permohonan,
    nama: str,
    /,
    *,
    oleh: Akun | None,
    pada: datetime,
    catatan: str = "",
    **bahan: Any,
) -> Riwayat:
    """Take one step; `permohonan` is updated in place.

    `oleh`: who acts, None for the system; `pada`: aware moment; `bahan`: what the step needs
    (see layanan.permohonan.dampak). Raises LangkahTidakSah, or Keduluan when somebody was faster;
    then nothing at all has happened.
    """
    langkah = LANGKAH[nama]
    periksa(permohonan, langkah, oleh=oleh, pada=pada, catatan=catatan)
    lama = permohonan.status
    baris = Permohonan.objects.filter(pk=permohonan.pk, status=lama)
    # Locks the row (PostgreSQL), so that whoever comes second waits here and not for a number.
    if not baris.update(diperbarui_pada=pada):
        raise Keduluan(sudah_berubah(permohonan))
    hasil = Dampak()
    if langkah.efek:
        try:
            hasil = langkah.efek(dampak.Bahan(permohonan, oleh, pada, catatan, bahan))
        except dampak.BahanTidakSah as galat:
            raise LangkahTidakSah(str(galat)) from galat
    perubahan = {"status": langkah.ke, "diperbarui_pada": pada, **hasil.perubahan}
    if not baris.update(**perubahan):
        raise Keduluan(sudah_berubah(permohonan))
    for kolom, nilai in perubahan.items():
        setattr(permohonan, kolom, nilai)
    return _catat(permohonan, langkah, lama, oleh=oleh, pada=pada, catatan=catatan, hasil=hasil)


def _catat(
    permohonan: Permohonan,
    langkah: Langkah,
    lama: str,
    *,
    oleh: Akun | None,
    pada: datetime,
    catatan: str,
    hasil: Dampak,
) -> Riwayat:
    riwayat = Riwayat.objects.create(
        permohonan=permohonan,
        langkah=langkah.nama,
        dari=lama,
        ke=langkah.ke,
        oleh=oleh,
        pada=pada,
        catatan=catatan.strip(),
        rincian=hasil.rincian,
        surat=hasil.surat,
    )
    notifikasi.catat(riwayat, permohonan, langkah.pesan, kabari_petugas=langkah.kabari_petugas)
    return riwayat


def catat_peristiwa(permohonan: Permohonan, nama: str, /, pesan: str = "", **lain: Any) -> Riwayat:
    """What happened to a request without moving it (cabut, mendesak): history and messages.
    `lain`: oleh, pada, catatan, hasil. Call inside a transaction that has locked the request."""
    kini = S(permohonan.status)
    return _catat(permohonan, Langkah(nama, "", (), kini, Siapa.OPERATOR, pesan), kini, **lain)


@transaction.atomic
def ajukan(draf: Draf, *, oleh: Akun, pada: datetime) -> Permohonan:
    """Turn a complete draft into a request. Sending the same draft again returns the same request.

    Raises pengisian.DrafBelumLengkap, or LangkahTidakSah when the draft is not the sender's.
    """
    if draf.akun_id != oleh.pk or oleh.penduduk_id is None:
        raise LangkahTidakSah("Hanya pemohon yang dapat melakukan ini.")
    if not Draf.objects.filter(pk=draf.pk, terkirim=False).update(terkirim=True):
        return Permohonan.objects.get(draf=draf)
    pengisian.periksa(draf)
    permohonan = _buat(
        draf.jenis,
        pada=pada,
        draf=draf,
        pemohon_id=oleh.penduduk_id,
        keterangan=draf.keterangan,
        isian=draf.isian,
        dibawa=draf.dibawa,
        nomor_hp=draf.nomor_hp,
        kabari_wa=persetujuan.berlaku(oleh, nomor_hp=draf.nomor_hp, pada=pada),
    )
    Lampiran.objects.filter(draf=draf).update(draf=None, permohonan=permohonan)
    _catat(permohonan, LANGKAH["ajukan"], "", oleh=oleh, pada=pada, catatan="", hasil=Dampak())
    return permohonan


def _buat(jenis: JenisSurat, *, pada: datetime, **isi: Any) -> Permohonan:
    """The row of a new request, with its number, receipt code and promise."""
    tahun = tgl.di_wita(pada).year
    _, urut = nomor.ambil("PERMOHONAN", tahun)
    return Permohonan.objects.create(
        nomor=f"P-{tahun}-{urut:04}",
        kode_resi=kode_cek.buat(),
        jenis=jenis,
        status=LANGKAH["ajukan"].ke,
        diajukan_pada=pada,
        diperbarui_pada=pada,
        janji_pada=pengisian.janji(jenis, pada=pada),
        **isi,
    )


@transaction.atomic
def ajukan_loket(
    jenis: JenisSurat, isi: pengisian.DiLoket, *, oleh: Akun, pada: datetime
) -> Permohonan:
    """File a request for somebody at the counter: the step `ajukan`, taken by the office.

    Raises LangkahTidakSah.
    """
    if not (oleh.is_active and oleh.has_perm("layanan.proses_permohonan")):
        raise LangkahTidakSah("Anda tidak berwenang memproses permohonan.")
    if kurang := formulir.belum_dijawab(jenis, isi.isian):
        raise LangkahTidakSah(f"Isi dulu “{kurang[0].label}”.")
    kolom = {k: getattr(isi, k) for k in "pemohon isian keterangan nomor_hp kabari_wa".split()}
    baru = _buat(jenis, pada=pada, dibawa=isi.dilihat, **kolom)
    if isi.kabari_wa:
        persetujuan.catat_loket(baru, oleh=oleh, pada=pada)
    _catat(baru, LANGKAH["ajukan"], "", oleh=oleh, pada=pada, catatan=isi.catatan, hasil=Dampak())
    return baru


@transaction.atomic
def ajukan_pengganti(
    asal: Permohonan, *, isian: Jawaban, alasan: str, oleh: Akun, pada: datetime
) -> Permohonan:
    """File the correction of the signed letter of `asal` for its applicant: the step `ajukan`,
    taken by the office. `isian`: all answers, mended; `alasan`: read by the resident.

    Raises LangkahTidakSah, also when somebody files one at the same moment.
    """
    if not (oleh.is_active and oleh.has_perm("surat.koreksi_surat")):
        raise LangkahTidakSah("Anda tidak berwenang membuat surat pengganti.")
    # Locked, so that of two who press at once the second one sees the first one's request.
    asal = Permohonan.objects.select_for_update().get(pk=asal.pk)
    if asal.surat_id is None:
        raise LangkahTidakSah("Permohonan ini belum bersurat.")
    surat = keadaan.lengkapi(Surat.objects.select_related("jenis")).get(pk=asal.surat_id)
    try:
        rapi = koreksi.periksa(surat, isian, alasan, hari=tgl.di_wita(pada))
    except koreksi.TidakDapatDikoreksi as galat:
        raise LangkahTidakSah(str(galat)) from galat
    baru = _buat(surat.jenis, pada=pada, isian=isian, menggantikan=surat, **koreksi.bawaan(asal))
    koreksi.salin_lampiran(asal, baru)
    _catat(baru, LANGKAH["ajukan"], "", oleh=oleh, pada=pada, catatan=rapi, hasil=Dampak())
    return baru


@transaction.atomic
def cabut_surat(surat: Surat, *, alasan: str, oleh: Akun, pada: datetime) -> None:
    """Withdraw a signed letter and tell its applicant. No step of the table: the request stays
    where it is, its history and the resident learn of it in the same transaction.

    Raises LangkahTidakSah, or penerbitan.TidakDapatDicabut.
    """
    if not (oleh.is_active and oleh.has_perm("surat.cabut_surat")):
        raise LangkahTidakSah("Anda tidak berwenang mencabut surat.")
    baris = Permohonan.objects.filter(surat=surat)
    baris.update(diperbarui_pada=pada)  # locked: it is not handed over at the same moment
    penerbitan.cabut(surat, alasan=alasan, oleh=oleh, pada=pada)
    apa = {"oleh": oleh, "pada": pada, "catatan": surat.dicabut_alasan}
    for permohonan in baris:
        catat_peristiwa(permohonan, "cabut", "surat_dicabut", **apa, hasil=Dampak(surat=surat))
