"""The demo village: a fictitious register, office and queue for trying the portal out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from layanan import peran
from layanan.contoh import akun, data, gambar, permintaan, permohonan, register
from layanan.contoh.akun import ContohTidakUtuh, Login, login
from layanan.kotak_keluar import nomor_wa, persetujuan
from layanan.models import Berkas, Notifikasi
from layanan.permohonan import berkas
from penduduk import desa as desa_
from penduduk.identitas import telepon
from penduduk.models import Akun, Banjar, Desa, Penduduk
from surat import pengukuhan
from surat.bahasa import tanggal as tgl
from surat.jenis import bawaan
from surat.kertas import aksara, lambang
from surat.models import Mandat, Pejabat
from surat.naskah import gaya

__all__ = ["ContohDitolak", "ContohTidakUtuh", "Hasil", "Login", "login", "muat"]

_TANPA_WHATSAPP = "63024"  # what the provider answers for such a number


class ContohDitolak(Exception):
    """The demo must not be loaded here; the sentence says why."""


@dataclass(frozen=True)
class Hasil:
    baru: bool
    penduduk: int = 0
    permohonan: int = 0


def muat(*, pada: datetime) -> Hasil:
    """Load the demo village as of `pada`; when it is there, only mend logins that were changed.

    All or nothing, in one transaction: a worker running beside sees the village complete.
    Raises ContohDitolak or ContohTidakUtuh.
    """
    if settings.PRODUKSI:
        raise ContohDitolak("Desa contoh tidak dapat dimuat di produksi (BUGBUG_MODE=produksi).")
    if Desa.objects.filter(pk=1, contoh=True).exists() and Penduduk.objects.exists():
        akun.siapkan_warga(pada=pada)
        akun.siapkan_petugas()
        isi_nomor_wa()
        return Hasil(baru=False)
    try:
        with transaction.atomic():
            hasil = _muat_baru(pada=pada)
    finally:
        desa_.lupakan()
    berkas.bersihkan_yang_menunggu()
    return hasil


def _muat_baru(*, pada: datetime) -> Hasil:
    Desa.objects.get_or_create(pk=1)
    desa = Desa.objects.select_for_update().get(pk=1)  # a second loader waits here, then refuses
    _periksa_kosong(desa)
    peran.siapkan()
    bawaan.muat()
    _isi_desa(desa, pada=pada)
    penduduk = register.tulis()
    petugas = akun.siapkan_petugas()
    pejabat = _angkat_pejabat(petugas, pada=pada)
    warga = akun.siapkan_warga(pada=pada)
    warga |= {
        kunci: _akun_tanpa_pin(penduduk.orang[kunci], ke, pada=pada)
        for ke, kunci in enumerate(data.KEPALA_LAIN, start=1)
    }
    # So that somebody besides ketut, who wants no WhatsApp, stands on the call list.
    nomor_wa.tandai(warga["lain4"].nomor_hp, _TANPA_WHATSAPP, pada=pada - timedelta(days=5))
    permintaan.tulis(register.tanpa_akun(2), pada=pada)
    pelaku = permohonan.Pelaku(warga, petugas, pejabat)
    jumlah = permohonan.jalankan(pelaku, pada=pada)
    # Their turn is now: the days of the story are made up, and nobody has waited for so long.
    for antre in (Notifikasi.objects.antre(), Berkas.objects.filter(keadaan="DIPERIKSA")):
        antre.filter(ambil_lagi_pada__lt=pada).update(ambil_lagi_pada=pada)
    return Hasil(baru=True, penduduk=penduduk.jumlah, permohonan=jumlah)


def _periksa_kosong(desa: Desa) -> None:
    """Real data and the demo are never mixed."""
    if Penduduk.objects.exists():
        raise ContohDitolak(
            "Basis data ini sudah berisi penduduk, jadi desa contoh tidak dimuat. "
            "Data sungguhan tidak boleh bercampur dengan contoh."
        )
    if Banjar.objects.exists() or Pejabat.objects.exists():
        raise ContohDitolak(
            "Banjar atau pejabat desa sudah diisi, jadi desa contoh tidak dimuat. "
            "Pakai basis data yang kosong."
        )
    nama = [p.username for p in data.PETUGAS]
    if terpakai := Akun.objects.filter(username__in=nama).order_by("pk").first():
        raise ContohDitolak(
            f"Nama pengguna “{terpakai.username}” sudah dipakai, jadi desa contoh tidak dimuat. "
            "Pakai basis data yang kosong."
        )
    if settings.TWILIO["account_sid"] and not settings.TWILIO["base_url"]:
        raise ContohDitolak(
            "Twilio aktif, jadi desa contoh tidak dimuat: pesannya akan terkirim ke nomor orang "
            "lain. Kosongkan TWILIO_ACCOUNT_SID lebih dulu."
        )


def _isi_desa(desa: Desa, *, pada: datetime) -> None:
    desa.contoh = True
    desa.alamat_kantor = desa.alamat_kantor or data.ALAMAT_KANTOR
    desa.telepon = desa.telepon or data.TELEPON_KANTOR
    desa.save()
    isi_nomor_wa()
    desa_.lupakan()  # letters issued below must already be marked CONTOH
    _isi_tata_naskah(pada=pada)


def isi_nomor_wa() -> None:
    """The number on which the simulator plays the village; without one there is none, because
    nobody may send a KTP-el to an invented number."""
    if settings.SIMULATOR_WA_URL:
        nomor = telepon.tampil(settings.TWILIO["from"].removeprefix("whatsapp:"))
        Desa.objects.filter(pk=1, nomor_wa="").update(nomor_wa=nomor)


def _isi_tata_naskah(*, pada: datetime) -> None:
    """Letterhead with proposed aksara, which nobody has checked, and an emblem of no village."""
    tata = gaya.tata_naskah()
    if not tata.kop_1:
        tata.kop_1, tata.kop_2, tata.kop_3 = data.KOP
        tata.aksara_1, tata.aksara_2, tata.aksara_3 = (aksara.usulan(baris) for baris in data.KOP)
    if tata.lambang is None:
        tata.lambang = lambang.terima(gambar.lambang(), oleh=None, pada=pada)
    tata.siap_pada = tata.siap_pada or pada  # it numbers nothing real
    tata.save()


def _angkat_pejabat(petugas: dict[str, Akun], *, pada: datetime) -> list[Pejabat]:
    """Signers with a mandate since last year; returns the kelian who bring letters home."""
    dari = date(tgl.di_wita(pada).year - 1, 1, 1)
    urutan = 0
    for satu in data.PETUGAS:
        if not satu.jabatan:
            continue
        urutan += 1
        pejabat = Pejabat.objects.create(
            nama=satu.nama, jabatan=satu.jabatan, akun=petugas[satu.username]
        )
        Mandat.objects.create(
            pejabat=pejabat,
            sebagai=satu.sebagai,
            dari=dari,
            dasar=f"Keputusan CONTOH Nomor {urutan}",
            urutan=urutan,
        )
        pengukuhan.usulkan(pejabat, oleh=None, pada=pada)
    return [
        Pejabat.objects.create(
            nama=nama, jabatan=f"Kelian Banjar Dinas {banjar.nama}", mengantar=True
        )
        for nama, banjar in zip(data.KELIAN, Banjar.objects.order_by("pk"), strict=False)
    ]


def _akun_tanpa_pin(orang: Penduduk, ke: int, *, pada: datetime) -> Akun:
    satu = Akun(penduduk=orang, nomor_hp=f"+62812000020{ke:02}")
    satu.set_unusable_password()
    satu.save()
    persetujuan.catat(
        satu, setuju=True, nomor_hp=satu.nomor_hp, kanal=persetujuan.Kanal.LOKET, pada=pada
    )
    return satu
