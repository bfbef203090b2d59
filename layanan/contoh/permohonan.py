"""Requests of the demo village: each status is reached by walking the flow, in time order."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from layanan.contoh import gambar
from layanan.contoh.data import DIRI, KISAH, MENIT_LANGKAH, TERMUDA, TERTUA, Kisah
from layanan.models import Draf, Lampiran, Permohonan
from layanan.permohonan import ajukan, alur, berkas, dampak, pengisian
from layanan.permohonan.langkah import LANGKAH, Siapa
from penduduk.models import Akun, Penduduk
from surat.bahasa import tanggal as tgl
from surat.models import JenisSurat, Pejabat, Syarat
from surat.naskah.susunan import Pengantar
from surat.terbit import pencetakan

_SABTU = 5


@dataclass
class Pelaku:
    """Everybody who acts: `warga` by the names of Kisah, `petugas` by username."""

    warga: dict[str, Akun]
    petugas: dict[str, Akun]
    kelian: list[Pejabat] = field(default_factory=list)


def _hari_kerja_lalu(jumlah: int, *, pada: datetime) -> date:
    """The day that lies `jumlah` working days (Monday to Friday) before `pada` in WITA."""
    hari = tgl.di_wita(pada)
    while jumlah > 0:
        hari -= timedelta(days=1)
        jumlah -= hari.weekday() < _SABTU
    return hari


def _diajukan(kisah: Kisah, *, pada: datetime) -> datetime:
    if not kisah.hari:
        return pada - timedelta(minutes=kisah.menit)
    hari = _hari_kerja_lalu(kisah.hari, pada=pada)
    return timezone.make_aware(datetime.combine(hari, time.fromisoformat(kisah.pukul)))


def _foto_syarat(syarat: Syarat, orang: Penduduk) -> Any:
    if syarat.kode == "ktp":
        return gambar.foto("CONTOH KTP-el", [orang.nama, f"NIK {orang.nik}", orang.tempat_lahir])
    kk = orang.keluarga.no_kk if orang.keluarga else ""
    return gambar.foto("CONTOH KK", [f"Nomor KK {kk}", f"Pemohon: {orang.nama}"])


def _jawaban(kisah: Kisah, orang: Penduduk) -> dict[str, Any]:
    """The answers with people in the places of DIRI, TERTUA and TERMUDA."""
    lain = [x for x in pengisian.keluarga(orang) if x.pk != orang.pk and x.tanggal_lahir] or [orang]
    lain.sort(key=lambda x: str(x.tanggal_lahir))
    siapa = {DIRI: {"pk": orang.pk}, TERTUA: str(lain[0].pk), TERMUDA: str(lain[-1].pk)}
    return {k: siapa.get(v, v) if isinstance(v, str) else v for k, v in kisah.jawaban.items()}


def _draf(kisah: Kisah, akun: Akun, jenis: JenisSurat, *, pada: datetime) -> Draf:
    """A complete draft: KTP-el and KK as pictures, other papers brought to the office."""
    draf = pengisian.buka(akun, jenis, pada=pada)
    orang = Penduduk.objects.select_related("keluarga").get(akun=akun)
    for syarat in jenis.syarat.filter(wajib=True):
        if syarat.boleh_dibawa:
            draf.dibawa.append(syarat.kode)
            continue
        satu = berkas.terima(
            _foto_syarat(syarat, orang),
            pemilik=orang,
            dokumen=syarat.kode,
            label=syarat.label,
            pada=pada,
        )
        berkas.lampirkan(satu, syarat=syarat.kode, ke=draf)
    draf.nomor_hp, draf.keterangan = akun.nomor_hp, kisah.keterangan
    draf.save()
    pengisian.simpan_isian(draf, _jawaban(kisah, orang), lengkap=True)
    return draf


def _ajukan(kisah: Kisah, pelaku: Pelaku, jenis: JenisSurat, *, pada: datetime) -> Permohonan:
    akun = pelaku.warga[kisah.pemohon]
    permohonan = ajukan.dari_draf(_draf(kisah, akun, jenis, pada=pada), oleh=akun, pada=pada)
    # Mended papers are told from the first ones by this moment, so it must not be today.
    Lampiran.objects.filter(permohonan=permohonan).update(ditambah_pada=pada)
    return permohonan


def _bahan(kisah: Kisah, nama: str, pelaku: Pelaku, permohonan: Permohonan) -> dampak.Bahan | None:
    match nama:
        case "setujui":
            tanggal = tgl.di_wita(permohonan.diajukan_pada)
            nomor = f"CONTOH/{permohonan.pk:02}/{tanggal.year}"
            mandat = pelaku.petugas[kisah.ttd].pejabat.mandat.get()
            return dampak.Setujui(mandat, Pengantar(nomor, tanggal))
        case "minta_perbaikan":
            return dampak.MintaPerbaikan(kisah.putusan)
        case "ajukan_ulang":
            return dampak.AjukanUlang(permohonan.isian | kisah.perbaikan)
        case "serahkan" if kisah.diantar:
            return dampak.Serahkan("PERANGKAT", pelaku.kelian[0].nama, "Dikenal petugas")
        case "serahkan":
            return dampak.Serahkan("PEMOHON", permohonan.pemohon.nama, "KTP-el")
    return None


def _oleh(kisah: Kisah, siapa: Siapa, pelaku: Pelaku) -> Akun | None:
    match siapa:
        case Siapa.WARGA:
            return pelaku.warga[kisah.pemohon]
        case Siapa.OPERATOR:
            return pelaku.petugas[kisah.operator]
        case Siapa.SISTEM:
            return None
    return pelaku.petugas[kisah.ttd]


def _langkah(
    kisah: Kisah, nama: str, pelaku: Pelaku, permohonan: Permohonan, *, pada: datetime
) -> None:
    if nama == "cetak":
        for _ in pencetakan.cetak_yang_menunggu():
            pass
    langkah = LANGKAH[nama]
    bahan, oleh = _bahan(kisah, nama, pelaku, permohonan), _oleh(kisah, langkah.siapa, pelaku)
    catatan = kisah.catatan if langkah.butuh_catatan else ""
    alur.jalankan(permohonan, nama, bahan, oleh=oleh, pada=pada, catatan=catatan)
    if nama == "tandatangani" and kisah.diantar:
        Permohonan.objects.filter(pk=permohonan.pk).update(
            wakil_jenis=Permohonan.Wakil.PERANGKAT, wakil_pejabat=pelaku.kelian[0]
        )


def jalankan(pelaku: Pelaku, *, pada: datetime) -> int:
    """Let all stories happen, oldest step first, as of `pada`; returns the number of requests.

    In order of time, so that numbers of requests and letters rise with their dates. The newest
    approved letter stays unprinted: the worker takes it from there.
    """
    jenis = {j.kode: j for j in JenisSurat.objects.all()}
    acara = sorted(
        (mulai + timedelta(minutes=MENIT_LANGKAH.get(nama, 0)), ke, nama)
        for ke, kisah in enumerate(KISAH)
        for mulai in [_diajukan(kisah, pada=pada)]
        for nama in ("ajukan", *kisah.langkah)
    )
    permohonan: dict[int, Permohonan] = {}
    for saat, ke, nama in acara:
        kisah = KISAH[ke]
        if nama == "ajukan":
            permohonan[ke] = _ajukan(kisah, pelaku, jenis[kisah.jenis], pada=saat)
        else:
            _langkah(kisah, nama, pelaku, permohonan[ke], pada=saat)
    return len(permohonan)
