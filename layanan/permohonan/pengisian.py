"""The draft of a request: what it holds, and what is still missing."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from layanan.models import Berkas, Draf, Lampiran, Permohonan
from layanan.permohonan import berkas, jatah
from penduduk.models import Akun, Penduduk
from surat.isian import aturan, tersebut
from surat.isian import formulir as isian
from surat.isian.aturan import Temuan
from surat.isian.jawaban import Jawaban, berlaku, kosong
from surat.isian.macam import Kasus
from surat.models import JenisSurat, Pertanyaan, Syarat
from surat.naskah.susunan import Pengantar

_BARU_TERKIRIM = timedelta(hours=12)


class DrafBelumLengkap(Exception):
    """The draft cannot be sent; `kurang` holds one sentence per missing thing."""

    def __init__(self, kurang: list[str]) -> None:
        super().__init__(" ".join(kurang))
        self.kurang = kurang


@dataclass(frozen=True)
class BarisSyarat:
    """One requirement with what the resident has given for it."""

    syarat: Syarat
    lampiran: list[Lampiran]
    dibawa: bool

    @property
    def terpenuhi(self) -> bool:
        pakai = [x for x in self.lampiran if x.berkas.keadaan != Berkas.Keadaan.DITOLAK]
        return bool(pakai) or self.dibawa or not self.syarat.wajib

    @property
    def ditolak(self) -> list[Lampiran]:
        return [x for x in self.lampiran if x.berkas.keadaan == Berkas.Keadaan.DITOLAK]


def buka(akun: Akun, jenis: JenisSurat, *, pada: datetime) -> Draf:
    """The resident's open draft for `jenis`; a new one starts with the remembered number.

    Raises jatah.JatahHabis.
    """
    draf = Draf.objects.filter(akun=akun, jenis=jenis, terkirim=False).first()
    if draf is None:
        try:
            with transaction.atomic():
                jatah.ambil("draf", orang=akun.warga, pada=pada)
                nomor = akun.nomor_calon or akun.nomor_hp
                draf = Draf.objects.create(akun=akun, jenis=jenis, nomor_hp=nomor)
        except IntegrityError:  # the same phone, tapped twice
            draf = Draf.objects.get(akun=akun, jenis=jenis, terkirim=False)
    return draf


def buka_lagi(akun: Akun, asal: Permohonan, *, pada: datetime) -> bool:
    """Open the draft for the letter of `asal` once more, with what was sent for it: the answers, to
    be looked through again, and the papers. False: a draft that holds something is left so."""
    draf = buka(akun, asal.jenis, pada=pada)
    if draf.isian or draf.keterangan or draf.lampiran.exists():
        return False
    draf.isian, draf.keterangan = asal.isian, asal.keterangan
    draf.save(update_fields=["isian", "keterangan", "diperbarui_pada"])
    pakai = asal.lampiran.filter(diganti_pada__isnull=True, berkas__keadaan=Berkas.Keadaan.SIAP)
    for lampiran in pakai.select_related("berkas").order_by("pk"):
        berkas.lampirkan(lampiran.berkas, syarat=lampiran.syarat, ke=draf)
    return True


def sidik(draf: Draf) -> str:
    """A digest of all that the check page shows, so that what is confirmed is what is sent."""
    lampiran = draf.lampiran.order_by("pk").values_list("syarat", "berkas")
    isi = [
        draf.isian,
        draf.keterangan,
        draf.nomor_hp,
        draf.akun.setuju_wa_pada is not None,
        draf.dibawa,
        [[syarat, str(berkas)] for syarat, berkas in lampiran],
    ]
    return hashlib.sha256(json.dumps(isi, sort_keys=True).encode()).hexdigest()


def berjalan(draf: Draf) -> list[Permohonan]:
    """The resident's running requests for the letter of this draft, newest first."""
    semua = Permohonan.objects.filter(pemohon=draf.akun.penduduk_id, jenis=draf.jenis)
    return list(
        semua.filter(menggantikan__isnull=True)
        .exclude(status__in=Permohonan.AKHIR)
        .order_by("-diajukan_pada")
    )


def sama(draf: Draf, permohonan: Permohonan) -> bool:
    """Whether both ask for the same with the same answers, whatever the spelling."""
    return _lipat(draf.isian) == _lipat(permohonan.isian)


def _lipat(isian: Jawaban) -> str:
    return " ".join(json.dumps(isian, sort_keys=True).casefold().split())


def baru_terkirim(akun: Akun, jenis: JenisSurat, *, pada: datetime) -> Permohonan | None:
    """The running request for this letter that was sent a short while ago: somebody who opens the
    letter again may have come by the back button."""
    return (
        Permohonan.objects.filter(
            draf__akun=akun, jenis=jenis, diajukan_pada__gt=pada - _BARU_TERKIRIM
        )
        .exclude(status__in=Permohonan.AKHIR)
        .order_by("-diajukan_pada")
        .first()
    )


def baris_syarat(draf: Draf) -> list[BarisSyarat]:
    """All requirements of the draft's letter, in order, with files; two queries."""
    lampiran = list(draf.lampiran.select_related("berkas").order_by("pk"))
    return [
        BarisSyarat(
            syarat=s,
            lampiran=[x for x in lampiran if x.syarat == s.kode],
            dibawa=s.boleh_dibawa and s.kode in draf.dibawa,
        )
        for s in draf.jenis.syarat.all()
    ]


def kurang_dokumen(baris: list[BarisSyarat]) -> list[str]:
    """What is wrong with the papers, one sentence each; empty when complete."""
    kurang = [
        f"{b.syarat.label}: {x.berkas.alasan} Hapus lalu unggah lagi."
        for b in baris
        for x in b.ditolak
    ]
    kurang += [
        f"{b.syarat.label} belum diunggah." for b in baris if not b.terpenuhi and not b.ditolak
    ]
    return kurang


def keluarga(orang: Penduduk) -> list[Penduduk]:
    """Members of the person's own family card, for fields that name persons; the deceased too,
    because letters of death and inheritance are about them."""
    if orang.keluarga_id is None:
        return [orang]
    anggota = Penduduk.objects.filter(keluarga=orang.keluarga_id)
    anggota = anggota.select_related("keluarga__banjar")  # for their identity in words
    return list(anggota.hidup_atau_meninggal().order_by("shdk", "pk"))


def periksa(draf: Draf) -> None:
    """Raise DrafBelumLengkap unless everything that the letter needs is there."""
    kurang = kurang_dokumen(baris_syarat(draf))
    if not draf.nomor_hp:
        kurang.append("Nomor HP aktif belum diisi.")
    if not draf.isian_lengkap or isian.belum_dijawab(draf.jenis, draf.isian):
        kurang.append("Isian surat belum lengkap.")
    if kurang:
        raise DrafBelumLengkap(kurang)


def kalimat(permohonan: Permohonan) -> list[tuple[Pertanyaan, str]]:
    """What the resident wrote in sentences: free text that an operator reads before printing."""
    jawab = permohonan.isian
    return [
        (b, jawab[b.kunci])
        for b in permohonan.jenis.pertanyaan.all()
        if (b.tipe == "teks_panjang" or b.disunting)
        and berlaku(b, jawab)
        and not kosong(jawab.get(b.kunci))
    ]


def kasus(
    jenis: JenisSurat,
    jawab: Jawaban,
    *,
    pemohon: Penduduk,
    hari: date,
    kantor: bool = True,
    pengantar: Pengantar | None = None,
) -> Kasus:
    """A request as the rules look at it: one query when `jenis` is in memory
    (surat.jenis.berkas.siap), one more where a rule asks for the whole family card. Arguments as
    of `temuan`."""
    bidang = {b.kunci: b for b in jenis.pertanyaan.all()}
    orang, register = tersebut.cari(bidang.values(), jawab)
    surat = (pengantar.nomor, pengantar.tanggal) if pengantar else None
    nik, sekartu = register if kantor else {}, list[Penduduk]()
    sekeluarga = any(a.macam == "anggota_kk" for a in aturan.ketentuan(jenis, bidang))
    if pemohon.keluarga_id and sekeluarga:
        sekartu += Penduduk.objects.hidup().filter(keluarga=pemohon.keluarga_id)
    return Kasus(jenis, bidang, jawab, hari, pemohon, orang, nik, surat, sekartu=sekartu)


def temuan(
    jenis: JenisSurat,
    jawab: Jawaban,
    *,
    pemohon: Penduduk,
    hari: date,
    kantor: bool = True,
    pengantar: Pengantar | None = None,
) -> tuple[list[Temuan], dict[int, Penduduk]]:
    """What answers contradict, and the people whom they name. `kantor`: for the eyes of the office;
    else only what the applicant may be told. `pengantar`: None while nobody can have typed it."""
    satu = kasus(jenis, jawab, pemohon=pemohon, hari=hari, kantor=kantor, pengantar=pengantar)
    semua = aturan.periksa(satu, aturan.ketentuan(jenis, satu.bidang))
    return [t for t in semua if kantor or t.bagi_warga], dict(satu.penduduk)


def simpan_isian(draf: Draf, jawaban: Jawaban, *, lengkap: bool) -> None:
    draf.isian = jawaban
    draf.isian_lengkap = lengkap
    draf.save(update_fields=["isian", "isian_lengkap", "diperbarui_pada"])
