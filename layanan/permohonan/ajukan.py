"""How a request begins: the step `ajukan`, by each of its ways (langkah.PENGAJUAN)."""

from datetime import datetime

from django.db import transaction

from layanan.kotak_keluar import persetujuan
from layanan.models import Draf, Lampiran, Permohonan
from layanan.permohonan import alur, jatah, koreksi, pengisian
from layanan.permohonan.alur import LangkahTidakSah
from layanan.permohonan.langkah import PENGAJUAN, Langkah, halangan_orang
from penduduk.models import Akun
from surat.bahasa import tanggal as tgl
from surat.isian import formulir
from surat.isian.jawaban import Jawaban
from surat.models import Surat
from surat.terbit import keadaan


def _periksa(
    langkah: Langkah, *, oleh: Akun, pada: datetime, pemohon_id: int | None = None
) -> None:
    if sebab := halangan_orang(langkah.siapa, oleh=oleh, pada=pada, pemohon_id=pemohon_id):
        raise LangkahTidakSah(sebab)


class BerubahSejakDiperiksa(Exception):
    """The draft is not what was confirmed on the check page: another tab has changed it."""


class AdaYangBerjalan(Exception):
    """The resident has running requests for this letter (`permohonan`), and may not know."""

    def __init__(self, permohonan: list[Permohonan]) -> None:
        super().__init__("a request for this letter is running")
        self.permohonan = permohonan


@transaction.atomic
def dari_draf(
    draf: Draf, *, oleh: Akun, pada: datetime, sidik: str | None = None, tanya: bool = False
) -> Permohonan:
    """Turn a complete draft into a request. Sending the same draft again returns the same request.

    `sidik`: what was confirmed (pengisian.sidik); `tanya`: object when a request for the same
    letter is running. Raises pengisian.DrafBelumLengkap, BerubahSejakDiperiksa, AdaYangBerjalan,
    jatah.JatahHabis, or LangkahTidakSah when the draft is not the sender's.
    """
    langkah, pemohon_id = PENGAJUAN["draf"], draf.akun.penduduk_id
    _periksa(langkah, oleh=oleh, pada=pada, pemohon_id=pemohon_id)
    if pemohon_id is None:  # known from here on to the type checker too
        raise LangkahTidakSah(langkah.siapa.penolakan)
    if not Draf.objects.filter(pk=draf.pk, terkirim=False).update(terkirim=True):
        return Permohonan.objects.get(draf=draf)
    draf = Draf.objects.select_related("jenis", "akun__penduduk").get(pk=draf.pk)
    pengisian.periksa(draf)
    if sidik is not None and sidik != pengisian.sidik(draf):
        raise BerubahSejakDiperiksa
    if tanya and (berjalan := pengisian.berjalan(draf)):
        raise AdaYangBerjalan(berjalan)
    jatah.ambil("kirim", orang=draf.akun.warga, pada=pada)
    isi = alur.Isi(
        jenis=draf.jenis,
        pemohon_id=pemohon_id,
        isian=draf.isian,
        dibawa=draf.dibawa,
        keterangan=draf.keterangan,
        nomor_hp=draf.nomor_hp,
        kabari_wa=persetujuan.berlaku(oleh, nomor_hp=draf.nomor_hp, pada=pada),
        draf=draf,
    )
    baru = alur.buat(isi, pada=pada)
    Lampiran.objects.filter(draf=draf).update(draf=None, permohonan=baru)
    alur.catat(baru, langkah, dari="", oleh=oleh, pada=pada)
    return baru


@transaction.atomic
def di_loket(isi: alur.Isi, *, catatan: str, oleh: Akun, pada: datetime) -> Permohonan:
    """File a request for somebody at the counter. `catatan`: who came and how they were identified;
    `isi.dibawa`: codes of the papers seen.

    Raises LangkahTidakSah.
    """
    langkah = PENGAJUAN["loket"]
    _periksa(langkah, oleh=oleh, pada=pada)
    if kurang := formulir.belum_dijawab(isi.jenis, isi.isian):
        raise LangkahTidakSah(f"Isi dulu “{kurang[0].label}”.")
    baru = alur.buat(isi, pada=pada)
    if isi.kabari_wa:
        persetujuan.catat_loket(baru, oleh=oleh, pada=pada)
    alur.catat(baru, langkah, dari="", oleh=oleh, pada=pada, catatan=catatan)
    return baru


@transaction.atomic
def pengganti(
    asal: Permohonan, *, isian: Jawaban, alasan: str, oleh: Akun, pada: datetime
) -> Permohonan:
    """File the correction of the signed letter of `asal` for its applicant. `isian`: all answers,
    mended; `alasan`: read by the resident.

    Raises LangkahTidakSah, also when somebody files one at the same moment.
    """
    langkah = PENGAJUAN["koreksi"]
    _periksa(langkah, oleh=oleh, pada=pada)
    # Locked, so that of two who press at once the second one sees the first one's request.
    asal = Permohonan.objects.select_for_update().get(pk=asal.pk)
    if asal.surat_id is None:
        raise LangkahTidakSah("Permohonan ini belum bersurat.")
    surat = keadaan.lengkapi(Surat.objects.select_related("jenis")).get(pk=asal.surat_id)
    try:
        rapi = koreksi.periksa(surat, isian, alasan, hari=tgl.di_wita(pada))
    except koreksi.TidakDapatDikoreksi as galat:
        raise LangkahTidakSah(str(galat)) from galat
    isi = alur.Isi(
        jenis=surat.jenis,
        pemohon_id=asal.pemohon_id,
        isian=isian,
        dibawa=asal.dibawa,
        keterangan=asal.keterangan,
        nomor_hp=asal.nomor_hp,
        kabari_wa=asal.kabari_wa,
        menggantikan=surat,
        formulir=asal.formulir,
    )
    baru = alur.buat(isi, pada=pada)
    koreksi.salin_lampiran(asal, baru)
    alur.catat(baru, langkah, dari="", oleh=oleh, pada=pada, catatan=rapi)
    return baru
